"""What somebody without a roster is told at the door: each outcome of a code, a scan, a button; one's own code."""

from datetime import datetime
from typing import assert_never

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.buttons import keyboard, pack
from bot.checkin import rules
from bot.checkin.messages import trainee
from bot.checkin.messages.wording import clock_time, headline, line_of
from bot.checkin.outcomes import ActivityView, TooEarly
from bot.checkin.rules import Status
from bot.forum.arrival_code import (
    BadVisitorCode,
    Gate,
    HasNoSeat,
    NotAtTheDoor,
    OldVisitorCode,
    VisitorCode,
)
from bot.forum.messages.occasions import heading
from bot.forum.messages.wording import bold, lines, paragraphs
from bot.forum.models import SignUpStatus
from bot.forum.views import CallView, Phase, SignUpView
from bot.forum.visits import Arrival, Came, CameBefore, NoSeat, NotWithoutSignUp
from bot.i18n import Translator
from bot.outbox.calls import Message

FEATURE = "lecture"


def data(action: str, *ids: int | str) -> str:
    """The callback data of one of this feature's buttons."""
    return pack(FEATURE, action, *ids)


def act(label: str, action: str, *ids: int | str) -> InlineKeyboardButton:
    """A button of this feature."""
    return buttons.button(label, data(action, *ids))


def own_code(call: CallView, signup: SignUpView | None, t: Translator) -> InlineKeyboardButton | None:
    """On the page of a call that somebody has signed up to: their code for the door."""
    is_coming = signup is not None and signup.status in (SignUpStatus.CONFIRMED, SignUpStatus.OFFERED)
    if not is_coming or call.phase in (Phase.OVER, Phase.CANCELLED, Phase.DRAFT):
        return None
    return act(t.plain("🪪 My code for the door"), "code", call.id)


def render_arrival(outcome: Arrival, t: Translator, now: datetime) -> Message:
    """What came of somebody's code, scan or button."""
    match outcome:
        case Came():
            return Message(_came(outcome, t))
        case CameBefore(activity, _, _, at, receipt):
            return Message(
                t(
                    "✅ You are already checked in: {title}\nArrived {time}, and that stands. Receipt {receipt}",
                    title=headline(activity),
                    time=clock_time(at, activity),
                    receipt=_receipt(receipt),
                )
            )
        case NoSeat() | NotWithoutSignUp():
            return Message(_turned_away(outcome, t))
        case TooEarly(activity, _, mac):
            here = act(t.plain("I am here"), "now", activity.id, mac)
            return Message(trainee.render_outcome(outcome, t, now).text, keyboard([here]))
        case _:
            return Message(trainee.render_outcome(outcome, t, now).text)


def render_toast(outcome: Arrival, t: Translator) -> str | None:
    """The short line over the chat after a press."""
    if isinstance(outcome, Came | CameBefore):
        return t.plain("✅ Checked in at {time}", time=clock_time(outcome.at, outcome.activity))
    return trainee.render_toast(outcome, t) if isinstance(outcome, TooEarly) else None


def render_prompt(awaited: tuple[ActivityView, ...], t: Translator) -> Message:
    """Asks a guest for the code."""
    top = t("📍 Check-in: {title}", title=headline(awaited[0])) if len(awaited) == 1 else t("📍 Check-in")
    how = t("Scan the QR code on the screen, or send me the six characters under it.")
    return Message(paragraphs(lines(top, *map(line_of, awaited)), how))


def caption_code(code: VisitorCode, t: Translator) -> Markup:
    """Under the picture of one's own code."""
    return paragraphs(
        heading(code.occasion, t),
        t(
            "🪪 The code of {name}, good today. Show it at the door: the staff scan it with a phone's camera. It is "
            "yours alone, so please do not pass it on.",
            name=code.name,
        ),
    )


