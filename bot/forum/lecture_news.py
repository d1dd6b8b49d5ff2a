"""What visitors are told by the clock: the evening before, an hour before, thanks afterwards. Decides whom and when.

Trainees whom the timetable reminds anyway are left out; speakers are reminded elsewhere. Each telling belongs to one
beginning, so that a lecture that moves is told anew. Neither words nor sends anything.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

from msgspec import Struct
from sqlalchemy import Select, String, Text, bindparam, case, cast, func, literal, select, update
from sqlmodel import Session

from bot.errors import Refusal
from bot.forum import occasions
from bot.forum.models import Part, SignUpStatus
from bot.forum.occasions import CALL, COHORT, Occasion
from bot.forum.pools import SIGNUP
from bot.forum.running_order import STAGE
from bot.forum.visitor_lists import GUEST, SEATS, is_roster
from bot.outbox.copies import Chats, sort_chats
from bot.people import access
from bot.people.service import PERSON, Speaker
from bot.preferences.models import Preference
from bot.preferences.rules import QuietHours
from bot.recurrence.rules import first_instant

PREFERENCE = Preference.__table__  # type: ignore[attr-defined]
EVENING = time(18)
HOUR = timedelta(hours=1)
REST = timedelta(minutes=30)
"""So long after the end those who came are thanked."""
LATEST_THANKS = timedelta(days=2)
AHEAD = timedelta(hours=36)


class Kind(StrEnum):
    """What is told."""

    DAY = "day"
    HOUR = "hour"
    THANKS = "thanks"


class NotOverYet(Refusal):
    """It is not over yet: those who came can be thanked after the end."""


class Due(Struct, frozen=True):
    """One telling that is due; ``is_skipped`` says that it is too late for it."""

    occasion: Occasion
    kind: Kind
    is_skipped: bool = False


class Hearers(Struct, frozen=True):
    """Those who are told, by the manner in which they want to be told; ``prefix`` begins the key of each telling."""

    prefix: str
    chats: Mapping[str, Chats]


class News(Struct, frozen=True):
    """One telling and whom it reaches."""

    occasion: Occasion
    kind: Kind
    hearers: tuple[Hearers, ...]


def due(session: Session, now: datetime) -> Sequence[Due]:
    """What is to be told now, by call; also what must be passed over, which is settled like the rest."""
    near = occasions.occasions_near(session, now - LATEST_THANKS, now + AHEAD)
    told = _told(session, [one.call_id for one in near])
    return [found for one in near if one.is_running for found in _due(one, told[one.call_id], now)]


def take(session: Session, due: Due, now: datetime) -> News | None:
    """Settle one telling and find whom it reaches; ``None`` where it is passed over.

    Where a stage was opened, everybody is thanked from there, and asked how the talks were.
    """
    has_stage = due.kind is Kind.THANKS and _has_stage(session, due.occasion.call_id)
    value = now if due.kind is Kind.THANKS else due.occasion.starts_at
    session.connection().execute(
        update(CALL).where(CALL.c.id == due.occasion.call_id).values({_COLUMNS[due.kind]: value})
    )
    return None if due.is_skipped or has_stage else _news(session, due.occasion, due.kind)


def may_thank(session: Session, occasion: Occasion, now: datetime) -> bool:
    """Whether those who came can be thanked now and have not been."""
    is_over = occasion.is_running and now >= occasion.ends_at
    return is_over and _told(session, [occasion.call_id])[occasion.call_id][2] is None


def thank_now(session: Session, *, speaker: Speaker | None, call_id: int, now: datetime) -> News | None:
    """Thank those who came before the clock does; ``None`` where they have been.

    Raises:
        Gone: there is no such call.
        NotAllowed: the speaker does not coordinate its cohort.
        NotOverYet: it goes on, or has not begun.
    """
    occasion = occasions.get_occasion(session, call_id)
    access.require_coordinator(session, speaker, occasion.cohort_id)
    if now < occasion.ends_at or not occasion.is_running:
        raise NotOverYet
    if not may_thank(session, occasion, now):
        return None
    return take(session, Due(occasion, Kind.THANKS), now)


def evening_before(occasion: Occasion) -> datetime:
    """When those who will come are reminded for the first time."""
    on = occasion.starts_at.astimezone(occasion.zone).date() - timedelta(days=1)
    return first_instant(on, EVENING, occasion.zone)


def quiet_of(manner: str) -> tuple[str, bool, QuietHours | None]:
    """Language, silence and own quiet hours, as a manner of the query says."""
    language, silent, quiet = manner.split(":", 2)
    hours = QuietHours(*(int(part) for part in quiet.split("-"))) if quiet else None
    return language, silent == "1", hours


_COLUMNS = {Kind.DAY: "day_told_for", Kind.HOUR: "hour_told_for", Kind.THANKS: "visitors_thanked_at"}


def _due(occasion: Occasion, told: tuple[Any, Any, Any], now: datetime) -> Iterable[Due]:
    starts = occasion.starts_at
    if now < starts and told[0] != starts and now >= evening_before(occasion):
        is_today = now.astimezone(occasion.zone).date() >= starts.astimezone(occasion.zone).date()
        yield Due(occasion, Kind.DAY, is_today)
    if now < starts and told[1] != starts and now >= starts - HOUR:
        yield Due(occasion, Kind.HOUR)
    if told[2] is None and now >= occasion.ends_at + REST:
        yield Due(occasion, Kind.THANKS)


def _has_stage(session: Session, call_id: int) -> bool:
    return session.connection().execute(select(STAGE.c.call_id).where(STAGE.c.call_id == call_id)).first() is not None


def _told(session: Session, call_ids: Sequence[int]) -> dict[int, tuple[Any, Any, Any]]:
    query = select(CALL.c.id, CALL.c.day_told_for, CALL.c.hour_told_for, CALL.c.visitors_thanked_at)
    rows = session.connection().execute(query.where(CALL.c.id.in_(call_ids)))
    return {row.id: (row.day_told_for, row.hour_told_for, row.visitors_thanked_at) for row in rows}


def _news(session: Session, occasion: Occasion, kind: Kind) -> News:
    values = {"visit_call": occasion.call_id, "visit_came": int(kind is Kind.THANKS)}
    stamp = int(occasion.starts_at.timestamp())
    found = []
    for who, query in (("p", _PERSONS), ("g", _GUESTS)):
        chats = sort_chats(session.connection().execute(query, values))
        found.append(Hearers(f"visit:{kind}:{occasion.call_id}:{stamp}:{who}", chats))
    return News(occasion, kind, tuple(found))


def _hearers(table: Any, manner: Any, own: Any) -> Select[Any]:
    """Listeners with a place, or who came: number, chat and manner."""
    has_come = SIGNUP.c.arrived_at.is_not(None)
    will_come = SIGNUP.c.status == SignUpStatus.CONFIRMED
    query = (
        select(table.c.id, table.c.telegram_id, manner)
        .select_from(SEATS.join(COHORT, COHORT.c.id == CALL.c.cohort_id).join(table, table.c.id == own))
        .where(
            SIGNUP.c.call_id == bindparam("visit_call"),
            SIGNUP.c.part == Part.LISTENER,
            case((bindparam("visit_came") == 1, has_come), else_=will_come),
            table.c.telegram_id > 0,
            table.c.unreachable_at.is_(None),
            ~is_roster(),
        )
    )
    return query.outerjoin(PREFERENCE, PREFERENCE.c.person_id == own) if table is PERSON else query


def _language(column: Any) -> Any:
    return cast(func.coalesce(func.nullif(column, ""), COHORT.c.language), Text)


def _manner_of_person() -> Any:
    quiet = cast(PREFERENCE.c.quiet_from, String).concat(literal("-")).concat(cast(PREFERENCE.c.quiet_until, String))
    silent = case((PREFERENCE.c.is_silent, literal(":1:")), else_=literal(":0:"))
    return _language(PERSON.c.language).concat(silent).concat(func.coalesce(quiet, literal("")))


_PERSONS = _hearers(PERSON, _manner_of_person(), SIGNUP.c.person_id)
_GUESTS = _hearers(GUEST, _language(GUEST.c.language).concat(literal(":0:")), SIGNUP.c.guest_id)
