"""What a coordinator sees while writing a notice: its screen, what is asked, what does not fit, the last question."""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.buttons import Rows
from bot.i18n import LANGUAGES, Translator
from bot.notices.messages.wording import (
    FIELD_NAMES,
    KINDS,
    SIGNS,
    act,
    headline,
    lasting,
    lines,
    moment,
    paragraphs,
)
from bot.notices.models import Kind, Notice, Repeat, Status
from bot.notices.outlook import Outlook
from bot.notices.rules import seconds_for
from bot.outbox.calls import Message
from bot.people.models import Cohort

RATE = 25.0
"""Messages a second as the preview reckons; Telegram's ordinary pace."""
NAMES = 5
CAMPS = 8


def render_list(cohort: Cohort, notices: Sequence[tuple[Notice, str]], page: int, pages: int, t: Translator) -> Message:
    """All notices of a camp, the latest first, each with its first words."""
    number = cohort.id or 0
    text = lines(
        t("📣 <b>Notices</b> · {cohort}", cohort=cohort.name),
        t("Tap one to see how it stands.") if notices else t("Nothing has been sent yet."),
    )
    rows = [[act(f"{SIGNS[Status(one.status)]} {words}", "show", one.id or 0)] for one, words in notices]
    turning = (
        []
        if pages < 2
        else [
            act("◀", "list", number, (page - 1) % pages),
            act(f"{page + 1}/{pages}", "list", number, page),
            act("▶", "list", number, (page + 1) % pages),
        ]
    )
    return Message(
        text,
        buttons.keyboard(
            [act(t.plain("✏️ New notice"), "new", number)],
            *rows,
            turning,
            [
                act(t.plain("📄 Templates"), "templates", number),
                act(t.plain("👥 Groups and channels"), "rooms", number),
            ],
            [act(t.plain("⚙️ Habits"), "manners", number), _camp(number, t)],
        ),
    )


def render_which_camp(cohorts: Sequence[Cohort], t: Translator) -> Message:
    """Several camps: which one."""
    rows = [[act(cohort.name[:40], "list", cohort.id or 0, 0)] for cohort in cohorts[:CAMPS]]
    return Message(t("📣 Notices: which camp?"), buttons.keyboard(*rows))


def render_ask_recall(notice: Notice, t: Translator) -> Message:
    """Before taking a notice back."""
    number = notice.id or 0
    text = t(
        "🚫 Take this notice back from everybody?\n"
        "Telegram deletes messages that are less than 48 hours old; older ones are marked as withdrawn."
    )
    yes, no = act(t.plain("🚫 Yes, take it back"), "recalled", number), act(t.plain("« Back"), "show", number)
    return Message(text, buttons.keyboard([yes], [no]))


def render_templates(cohort: Cohort, templates: Sequence[Notice], t: Translator) -> Message:
    """The office's templates to begin from."""
    number = cohort.id or 0
    text = lines(
        t("📄 <b>Templates</b>"),
        t("Tap one to begin a notice with it.") if templates else t("There is none yet: keep a notice as a template."),
    )
    rows = [
        [act(one.name[:40], "from", number, one.id or 0), act("🗑", "forget", number, one.id or 0)] for one in templates
    ]
    return Message(text, buttons.keyboard(*rows, [act(t.plain("« Notices"), "list", number, 0)]))


def render_screen(outlook: Outlook, cohort: Cohort, languages: frozenset[str], t: Translator) -> Message:
    """The draft with everything that can still be decided about it."""
    notice = outlook.notice
    head = lines(
        t("{sign} <b>Notice</b> · {cohort}", sign=SIGNS[Status(notice.status)], cohort=cohort.name),
        _content(outlook, t),
    )
    text = paragraphs(head, lines(*_facts(outlook, cohort, t)), lines(*render_problems(outlook, t)))
    if notice.status == Status.SCHEDULED:
        return Message(text, buttons.keyboard(*_scheduled_rows(notice, t)))
    return Message(text, buttons.keyboard(*_draft_rows(outlook, languages, t)))


def _content(outlook: Outlook, t: Translator) -> Markup:
    if not outlook.parts:
        return t("There is nothing in it yet.")
    words = Markup("<blockquote>{}</blockquote>").format(headline(list(outlook.parts), t, 160))
    if len(outlook.parts) == 1 and outlook.parts[0].kind == Kind.TEXT:
        return words
    kinds = t.join(t.plain(KINDS[Kind(part.kind)]) for part in outlook.parts)
    return lines(words, t("Made of: {kinds}", kinds=kinds))


def _facts(outlook: Outlook, cohort: Cohort, t: Translator) -> list[Markup]:
    notice, reached, unreached = outlook.notice, outlook.audience.reached, outlook.audience.unreached
    time = _about(seconds_for(len(reached), len(outlook.parts), RATE), t)
    cost = t.plural("👥 {n} person gets it, {time}.", "👥 {n} people get it, {time}.", len(reached), time=time)
    facts = [cost]
    if outlook.rooms:
        facts.append(t.plural("📢 And {n} group or channel.", "📢 And {n} groups or channels.", outlook.rooms))
    if unreached:
        facts.append(
            t.plural(
                "☎️ {n} person cannot be written to: see the phone list under Audience.",
                "☎️ {n} people cannot be written to: see the phone list under Audience.",
                len(unreached),
            )
        )
    if outlook.held:
        facts.append(
            t.plural(
                "🌙 {n} of them is in quiet hours and gets it afterwards.",
                "🌙 {n} of them are in quiet hours and get it afterwards.",
                outlook.held,
            )
        )
    if notice.is_urgent:
        facts.append(t("❗️ Urgent: it goes at once, also in quiet hours, and says that it is urgent."))
    if notice.status == Status.SCHEDULED and notice.starts_at is not None:
        facts.append(t("⏰ It goes on {moment}.", moment=moment(notice.starts_at, cohort.time_zone, t)))
    if notice.repeat:
        facts.append(_repeating(notice, t))
    facts.append(t("📊 This week: {sent} of {weekly} notices.", sent=outlook.this_week, weekly=outlook.weekly))
    return facts


