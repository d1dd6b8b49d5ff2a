"""What somebody who checks in is told. Every outcome has its own answer; none says a code."""

from datetime import datetime
from typing import assert_never

from markupsafe import Markup
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup

from bot.buttons import button, keyboard
from bot.checkin import rules
from bot.checkin.messages.appeals import appeal_button
from bot.checkin.messages.leaving import render_leaving
from bot.checkin.messages.wording import clock_time, data, day_of, headline, line_of, lines
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
    NoSite,
    NotACode,
    NotEnrolled,
    NothingOpen,
    NotIn,
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


def render_prompt(found: OpenNow, t: Translator, *, open_buttons: bool = True) -> Message:
    """Asks for the code; lists what is open. Without its buttons once it has been answered."""
    top = _open_ones(found, t)
    if not open_buttons:
        return Message(top)
    how = t("Scan the QR code on the screen, or send me the six characters under it.")
    here = button(t.plain("📍 I am at the site: send my location"), data("where"))
    places = [here] if found.with_site else []
    return Message(lines(top, "", how), keyboard(places, [button(t.plain("Cancel"), CANCEL)]))


def render_nothing_to_do(found: OpenNow, t: Translator, now: datetime) -> Message:
    """Instead of the prompt: everything is done, or nothing is open."""
    if not found.done:
        return render_outcome(NothingOpen(found.following, found.opens_at), t, now)
    text = lines(*(_recorded(one, t) for one in found.done))
    return Message(text, _below(found.done[0], t) if len(found.done) == 1 else None)


def render_ask_location(t: Translator) -> Message:
    """The button that sends a location, in place of the phone's keyboard."""
    share = KeyboardButton(t.plain("📍 Send my location"), request_location=True)
    return Message(
        t(
            "Press the button below to send where you are. I only keep whether it is at the site or not; where you "
            "are is not kept. The code on the screen works just as well."
        ),
        below=ReplyKeyboardMarkup([[share]], resize_keyboard=True, one_time_keyboard=True),
    )


def render_left(t: Translator) -> Message:
    """The prompt after somebody cancelled."""
    again = keyboard([button(t.plain("Check in"), START)])
    return Message(t("Nothing was recorded. Check in whenever you are ready."), again)


def render_outcome(outcome: Outcome, t: Translator, now: datetime) -> Message:
    """What came of a code, a scan, a press or a location."""
    if isinstance(outcome, TooEarly):
        press = data("now", outcome.activity.id, outcome.mac)
        return Message(_early(outcome, t), keyboard([button(t.plain("I am here"), press)]))
    return Message(_text(outcome, t, now), _below(outcome, t))


def render_toast(outcome: Outcome, t: Translator) -> str | None:
    """The short line over the chat after a press."""
    match outcome:
        case Arrived(activity, at) | AlreadyIn(activity, at):
            return t.plain("✅ Checked in at {time}", time=clock_time(at, activity))
        case CheckedOut(activity, at) | AlreadyOut(activity, at):
            return t.plain("🚪 Checked out at {time}", time=clock_time(at, activity))
        case TooEarly(activity, opens_at):
            return t.plain(
                "Not yet: it opens at {time}. This button will work then.", time=clock_time(opens_at, activity)
            )
        case NotYours():
            return t.plain("This button was made for somebody else. Please scan the code on the screen yourself.")
        case _:
            return None


def _below(outcome: Outcome, t: Translator) -> InlineKeyboardMarkup | None:
    """Under whatever says how a record stands, the way to object to it; before that, what can be done next."""
    match outcome:
        case Arrived(activity, leave=leave) | AlreadyIn(activity, leave=leave):
            return keyboard(_leaving(activity, leave, t), [appeal_button(activity.id, t)])
        case CheckedOut(activity, back=back):
            stay = [button(t.plain("That was a slip: I am staying"), data("back", activity.id, back))] if back else []
            return keyboard(stay, [appeal_button(activity.id, t)])
        case AlreadyOut(activity) | CameBack(activity) | MarkedMissing(activity) | Closed(activity):
            return keyboard([appeal_button(activity.id, t)])
        case NothingOpen(following) if following is not None:
            return keyboard([button(t.plain("Check in"), START)])
        case _:
            return None


