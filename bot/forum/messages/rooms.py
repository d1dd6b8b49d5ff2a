"""A coordinator's pages of the number of places: more, fewer, and the choice where more are taken than wanted."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.buttons import Rows, keyboard
from bot.forum.capacity import Room, TooFew
from bot.forum.entrants import Entrant, Roll
from bot.forum.messages.seat_wording import CODES, PLACES, act, back, pager
from bot.forum.messages.wording import act as forum_act
from bot.forum.messages.wording import heading, lines, page_of, paragraphs, short
from bot.forum.models import HOLDING, SignUpStatus
from bot.forum.slots import SlotHeld
from bot.forum.views import CallView
from bot.i18n import Translator
from bot.outbox.calls import Message

STEPS = (-10, -1, 1, 10)


def render_room(call: CallView, room: Room, t: Translator, *, may_change: bool = True) -> Message:
    """How many places there are, and other numbers."""
    code = CODES[room.part]
    numbers = [(step, room.wanted + step) for step in STEPS if room.wanted + step >= 0]
    rows: Rows = [[act(f"{step:+d}", "set", call.id, code, to) for step, to in numbers]]
    rows.append([act(t.plain("✍️ Another number"), "number", call.id, code)])
    if room.surplus:
        rows.append([act(t.plain("👥 Choose who goes"), "holders", call.id, code, 0)])
    text = paragraphs(
        heading(call, t),
        lines(
            t("{part}: <b>{places}</b> places", part=t(PLACES[room.part]), places=room.wanted),
            t("{taken} taken, {reserves} in reserve", taken=room.taken, reserves=room.reserves),
            _surplus(room.surplus, t) if room.surplus else None,
        ),
        t("New places are offered to the reserve list at once."),
    )
    kept = rows if may_change else []
    return Message(text, keyboard(*kept, back(t.plain("List"), "list", call.id, code, 0)))


def render_ask_number(call: CallView, t: Translator) -> Message:
    """Ask for the number of places."""
    return Message(
        paragraphs(heading(call, t), t("How many places shall there be? Send me a number, or leave with /cancel."))
    )


def render_too_few(call: CallView, few: TooFew, t: Translator) -> Message:
    """More are taken than there would be, so that a coordinator must choose."""
    room, code = few.room, CODES[few.room.part]
    text = paragraphs(
        heading(call, t),
        t(
            "<b>{taken} places are taken, and you want {to}.</b> Nothing has been changed yet.",
            taken=room.taken,
            to=few.to,
        ),
        lines(
            t("• Keep everybody: whoever leaves is not replaced, until the number is {to}.", to=few.to),
            t("• Choose who goes: they head the reserve list and are told why."),
        ),
    )
    rows: Rows = [
        [act(t.plain("🤝 Keep everybody"), "keep", call.id, code, few.to)],
        [act(t.plain("👥 Choose who goes"), "fewer", call.id, code, few.to)],
        back(t.plain("Leave it as it is"), "room", call.id, code),
    ]
    return Message(text, keyboard(*rows))


def render_holders(roll: Roll, page: int, t: Translator) -> Message:
    """Who has a place, to choose who goes; the latest sign-ups first."""
    surplus = roll.room.surplus
    if not surplus:
        return render_room(roll.call, roll.room, t)
    holders = sorted(roll.of(*HOLDING), key=lambda one: (one.signed_at, one.signup_id), reverse=True)
    page, pages, shown = page_of(page, len(holders))
    rows: Rows = [[act(_holder(one), "back", one.signup_id)] for one in holders[shown]]
    code = CODES[roll.part]
    text = paragraphs(heading(roll.call, t), _surplus(surplus, t), t("Who goes to the head of the reserve list?"))
    turning = pager("holders", [roll.call.id, code], page, pages)
    return Message(text, keyboard(*rows, turning, back(t.plain("Nobody, keep everybody"), "room", roll.call.id, code)))


def render_ask_back(roll: Roll, one: Entrant, t: Translator) -> Message:
    """Ask before somebody loses the place, and why."""
    name = t("<b>{name}</b> goes to the head of the reserve list. Why? They read it.", name=one.party.name)
    rows: Rows = [
        [act(t.plain("There are fewer places than before"), "goes", one.signup_id)],
        [act(t.plain("✍️ Another reason"), "why", "back", one.signup_id)],
        back(t.plain("No, back"), "holders", roll.call.id, CODES[roll.part], 0),
    ]
    return Message(paragraphs(heading(roll.call, t), name), keyboard(*rows))


def render_slot_held(roll: Roll, held: SlotHeld, t: Translator) -> Message:
    """A slot shall be deleted that somebody holds, so that a coordinator must choose."""
    holder = roll.entrant(held.signup_id)
    rows: Rows = []
    if held.has_other:
        rows.append([act(t.plain("↔️ Give them another free slot"), "slotmove", held.slot_id)])
    else:
        head = t.plain("🔁 {name} goes to the head of the reserve list", name=short(holder.party.name, 20))
        rows.append([act(head, "slotgo", held.slot_id, held.signup_id)])
        if len(roll.of(SignUpStatus.CONFIRMED)) > 1 and not held.is_offer:
            rows.append([act(t.plain("👥 Somebody else goes"), "slotwho", held.slot_id, 0)])
    rows.append([forum_act(t.plain("« Leave the slot as it is"), "manage", roll.call.id)])
    if held.is_offer:
        said = t("This place is offered to <b>{name}</b>, who has not answered yet.", name=holder.party.name)
    else:
        said = t("<b>{name}</b> has this slot.", name=holder.party.name)
    text = paragraphs(
        heading(roll.call, t), said, t("Nothing has been changed yet. Whoever loses the place is told why.")
    )
    return Message(text, keyboard(*rows))


def render_slot_others(roll: Roll, slot_id: int, page: int, t: Translator) -> Message:
    """Who goes instead of the holder of a slot that is deleted."""
    others = roll.of(SignUpStatus.CONFIRMED)
    page, pages, shown = page_of(page, len(others))
    rows: Rows = [[act(_holder(one), "slotgo", slot_id, one.signup_id)] for one in others[shown]]
    text = paragraphs(heading(roll.call, t), t("Who goes to the head of the reserve list? The others keep a slot."))
    return Message(
        text, keyboard(*rows, pager("slotwho", [slot_id], page, pages), back(t.plain("Back"), "slot", slot_id))
    )


def render_slot_gone(call: CallView, t: Translator) -> Message:
    """The slot is deleted."""
    text = paragraphs(heading(call, t), t("🗑 The slot is out of the programme, and there is one place fewer."))
    return Message(text, keyboard([forum_act(t.plain("« Call"), "manage", call.id)]))


def render_changed_toast(room: Room, offered: Sequence[object], t: Translator) -> str:
    """The short line after a change of the number."""
    if offered:
        return t.plain("{places} places. {n} offered to the reserve list.", places=room.wanted, n=len(offered))
    return t.plain("{places} places.", places=room.wanted)


def _surplus(surplus: int, t: Translator) -> Markup:
    return t.plural(
        "⚠️ {n} more is taken than wanted. Whoever leaves is not replaced.",
        "⚠️ {n} more are taken than wanted. Whoever leaves is not replaced.",
        surplus,
    )


def _holder(one: Entrant) -> str:
    slot = f"{one.slot}. " if one.slot else ""
    return short(f"{slot}{one.party.name}{' · ' + one.party.unit if one.party.unit else ''}")
