"""A coordinator's pages of a call's places: the list with states and reasons, one entrant, the ledger of turns.

Earlier turns stand beside a name where a choice needs them; nobody is ranked by them.
"""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.buttons import Rows, keyboard
from bot.forum.choosing import Mark
from bot.forum.entrants import Entrant, Roll, parts_of
from bot.forum.hat import TICKETS
from bot.forum.messages.seat_wording import CODES, PLACES, SIGNS, act, back, pager, reason_of
from bot.forum.messages.wording import STATES, day_and_hour, heading, hour, lines, page_of, paragraphs, short
from bot.forum.messages.wording import act as forum_act
from bot.forum.models import HOLDING, Choice, Part, SignUpStatus
from bot.forum.views import CallView, Phase
from bot.i18n import N_, Translator
from bot.outbox.calls import Message

MARKS = {Mark.CHOSEN: "⭐", Mark.RESERVE: "🔁", Mark.DECLINED: "✖️"}
MARK_WORDS = {
    Mark.CHOSEN: N_("⭐ chosen"),
    Mark.RESERVE: N_("🔁 for the reserve list"),
    Mark.DECLINED: N_("✖️ not this time"),
}
OUTLINE = 900


def places_tool(call: CallView, t: Translator) -> InlineKeyboardButton | None:
    """The button on a coordinator's page of a call."""
    parts = parts_of(call)
    if not parts or call.phase is Phase.DRAFT:
        return None
    is_due = call.choice is Choice.COORDINATOR and call.phase is Phase.CLOSED and call.takes_speakers
    label = t.plain("⚖️ Choose speakers") if is_due else t.plain("🎟 Places")
    return act(label, "list", call.id, CODES[parts[0]], 0)


def render_roll(roll: Roll, page: int, t: Translator, *, may_change: bool) -> Message:
    """Everybody who signed up to one part, in the order of their places."""
    page, pages, shown = page_of(page, len(roll.entrants))
    rows: Rows = [[act(_label(one, roll, t), "one", one.signup_id)] for one in roll.entrants[shown]]
    turning = pager("list", [roll.call.id, CODES[roll.part]], page, pages)
    text = paragraphs(heading(roll.call, t), _summary(roll, t), _todo(roll, t, may_change=may_change))
    return Message(text, keyboard(*rows, turning, *_ways(roll, t, may_change=may_change)))


def render_entrant(roll: Roll, one: Entrant, t: Translator, *, may_change: bool) -> Message:
    """One entrant with everything a decision needs."""
    text = paragraphs(
        lines(named(one), _state(roll, one, t), _why(one, t)),
        _speech(one, t) if one.part is Part.SPEAKER else None,
        _turns(roll, one, t) if one.part is Part.SPEAKER else None,
        t("📵 The bot cannot write to them.") if not one.is_reachable else None,
    )
    rows = _decisions(roll, one, t) if may_change else []
    return Message(text, keyboard(*rows, back(t.plain("List"), "list", one.call_id, CODES[one.part], 0)))


def render_finish(roll: Roll, t: Translator) -> Message:
    """Ask before everybody is answered."""
    waiting = roll.of(SignUpStatus.PENDING)
    chosen, declined = _count(waiting, Mark.CHOSEN), _count(waiting, Mark.DECLINED)
    left = max(0, roll.room.wanted - roll.room.taken)
    text = paragraphs(
        heading(roll.call, t),
        lines(
            t("⭐ <b>{n}</b> chosen for {places} places", n=chosen, places=left),
            t("🔁 <b>{n}</b> go on the reserve list", n=len(waiting) - chosen - declined),
            t("✖️ <b>{n}</b> not this time", n=declined),
        ),
        t("Everybody is told at once. Whoever has no mark goes on the reserve list, in the order of signing up."),
    )
    sure = act(t.plain("✅ Answer everybody"), "finished", roll.call.id)
    return Message(text, keyboard([sure], back(t.plain("List"), "list", roll.call.id, CODES[roll.part], 0)))


def is_choosing(roll: Roll) -> bool:
    """Whether the coordinator can answer everybody now."""
    call = roll.call
    is_due = call.choice is Choice.COORDINATOR and roll.part is Part.SPEAKER and call.phase is Phase.CLOSED
    return is_due and bool(roll.of(SignUpStatus.PENDING))


