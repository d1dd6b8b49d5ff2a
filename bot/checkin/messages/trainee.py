"""What somebody who checks in is told. Every outcome has its own answer; none says a code."""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from markupsafe import Markup

from bot.buttons import button, keyboard
from bot.checkin import rules
from bot.checkin.messages.wording import clock_time, data, day_of, headline, line_of, lines
from bot.checkin.outcomes import (
    ActivityView,
    AlreadyIn,
    Arrived,
    Cancelled,
    Closed,
    MarkedMissing,
    NotACode,
    NotEnrolled,
    NothingOpen,
    NotYours,
    OldCode,
    OpenNow,
    OtherActivity,
    Outcome,
    SlowDown,
    TooEarly,
    WrongCode,
)
from bot.checkin.rules import Status
from bot.i18n import Translator
from bot.outbox.calls import Message

START = data("start")
CANCEL = data("cancel")


def render_prompt(waiting: Sequence[ActivityView], t: Translator, *, open_buttons: bool = True) -> Message:
    """Asks for the code; lists what is open. Without its buttons once it has been answered."""
    if len(waiting) == 1:
        top = lines(t("📍 Check-in: {title}", title=headline(waiting[0])), line_of(waiting[0]))
    else:
        top = lines(t("📍 Several check-ins are open. The code decides which one it is:"), *map(line_of, waiting))
    if not open_buttons:
        return Message(top)
    how = t("Scan the QR code on the screen, or send me the six characters under it.")
    return Message(lines(top, "", how), keyboard([button(t.plain("Cancel"), CANCEL)]))


def render_nothing_to_do(found: OpenNow, t: Translator, now: datetime) -> Message:
    """Instead of the prompt: everything is done, or nothing is open."""
    if found.done:
        return Message(lines(*(_recorded(one, t) for one in found.done)))
    return Message(_nothing_open(found.following, t, now))


def render_left(t: Translator) -> Message:
    """The prompt after somebody cancelled."""
    again = keyboard([button(t.plain("Check in"), START)])
    return Message(t("Nothing was recorded. Check in whenever you are ready."), again)


def render_outcome(outcome: Outcome, t: Translator, now: datetime) -> Message:
    """What came of a code, a scan or a press."""
    if isinstance(outcome, TooEarly):
        press = data("now", outcome.activity.id, outcome.mac)
        return Message(_early(outcome, t), keyboard([button(t.plain("I am here"), press)]))
    return Message(_text(outcome, t, now))


def render_toast(outcome: Outcome, t: Translator) -> str | None:
    """The short line over the chat after a press."""
    match outcome:
        case Arrived(activity, at) | AlreadyIn(activity, at):
            return t.plain("✅ Checked in at {time}", time=clock_time(at, activity))
        case TooEarly(activity, opens_at):
            return t.plain(
                "Not yet: it opens at {time}. This button will work then.", time=clock_time(opens_at, activity)
            )
        case NotYours():
            return t.plain("This button was made for somebody else. Please scan the code on the screen yourself.")
        case _:
            return None


def _text(outcome: Outcome, t: Translator, now: datetime) -> Markup:
    match outcome:
        case Arrived() | AlreadyIn():
            return _recorded(outcome, t)
        case NotACode() | WrongCode() | OldCode() | SlowDown() | NotYours():
            return _try_again(outcome, t, now)
        case OtherActivity() | NotEnrolled():
            return _elsewhere(outcome, t)
        case MarkedMissing(activity):
            return t(
                "{title}\nYour coordinator has put you down as missing here. If you are in the room, please tell "
                "them: they can change it at once.",
                title=headline(activity),
            )
        case TooEarly():
            return _early(outcome, t)
        case Closed(activity):
            return t(
                "{title}\nThe check-in is closed. If you were there, please tell your coordinator.",
                title=headline(activity),
            )
        case Cancelled(activity):
            return t("{title}\nThis activity has been cancelled, so you need not check in.", title=headline(activity))
        case NothingOpen(following):
            return _nothing_open(following, t, now)
        case _:
            assert_never(outcome)


def _recorded(outcome: Arrived | AlreadyIn, t: Translator) -> Markup:
    activity, title = outcome.activity, headline(outcome.activity)
    time, receipt = clock_time(outcome.at, activity), Markup("<code>{}</code>").format(outcome.receipt)
    if isinstance(outcome, AlreadyIn):
        return t(
            "✅ You are already checked in: {title}\nArrived {time}, and that stands. Receipt {receipt}",
            title=title,
            time=time,
            receipt=receipt,
        )
    if outcome.status is Status.LATE:
        late = rules.minutes_late(outcome.at, activity.starts_at)
        return t.plural(
            "✅ You are checked in: {title}\nArrived {time}, {n} minute after the start, so it counts as late. "
            "Receipt {receipt}",
            "✅ You are checked in: {title}\nArrived {time}, {n} minutes after the start, so it counts as late. "
            "Receipt {receipt}",
            late,
            title=title,
            time=time,
            receipt=receipt,
        )
    return t(
        "✅ You are checked in: {title}\nArrived {time}. Receipt {receipt}", title=title, time=time, receipt=receipt
    )


def _early(outcome: TooEarly, t: Translator) -> Markup:
    activity = outcome.activity
    return t(
        "⏰ You are early: {title}\nCheck-in opens at {time}. You need not scan again: press the button then.",
        title=headline(activity),
        time=clock_time(outcome.opens_at, activity),
    )


def _try_again(outcome: NotACode | WrongCode | OldCode | SlowDown | NotYours, t: Translator, now: datetime) -> Markup:
    match outcome:
        case NotACode():
            return t(
                "That is not a check-in code. It has six letters and digits, never 0, O, 1, I or L. "
                "Please send me the one on the screen now."
            )
        case WrongCode(None):
            return t("That code is not valid. Please scan the one on the screen now.")
        case WrongCode(left):
            return t.plural(
                "That is not the code. Please look at the screen and send it again ({n} try left).",
                "That is not the code. Please look at the screen and send it again ({n} tries left).",
                left or 0,
            )
        case OldCode(activity):
            return t(
                "{title}\nThat code has run out: there is a new one every 15 seconds. Please take the one on the "
                "screen now.",
                title=headline(activity),
            )
        case SlowDown(until):
            seconds = max(1, round((until - now).total_seconds()))
            return t.plural(
                "That was wrong too often. Please wait {n} second, then take the code on the screen.",
                "That was wrong too often. Please wait {n} seconds, then take the code on the screen.",
                seconds,
            )
        case NotYours():
            return t("This button was made for somebody else. Please scan the code on the screen yourself.")


def _elsewhere(outcome: OtherActivity | NotEnrolled, t: Translator) -> Markup:
    title = headline(outcome.activity)
    if isinstance(outcome, NotEnrolled):
        return t(
            "That code belongs to {title}, and you are not on its list. If you should be, please tell the coordinator.",
            title=title,
        )
    return lines(
        t("That code belongs to {title}, which is not one of yours. Yours now:", title=title),
        *map(line_of, outcome.own),
        t("Please take the code on the screen in your own room."),
    )


def _nothing_open(following: ActivityView | None, t: Translator, now: datetime) -> Markup:
    if following is None:
        return t("No check-in is open, and your timetable has nothing more.")
    if following.starts_at <= now:
        return t(
            "No check-in is open now. On now: {activity}\nIf you should be able to check in, please tell your "
            "coordinator.",
            activity=line_of(following),
        )
    return t(
        "No check-in is open now. Next: {day}, {activity}",
        activity=line_of(following),
        day=day_of(following.starts_at, following, t),
    )
