"""Draws: the seed is settled before anybody signs up, the result can be run again by anybody.

A call's seed follows from a secret of the installation; its digest is shown while the call is open, the seed itself
after the draw. A draw happens once; what a coordinator changes afterwards stands beside it with the reason.
"""

import json
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import select, update
from sqlmodel import Session

from bot import codes
from bot.audit import service as audit
from bot.audit.service import Actor
from bot.errors import Gone
from bot.forum import hat, pools, turns
from bot.forum.hat import Drawn, Entry
from bot.forum.models import CallStatus, Choice, Draw, Part, SignUpStatus
from bot.forum.pools import CALL
from bot.people import service as people

DRAW = Draw.__table__  # type: ignore[attr-defined]
SECRET = "forum_draw"  # noqa: S105 - the name of a key
CLOCK = Actor(name="schedule")
SUBJECT = "forum_call"


class Settled(Struct, frozen=True):
    """How one entrant came out of a draw or a choice."""

    signup_id: int
    person_id: int | None
    guest_id: int | None
    status: SignUpStatus


class Drew(Struct, frozen=True):
    """A draw that has just been held; every entrant is in it."""

    call_id: int
    answers: tuple[Settled, ...]


class Record(Struct, frozen=True):
    """A draw as it was held: what went in, the seed, the order that came out."""

    call_id: int
    places: int
    seed: str
    drawn_at: datetime
    entries: tuple[Entry, ...]
    order: tuple[int, ...]

    @property
    def drawn(self) -> list[Drawn]:
        """The draw once more."""
        return hat.draw(self.seed, self.entries)


def commitment(session: Session, call_id: int) -> str:
    """The digest of the seed with which this call will be drawn; shown before, so that nobody can choose it after."""
    return hat.digest_of(_seed(session, call_id))


def hold_draw(session: Session, *, call_id: int, now: datetime) -> Drew | None:
    """Draw the speakers of a call whose sign-up is closed, and answer every entrant; ``None`` where that is done.

    Raises:
        Gone: there is no such call.
    """
    pool = pools.lock(session, call_id, Part.SPEAKER)
    call = pools.get_call(session, call_id)
    if call.status != CallStatus.PUBLISHED or call.choice != Choice.DRAW or call.closes_at > now:
        return None
    rows = {row.id: row for row in pools.of_status(session, call_id, Part.SPEAKER, SignUpStatus.PENDING)}
    cohort = people.get_cohort(session, call.cohort_id)
    entries = turns.earlier(session, call_id, list(rows.values()), people.local_day(cohort, now))
    drawn = hat.draw(_seed(session, call_id), entries)
    _keep(session, call, entries, drawn, max(0, pool.wanted - pool.taken), now)
    answers = tuple(_answer(session, rows[one.entry.number], one, now) for one in drawn)
    return Drew(call_id, answers)


def record_of(session: Session, call_id: int) -> Record | None:
    """The draw of a call, if it has been held."""
    row = session.connection().execute(select(DRAW).where(DRAW.c.call_id == call_id).order_by(DRAW.c.id)).first()
    if row is None:
        return None
    entries = tuple(Entry(**one) for one in json.loads(row.entries))
    result = json.loads(row.result)
    return Record(call_id, result["places"], row.seed, row.drawn_at, entries, tuple(result["order"]))


def get_record(session: Session, call_id: int) -> Record:
    """The draw of a call; raises Gone where none has been held."""
    record = record_of(session, call_id)
    if record is None:
        raise Gone
    return record


def close(session: Session, call_id: int, now: datetime) -> None:
    """Mark a call as settled: who signs up from now on is answered at once."""
    settled = update(CALL).where(CALL.c.id == call_id, CALL.c.status == CallStatus.PUBLISHED)
    session.connection().execute(settled.values(status=CallStatus.SETTLED, settled_at=now))
    pools.forget_calls(session)


def _answer(session: Session, row: Any, drawn: Drawn, now: datetime) -> Settled:
    if pools.hold(session, row.call_id, row.part):
        status = SignUpStatus.CONFIRMED
        pools.confirm(session, row, now, rank=drawn.place, reason="")
    else:
        status = SignUpStatus.RESERVE
        pools.move(session, row, status, now, rank=drawn.place, reason="")
    return Settled(row.id, row.person_id, row.guest_id, status)


def _keep(session: Session, call: Any, entries: list[Entry], drawn: list[Drawn], places: int, now: datetime) -> None:
    row = {
        "call_id": call.id,
        "seed": _seed(session, call.id),
        "entries": json.dumps([_plain(entry) for entry in entries], ensure_ascii=False),
        "result": json.dumps({"places": places, "order": [one.entry.number for one in drawn]}),
        "drawn_at": now,
        "drawn_by": None,
    }
    session.connection().execute(DRAW.insert(), [row])
    close(session, call.id, now)
    line = audit.entry(
        actor=CLOCK,
        now=now,
        action="draw",
        subject=SUBJECT,
        subject_id=call.id,
        cohort_id=call.cohort_id,
        after={"entrants": len(entries), "places": places},
    )
    audit.record(session, line)


def _plain(entry: Entry) -> dict[str, Any]:
    return {"number": entry.number, "unit": entry.unit, "own": entry.own, "unit_turns": entry.unit_turns}


def _seed(session: Session, call_id: int) -> str:
    return codes.digest(people.secret(session, SECRET), f"draw:{call_id}").hex()
