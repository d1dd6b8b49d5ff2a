"""The words of pausing and of the settings screen, and the codec of their buttons. Decides nothing."""

from collections.abc import Mapping

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.buttons import Rows
from bot.errors import Gone
from bot.i18n import N_, Translator
from bot.outbox.calls import Message
from bot.people.messages.wording import bold, lines, paragraphs
from bot.preferences.models import Topic
from bot.preferences.rules import QuietHours
from bot.preferences.service import Choices, Paused, Span

FEATURE = "preferences"

TOPICS = {
    Topic.MORNING: N_("The day's programme in the morning"),
    Topic.EVENING: N_("What to bring, the evening before"),
    Topic.BEFORE: N_("A reminder before each activity"),
    Topic.DAILY_QUESTION: N_("The question of the day"),
    Topic.RECALL: N_("Questions for repetition"),
    Topic.NOTICE: N_("Notices to the camp"),
    Topic.CLOSING: N_("The close of day, and who was missing"),
}
LABELS = {
    Topic.MORNING: N_("Morning programme"),
    Topic.EVENING: N_("Evening before"),
    Topic.BEFORE: N_("Before each activity"),
    Topic.DAILY_QUESTION: N_("Daily question"),
    Topic.RECALL: N_("Repetition"),
    Topic.NOTICE: N_("Notices"),
    Topic.CLOSING: N_("Close of day"),
}
OF_THE_TIMETABLE = (Topic.EVENING, Topic.MORNING, Topic.BEFORE)
SHOWN = (*OF_THE_TIMETABLE, Topic.DAILY_QUESTION, Topic.RECALL, Topic.NOTICE)
OFFERED_HOURS = (QuietHours(21 * 60, 7 * 60), QuietHours(22 * 60, 7 * 60), QuietHours(23 * 60, 6 * 60))


def pause_button(topic: Topic, cohort_id: int, t: Translator) -> InlineKeyboardButton:
    """The button that every push carries."""
    return buttons.button(t.plain("🔕 Pause"), buttons.pack(FEATURE, "pause", topic, cohort_id))


def settings_button(cohort_id: int, t: Translator) -> InlineKeyboardButton:
    """The way to everything that can be chosen."""
    return buttons.button(t.plain("🔔 My reminders"), buttons.pack(FEATURE, "show", cohort_id))


def read_topic(data: str | None) -> tuple[Topic, int, Span | None]:
    """Topic, cohort and, where there is one, span of a button.

    Raises:
        Gone: the data is not one of ours.
    """
    topic, *rest = [*buttons.unpack(data), ""]
    span = rest[1] if len(rest) > 2 else None
    try:
        return Topic(topic), buttons.number(rest[0]), Span(span) if span else None
    except (ValueError, IndexError):
        raise Gone from None


def render_pause_question(topic: Topic, cohort_id: int, t: Translator) -> Message:
    """Ask for how long."""

    def span(label: str, chosen: Span) -> InlineKeyboardButton:
        return buttons.button(label, buttons.pack(FEATURE, "for", topic, cohort_id, chosen))

    return Message(
        lines(Markup("🔕 <b>{}</b>").format(t(TOPICS[topic])), t("For how long shall I leave it out?")),
        buttons.keyboard(
            [span(t.plain("Today"), Span.TODAY), span(t.plain("This camp"), Span.CAMP)],
            [span(t.plain("Until I say so"), Span.UNTIL_RESUMED)],
            [buttons.button(t.plain("Keep it"), buttons.pack(FEATURE, "resume", topic, cohort_id))],
        ),
    )


def render_paused(paused: Paused, cohort_id: int, t: Translator) -> Message:
    """What was left out, and what still comes."""
    still = t("If a room or a time changes, I tell you all the same.") if paused.topic in OF_THE_TIMETABLE else None
    resume = buttons.button(t.plain("▶ Resume"), buttons.pack(FEATURE, "resume", paused.topic, cohort_id))
    text = lines(Markup("🔕 <b>{}</b>").format(t(TOPICS[paused.topic])), _for_how_long(paused, t), still)
    return Message(text, buttons.keyboard([resume, settings_button(cohort_id, t)]))


def render_resumed(topic: Topic, cohort_id: int, t: Translator) -> Message:
    """It comes again."""
    text = lines(Markup("🔔 <b>{}</b>").format(t(TOPICS[topic])), t("This comes to you as usual."))
    return Message(text, buttons.keyboard([settings_button(cohort_id, t)]))