def render_others(roll: Roll, one: Entrant, page: int, t: Translator) -> Message:
    """In whose place somebody shall be confirmed."""
    holders = roll.of(*HOLDING)
    page, pages, shown = page_of(page, len(holders))
    rows: Rows = [
        [act(_label(other, roll, t), "why", "swap", one.signup_id, other.signup_id)] for other in holders[shown]
    ]
    text = paragraphs(
        named(one), t("In whose place? That person goes to the head of the reserve list and is told why.")
    )
    turning = pager("others", [one.signup_id], page, pages)
    return Message(text, keyboard(*rows, turning, back(t.plain("Back"), "one", one.signup_id)))


def _summary(roll: Roll, t: Translator) -> Markup:
    room = roll.room
    counts = [
        (t("{n} offered", n=len(roll.of(SignUpStatus.OFFERED))), SignUpStatus.OFFERED),
        (t("{n} waiting", n=len(roll.of(SignUpStatus.PENDING))), SignUpStatus.PENDING),
        (t("{n} in reserve", n=room.reserves), SignUpStatus.RESERVE),
    ]
    more = [text for text, status in counts if roll.of(status)]
    taken = t(
        "{part}: <b>{taken}</b> of <b>{places}</b> places taken",
        part=t(PLACES[roll.part]),
        taken=room.taken,
        places=room.wanted,
    )
    surplus = t("{n} more than wanted: the number shrinks as people leave.", n=room.surplus)
    return lines(taken, Markup(" · ").join(more), surplus if room.surplus else None)


def _todo(roll: Roll, t: Translator, *, may_change: bool) -> Markup | None:
    call = roll.call
    if not roll.entrants:
        return t("Nobody has signed up yet.")
    if roll.part is not Part.SPEAKER or not roll.of(SignUpStatus.PENDING) or not may_change:
        return None
    if call.choice is Choice.DRAW:
        return t("🎲 They are drawn when sign-up closes, {when}.", when=day_and_hour(call.closes_at, call.time_zone, t))
    if call.phase is Phase.OPEN:
        when = day_and_hour(call.closes_at, call.time_zone, t)
        return t("You can mark people now; everybody is answered after sign-up closes, {when}.", when=when)
    return t("Mark whom you choose, then answer everybody.")


def _ways(roll: Roll, t: Translator, *, may_change: bool) -> Rows:
    call, code = roll.call, CODES[roll.part]
    finish = [act(t.plain("✅ Answer everybody …"), "finish", call.id)]
    room = [act(t.plain("🔢 Number of places"), "room", call.id, code)] if may_change else []
    draw = [act(t.plain("🎲 The draw"), "draw", call.id, 0)] if call.choice is Choice.DRAW else []
    others = [
        act(t.plain(PLACES[part]), "list", call.id, CODES[part], 0) for part in parts_of(call) if part is not roll.part
    ]
    return [
        finish if may_change and is_choosing(roll) else [],
        room + (draw if roll.part is Part.SPEAKER else []),
        [act(t.plain("📄 As a file"), "file", call.id), act(t.plain("🗂 Who has spoken"), "turns", call.cohort_id, 0)],
        [*others, forum_act(t.plain("« Call"), "manage", call.id)],
    ]


def _label(one: Entrant, roll: Roll, t: Translator) -> str:
    sign = SIGNS[one.status]
    if one.status is SignUpStatus.PENDING and one.mark is not None:
        sign = MARKS[one.mark]
    number = f"{one.slot}. " if one.slot else f"{one.number}. " if one.number else ""
    off = "📵 " if not one.is_reachable else ""
    until = f" ⏳{hour(one.offer_until, roll.call.time_zone)}" if one.offer_until else ""
    tail = one.title if one.part is Part.SPEAKER else one.party.unit
    return short(f"{sign} {number}{off}{one.party.name}{until}{' · ' + tail if tail else ''}")


def named(one: Entrant) -> Markup:
    """Name and unit of an entrant."""
    unit = Markup(" · {}").format(one.party.unit) if one.party.unit else ""
    return Markup("<b>{}</b>{}").format(one.party.name, unit)


