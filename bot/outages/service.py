"""Keeps when Telegram was last heard, and finds whom a loss concerns."""

from collections.abc import Collection, Iterator
from datetime import datetime

from msgspec import Struct
from sqlmodel import Session, col, select

from bot.outages.models import Hearing
from bot.outages.rules import Loss, loss_of
from bot.people import service as people
from bot.people.models import Cohort, Role

HEARING = Hearing.__table__  # type: ignore[attr-defined]


class Listener(Struct, frozen=True):
    """Somebody who must hear of a loss, and the zone that person reckons in."""

    telegram_id: int
    language: str
    time_zone: str


def note_hearing(session: Session, *, source: str, heard_at: datetime) -> Loss | None:
    """Note that everything up to an instant has been fetched; what was lost since the last time, if anything was.

    An instant before the one that is known changes nothing: the machine's clock may have been set back.
    """
    is_it = HEARING.c.source == source
    before = session.connection().execute(HEARING.select().where(is_it)).first()
    if before is None:
        session.connection().execute(HEARING.insert(), {"source": source, "heard_at": heard_at})
    elif heard_at > before.heard_at:
        session.connection().execute(HEARING.update().where(is_it).values(heard_at=heard_at))
        return loss_of(before.heard_at, heard_at)
    return None


def listeners(session: Session, loss: Loss, operators: Collection[int], time_zone: str) -> Iterator[Listener]:
    """The coordinators of every camp that was not over when the loss began, and then the operators."""
    query = select(Cohort).where(col(Cohort.ends_on) >= loss.since.date()).order_by(col(Cohort.id))
    for cohort in session.exec(query).all():
        for reader in people.readers(session, cohort.id or 0, Role.COORDINATOR):
            yield Listener(reader.telegram_id, reader.language, cohort.time_zone)
    for operator in sorted(operators):
        speaker = people.find_speaker(session, operator, is_present=False)
        yield Listener(operator, (speaker and speaker.language) or "en", time_zone)
