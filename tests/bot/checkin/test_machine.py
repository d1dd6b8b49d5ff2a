"""Windows, codes, check-out, roll call, undo, marks, excuses and rules in any order, beside a simple model of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.checkin import rules as real_rules
from bot.checkin import service as checkin
from bot.checkin.models import Window
from bot.checkin.outcomes import (
    AlreadyIn,
    AlreadyOut,
    Arrived,
    CameBack,
    CheckedOut,
    Closed,
    MarkedMissing,
    NothingOpen,
    NotIn,
    TooEarly,
)
from bot.checkin.policies import Scope, Setting
from bot.checkin.roll_calls import RollUndone, TooEarlyToCall, TooLateToUndo
from bot.checkin.rules import Status
from bot.errors import Refusal
from bot.people.service import Speaker
from bot.timetable.models import Activity
from tests.support.checkin_camp import START, Camp

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
LENGTH = 2 * HOUR
DAYS = count()
WHO = st.integers(0, 2)
INSTANTS = st.sampled_from(["now", "now", "doors", "starts", "late", "leaving", "leaving", "ends", "closes"])


@dataclass
class Row:
    """What the model remembers of one attendance. ``called`` is when a roll call made it, if one did."""

    arrived: datetime | None
    left: datetime | None = None
    away: int = 0
    called: datetime | None = None


@dataclass
class Model:
    """The rules of the house in their plainest form."""

    starts: datetime
    late_after: int = 10
    checkout: bool = False
    opened: bool = False
    closed: datetime | None = None
    rows: dict[int, Row] = field(default_factory=dict)
    excused: set[int] = field(default_factory=set)

    @property
    def ends(self) -> datetime:
        return self.starts + LENGTH

    @property
    def doors(self) -> datetime:
        return self.starts - HOUR

    @property
    def leaving(self) -> datetime:
        return self.ends - 15 * MINUTE

    def closes(self) -> datetime:
        by_itself = self.ends + 2 * HOUR
        return min(self.closed, by_itself) if self.closed else by_itself

    def status(self, person: int) -> Status:
        row = self.rows.get(person)
        if row is None or row.arrived is None:
            return Status.EXCUSED if person in self.excused else Status.MISSING
        return Status.LATE if row.arrived > self.starts + self.late_after * MINUTE else Status.PRESENT

    def minutes(self, person: int) -> int:
        row = self.rows.get(person)
        if row is None or row.arrived is None:
            return 0
        since = row.arrived if self.status(person) is Status.LATE else self.starts
        until = min(row.left or self.ends, self.ends)
        return max(0, (until - since) // MINUTE - row.away)

    def check_in(self, person: int, now: datetime) -> type:
        row = self.rows.get(person)
        if self.closed and self.closed <= now - HOUR:
            return NothingOpen
        if row is not None:
            return self._again(row, now)
        if now >= self.closes():
            return Closed
        if now < self.doors:
            return TooEarly
        self.rows[person] = Row(now)
        return Arrived

    def _again(self, row: Row, now: datetime) -> type:
        if row.arrived is None:
            return MarkedMissing
        if now < self.closes() and self.checkout and now > row.arrived:
            if row.left is None and now >= self.leaving:
                row.left = now
                return CheckedOut
            if row.left is not None and row.left < self.leaving and now > row.left:
                self.come_back(row, now)
                return CameBack
        return AlreadyOut if row.left else AlreadyIn

    def come_back(self, row: Row, now: datetime) -> None:
        assert row.left is not None
        gap = min(now, self.ends) - max(row.left, self.starts)
        row.away += max(0, gap // MINUTE)
        row.left = None

    def leave(self, person: int, now: datetime) -> type:
        row = self.rows.get(person)
        if row is None or row.arrived is None:
            return NotIn
        if row.left is not None or now < row.arrived:
            return AlreadyOut if row.left else AlreadyIn
        if not self.checkout or now >= self.closes():
            return Closed
        row.left = now
        return CheckedOut


class Machine(RuleBasedStateMachine):
    """The service and the model, side by side."""

    def __init__(self, camp: Camp) -> None:
        super().__init__()
        self.camp = camp
        self.rolls: list[tuple[int, datetime, bool]] = []

    @initialize(before=st.integers(0, 100), checkout=st.sampled_from([True, True, False]))
    def begin(self, before: int, checkout: bool) -> None:
        """Put a new activity on the timetable, so that nothing of the last run is left."""
        self.model = Model(START + next(DAYS) * timedelta(days=1))
        self.now = self.model.starts - before * MINUTE
        activity = Activity(
            cohort_id=self.camp.cohort, starts_at=self.model.starts, ends_at=self.model.ends, title="Machine", kind="x"
        )
        self.activity = self.camp.do(lambda s: _add(s, activity))
        self.change_checkout(checkout)
        self.open()

    @precondition(lambda self: self.model.opened)
    @rule(who=st.sets(WHO, min_size=1), to=INSTANTS, seconds=st.integers(-1, 1))
    def come(self, who: set[int], to: str, seconds: int) -> None:
        """Take the code on the screen at an instant that matters."""
        self.come_to(to, seconds)
        for one in who:
            self.check_in(one)

    @precondition(lambda self: self.model.opened)
    @rule(who=WHO, minutes=st.integers(0, 50), back=st.integers(0, 3) | st.none())
    def go(self, who: int, minutes: int, back: int | None) -> None:
        """Leave by button, and perhaps take that back."""
        self.now += minutes * MINUTE
        if back is None:
            self.leave(who)
        else:
            self.slip(who, back)

    @rule(absent=st.sets(WHO), which=st.integers(0, 5), undo=st.booleans(), minutes=st.integers(0, 90))
    def call(self, absent: set[int], which: int, undo: bool, minutes: int) -> None:
        """Call the roll or take a roll call back."""
        self.now += minutes * MINUTE
        if undo and self.rolls:
            self.undo(which)
        else:
            self.call_roll(absent)

    @rule(
        act=st.sampled_from(["open", "close", "excuse", "withdraw", "late", "checkout", "mark"]),
        who=WHO,
        to=st.sampled_from([Status.PRESENT, Status.LATE, Status.MISSING]),
        minutes=st.sampled_from([0, 5, 10, 15, 30]),
    )
    def desk(self, act: str, who: int, to: Status, minutes: int) -> None:
        """What the coordinator does at the desk."""
        acts: dict[str, Callable[[], None]] = {
            "open": self.open,
            "close": self.close if self.model.opened else self.open,
            "excuse": partial(self.excuse, who),
            "withdraw": partial(self.withdraw, who),
            "late": partial(self.change_lateness, minutes),
            "checkout": partial(self.change_checkout, not self.model.checkout),
            "mark": partial(self.mark, who, to),
        }
        acts[act]()

    def come_to(self, to: str, seconds: int) -> None:
        """Go on to an instant at which something changes, or a second beside it; never back."""
        late = self.model.starts + self.model.late_after * MINUTE
        by_itself = self.model.ends + 2 * HOUR
        at = {"now": self.now, "late": late, "closes": by_itself}.get(to) or getattr(self.model, to)
        self.now = max(self.now, at + timedelta(seconds=seconds))

    def open(self) -> None:
        is_over = self.now >= self.model.ends + 2 * HOUR
        failed = self._refused(lambda: self.camp.open(self.activity, self.now))
        assert (failed is not None) == is_over
        if not is_over:
            self.model.opened, self.model.closed = True, None

    def close(self) -> None:
        self.camp.close(self.activity, self.now)
        self.model.closed = self.model.closed or self.now

    def check_in(self, who: int) -> None:
        expected = self.model.check_in(who, self.now)
        outcome = self.camp.type(self.camp.code(self.now, self.activity), self.now, self.camp.trainees[who])
        assert type(outcome) is expected

    def leave(self, who: int) -> None:
        expected = self.model.leave(who, self.now)
        assert type(self._press(checkin.leave_early, who)) is expected

    def slip(self, who: int, minutes: int) -> None:
        """Leave by button and take it back, perhaps too late."""
        left = self.model.leave(who, self.now)
        assert type(self._press(checkin.leave_early, who)) is left
        self.now += minutes * MINUTE
        row = self.model.rows.get(who)
        if left is CheckedOut and row is not None and minutes <= 2:
            self.model.come_back(row, self.now)
            assert isinstance(self._press(checkin.take_back, who), CameBack)
        elif left is CheckedOut:
            assert isinstance(self._press(checkin.take_back, who), AlreadyOut)

    def call_roll(self, absent: set[int]) -> None:
        waiting = [who for who in range(3) if who not in self.model.rows and who not in self.model.excused]
        for who in absent & set(waiting):
            self.camp.do(partial(self._name_absent, who=who))
        try:
            called = self.camp.do(
                lambda s: checkin.call_roll(s, speaker=self.camp.coordinator, activity_id=self.activity, now=self.now)
            )
        except TooEarlyToCall:
            assert self.now < self.model.doors
            for who in absent & set(waiting):
                self.camp.do(partial(self._name_absent, who=who))
            return
        assert self.now >= self.model.doors
        here = [who for who in waiting if who not in absent]
        assert called.recorded == len(here)
        for who in here:
            self.model.rows[who] = Row(min(self.now, self.model.starts), called=self.now)
        self.rolls.append((called.roll_call_id, self.now, False))
        self.now += timedelta(seconds=1)

    def undo(self, which: int) -> None:
        number, called, undone = self.rolls[which % len(self.rolls)]
        work = partial(checkin.undo_roll, speaker=self.camp.coordinator, roll_call_id=number, now=self.now)
        failed = self._refused(lambda: self.camp.do(lambda s: work(s)))
        if undone or self.now > called + 2 * HOUR:
            assert isinstance(failed, RollUndone | TooLateToUndo)
            return
        assert failed is None
        gone = [who for who, row in self.model.rows.items() if row.called == called and row.left is None]
        for who in gone:
            del self.model.rows[who]
        self.rolls[which % len(self.rolls)] = (number, called, True)

    def mark(self, who: int, to: Status) -> None:
        before, row = self.model.status(who), self.model.rows.get(who)
        person = self.camp.trainees[who].person_id
        self.camp.do(
            lambda s: checkin.mark(
                s, speaker=self.camp.coordinator, activity_id=self.activity, person_id=person, to=to, now=self.now
            )
        )
        if before is to:
            return
        if to is Status.MISSING:
            self.model.rows[who] = Row(None)
            return
        late = self.model.starts + (self.model.late_after + 1) * MINUTE
        arrived = min(self.now, self.model.starts) if to is Status.PRESENT else max(self.now, late)
        left, away = (row.left, row.away) if row else (None, 0)
        self.model.rows[who] = Row(arrived, left, away)

    def excuse(self, who: int) -> None:
        self._excuse(checkin.excuse, who)
        self.model.excused.add(who)

    def withdraw(self, who: int) -> None:
        self._excuse(checkin.withdraw_excuse, who)
        self.model.excused.discard(who)

    def change_lateness(self, minutes: int) -> None:
        self._change(Setting.LATE, minutes)
        self.model.late_after = minutes

    def change_checkout(self, wanted: bool) -> None:
        self._change(Setting.CHECKOUT, int(wanted))
        self.model.checkout = wanted

    @invariant()
    def agree(self) -> None:
        """The record is what the model says, for everybody."""
        if not hasattr(self, "model"):
            return
        found = self.camp.see(lambda s: list(checkin.attendance_of(s, self.camp.cohort, activity_ids=[self.activity])))
        people = {int(self.camp.trainees[who].person_id): who for who in range(3)}
        assert len({one.person_id for one in found}) == len(found)
        seen = {people[one.person_id]: (one.status, one.arrived_at, one.left_at, one.minutes) for one in found}
        assert seen == {who: self._expected(who) for who in {*self.model.rows, *self.model.excused}}

    def _expected(self, who: int) -> tuple[Status, datetime | None, datetime | None, int]:
        row = self.model.rows.get(who) or Row(None)
        return self.model.status(who), row.arrived, row.left, self.model.minutes(who)

    def _name_absent(self, session: Any, who: int) -> None:
        checkin.name_absent(
            session,
            speaker=self.camp.coordinator,
            activity_id=self.activity,
            person_id=self.camp.trainees[who].person_id,
        )

    def _press(self, use_case: Any, who: int) -> Any:
        speaker: Speaker = self.camp.trainees[who]
        secret = self.camp.see(lambda s: s.get_one(Window, self.activity).secret)
        mac = real_rules.leave_mac(secret, self.activity, speaker.person_id)
        return self.camp.do(
            lambda s: use_case(s, speaker=speaker, activity_id=self.activity, mac=mac, at=self.now, now=self.now)
        )

    def _excuse(self, use_case: Any, who: int) -> None:
        person, actor = self.camp.trainees[who].person_id, self.camp.coordinator.actor
        self.camp.do(lambda s: use_case(s, activity_id=self.activity, person_id=person, actor=actor, now=self.now))

    def _change(self, setting: Setting, value: int) -> None:
        self.camp.do(
            lambda s: checkin.change_rule(
                s,
                speaker=self.camp.coordinator,
                activity_id=self.activity,
                scope=Scope.ACTIVITY,
                setting=setting,
                value=value,
                now=self.now,
            )
        )

    @staticmethod
    def _refused(work: Any) -> Refusal | None:
        try:
            work()
        except Refusal as refusal:
            return refusal
        return None


def _add(session: Any, activity: Activity) -> int:
    session.add(activity)
    session.flush()
    return activity.id or 0


def test_the_record_is_what_a_simple_model_says_whatever_happens_in_whatever_order(camp: Camp) -> None:
    machine: Any = partial(Machine, camp)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25,
            stateful_step_count=14,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
