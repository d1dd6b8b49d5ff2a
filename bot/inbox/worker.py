"""The worker: takes inbox rows in order and runs each through the handlers, a batch in one transaction.

When a row fails the batch is rolled back and replayed around it; the row itself is tried again alone, its attempts
counted in transactions of their own, and parked after the third, while the others go on. The first batch after a start
is run one by one, each row noted before it runs: a row that kills the process is thereby parked after three starts. A
database that fails is nobody's fault: the worker waits and tries again.
"""

import asyncio
import logging
from collections.abc import Callable, Container, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

from msgspec import Struct
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session
from telegram import Update, User

from bot import json_text
from bot.among import among
from bot.backoff import Backoff
from bot.clock import Clock
from bot.context import CohortApplication, run_now
from bot.conversation import Key, key_of
from bot.crashpoints import reach
from bot.database import Database
from bot.errors import LostOwnership, Refusal
from bot.inbox import messages, redaction
from bot.inbox.events import read_event
from bot.inbox.models import Inbox, Status
from bot.inbox.parking import Parking
from bot.people import service as people
from bot.rows import run_many
from bot.turn import Turn

TABLE = Inbox.__table__  # type: ignore[attr-defined]
BATCH = 100
"""As many as Telegram hands out at once. The more, the less the statements cost that each batch needs."""
PAUSE_WHEN_IDLE = 1.0
INFRASTRUCTURE = (OperationalError, InterfaceError, PoolTimeout)
NOBODYS_FAULT = (LostOwnership, *INFRASTRUCTURE)

log = logging.getLogger(__name__)


class Item(Struct, frozen=True):
    """One inbox row with its body understood; ``event`` is an ``Update`` or an answer of the courier's."""

    seq: int
    received_at: datetime
    raw: str
    body: dict[str, Any]
    event: object


class RowFailed(Exception):
    """Processing one row failed; the whole batch was rolled back."""

    def __init__(self, seq: int, cause: Exception) -> None:
        super().__init__(f"inbox row {seq}: {type(cause).__name__}")
        self.seq = seq
        self.cause = cause


