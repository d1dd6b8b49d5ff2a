"""Who is told what of a call: that it is open, moved, cancelled, taken up again. Each in their own language, once."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from bot import i18n
from bot.buttons import keyboard
from bot.forum import audiences, drawing, publishing, queries
from bot.forum.messages.draw import seal_line
from bot.forum.messages.wording import (
    act,
    day_and_hour,
    heading,
    lines,
    paragraphs,
    phase_line,
    seats_line,
    short,
    slots_line,
)
from bot.forum.models import Choice, Part
from bot.forum.views import CallView
from bot.guests import service as guests
from bot.guests.service import Party
from bot.i18n import Translator
from bot.outbox.calls import Message
from bot.outbox.lanes import Lane
from bot.people import access
from bot.preferences.messages import pause_button
from bot.preferences.service import Topic
from bot.turn import Turn

TOPICS = 6


def announce_call(turn: Turn, call: CallView) -> int:
    """Tell those who may sign up that they can; how many that are. A call is announced once."""
    if not publishing.note_announced(turn.session, call.id, turn.now):
        return 0
    zone = ZoneInfo(call.time_zone)
    is_drawn = call.choice is Choice.DRAW and call.takes_speakers
    seal = drawing.commitment(turn.session, call.id) if is_drawn else ""
    return sum(
        turn.send_copies(
            render_open(call, i18n.translator(manner.language), is_silent=manner.is_silent, seal=seal),
            chats,
            lane=Lane.NOTICE,
            prefix=f"forum:{call.id}:open:",
            due_at=manner.waits_until(zone, turn.now),
        )
        for manner, chats in audiences.told(turn.session, call, turn.now).items()
    )


def announce_cancelled(turn: Turn, call: CallView, reason: str = "") -> int:
    """Tell everybody who is signed up that a call is cancelled; how many that are."""
    return _tell(turn, call, lambda t: render_cancelled(call, reason, t))


def announce_reopened(turn: Turn, call: CallView) -> int:
    """Tell everybody who is signed up that a cancelled call takes place after all; how many that are."""
    return _tell(turn, call, lambda t: render_reopened(call, t))


def announce_moved(turn: Turn, call: CallView) -> int:
    """Tell those signed up who are not in the camp that the activity has moved or is off; the camp is told anyway."""
    if call.is_activity_off:
        return _tell(turn, call, lambda t: render_cancelled(call, "", t), only_outsiders=True)
    return _tell(turn, call, lambda t: render_moved(call, t), only_outsiders=True)


def render_open(call: CallView, t: Translator, *, is_silent: bool = False, seal: str = "") -> Message:
    """That one can sign up now. ``seal`` is the digest of a draw's seed."""
    topics = [t("{number}. {topic}", number=one.position, topic=short(one.text, 90)) for one in call.topics[:TOPICS]]
    asked = t("❓ <b>The questions</b>") if topics else None
    until = t("Sign up until {when}.", when=day_and_hour(call.closes_at, call.time_zone, t))
    text = paragraphs(
        t("📣 <b>Would you like to take part?</b>"),
        heading(call, t),
        lines(asked, *topics) if topics else None,
        lines(slots_line(call, t) if call.takes_speakers else None, seats_line(call, t), until),
        seal_line(seal, t) if seal else None,
    )
    buttons = [act(t.plain("👀 Show me"), "call", call.id)], [pause_button(Topic.NOTICE, call.cohort_id, t)]
    return Message(text, keyboard(*buttons), silent=is_silent)


def render_cancelled(call: CallView, reason: str, t: Translator) -> Message:
    """That it is off."""
    why = t("Why: {reason}", reason=reason) if reason else None
    text = paragraphs(
        heading(call, t), lines(t("❌ <b>This has been cancelled.</b>"), why), t("You need not do anything.")
    )
    return Message(text, keyboard([act(t.plain("👀 Show me"), "call", call.id)]))


def render_reopened(call: CallView, t: Translator) -> Message:
    """That it is on again."""
    text = paragraphs(heading(call, t), t("✅ <b>It takes place after all.</b> Your sign-up stands as it was."))
    return Message(text, keyboard([act(t.plain("👀 Show me"), "call", call.id)]))


def render_moved(call: CallView, t: Translator) -> Message:
    """That time or place are others now."""
    text = paragraphs(t("🔄 <b>Time or place have changed.</b>"), heading(call, t), phase_line(call, t))
    can_not = t("If you cannot come now, withdraw, so that somebody else gets your place.")
    return Message(paragraphs(text, can_not), keyboard([act(t.plain("👀 Show me"), "call", call.id)]))


def _tell(turn: Turn, call: CallView, render: Callable[[Translator], Message], *, only_outsiders: bool = False) -> int:
    told = [party for party in _signed_up(turn, call) if party.chat_id is not None]
    if only_outsiders:
        told = [party for party in told if not _is_in_camp(turn, call, party)]
    for party in told:
        turn.send(party.chat_id or 0, render(i18n.translator(party.language)), lane=Lane.NOTICE)
    return len(told)


def _signed_up(turn: Turn, call: CallView) -> list[Party]:
    signups = [one for part in Part for one in queries.signups_of(turn.session, call.id, part=part)]
    found = guests.parties(
        turn.session,
        person_ids=[one.person_id for one in signups],
        guest_ids=[one.guest_id for one in signups],
        language=call.language,
    )
    return found.all()


def _is_in_camp(turn: Turn, call: CallView, party: Party) -> bool:
    return party.person_id is not None and bool(access.roles_in(turn.session, party.person_id, call.cohort_id))