def render_on_roster(own_code: str, t: Translator) -> Message:
    """Instead of a visitor's code, for a trainee of the camp."""
    text = t("You are on the camp's own list, so please show the code that you always show.")
    return Message(text, keyboard([buttons.button(t.plain("🪪 My code"), own_code)]))


def file_name(signup_id: int) -> str:
    """What the picture is called."""
    return f"visitor-{signup_id}.png"


def render_gate(outcome: Gate, t: Translator, now: datetime) -> Message:
    """What a coordinator sees who scanned a visitor's code."""
    match outcome:
        case Came() | CameBefore():
            return render_marked(outcome, t)
        case OldVisitorCode():
            return Message(t("That code is from another day. Please ask for the one of today."))
        case BadVisitorCode():
            return Message(t("That is not a visitor's code. Please scan it once more, or look for the name."))
        case NotAtTheDoor():
            return Message(t("This code is for those who keep the door. Nothing was recorded."))
        case HasNoSeat(name, occasion):
            return Message(
                paragraphs(
                    t("⚠️ {name} holds no seat any more. Nothing was recorded.", name=bold(name)), heading(occasion, t)
                )
            )
        case _:
            return Message(trainee.render_outcome(outcome, t, now).text)


def render_marked(outcome: Came | CameBefore, t: Translator) -> Message:
    """What a coordinator sees who let somebody in."""
    activity, who, time = outcome.activity, bold(outcome.name), clock_time(outcome.at, outcome.activity)
    if isinstance(outcome, CameBefore):
        said = t(
            "✅ {who}\nis already in since {time}. Receipt {receipt}",
            who=who,
            time=time,
            receipt=_receipt(outcome.receipt),
        )
        return Message(lines(said, line_of(activity)))
    word = t("late") if outcome.status is Status.LATE else t("on time")
    said = t(
        "✅ {who}\n{time}, {word}. Receipt {receipt}", who=who, time=time, word=word, receipt=_receipt(outcome.receipt)
    )
    return Message(lines(said, line_of(activity)))


def render_let_in(came: Came, by: str, t: Translator) -> Message:
    """What the visitor reads whom somebody else has let in."""
    return Message(lines(_came(came, t), t("Let in by {name}.", name=by)))


def _came(came: Came, t: Translator) -> Markup:
    title, receipt = headline(came.activity), _receipt(came.receipt)
    time = clock_time(came.at, came.activity)
    if came.is_walk_in:
        said = t(
            "✅ Welcome, {name}! A seat was free, and it is yours: {title}\nArrived {time}. Receipt {receipt}",
            name=came.name,
            title=title,
            time=time,
            receipt=receipt,
        )
    else:
        said = t(
            "✅ Welcome, {name}! You are checked in: {title}\nArrived {time}. Receipt {receipt}",
            name=came.name,
            title=title,
            time=time,
            receipt=receipt,
        )
    if came.status is not Status.LATE:
        return said
    minutes = rules.minutes_late(came.at, came.activity.starts_at)
    return lines(said, t.plural("It began {n} minute ago.", "It began {n} minutes ago.", minutes))


def _turned_away(outcome: NoSeat | NotWithoutSignUp, t: Translator) -> Markup:
    top = heading(outcome.occasion, t)
    match outcome:
        case NotWithoutSignUp():
            return paragraphs(top, t("This one is for those who have signed up. Please ask at the desk."))
        case NoSeat(is_waiting=True):
            return paragraphs(
                top,
                t(
                    "You are on the waiting list, and just now every seat is taken. Please wait at the door: as soon "
                    "as a seat is free, scan once more."
                ),
            )
        case NoSeat():
            return paragraphs(
                top,
                t(
                    "I am sorry: every seat is taken, and nothing was recorded. If somebody leaves, scan once more or "
                    "ask at the desk."
                ),
            )
    assert_never(outcome)


def _receipt(receipt: str) -> Markup:
    return Markup("<code>{}</code>").format(receipt)
