"""Leave, make-up, attendance and rule changes in any order, against a ledger that is reckoned with plain sets."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.checkin.rules import Status as Mark
from bot.database import Database
from bot.errors import Refusal
from bot.hours import service as hours
from bot.hours.rules import Ending
from bot.hours.service import Setting
from bot.invariants import check
from bot.leave import service as leave
from bot.leave.models import Kind
from tests.support.hours_camp import HOUR, MINUTE, PLAN, HoursCamp, build_hours_camp

MINUTES = [(ends - starts) * 60 for starts, ends in PLAN] * 5
NUMBERS = st.integers(0, len(MINUTES) - 1)
SHARES = st.sampled_from([(1, 10), (1, 7), (1, 5), (0, 0)])


@dataclass
class Model:
    """One trainee's ledger in its simplest form: sets of activities."""

    at: int = 0
    held: set[int] = field(default_factory=set)
    present: set[int] = field(default_factory=set)
    excused: set[int] = field(default_factory=set)
    made_up: set[int] = field(default_factory=set)
    waiting: dict[int, tuple[Kind, frozenset[int]]] = field(default_factory=dict)
    offers: dict[int, int] = field(default_factory=dict)
    share: tuple[int, int] = (1, 7)
    factor: int = 1

    def lost(self) -> set[int]:
        """What was missed and not made up."""
        return (self.excused | self.held) - self.present - self.made_up

    def used(self) -> int:
        """The minutes that use up the allowance."""
        return sum(MINUTES[one] * (1 if one in self.excused else self.factor) for one in self.lost())

    def allowance(self) -> int:
        """The minutes that may be missed."""
        share, of = self.share
        return sum(MINUTES) * share // of if of else sum(MINUTES)

    def asked(self) -> set[int]:
        """What is being asked about."""
        return {one for _, items in self.waiting.values() for one in items}