class Worker:
    """Runs the handlers over the inbox, one batch a transaction."""

    def __init__(
        self,
        database: Database,
        application: CohortApplication,
        clock: Clock,
        operators: frozenset[int] = frozenset(),
    ) -> None:
        self._database = database
        self._application = application
        self._clock = clock
        self._operators = operators
        self._parking = Parking(clock, operators)
        self.on_outgoing: Callable[[], None] = lambda: None
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Say that the inbox has something new."""
        self._woken.set()

    async def run(self) -> None:
        """Work until cancelled."""
        backoff = Backoff()
        recovered = False
        while True:
            try:
                if not recovered:
                    await self.recover()
                    recovered = True
                if await self.run_once() == 0:
                    await self._rest()
                backoff.reset()
            except INFRASTRUCTURE as error:
                log.warning("the database refuses work, trying again: %s", type(error).__name__)
                await asyncio.sleep(backoff.next())

    async def recover(self) -> None:
        """Take the batch that may have killed the last process one by one, each row noted before it runs."""
        for seq in await self._database.read(_waiting):
            if await self._database.write(partial(self._parking.take_in_hand, seq=seq)):
                try:
                    await self._alone(seq)
                except BaseException:  # told to stop, or the database fails: the process did not die of the row
                    with suppress(*NOBODYS_FAULT):
                        await self._database.write(partial(self._parking.survive, seq=seq))
                    raise

    async def run_once(self) -> int:
        """Process one batch and return how many rows it took."""
        try:
            taken = await self._run_all()
        except NOBODYS_FAULT:
            raise
        except Exception as error:  # what fails outside the rows, as an id that no column takes, is some row's doing
            log.error("a batch failed, each of its rows is tried alone", exc_info=error)
            taken = await self._one_by_one()
        if taken:
            reach("worker:committed")
            self.on_outgoing()
        return taken

    async def _run_all(self) -> int:
        try:
            return await self._database.write(self._run_batch)
        except RowFailed as failure:
            return await self._replay_around(failure)

    async def _one_by_one(self) -> int:
        seqs = await self._database.read(_waiting)
        for seq in seqs:
            await self._alone(seq)
        return len(seqs)

    async def _replay_around(self, failure: RowFailed) -> int:
        try:
            await self._database.write(partial(self._run_batch, before=failure.seq))
        except RowFailed as earlier:
            return await self._replay_around(earlier)
        if await self._count(failure.seq, failure.cause):
            await self._alone(failure.seq)
        return 1

    async def _alone(self, seq: int) -> None:
        while (error := await self._try(seq)) is not None:
            if not await self._count(seq, error):
                return

    async def _count(self, seq: int, error: Exception) -> bool:
        return await self._database.write(partial(self._parking.count_error, seq=seq, error=error))

    async def _try(self, seq: int) -> Exception | None:
        try:
            await self._database.write(partial(self._run_batch, only=seq))
        except RowFailed as failure:
            return failure.cause
        except NOBODYS_FAULT:
            raise
        except Exception as error:  # noqa: BLE001 - the row is alone, so that it is the row's doing
            return error
        return None

    def _run_batch(self, session: Session, before: int | None = None, only: int | None = None) -> int:
        rows = session.connection().execute(_batch(before, only)).all()
        items = [self._understand(row) for row in rows]
        now = self._clock.now()
        keys = [key for item in items if (key := _dialogue_key(item.event))]
        self._application.dialogues.load(session, keys, now)
        self._foresee(session, [item.event for item in items])
        taken = [self._take(session, item, now) for item in items]
        outgoing = [call for turn in taken for call in turn.outgoing]
        self._application.dialogues.store(session, now)
        Turn(session, now, outgoing=outgoing).flush()
        _settle(session, items, {item.seq for item, turn in zip(items, taken, strict=True) if turn.is_sealed})
        reach("worker:before-commit")
        return len(items)

    def _foresee(self, session: Session, events: Sequence[object]) -> None:
        known = people.expect_speakers(session, (user.id for event in events if (user := _user_of(event))))
        for foresee in self._application.foresight:
            foresee(session, events, known)

    def _understand(self, row: Any) -> Item:
        try:
            body = json_text.read(row.body)
            return Item(row.seq, row.received_at, row.body, body, read_event(row.kind, body, self._application.bot))
        except Exception as error:
            raise RowFailed(row.seq, error) from error

    def _take(self, session: Session, item: Item, now: datetime) -> Turn:
        turn = Turn(session, now, cause=f"in{item.seq}")
        application = self._application
        try:
            event = item.event
            at = _time_of(event, item.received_at)
            application.enter(turn, at, self._speaker(turn, event), item.received_at)
            try:
                run_now(application.process_update(event))
            except Refusal as refusal:
                self._refuse(event, refusal)
            _answer_silently(application, event)
        except INFRASTRUCTURE:
            raise
        except Exception as error:
            raise RowFailed(item.seq, error) from error
        return turn

    def _speaker(self, turn: Turn, event: object) -> people.Speaker | None:
        if not isinstance(event, Update) or (user := event.effective_user) is None:
            return None
        is_operator = user.id in self._operators
        speaker = people.find_speaker(
            turn.session, user.id, is_operator=is_operator, is_present=event.my_chat_member is None
        )
        if speaker is None and is_operator:
            return people.open_operator(turn.session, user.id, user.full_name, turn.now)
        return speaker

    def _refuse(self, event: object, refusal: Refusal) -> None:
        context = self._application.context_types.context.from_update(event, self._application)
        text = messages.render_refusal(refusal, context.t)
        if isinstance(event, Update) and event.callback_query:
            context.answer(text.text, alert=True)
        elif isinstance(event, Update) and event.effective_chat:
            context.reply(text)

    async def _rest(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), PAUSE_WHEN_IDLE)
        self._woken.clear()


def _batch(before: int | None, only: int | None) -> Any:
    query = select(TABLE.c.seq, TABLE.c.received_at, TABLE.c.kind, TABLE.c.body).where(TABLE.c.status == Status.NEW)
    if before is not None:
        query = query.where(TABLE.c.seq < before)
    if only is not None:
        query = query.where(TABLE.c.seq == only)
    return query.order_by(TABLE.c.seq).limit(BATCH)


def _waiting(session: Session) -> Sequence[int]:
    query = select(TABLE.c.seq).where(TABLE.c.status == Status.NEW).order_by(TABLE.c.seq).limit(BATCH)
    return session.connection().execute(query).scalars().all()


DONE = update(TABLE).where(TABLE.c.seq == bindparam("row")).values(status=Status.DONE, body=bindparam("blanked"))
DONE_AS_THEY_ARE = update(TABLE).where(among(TABLE.c.seq, "rows")).values(status=Status.DONE)


def _settle(session: Session, items: Sequence[Item], sealed: Container[int]) -> None:
    blanked = [(item, None if item.seq in sealed else redaction.blank_body(item.body, item.raw)) for item in items]
    changed = [{"row": item.seq, "blanked": body} for item, body in blanked if body != item.raw]
    kept = [item.seq for item, body in blanked if body == item.raw]
    if changed:
        run_many(session.connection(), DONE, changed)
    if kept:
        session.connection().execute(DONE_AS_THEY_ARE, {"rows": kept})


def _dialogue_key(event: object) -> Key | None:
    return key_of(event) if isinstance(event, Update) else None


def _user_of(event: object) -> User | None:
    return event.effective_user if isinstance(event, Update) else None


def _time_of(event: object, received_at: datetime) -> datetime:
    """The update's own time. A clock of ours that is behind makes nobody late: the earlier of the two counts."""
    message = event.message if isinstance(event, Update) else None
    return min(message.date.astimezone(UTC), received_at) if message else received_at


def _answer_silently(application: CohortApplication, event: object) -> None:
    if isinstance(event, Update) and event.callback_query and not application.answered:
        application.context_types.context.from_update(event, application).answer()
