"""The words of the sign-up list as a workbook: headings and cells, plain text."""

from bot.forum.entrants import Entrant, Roll
from bot.forum.messages.seat_wording import PLACES, reason_of
from bot.forum.messages.wording import STATES, day_and_hour, hour
from bot.forum.models import Choice, Part
from bot.i18n import Translator

Cell = str | int


def sheet_name(part: Part, t: Translator) -> str:
    """The name of one part's sheet."""
    return t.plain(PLACES[part])[:31]


def columns(roll: Roll, t: Translator) -> list[tuple[str, int]]:
    """The headings and the widths of the columns."""
    found = [
        (t.plain("Sign-up number"), 9),
        (t.plain("Name"), 14),
        (t.plain("Unit"), 22),
        (t.plain("State"), 18),
        (t.plain("Reserve"), 9),
        (t.plain("Why"), 30),
        (t.plain("Signed up"), 18),
        (t.plain("Reachable in chat"), 12),
    ]
    if roll.part is Part.SPEAKER:
        found += [
            (t.plain("Slot"), 7),
            (t.plain("About when"), 8),
            (t.plain("Set question"), 34),
            (t.plain("Title of the talk"), 34),
            (t.plain("What about"), 46),
            (t.plain("Needs"), 30),
            (t.plain("File of the slides"), 24),
            (t.plain("Own turns"), 11),
            (t.plain("Unit's turns"), 11),
        ]
    if _is_drawn(roll):
        found += [(t.plain("Place in the draw"), 11), (t.plain("Tickets"), 9)]
    return found


def cells(roll: Roll, one: Entrant, t: Translator) -> list[Cell]:
    """One sign-up's row."""
    zone = roll.call.time_zone
    found: list[Cell] = [
        one.signup_id,
        one.party.name,
        one.party.unit,
        t.plain(STATES[one.status]),
        one.number or "",
        str(reason_of(one.reason, t).unescape()) if one.reason else "",
        day_and_hour(one.signed_at, zone, t),
        t.plain("yes") if one.is_reachable else t.plain("no"),
    ]
    if roll.part is Part.SPEAKER:
        about = hour(one.about, zone) if one.about else ""
        speech = [one.topic, one.title, one.outline, one.needs, one.slides]
        found += [one.slot or "", about, *speech, one.turns.own, one.turns.unit_turns]
    return found + _drawn(roll, one) if _is_drawn(roll) else found


def _is_drawn(roll: Roll) -> bool:
    return roll.part is Part.SPEAKER and roll.call.choice is Choice.DRAW and roll.draw is not None


def _drawn(roll: Roll, one: Entrant) -> list[Cell]:
    drawn = roll.draw.drawn if roll.draw else []
    mine = next((each for each in drawn if each.entry.number == one.signup_id), None)
    return [mine.place, mine.tickets] if mine else ["", ""]
