"""Codes, marks, appeals, answers and the clock in any order, beside a simple model of who may change which record."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import partial
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlmodel import Session

from bot import invariants
from bot.audit.models import Change
from bot.checkin import appeals
from bot.checkin import service as checkin
from bot.checkin.appeal_models import Appeal, AppealStatus
from bot.checkin.appeals import AlreadyObjected, NothingSaid, OwnAppeal
from bot.checkin.rules import Status
from bot.errors import Gone, NotAllowed, Refusal
from bot.people.models import Membership, Role
from bot.people.service import Speaker
from bot.timetable.models import Activity
from tests.support.checkin_camp import START, Camp

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
ZONE = ZoneInfo("Asia/Shanghai")
CHANGE = Change.__table__  # type: ignore[attr-defined]
RUNS = count()
WHO = st.sampled_from([0, 1, 2, 2])
JUDGING_TRAINEE = 2
"""A trainee who coordinates as well, and so may judge others."""
COORDINATOR = 3
WHICH = st.integers(0, 2)
BESIDE = [(0, 0), (-1, 0, 0), (1, 0, 0), ()]
BY = st.sampled_from([0, 2, 2, 3, 3])
TO = st.sampled_from([Status.PRESENT, Status.LATE, Status.MISSING])
LINES = st.sampled_from(["The bus was late", "I was there", "  I  was\nthere ", "x" * 500, "x" * 501, " \n "])


@dataclass
class Objection:
    """What the model remembers of one appeal. ``remind_at`` is when coordinators next hear of it, if they do."""

    number: int
    who: int
    said: str
    before: Status
    due_at: datetime
    remind_at: datetime | None
    status: AppealStatus = AppealStatus.OPEN
    answer: str = ""

    def end(self, status: AppealStatus, answer: str) -> None:
        self.status, self.answer, self.remind_at = status, answer, None


@dataclass
class Model:
    """The record of three trainees, their objections, and every mark that the change log must have."""

    starts: datetime
    record: list[Status] = field(default_factory=lambda: [Status.MISSING] * 3)
    came: set[int] = field(default_factory=set)
    objections: list[Objection] = field(default_factory=list)
    marks: list[tuple[int, Status, Status, str, int]] = field(default_factory=list)

    def mark(self, who: int, to: Status, reason: str, by: int) -> None:
        if self.record[who] is not to:
            self.marks.append((who, self.record[who], to, reason, by))
            self.record[who] = to
            self.came.add(who)

    def waiting(self, who: int) -> Objection | None:
        return next((one for one in self.objections if one.who == who and one.status is AppealStatus.OPEN), None)


def due_of(now: datetime) -> datetime:
    """Six in the evening of the day after, where the camp is."""
    return datetime.combine(now.astimezone(ZONE).date() + timedelta(days=1), time(18), ZONE).astimezone(UTC)


class Machine(RuleBasedStateMachine):
    """The service and the model, side by side."""

    def __init__(self, camp: Camp) -> None:
        super().__init__()
        self.camp = camp

    @initialize()
    def begin(self) -> None:
        """Put a new activity on the timetable; what the last run left open is taken back."""
        self.model = Model(START + next(RUNS) * timedelta(days=10))
        self.now = self.model.starts - 10 * MINUTE
        self.activity = self.camp.do(partial(_prepare, camp=self.camp, starts=self.model.starts))
        self.logged = self.camp.see(lambda s: len(self._log(s)))
        self.camp.open(self.activity, self.now)

    @rule(who=WHO, minutes=st.sampled_from([0, 5, 20]))
    def come(self, who: int, minutes: int) -> None:
        """Type the code on the screen; whoever is on record already stays as they are."""
        self.now += minutes * MINUTE
        self.camp.type(self.camp.code(self.now, self.activity), self.now, self.camp.trainees[who])
        if self.now < self.model.starts + 4 * HOUR and who not in self.model.came:
            self.model.came.add(who)
            is_late = self.now > self.model.starts + 10 * MINUTE
            self.model.record[who] = Status.LATE if is_late else Status.PRESENT

    @rule(who=WHO, to=TO, by=st.sampled_from([COORDINATOR, JUDGING_TRAINEE, 0]))
    def mark(self, who: int, to: Status, by: int) -> None:
        """Mark by hand, which leaves an open appeal as it is."""
        person = self.camp.trainees[who].person_id
        failed = self._try(
            lambda s: checkin.mark(
                s, speaker=self._speaker(by), activity_id=self.activity, person_id=person, to=to, now=self.now
            )
        )
        assert failed is (NotAllowed if by == 0 else None)
        if failed is None:
            self.model.mark(who, to, "", by)

    @rule(who=WHO, said=LINES, eager=st.booleans(), to=TO)
    def appeal(self, who: int, said: str, eager: bool, to: Status) -> None:
        """Object to the own record; the eager do it twice in a breath, and then try to agree with themselves."""
        self.object(who, said)
        if eager:
            self.object(who, said)
            self.accept_one(self.model.waiting(who), who, to)

    def object(self, who: int, said: str) -> None:
        line = " ".join(said.split())
        expected: type[Refusal] | None = AlreadyObjected if self.model.waiting(who) else None
        expected = expected if 0 < len(line) <= 500 else NothingSaid
        made: list[int] = []
        speaker = self.camp.trainees[who]

        def work(session: Session) -> None:
            new = appeals.make_appeal(session, speaker=speaker, activity_id=self.activity, said=said, now=self.now)
            made.append(new.id)

        assert self._try(work) is expected
        if expected is None:
            due = due_of(self.now)
            self.model.objections.append(Objection(made[-1], who, line, self.model.record[who], due, due - 6 * HOUR))

    @rule(which=WHICH, by=BY, to=TO)
    def accept(self, which: int, by: int, to: Status) -> None:
        """Agree with an appeal, also one that is answered, also as somebody who may not."""
        self.accept_one(self._pick(which), by, to)

    def accept_one(self, one: Objection | None, by: int, to: Status) -> None:
        if one is None:
            return
        news = self._judge(
            one, by, lambda s: appeals.accept(s, speaker=self._speaker(by), appeal_id=one.number, to=to, now=self.now)
        )
        if news:
            self.model.mark(one.who, to, one.said, by)
            one.end(AppealStatus.ACCEPTED, to)

    @rule(which=WHICH, by=BY)
    def decline(self, which: int, by: int) -> None:
        """Disagree with one; the record stays."""
        if (one := self._pick(which)) is None:
            return
        news = self._judge(
            one,
            by,
            lambda s: appeals.decline(s, speaker=self._speaker(by), appeal_id=one.number, line=" No. ", now=self.now),
        )
        if news:
            one.end(AppealStatus.DECLINED, "No.")

    @rule(which=WHICH, by=BY)
    def withdraw(self, which: int, by: int) -> None:
        """Take one back, which only its maker can."""
        if (one := self._pick(which)) is None:
            return
        work = partial(appeals.withdraw, speaker=self._speaker(by), appeal_id=one.number, now=self.now)
        expected = None if by == one.who else Gone
        if self._answered(one, expected, lambda s: work(s)):
            one.end(AppealStatus.WITHDRAWN, "")

    @rule(hours=st.sampled_from([0, 0, 1, 30]), beside=st.sampled_from(BESIDE))
    def remind(self, hours: int, beside: tuple[int, ...]) -> None:
        """Let the clock look some hours on, and at the next reminders, or a second beside them."""
        self.look(self.now + hours * HOUR)
        for seconds in beside:
            reminders = [one.remind_at for one in self.model.objections if one.remind_at is not None]
            self.look(min(reminders, default=self.now) + timedelta(seconds=seconds))

    def look(self, at: datetime) -> None:
        """Each open appeal is told of six hours before its deadline, at it, and no more; time never goes back."""
        self.now = max(self.now, at)
        due = [one for one in self.model.objections if one.remind_at is not None and one.remind_at <= self.now]
        assert self.camp.see(lambda s: appeals.has_due(s, self.now)) == bool(due)
        told = self.camp.do(lambda s: [one.id for one in appeals.take_due(s, now=self.now)])
        assert sorted(told) == sorted(one.number for one in due)
        for one in due:
            one.remind_at = one.due_at if self.now < one.due_at else None

    @invariant()
    def agree(self) -> None:
        """Record, appeals and change log are what the model says."""
        if not hasattr(self, "model"):
            return
        self.camp.see(self._compare)

    def teardown(self) -> None:
        """The house's own rules hold at the end of each run."""
        assert self.camp.see(invariants.check) == []

    def _compare(self, session: Session) -> None:
        board = checkin.read_board(session, activity_id=self.activity)
        found = {one.person_id: status for status in Status for one in board.of(status)}
        assert [found[who.person_id] for who in self.camp.trainees] == self.model.record
        rows = [session.get_one(Appeal, one.number) for one in self.model.objections]
        seen = [(row.status, row.answer, row.said, row.before, row.due_at, row.remind_at) for row in rows]
        assert seen == [
            (one.status, one.answer, one.said, one.before, one.due_at, one.remind_at) for one in self.model.objections
        ]
        open_now = [one.number for one in self.model.objections if one.status is AppealStatus.OPEN]
        assert sorted(one.id for one in appeals.open_appeals(session, self.camp.cohort)) == open_now
        assert self._log(session)[self.logged :] == [self._line(*mark) for mark in self.model.marks]

    def _line(self, who: int, before: Status, to: Status, reason: str, by: int) -> tuple[int, str, str, str, int]:
        return self.camp.trainees[who].person_id, before, to, reason, self._speaker(by).person_id

    def _log(self, session: Session) -> list[tuple[int, str, str, str, int]]:
        columns = (CHANGE.c.person_id, CHANGE.c.before, CHANGE.c.after, CHANGE.c.reason, CHANGE.c.actor_id)
        query = select(*columns).where(CHANGE.c.action == "mark").order_by(CHANGE.c.id)
        return [
            (row.person_id, _status(row.before), _status(row.after), row.reason, row.actor_id)
            for row in session.connection().execute(query)
        ]

    def _judge(self, one: Objection, by: int, work: Callable[[Session], appeals.Answered]) -> bool:
        judges = by in (COORDINATOR, JUDGING_TRAINEE)
        expected = NotAllowed if not judges else OwnAppeal if by == one.who else None
        return self._answered(one, expected, work)

    def _answered(
        self, one: Objection, expected: type[Refusal] | None, work: Callable[[Session], appeals.Answered]
    ) -> bool:
        news: list[bool] = []
        assert self._try(lambda s: news.append(work(s).news)) is expected
        if expected is not None:
            return False
        assert news == [one.status is AppealStatus.OPEN]
        return news[0]

    def _try(self, work: Callable[[Session], Any]) -> type[Refusal] | None:
        try:
            self.camp.do(work)
        except Refusal as refusal:
            return type(refusal)
        return None

    def _pick(self, which: int) -> Objection | None:
        return self.model.objections[-1 - which % len(self.model.objections)] if self.model.objections else None

    def _speaker(self, who: int) -> Speaker:
        return self.camp.coordinator if who == COORDINATOR else self.camp.trainees[who]


def _status(text: str) -> str:
    return str(json.loads(text)["status"])


def _prepare(session: Session, camp: Camp, starts: datetime) -> int:
    for one in appeals.open_appeals(session, camp.cohort):
        maker = next(who for who in camp.trainees if who.person_id == one.person_id)
        appeals.withdraw(session, speaker=maker, appeal_id=one.id, now=starts)
    activity = Activity(cohort_id=camp.cohort, starts_at=starts, ends_at=starts + 2 * HOUR, title="Machine", kind="x")
    session.add(activity)
    session.flush()
    return activity.id or 0


def test_appeals_change_the_record_only_as_a_simple_model_says_in_whatever_order(camp: Camp) -> None:
    judge = camp.trainees[JUDGING_TRAINEE].person_id
    camp.do(lambda s: s.add(Membership(cohort_id=camp.cohort, person_id=judge, role=Role.COORDINATOR, joined_at=START)))
    machine: Any = partial(Machine, camp)

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=8,
            stateful_step_count=15,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