def _about(seconds: float, t: Translator) -> str:
    return t.plain("about {time}", time=lasting(seconds, t))


def _repeating(notice: Notice, t: Translator) -> Markup:
    if notice.repeat == Repeat.DAILY:
        return t("🔁 It comes again every day until the camp ends.")
    return t("🔁 It comes again every week until the camp ends.")


def render_problems(outlook: Outlook, t: Translator) -> list[Markup]:
    """What keeps the notice from going, and what should be looked at before."""
    found = []
    if not outlook.parts:
        found.append(t("⛔ Write something first."))
    if not outlook.audience.reached and not outlook.rooms:
        found.append(t("⛔ Nobody in this audience can be written to."))
    found += [
        t(
            "⛔ For {name} the text would have {length} characters; Telegram takes {limit}.",
            name=one.name,
            length=one.length,
            limit=one.limit,
        )
        for one in outlook.overflows
    ]
    for gap in outlook.gaps:
        named = t.join(gap.names[:NAMES]) + ("…" if len(gap.names) > NAMES else "")
        field = t.plain(FIELD_NAMES[gap.field])
        found.append(
            t.plural(
                "⚠️ The field “{field}” stays empty for {n} person: {names}",
                "⚠️ The field “{field}” stays empty for {n} people: {names}",
                len(gap.names),
                field=field,
                names=named,
            )
        )
    found += [t("⚠️ “{word}” is no field and stays as it is.", word=f"{{{word}}}") for word in outlook.unknown_fields]
    found += [t("⚠️ {name} is sending nearly the same at this moment.", name=twin.author) for twin in outlook.twins]
    if outlook.needs_reason:
        found.append(t("⚠️ This week has had enough notices: sending one more asks you for the reason."))
    return found


def _draft_rows(outlook: Outlook, languages: frozenset[str], t: Translator) -> Rows:
    notice = outlook.notice
    number = notice.id or 0
    other = next(language for language in LANGUAGES if language != t.language)
    in_other = {"en": t.plain("🌐 In English too"), "zh": t.plain("🌐 In Chinese too")}[other]
    read = t.plain("✅ “I have read it”: on") if notice.wants_seen else t.plain("✅ “I have read it”: off")
    urgent = t.plain("❗️ Urgent: yes") if notice.is_urgent else t.plain("❗️ Urgent: no")
    repeats = {
        Repeat.NO: t.plain("🔁 Once"),
        Repeat.DAILY: t.plain("🔁 Every day"),
        Repeat.WEEKLY: t.plain("🔁 Every week"),
    }
    going = (
        [[act(t.plain("📨 Send"), "ask", number), act(t.plain("⏰ Later"), "later", number)]] if outlook.can_go else []
    )
    return [
        [act(t.plain("👁 Preview"), "preview", number), act(t.plain("👥 Audience"), "audience", number)],
        [act(t.plain("➕ Add more"), "add", number), act(t.plain("↩ Take the last away"), "droplast", number)],
        [act(("✔ " if other in languages else "") + in_other, "tongue", number, other)],
        [act(read, "flip", number, "wants_seen"), act(urgent, "flip", number, "is_urgent")],
        [act(repeats[Repeat(notice.repeat)], "repeat", number), act(t.plain("📢 Into groups"), "into", number)],
        *going,
        [act(t.plain("📄 Keep as template"), "keep", number), act(t.plain("🗑 Delete"), "delete", number)],
        [act(t.plain("« Notices"), "list", notice.cohort_id, 0)],
    ]


def _scheduled_rows(notice: Notice, t: Translator) -> Rows:
    number = notice.id or 0
    return [
        [act(t.plain("👁 Preview"), "preview", number), act(t.plain("👥 Audience"), "audience", number)],
        [act(t.plain("✏️ Change it"), "unschedule", number), act(t.plain("🗑 Delete"), "delete", number)],
        [act(t.plain("« Notices"), "list", notice.cohort_id, 0)],
    ]


def render_confirm(outlook: Outlook, t: Translator) -> Message:
    """The last question before it goes."""
    number, people = outlook.notice.id or 0, len(outlook.audience.reached)
    question = t.plural("Send this to {n} person now?", "Send this to {n} people now?", people)
    time = t("It takes {time}.", time=_about(seconds_for(people, len(outlook.parts), RATE), t))
    text = paragraphs(question, lines(time, *render_problems(outlook, t)))
    if outlook.needs_reason:
        yes = act(t.plain("✍️ Give the reason"), "reason", number)
    else:
        yes = act(t.plural("📨 Yes, to {n} person", "📨 Yes, to {n} people", people), "send", number)
    return Message(text, buttons.keyboard([yes], [act(t.plain("« Back to the notice"), "show", number)]))


def render_twin(words: str, colleague: str, t: Translator) -> Message:
    """To the colleague who sent nearly the same a moment ago."""
    return Message(t("👥 {name} has just sent nearly the same notice as you: “{words}”", name=colleague, words=words))


def _camp(number: int, t: Translator) -> InlineKeyboardButton:
    return buttons.button(t.plain("« The camp"), buttons.pack("people", "camp", number))