class Leaves(RuleBasedStateMachine):
    """One trainee, one coordinator, and a clock that goes from activity to activity."""

    folder: Path
    begun: HoursCamp
    numbers = count()

    @initialize()
    def begin(self) -> None:
        """Begin a camp on the eve."""
        path = self.folder / f"{next(self.numbers)}.db"
        copyfile(self.folder / "begin.db", path)
        self.database = Database(f"sqlite:///{path}")
        self.camp = replace(self.begun, database=self.database)
        self.model = Model()

    def teardown(self) -> None:
        """Ask what must always hold, and close the database."""
        broken = self.camp.see(check)
        self.database.close()
        assert broken == []

    @property
    def now(self) -> datetime:
        """The present instant: just before the next activity."""
        number = self.model.at
        return self.camp.starts(number) - MINUTE if number < len(MINUTES) else self.camp.ends(number - 1) + HOUR

    @rule(numbers=st.sets(NUMBERS, min_size=1, max_size=4), kind=st.sampled_from(Kind))
    def ask(self, numbers: set[int], kind: Kind) -> None:
        """Ask for leave, or to come after all."""
        model = self.model
        ahead = set(range(model.at, len(MINUTES))) - model.asked() - model.present
        allowed = ahead - model.excused if kind is Kind.LEAVE else ahead & model.excused
        try:
            request = self.camp.ask(*sorted(numbers), at=self.now, kind=kind)
        except Refusal:
            assert not numbers <= allowed
        else:
            assert numbers <= allowed
            model.waiting[request.id] = (kind, frozenset(numbers))

    @precondition(lambda self: self.model.waiting)
    @rule(data=st.data(), approve=st.booleans())
    def decide(self, data: st.DataObject, approve: bool) -> None:
        """Approve or decline something, perhaps long after it was asked, and once more."""
        request_id = data.draw(st.sampled_from(sorted(self.model.waiting)))
        kind, items = self.model.waiting.pop(request_id)
        request = self.camp.see(lambda s: leave.get_request(s, request_id))
        first = self.camp.decide(request, approve=approve, line="so", at=self.now)
        again = self.camp.decide(request, approve=not approve, line="no", at=self.now)
        assert (first.news, again.news) == (True, False)
        if approve:
            self.model.excused = self.model.excused | items if kind is Kind.LEAVE else self.model.excused - items

    @precondition(lambda self: self.model.waiting)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        """Take something back."""
        request_id = data.draw(st.sampled_from(sorted(self.model.waiting)))
        self.model.waiting.pop(request_id)
        who = self.camp.trainees[0]
        done = self.camp.do(lambda s: leave.withdraw_request(s, speaker=who, request_id=request_id, now=self.now))
        assert done.news

    @precondition(lambda self: self.model.at < len(MINUTES))
    @rule(comes=st.booleans(), is_held=st.booleans())
    def hold(self, comes: bool, is_held: bool) -> None:
        """Let the next activity pass, with or without a check-in, and the trainee come or not."""
        number = self.model.at
        if is_held:
            self.camp.hold(number, *([0, 1] if comes else [1]))
            self.model.held.add(number)
        if is_held and comes:
            self.model.present.add(number)
        self.model.at += 1

    @precondition(lambda self: self.model.held)
    @rule(data=st.data(), is_present=st.booleans())
    def correct(self, data: st.DataObject, is_present: bool) -> None:
        """Correct a mark afterwards."""
        number = data.draw(st.sampled_from(sorted(self.model.held)))
        mark = Mark.PRESENT if is_present else Mark.MISSING
        self.camp.mark(number, 0, mark, self.camp.ends(number))
        (self.model.present.add if is_present else self.model.present.discard)(number)

    @precondition(lambda self: self.model.at > 0)
    @rule(data=st.data())
    def offer(self, data: st.DataObject) -> None:
        """Offer a task for something."""
        number = data.draw(st.integers(0, self.model.at - 1))
        possible = number in self.model.lost() and number not in self.model.offers.values()
        try:
            offered = self._offer(number)
        except Refusal:
            assert not possible
        else:
            assert possible
            self.model.offers[offered.id] = number

    @precondition(lambda self: self.model.offers)
    @rule(data=st.data(), accept=st.booleans())
    def make_up(self, data: st.DataObject, accept: bool) -> None:
        """Make something up, or refuse to; the record may have changed since it was offered."""
        make_up_id = data.draw(st.sampled_from(sorted(self.model.offers)))
        number = self.model.offers.pop(make_up_id)
        step: dict[str, Any] = {"make_up_id": make_up_id, "now": self.now}
        self.camp.do(lambda s: leave.answer_offer(s, speaker=self.camp.trainees[0], accept=accept, **step))
        if not accept:
            return
        self.camp.do(lambda s: leave.report_done(s, speaker=self.camp.trainees[0], note="", **step))
        try:
            self.camp.do(lambda s: leave.confirm(s, speaker=self.camp.coordinator, **step))
        except Refusal:
            assert number not in self.model.lost()
            self.camp.do(lambda s: leave.withdraw_offer(s, speaker=self.camp.coordinator, **step))
        else:
            assert number in self.model.lost()
            self.model.made_up.add(number)

    def _offer(self, number: int) -> leave.MakeUpView:
        return self.camp.do(
            lambda s: leave.offer(
                s,
                speaker=self.camp.coordinator,
                cohort_id=self.camp.cohort,
                person_id=self.camp.trainees[0].person_id,
                activity_id=self.camp.activities[number],
                task="Read chapter 3",
                now=self.now,
            )
        )

    @rule(share=SHARES)
    def change_share(self, share: tuple[int, int]) -> None:
        """Change how much may be missed."""
        self.camp.rule(Setting.SHARE, *share)
        self.model.share = share

    @rule(factor=st.integers(0, 3))
    def change_factor(self, factor: int) -> None:
        """Change how absence without leave counts."""
        self.camp.rule(Setting.ABSENCE, factor)
        self.model.factor = factor

    @invariant()
    def the_ledger_is_what_the_model_says(self) -> None:
        """Compare every figure."""
        ledger, model = self.camp.ledger(0, self.now), self.model
        assert ledger.used == model.used()
        assert ledger.allowance == model.allowance()
        assert ledger.sum("attended") == sum(MINUTES[one] for one in model.present)
        assert ledger.sum("made_up") == sum(MINUTES[one] for one in model.made_up - model.present)
        assert (Ending.HOURS in ledger.endings) == (bool(model.share[1]) and model.used() > model.allowance())

    @invariant()
    def a_level_is_told_once(self) -> None:
        """Ask twice for news: the second time there is none."""
        person = self.camp.trainees[0].person_id
        take = [self.camp.do(lambda s: hours.take_news_of(s, self.camp.cohort, person, self.now)) for _ in range(2)]
        assert take[1] == []


@pytest.fixture
def folder() -> Iterator[Path]:
    with TemporaryDirectory() as path:
        yield Path(path)


def test_the_ledger_holds_whatever_happens(folder: Path) -> None:
    _run(folder, examples=5, steps=16)


@pytest.mark.long
def test_the_ledger_holds_whatever_happens_for_long(folder: Path) -> None:
    _run(folder, examples=100, steps=40)


def _run(folder: Path, *, examples: int, steps: int) -> None:
    Leaves.folder = folder
    database = Database(f"sqlite:///{folder}/begin.db")
    Leaves.begun = build_hours_camp(database, trainees=2)
    database.close()
    slow = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Leaves, settings=slow)