def _leaving(activity: ActivityView, leave: str, t: Translator) -> list[InlineKeyboardButton]:
    return [button(t.plain("🚪 I am leaving early"), data("out", activity.id, leave))] if leave else []


def _open_ones(found: OpenNow, t: Translator) -> Markup:
    waiting = found.waiting
    rest = [t("You are excused from this one. If you are here all the same, check in.")] if found.excused else []
    if len(waiting) == 1:
        top = lines(t("📍 Check-in: {title}", title=headline(waiting[0])), line_of(waiting[0]), *rest)
    elif waiting:
        top = t("📍 Several check-ins are open. The code decides which one it is:")
        top = lines(top, *map(line_of, waiting), *rest)
    else:
        top = Markup("")
    return lines(top, *(t("🚪 Check-out: {title}", title=headline(one)) for one in found.leaving))


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
        case CheckedOut() | AlreadyOut() | CameBack() | NotIn():
            return render_leaving(outcome, t)
        case NoSite():
            return t(
                "No check-in of yours takes a location now, so nothing was kept of it. Please use the code on the "
                "screen."
            )
        case Closed(activity):
            return t(
                "{title}\nThe check-in is closed. If you were there, please tell your coordinator.",
                title=headline(activity),
            )
        case Cancelled(activity):
            return t("{title}\nThis activity has been cancelled, so you need not check in.", title=headline(activity))
        case NothingOpen(following, opens_at):
            return _nothing_open(following, opens_at, t, now)
        case _:
            assert_never(outcome)


def _recorded(outcome: Arrived | AlreadyIn | AlreadyOut, t: Translator) -> Markup:
    if isinstance(outcome, AlreadyOut):
        return render_leaving(outcome, t)
    activity, title = outcome.activity, headline(outcome.activity)
    time, receipt = clock_time(outcome.at, activity), Markup("<code>%s</code>") % outcome.receipt
    if isinstance(outcome, AlreadyIn):
        stands = t(
            "✅ You are already checked in: {title}\nArrived {time}, and that stands. Receipt {receipt}",
            title=title,
            time=time,
            receipt=receipt,
        )
        return lines(stands, _when_out(outcome, t))
    if outcome.status is Status.LATE:
        late = rules.minutes_late(outcome.at, activity.starts_at)
        said = t.plural(
            "✅ You are checked in: {title}\nArrived {time}, {n} minute after the start, so it counts as late. "
            "Receipt {receipt}",
            "✅ You are checked in: {title}\nArrived {time}, {n} minutes after the start, so it counts as late. "
            "Receipt {receipt}",
            late,
            title=title,
            time=time,
            receipt=receipt,
        )
    else:
        said = t(
            "✅ You are checked in: {title}\nArrived {time}. Receipt {receipt}", title=title, time=time, receipt=receipt
        )
    return lines(said, _place_line(outcome, t), _when_out(outcome, t))


def _place_line(outcome: Arrived, t: Translator) -> Markup:
    match outcome.inside:
        case True:
            return t("Your location is at the site.")
        case False:
            return t(
                "Your location seems to be away from the site. You are checked in all the same; your coordinator "
                "sees the hint and may ask."
            )
    return Markup("")


def _when_out(outcome: Arrived | AlreadyIn, t: Translator) -> Markup:
    if not outcome.leave:
        return Markup("")
    since = clock_time(rules.checkout_from(outcome.activity.ends_at), outcome.activity)
    return t("Please check out when you leave: from {time} by the code on the screen.", time=since)


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


def _nothing_open(following: ActivityView | None, opens_at: datetime | None, t: Translator, now: datetime) -> Markup:
    if following is None:
        return t("No check-in is open, and your timetable has nothing more.")
    if following.starts_at <= now:
        return t(
            "No check-in is open now. On now: {activity}\nIf you should be able to check in, please tell your "
            "coordinator.",
            activity=line_of(following),
        )
    upcoming = t(
        "No check-in is open now. Next: {day}, {activity}",
        activity=line_of(following),
        day=day_of(following.starts_at, following, t),
    )
    if opens_at is None or opens_at <= now:
        return upcoming
    time = clock_time(opens_at, following)
    return lines(upcoming, t("Check-in opens at {time}. You can press the button below then.", time=time))