def _state(roll: Roll, one: Entrant, t: Translator) -> Markup:
    zone = roll.call.time_zone
    if one.status is SignUpStatus.CONFIRMED and one.slot and one.about:
        return t("✅ confirmed, slot {slot}, about {about}", slot=one.slot, about=hour(one.about, zone))
    if one.status is SignUpStatus.OFFERED and one.offer_until:
        return t("⏳ offered, answer until {until}", until=day_and_hour(one.offer_until, zone, t))
    if one.status is SignUpStatus.RESERVE:
        return t("🔁 reserve number {n}", n=one.number)
    if one.status is SignUpStatus.PENDING and one.mark is not None:
        return t("❔ waiting · {mark}", mark=t(MARK_WORDS[one.mark]))
    return t("{sign} {state}", sign=SIGNS[one.status], state=t(STATES[one.status]))


def _why(one: Entrant, t: Translator) -> Markup | None:
    return t("Why: {reason}", reason=reason_of(one.reason, t)) if one.reason else None


def _speech(one: Entrant, t: Translator) -> Markup:
    outline = short(one.outline, OUTLINE)
    return lines(
        t("❓ {topic}", topic=one.topic) if one.topic else None,
        Markup("🎤 <b>{}</b>").format(one.title) if one.title else None,
        Markup("<i>{}</i>").format(outline) if outline else None,
        t("🧰 Needs: {needs}", needs=short(one.needs, OUTLINE)) if one.needs else None,
        t("📎 {slides}", slides=one.slides) if one.slides else None,
    )


def _turns(roll: Roll, one: Entrant, t: Translator) -> Markup:
    own = t.plural("has spoken {n} time", "has spoken {n} times", one.turns.own)
    unit = t.plural("others of the unit {n} time", "others of the unit {n} times", one.turns.unit_turns)
    said = t("🗂 In the last two years: {own}, {unit}.", own=own, unit=unit)
    if not one.turns.own and not one.turns.unit_turns:
        said = t("🗂 Neither they nor their unit have spoken in the last two years.")
    return lines(said, _ticket_line(roll, one, t))


def _ticket_line(roll: Roll, one: Entrant, t: Translator) -> Markup | None:
    if roll.draw is None:
        tickets = t("🎲 Tickets in the draw: {n} of {most}.", n=one.turns.tickets, most=TICKETS)
        return tickets if roll.call.choice is Choice.DRAW else None
    mine = next((each for each in roll.draw.drawn if each.entry.number == one.signup_id), None)
    if mine is None:
        return t("🎲 Signed up after the draw.")
    return t(
        "🎲 In the draw: place {place} of {count}, with {n} of {most} tickets.",
        place=mine.place,
        count=len(roll.draw.entries),
        n=mine.tickets,
        most=TICKETS,
    )


def _decisions(roll: Roll, one: Entrant, t: Translator) -> Rows:
    signup_id, status = one.signup_id, one.status
    drop = [act(t.plain("✖️ Not this time …"), "why", "drop", signup_id)]
    if status is SignUpStatus.PENDING and roll.call.choice is Choice.COORDINATOR:
        return _mark_rows(one, t)
    if status is SignUpStatus.OFFERED:
        asked = [
            act(t.plain("✅ Takes it"), "theirs", signup_id, 1),
            act(t.plain("✖️ Does not"), "theirs", signup_id, 0),
        ]
        return [asked, *_back_row(roll, one, t), drop]
    if status is SignUpStatus.CONFIRMED:
        return [*_back_row(roll, one, t), drop]
    if status is SignUpStatus.WITHDRAWN:
        return []
    give = [act(t.plain("✅ Give a place …"), "why", "give", signup_id)]
    swap = [act(t.plain("⇄ In the place of …"), "others", signup_id, 0)] if roll.of(*HOLDING) else []
    return [give + swap, drop if status is not SignUpStatus.NOT_CHOSEN else []]


def _mark_rows(one: Entrant, t: Translator) -> Rows:
    marks = [
        act(("☑️ " if one.mark is mark else "") + t.plain(MARK_WORDS[mark]), "mark", one.signup_id, number)
        for number, mark in enumerate(Mark)
    ]
    reason = [act(t.plain("✍️ Say why"), "why", "mark", one.signup_id)]
    return [[button] for button in marks] + [reason]


def _back_row(roll: Roll, one: Entrant, t: Translator) -> Rows:
    if not roll.room.surplus:
        return []
    return [[act(t.plain("🔁 To the head of the reserve list …"), "back", one.signup_id)]]


def _count(waiting: Sequence[Entrant], mark: Mark) -> int:
    return sum(one.mark is mark for one in waiting)
