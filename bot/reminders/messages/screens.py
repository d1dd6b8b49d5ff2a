"""The screens about reminders: a person's own lead, a camp's hours and leads, and the questions of the dialogues."""

from collections.abc import Mapping

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.buttons import Rows
from bot.i18n import Translator
from bot.outbox.calls import Message
from bot.people.messages.wording import act, bold, paragraphs
from bot.preferences.models import Topic
from bot.reminders.outlook import Outlook, kind_number
from bot.reminders.rules import MOST
from bot.timetable.messages.items import cut, lines

FEATURE = "reminders"
OWN_LEADS = (5, 10, 15, 30, 60)
CAMP_LEADS = (10, 15, 20, 30, 40, 60)
HOURS = ("18:00", "19:00", "20:00", "21:00")
KINDS_SHOWN = 8
KIND = 24


def details(outlook: Outlook, own: int | None, t: Translator) -> Mapping[Topic, str]:
    """When each reminder of the timetable comes, for the settings screen."""
    before = minutes_before(outlook.leads.usual if own is None else own, t)
    special = [f"{cut(kind, KIND)}: {minutes_before(minutes, t)}" for kind, minutes in outlook.by_kind.items()]
    return {
        Topic.EVENING: t.plain("at {at}", at=f"{outlook.evening_at:%H:%M}"),
        Topic.MORNING: t.plain("at {at}", at=f"{outlook.cohort.push_at:%H:%M}"),
        Topic.BEFORE: t.join([before, *special[:3]]),
    }


def offers(cohort_id: int, t: Translator) -> Rows:
    """What the settings screen offers beside its own buttons."""
    return [
        [_do(t.plain("⏱ How long before"), "mine", cohort_id), _do(t.plain("✉️ Send me one now"), "test", cohort_id)]
    ]


def minutes_before(minutes: int, t: Translator) -> str:
    """A lead in words."""
    if not minutes:
        return t.plain("no reminder")
    return str(t.plural("{n} minute before", "{n} minutes before", minutes))


def render_ask_own(outlook: Outlook, own: int | None, t: Translator) -> Message:
    """How long before an activity somebody wants to be reminded."""
    cohort_id = outlook.cohort.id or 0
    offered = [_do(str(minutes), "own", cohort_id, minutes) for minutes in OWN_LEADS]
    usual = t.plain("As the camp has it: {n}", n=outlook.leads.usual)
    special = [f"{cut(kind, KIND)}: {minutes_before(minutes, t)}" for kind, minutes in outlook.by_kind.items()]
    text = paragraphs(
        t("⏱ <b>How many minutes before an activity shall I remind you?</b>"),
        t(
            "Press a number or write one, such as <b>20</b>. Now: {now}.",
            now=minutes_before(own or outlook.leads.usual, t),
        ),
        lines(t("These kinds are set for everybody:"), *(Markup("· {}").format(one) for one in special))
        if special
        else None,
    )
    return Message(text, buttons.keyboard(offered, [_do(usual, "own", cohort_id, 0)], [_back(cohort_id, t)]))


def render_desk(outlook: Outlook, t: Translator) -> Message:
    """A camp's reminders, for its coordinators."""
    cohort_id = outlook.cohort.id or 0
    special = [Markup("· {}: {}").format(cut(kind, KIND), minutes_before(n, t)) for kind, n in outlook.by_kind.items()]
    text = paragraphs(
        lines(t("⏰ <b>Reminders of the camp</b>"), bold(outlook.cohort.name)),
        lines(
            t("🌙 The evening before: {at}", at=f"{outlook.evening_at:%H:%M}"),
            t("☀️ In the morning: {at}", at=f"{outlook.cohort.push_at:%H:%M}"),
            t("⏰ Before each activity: {lead}", lead=minutes_before(outlook.leads.usual, t)),
            *special[:KINDS_SHOWN],
        ),
        lines(
            t.plural(
                "In the last 7 days {n} reminder was sent.", "In the last 7 days {n} reminders were sent.", outlook.told
            ),
            _missed(outlook.missed, t),
        ),
        t("Everybody can pause each of them or choose another time ahead."),
    )
    rows = [
        [
            _do(t.plain("⏰ Minutes before"), "lead", cohort_id, 0),
            _do(t.plain("🌙 Evening hour"), "evening", cohort_id),
        ],
        *_kind_rows(outlook, t),
        [_do(t.plain("✉️ Send me one now"), "test", cohort_id), act(t.plain("◀ Back"), "camp", cohort_id)],
    ]
    return Message(text, buttons.keyboard(*rows))