def render_settings(
    choices: Choices,
    cohort_id: int,
    cohort_name: str,
    t: Translator,
    *,
    details: Mapping[Topic, str] | None = None,
    offers: Rows | None = None,
) -> Message:
    """Everything that can be chosen. ``details`` says more of a topic, such as its hour; ``offers`` are buttons."""
    topics = [_line(topic, choices, (details or {}).get(topic), t) for topic in SHOWN]
    quiet = t("🌙 Quiet hours: {hours}", hours=str(choices.quiet)) if choices.quiet else t("🌙 No quiet hours")
    sound = t("🔇 Everything comes without a sound") if choices.is_silent else t("🔊 With a sound")
    anyway = t("If a room or a time changes, I tell you all the same.")
    text = paragraphs(
        lines(t("🔔 <b>My reminders</b>"), bold(cohort_name)),
        lines(*topics),
        lines(quiet, sound),
        t("<i>{line}</i>", line=anyway),
    )
    return Message(text, buttons.keyboard(*_rows(choices, cohort_id, t), *(offers or [])))


def render_quiet_choice(choices: Choices, cohort_id: int, t: Translator) -> Message:
    """Ask which hours."""
    offered = [
        buttons.button(str(hours), buttons.pack(FEATURE, "hours", cohort_id, hours.starts, hours.ends))
        for hours in OFFERED_HOURS
    ]
    none = buttons.button(t.plain("No quiet hours"), buttons.pack(FEATURE, "hours", cohort_id, 0, 0))
    typed = buttons.button(t.plain("✏️ Other hours"), buttons.pack(FEATURE, "ask", cohort_id))
    back = buttons.button(t.plain("◀ Back"), buttons.pack(FEATURE, "show", cohort_id))
    text = lines(
        t("🌙 <b>Quiet hours</b>"),
        t("In these hours no reminder comes. One that falls into them comes afterwards, where it still makes sense."),
        t("Now: {hours}", hours=str(choices.quiet)) if choices.quiet else None,
    )
    return Message(text, buttons.keyboard(offered, [typed, none], [back]))


def render_ask_hours(t: Translator) -> Message:
    """Type them."""
    return Message(t("From when until when? For example <b>22:30-6:45</b>. /cancel leaves it as it is."))


def render_bad_hours(t: Translator) -> Message:
    """What was typed is no span of hours."""
    return Message(
        t("I could not read that as two times of a day. Please write it like this: <b>22:30-6:45</b>, or /cancel.")
    )


def _rows(choices: Choices, cohort_id: int, t: Translator) -> Rows:
    toggles = [_toggle(topic, choices, cohort_id, t) for topic in SHOWN]
    quiet = buttons.button(t.plain("🌙 Quiet hours"), buttons.pack(FEATURE, "quiet", cohort_id))
    label = t.plain("🔊 With a sound") if choices.is_silent else t.plain("🔇 Without a sound")
    sound = buttons.button(label, buttons.pack(FEATURE, "silent", cohort_id, int(not choices.is_silent)))
    return [*(toggles[start : start + 2] for start in range(0, len(toggles), 2)), [quiet, sound]]


def _toggle(topic: Topic, choices: Choices, cohort_id: int, t: Translator) -> InlineKeyboardButton:
    paused = choices.pause_of(topic)
    mark, action = ("▶", "on") if paused else ("⏸", "off")
    return buttons.button(f"{mark} {t.plain(LABELS[topic])}", buttons.pack(FEATURE, action, topic, cohort_id))


def _line(topic: Topic, choices: Choices, detail: str | None, t: Translator) -> Markup:
    paused = choices.pause_of(topic)
    mark, facts = ("⏸", [_for_how_long(paused, t)]) if paused else ("✅", [])
    facts += [Markup("{}").format(detail)] if detail else []
    return lines(Markup("{} {}").format(mark, t(TOPICS[topic])), *(Markup("      {}").format(fact) for fact in facts))


def _for_how_long(paused: Paused, t: Translator) -> Markup:
    if paused.span is Span.TODAY:
        return t("Paused for today. It comes again tomorrow.")
    return t("Paused in this camp.") if paused.span is Span.CAMP else t("Paused until you resume it.")
