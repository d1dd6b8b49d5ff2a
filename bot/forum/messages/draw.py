"""The fair draw in words: what is promised before, what came out, and why each has the place they have.

Names stand only on the coordinators' pages; everybody else sees numbers.
"""

from collections.abc import Mapping

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import i18n
from bot.buttons import Rows, keyboard
from bot.forum import contacts, drawing, seats
from bot.forum.drawing import Drew, Record
from bot.forum.hat import TICKETS, Drawn, Entry
from bot.forum.messages.seat_wording import CODES, act, back, pager
from bot.forum.messages.seats import render_standing
from bot.forum.messages.wording import act as forum_act
from bot.forum.messages.wording import bold, heading, lines, page_of, paragraphs
from bot.forum.models import Choice, Part
from bot.forum.views import CallView, SignUpView, view_of
from bot.i18n import Translator
from bot.outbox.calls import Message
from bot.outbox.lanes import Lane
from bot.turn import Turn

SHOWN = 20
"""So many letters of a digest are shown: 80 bits, which nobody can find another seed for."""
PAGE = 12


def seal_line(digest: str, t: Translator) -> Markup:
    """The promise before the draw."""
    return t(
        "🎲 The draw's seed is fixed already. Its SHA-256 begins with <code>{digest}</code>.", digest=digest[:SHOWN]
    )


def announce_draw(turn: Turn, drew: Drew) -> None:
    """Tell every entrant how they came out, and why."""
    call = view_of(turn.session, drew.call_id, turn.now)
    drawn = {one.entry.number: one for one in drawing.get_record(turn.session, drew.call_id).drawn}
    for answer in drew.answers:
        party = contacts.party_of(turn.session, answer.signup_id, call.language)
        if party is None or party.chat_id is None:
            continue
        t = i18n.translator(party.language)
        line = place_line(drawn[answer.signup_id], len(drawn), t)
        message = render_standing(call, seats.standing(turn.session, answer.signup_id), t, line)
        turn.send(party.chat_id, message, lane=Lane.REMINDER)


def place_line(drawn: Drawn, count: int, t: Translator) -> Markup:
    """Which place somebody was drawn at, with how many tickets and why so many."""
    place = t("🎲 In the draw: place {place} of {count}.", place=drawn.place, count=count)
    why = _why(drawn.entry, t)
    tickets = t.plural("You had {n} ticket{why}.", "You had {n} tickets{why}.", drawn.tickets, why=why)
    return lines(place, tickets)


def render_draw(
    call: CallView,
    record: Record | None,
    digest: str,
    t: Translator,
    *,
    own: int | None = None,
    names: Mapping[int, str] | None = None,
    page: int = 0,
) -> Message:
    """The draw of a call: the promise before, the result after. ``names`` only for who may see them."""
    if record is None:
        text = paragraphs(heading(call, t), _rules(t), seal_line(digest, t))
        return Message(text, keyboard(*_ways(call, record, t, is_staff=names is not None)))
    drawn = record.drawn
    page, pages, shown = page_of(page, len(drawn), PAGE)
    mine = next((one for one in drawn if one.entry.number == own), None)
    rows = [_line(one, record.places, own, names or {}, t) for one in drawn[shown]]
    text = paragraphs(
        heading(call, t),
        place_line(mine, len(drawn), t) if mine else None,
        lines(bold(t.plain("🎲 The result")), *rows) if rows else t("Nobody was in the draw."),
        _rules(t),
        lines(
            t("Seed: <code>{seed}</code>", seed=record.seed),
            t("SHA-256: <code>{digest}</code> …", digest=digest[:SHOWN]),
        ),
    )
    turning = pager("draw", [call.id], page, pages)
    return Message(text, keyboard(turning, *_ways(call, record, t, is_staff=names is not None)))


def draw_tool(call: CallView, t: Translator) -> InlineKeyboardButton | None:
    """The button on a call's pages, where it is drawn."""
    is_drawn = call.choice is Choice.DRAW and call.takes_speakers
    return act(t.plain("🎲 The draw"), "draw", call.id, 0) if is_drawn else None


def own_draw(call: CallView, signup: SignUpView, t: Translator) -> InlineKeyboardButton | None:
    """The same for somebody who has signed up to speak."""
    return draw_tool(call, t) if signup.part is Part.SPEAKER else None


def _ways(call: CallView, record: Record | None, t: Translator, *, is_staff: bool) -> Rows:
    file = [act(t.plain("📄 The list, to draw it again"), "drawfile", call.id)] if record else []
    if is_staff:
        return [file, back(t.plain("Places"), "list", call.id, CODES[Part.SPEAKER], 0)]
    return [file, [forum_act(t.plain("« Back"), "call", call.id)]]


def _rules(t: Translator) -> Markup:
    return t(
        "Everybody has {tickets} tickets in a hat, and fewer for each time they or their unit have spoken in the last"
        " two years. A unit that has just been drawn has fewer for its others. The rest is chance.",
        tickets=TICKETS,
    )


def _line(one: Drawn, places: int, own: int | None, names: Mapping[int, str], t: Translator) -> Markup:
    sign = "✅" if one.place <= places else "🔁"
    who = names.get(one.entry.number) or t("number {number}", number=one.entry.number)
    mine = t(" (you)") if one.entry.number == own else ""
    return t(
        "{sign} {place}. {who}{mine} · {tickets}/{of}",
        sign=sign,
        place=one.place,
        who=who,
        mine=mine,
        tickets=one.tickets,
        of=one.of,
    )


def _why(entry: Entry, t: Translator) -> Markup:
    own = t.plural("you have spoken {n} time", "you have spoken {n} times", entry.own) if entry.own else ""
    unit = t.plural("your unit {n} time", "your unit {n} times", entry.unit_turns) if entry.unit_turns else ""
    said = t.join([str(one) for one in (own, unit) if one])
    return t(" ({said} in the last two years, this draw included)", said=Markup(said)) if said else Markup("")  # noqa: S704 - escaped above
