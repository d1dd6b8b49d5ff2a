"""The courier: the only code that speaks to Telegram about what people said and did.

Three things go on at once, all on the event loop: the ledger task marks what was sent and claims what may go next (one
transaction for both), ``_dispatch`` starts every call that order and pace allow, and each call runs in its own task.
Within a chat and lane one call is in flight at a time, so the order holds. Nothing is kept that the database does not
know: after a crash the claimed rows are claimed again.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable
from functools import partial

from bot.backoff import Backoff
from bot.clock import Clock
from bot.crashpoints import reach
from bot.database import Database
from bot.outbox import ledger
from bot.outbox.delivery import Again, Delivery, Moved, Outcome, Revoked, Unreached, Wait
from bot.outbox.lanes import Lane
from bot.outbox.ledger import Claim, Deposit, Exchange, Parcel, Settlement
from bot.outbox.models import Status
from bot.outbox.pacing import Pacer

IN_FLIGHT = 256
BURST = 32
"""Calls of a lane that start at once; then whatever else goes on in the loop, such as fetching, has its turn."""
INTERACTIVE_ROOM = 512
BULK_SECONDS = 1.5
"""So much bulk is claimed ahead: whoever stops a notice stops all that is not claimed yet."""
BULK_AT_LEAST = 10
BULK_AT_ONCE = 200
"""Claimed in one transaction; more would make the replies of others wait for the writer."""
LOOK_AGAIN = 1.0
MARK_AFTER = 0.02
"""Seconds for which calls that are done gather, to be marked in one transaction."""
REVOKED_PAUSE = 60.0
LONG_PAUSE = 2.0
"""Seconds of a pause from which on bulk goes back to the outbox, so that what waits can still be stopped or changed."""
AGAIN_SECONDS = 1.0
"""Before the second try of a call of unknown fate; four times that before the third. Its chat waits, nobody else."""

log = logging.getLogger(__name__)


class Courier:
    """Delivers the outbox."""

    def __init__(
        self,
        database: Database,
        delivery: Delivery,
        pacer: Pacer,
        clock: Clock,
        *,
        deposit: Deposit,
        on_incoming: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._delivery = delivery
        self._pacer = pacer
        self._clock = clock
        self._deposit = deposit
        self._on_incoming = on_incoming
        self.alarm: Callable[[str], None] = lambda kind: None
        self._backoff = Backoff()
        self._waiting: dict[Lane, deque[Parcel]] = {lane: deque() for lane in Lane}
        self._held: dict[tuple[int, Lane], deque[Parcel]] = {}
        self._edits: dict[str, Parcel] = {}
        self._flying: dict[int, asyncio.Task[None]] = {}
        self._settled: list[Settlement] = []
        self._moves: list[tuple[int, int]] = []
        self._ledger = asyncio.Event()
        self._looking = True
        self._is_landing = False
        self._timer: asyncio.TimerHandle | None = None
        self._marking: asyncio.TimerHandle | None = None
        self.last_success: float | None = None

    def wake(self) -> None:
        """Say that the outbox has something new."""
        self._looking = True
        self._ledger.set()

    async def run(self) -> None:
        """Deliver until cancelled; then wait shortly for what is in flight, so that it is marked."""
        backoff = Backoff()
        await self._insist(self._recover, backoff)
        try:
            while True:
                await self._insist(self._exchange, backoff)
                await self._rest()
        finally:
            await self._land()

    async def _insist(self, step: Callable[[], object], backoff: Backoff) -> None:
        while True:
            try:
                await step()  # type: ignore[misc]
            except Exception as error:
                log.warning("the outbox could not be read or marked, trying again", exc_info=error)
                await asyncio.sleep(backoff.next())
            else:
                backoff.reset()
                return

    async def _recover(self) -> None:
        await self._database.write(partial(ledger.recover, now=self._clock.now()))

    async def _exchange(self) -> None:
        settled, moves, claim, returned = self._settled, self._moves, self._room(), self._hand_back()
        self._looking, self._settled, self._moves = False, [], []
        if self._marking is not None:
            self._marking.cancel()
            self._marking = None
        try:
            given = Exchange(settled, moves, claim, [parcel.id for parcel in returned])
            now = self._clock.now()
            parcels = await self._database.write(partial(ledger.exchange, given=given, deposit=self._deposit, now=now))
        except BaseException:
            self._looking, self._settled, self._moves = True, settled + self._settled, moves + self._moves
            self._take(returned)
            raise
        reach("courier:exchanged")
        if any(done.incoming for done in settled):
            self._on_incoming()
        bulk = sum(parcel.lane.is_bulk for parcel in parcels)
        self._looking |= 0 < claim.interactive <= len(parcels) - bulk or 0 < claim.bulk <= bulk
        self._take(parcels)

    def _hand_back(self) -> list[Parcel]:
        """Empty the bulk queues while a long pause lasts; what has been tried before is kept with its count."""
        if not self._is_paused_long():
            return []
        queues = [queue for lane, queue in self._waiting.items() if lane.is_bulk]
        returned = [parcel for queue in queues for parcel in queue if parcel.attempts == 0]
        for queue in queues:
            kept = [parcel for parcel in queue if parcel.attempts]
            queue.clear()
            queue.extend(kept)
        for parcel in returned:
            if parcel.target is not None and self._edits.get(parcel.target) is parcel:
                del self._edits[parcel.target]
        return returned

    def _is_paused_long(self) -> bool:
        return self._pacer.paused_until - time.monotonic() > LONG_PAUSE

    def _room(self) -> Claim:
        def waiting(bulk: bool) -> int:
            held = sum(len(parcels) for (_, lane), parcels in self._held.items() if lane.is_bulk == bulk)
            return held + sum(len(self._waiting[lane]) for lane in Lane if lane.is_bulk == bulk)

        bulk_room = max(BULK_AT_LEAST, int(self._pacer.rate_at(time.monotonic()) * BULK_SECONDS))
        bulk = 0 if self._is_paused_long() else bulk_room - waiting(True)
        # A row now and a row then would cost a transaction each.
        enough = min(BULK_AT_ONCE, bulk_room // 2)
        return Claim(INTERACTIVE_ROOM - waiting(False), min(bulk, BULK_AT_ONCE) if bulk >= enough else 0)

    def _take(self, parcels: list[Parcel]) -> None:
        for parcel in parcels:
            if parcel.target is not None:
                self._supersede(parcel, parcel.target)
            self._waiting[parcel.lane].append(parcel)
        self._dispatch()

    def _supersede(self, newer: Parcel, target: str) -> None:
        """Of several waiting edits of one message only the last is worth a call."""
        older, self._edits[target] = self._edits.get(target), newer
        queues = (self._waiting[newer.lane], *self._held.values()) if older is not None else ()
        if older is not None and (queue := next((queue for queue in queues if older in queue), None)) is not None:
            queue.remove(older)
            self._settle(Settlement(older, Status.CANCELLED, error="a later edit took its place"))

    def _dispatch(self) -> None:
        if self._is_landing:
            return
        now = time.monotonic()
        busy = [lane for lane, queue in self._waiting.items() if queue]
        next_at = [at for lane in busy if (at := self._dispatch_lane(lane, now)) is not None]
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if next_at:
            self._timer = asyncio.get_running_loop().call_later(max(0.0, min(next_at) - now), self._dispatch)

    def _dispatch_lane(self, lane: Lane, now: float) -> float | None:
        """Start what may go and return when the lane wants to be looked at again, if it does."""
        queue, kept, later = self._waiting[lane], list[Parcel](), list[float]()
        slow: set[int] = set()
        full = len(self._flying) + BURST
        while queue and len(self._flying) < IN_FLIGHT:
            if len(self._flying) >= full:
                later.append(now)
                break
            if (ready := self._pacer.lane_ready_at(lane, now)) > now:
                later.append(ready)
                break
            parcel = queue.popleft()
            if lane is not Lane.ANSWER and (parcel.chat_id, lane) in self._held:
                self._held[parcel.chat_id, lane].append(parcel)
            elif parcel.chat_id in slow or (ready := self._pacer.ready_at(lane, parcel.chat_id, now)) > now:
                slow.add(parcel.chat_id)
                kept.append(parcel)
                later.append(ready)
            else:
                self._start(parcel, now)
        queue.extendleft(reversed(kept))
        return min(later, default=None)

    def _start(self, parcel: Parcel, now: float) -> None:
        self._pacer.record(parcel.lane, parcel.chat_id, now)
        if parcel.target is not None and self._edits.get(parcel.target) is parcel:
            del self._edits[parcel.target]
        if parcel.lane is not Lane.ANSWER:
            self._held.setdefault((parcel.chat_id, parcel.lane), deque())
        task = asyncio.get_running_loop().create_task(self._fly(parcel, now))
        self._flying[parcel.id] = task

    async def _fly(self, parcel: Parcel, left: float) -> None:
        reach("courier:before-call")
        outcome = await self._delivery.deliver(parcel)
        self._pacer.land(left, time.monotonic())
        reach("courier:after-call")
        if isinstance(outcome, Again):
            await asyncio.sleep(AGAIN_SECONDS * 4.0**parcel.attempts)
        self._flying.pop(parcel.id, None)
        back = [] if self._judge(parcel, outcome) else [parcel]
        # What waited for this call comes before all that came later; the call itself, if it must go again, first.
        back += self._held.pop((parcel.chat_id, parcel.lane), ())
        self._waiting[parcel.lane].extendleft(reversed(back))
        self._dispatch()

    def _judge(self, parcel: Parcel, outcome: Outcome) -> bool:
        """Act on an outcome; whether the parcel is done with."""
        match outcome:
            case Settlement():
                self._backoff.reset()
                self.last_success = time.monotonic()
                self._settle(outcome)
                return True
            case Wait():
                self._pacer.penalise(outcome.seconds, time.monotonic())
            case Unreached():
                log.warning("Telegram is out of reach: %s", outcome.reason)
                self._back_off(time.monotonic())
            case Again():
                parcel.attempts += 1
            case Moved():
                self._moves.append((parcel.chat_id, outcome.chat_id))
                self._held[outcome.chat_id, parcel.lane] = self._held.pop((parcel.chat_id, parcel.lane), deque())
                parcel.chat_id = outcome.chat_id
            case Revoked():
                self.alarm("InvalidToken")
                self._pacer.pause(time.monotonic() + REVOKED_PAUSE)
        return False

    def _back_off(self, now: float) -> None:
        """Pause everything; what fails while it lasts was under way when it began, and makes it no longer."""
        if self._pacer.paused_until <= now:
            self._pacer.pause(now + self._backoff.next())

    def _settle(self, settlement: Settlement) -> None:
        self._settled.append(settlement)
        if self._marking is None:
            self._marking = asyncio.get_running_loop().call_later(MARK_AFTER, self._ledger.set)

    async def _rest(self) -> None:
        if self._looking and self._has_room():
            return
        try:
            await asyncio.wait_for(self._ledger.wait(), LOOK_AGAIN)
        except TimeoutError:
            self._looking = True
        self._ledger.clear()

    def _has_room(self) -> bool:
        room = self._room()
        return room.interactive > 0 or room.bulk > 0

    async def _land(self) -> None:
        """Start no more calls, give those in flight a few seconds, and mark them; the next process makes the rest."""
        self._is_landing = True
        for timer in (self._timer, self._marking):
            if timer is not None:
                timer.cancel()
        if self._flying:
            await asyncio.wait(self._flying.values(), timeout=5)
        if self._settled:
            settled, self._settled = self._settled, []
            now = self._clock.now()
            await self._database.write(partial(ledger.settle, settlements=settled, deposit=self._deposit, now=now))