def render_ask_lead(outlook: Outlook, kind: str, t: Translator) -> Message:
    """How long before activities of a kind a camp wants its reminders."""
    cohort_id, number = outlook.cohort.id or 0, kind_number(kind) if kind else 0
    offered = [_do(str(minutes), "setlead", cohort_id, number, minutes) for minutes in CAMP_LEADS]
    none = _do(t.plain("No reminder"), "setlead", cohort_id, number, 0)
    what = t("⏰ <b>How many minutes before “{kind}”?</b>", kind=cut(kind, KIND)) if kind else None
    text = lines(
        what or t("⏰ <b>How many minutes before each activity?</b>"),
        t("Press a number or write one, up to {most}. /cancel leaves it as it is.", most=MOST),
    )
    back = _do(t.plain("◀ Back"), "desk", cohort_id)
    return Message(text, buttons.keyboard(offered, [none, back]))


def render_ask_evening(outlook: Outlook, t: Translator) -> Message:
    """At which hour the evening's reminder comes."""
    cohort_id = outlook.cohort.id or 0
    offered = [_do(hour, "sethour", cohort_id, int(hour[:2])) for hour in HOURS]
    back = _do(t.plain("◀ Back"), "desk", cohort_id)
    text = lines(
        t("🌙 <b>At what time on the evening before?</b>"),
        t("Press one or write it, such as <b>19:30</b>. Now: {now}.", now=f"{outlook.evening_at:%H:%M}"),
    )
    return Message(text, buttons.keyboard(offered, [back]))


def render_bad_minutes(t: Translator) -> Message:
    """What was typed is no number of minutes."""
    return Message(
        t(
            "I could not read that as minutes. Please write a number up to {most}, such as <b>20</b>, or /cancel.",
            most=MOST,
        )
    )


def render_bad_hour(t: Translator) -> Message:
    """What was typed is no time of an evening."""
    return Message(t("Please write a time between 16:00 and 22:30, such as <b>19:30</b>, or /cancel."))


def render_test(reminder: Message, t: Translator) -> Message:
    """A reminder sent to try it, said to be one."""
    return Message(paragraphs(t("✉️ <i>A test. This is how a reminder looks:</i>"), reminder.text), reminder.keyboard)


def render_kept(t: Translator) -> str:
    """The toast after something was set."""
    return t.plain("Done.")


def _kind_rows(outlook: Outlook, t: Translator) -> Rows:
    shown = [
        _do(cut(kind, KIND), "lead", outlook.cohort.id or 0, kind_number(kind)) for kind in outlook.kinds[:KINDS_SHOWN]
    ]
    return [shown[start : start + 2] for start in range(0, len(shown), 2)]


def _missed(missed: int, t: Translator) -> Markup | None:
    if not missed:
        return None
    return t.plural(
        "⚠️ {n} was left out: the bot was not running until the activity had begun.",
        "⚠️ {n} were left out: the bot was not running until the activities had begun.",
        missed,
    )


def _back(cohort_id: int, t: Translator) -> InlineKeyboardButton:
    return buttons.button(t.plain("◀ Back"), buttons.pack("preferences", "show", cohort_id))


def _do(label: str, action: str, *ids: int) -> InlineKeyboardButton:
    return buttons.button(label, buttons.pack(FEATURE, action, *ids))
