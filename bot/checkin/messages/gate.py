"""The words at the gate: one's own code, and what whoever scans it sees."""

from markupsafe import Markup

from bot import i18n
from bot.buttons import button, keyboard
from bot.checkin.gate import (
    BadPersonCode,
    Gated,
    GateOutcome,
    NoneOpen,
    NotAKeeper,
    OldPersonCode,
    OtherGroup,
    OwnCode,
    WhichActivity,
)
from bot.checkin.messages.trainee import render_outcome
from bot.checkin.messages.wording import clock_time, data, headline, line_of, lines
from bot.checkin.outcomes import (
    ActivityView,
    AlreadyIn,
    AlreadyOut,
    Arrived,
    CameBack,
    Cancelled,
    CheckedOut,
    Closed,
    MarkedMissing,
    TooEarly,
)
from bot.checkin.rules import Status
from bot.i18n import Translator
from bot.outbox.calls import Message
from bot.people import service as people
from bot.turn import Turn


def label_my_code(t: Translator) -> str:
    """The button on a trainee's first screen."""
    return t.plain("🪪 My code")


def caption_my_code(name: str, t: Translator) -> str:
    """Under the picture of one's own code."""
    return t(
        "🪪 The code of {name}, good today.\nShow it at the door: your coordinator or group leader scans it with the "
        "phone's camera. It is yours alone, so please do not pass it on.",
        name=name,
    )


def file_name(person_id: int) -> str:
    """What the picture is called."""
    return f"code-{person_id}.png"


def render_gate(outcome: GateOutcome, t: Translator) -> Message:
    """What whoever scanned a person's code sees."""
    match outcome:
        case Gated():
            return _gated(outcome, t)
        case WhichActivity(_, name, payload, choices):
            rows = [[button(_label(one), data("gate", one.id, payload))] for one in choices]
            return Message(t("{name}: for which activity?", name=_bold(name)), keyboard(*rows))
        case NoneOpen(name, coming):
            return _none_open(name, coming, t)
        case OldPersonCode():
            return Message(t("That code is from another day. Please ask for the one of today: /start, then My code."))
        case BadPersonCode():
            return Message(t("That is not a person's code. Please scan it once more, or use the roll call."))
        case OwnCode():
            return Message(t("This is your own code. Show it to your coordinator or group leader, who scans it."))
        case NotAKeeper():
            return Message(t("This code is for those who keep the check-in. Nothing was recorded."))
        case OtherGroup():
            return Message(
                t(
                    "That person is not in your group. You can check in your own group; please send them to "
                    "the coordinator."
                )
            )


def announce_gate(turn: Turn, gated: Gated, by: str) -> None:
    """Give whoever was scanned the receipt, in their own language."""
    outcome = gated.outcome
    if not isinstance(outcome, Arrived | CheckedOut | CameBack):
        return
    person = people.get_person(turn.session, gated.person_id)
    if person.telegram_id is None or person.unreachable_at is not None:
        return
    cohort = people.get_cohort(turn.session, outcome.activity.cohort_id)
    t = i18n.translator(person.language or cohort.language)
    said = render_outcome(outcome, t, turn.now)
    text = lines(Markup(said.text), t("Scanned by {name}.", name=by))  # noqa: S704 - rendered just now
    turn.send(person.telegram_id, Message(text, said.keyboard))


def _gated(gated: Gated, t: Translator) -> Message:
    outcome, who = gated.outcome, _who(gated)
    match outcome:
        case Arrived() | AlreadyIn() | CheckedOut() | AlreadyOut() | CameBack():
            return Message(lines(_here(outcome, who, t), line_of(outcome.activity)))
        case MarkedMissing(activity):
            change = [button(t.plain("Change the mark"), data("person", activity.id, gated.person_id, 2, 0))]
            said = t("⚠️ {who}\nwas put down as missing by hand. Only that mark changes it.", who=who)
            return Message(lines(said, line_of(activity)), keyboard(change))
        case TooEarly(activity, opens_at):
            at = clock_time(opens_at, activity)
            said = t("⏰ {who}\nCheck-in opens at {time}. Nothing was recorded yet.", who=who, time=at)
            return Message(lines(said, line_of(activity)))
        case Closed(activity) | Cancelled(activity):
            return Message(t("{title}\nThis check-in takes nobody any more.", title=headline(activity)))
        case _:
            return Message(t("{who}\nNothing was recorded.", who=who))


def _here(outcome: Arrived | AlreadyIn | CheckedOut | AlreadyOut | CameBack, who: Markup, t: Translator) -> Markup:
    """Somebody's coming and going, with the receipt of it."""
    if isinstance(outcome, CameBack):
        return t("✅ {who}\nis back.", who=who)
    at, receipt = clock_time(outcome.at, outcome.activity), _code(outcome.receipt)
    match outcome:
        case Arrived():
            word = t("late") if outcome.status is Status.LATE else t("on time")
            return t("✅ {who}\n{time}, {word}. Receipt {receipt}", who=who, time=at, word=word, receipt=receipt)
        case AlreadyIn():
            return t("✅ {who}\nis already in since {time}. Receipt {receipt}", who=who, time=at, receipt=receipt)
        case CheckedOut() | AlreadyOut():
            return t("🚪 {who}\nchecked out {time}. Receipt {receipt}", who=who, time=at, receipt=receipt)


def _who(gated: Gated) -> Markup:
    return Markup("{}{}").format(_bold(gated.name), f" · {gated.group}" if gated.group else "")


def _none_open(name: str, coming: tuple[ActivityView, ...], t: Translator) -> Message:
    rows = [[button(t.plain("▶️ Open check-in"), data("activity", one.id))] for one in coming]
    next_one = [t("Next: {activity}", activity=line_of(one)) for one in coming]
    return Message(lines(t("No check-in is open for {name}.", name=_bold(name)), *next_one), keyboard(*rows))


def _label(activity: ActivityView) -> str:
    return f"{clock_time(activity.starts_at, activity)} {activity.title}"[:40]


def _bold(text: str) -> Markup:
    return Markup("<b>{}</b>").format(text)


def _code(text: str) -> Markup:
    return Markup("<code>{}</code>").format(text)
