"""Sign-ups, reserves, offers, withdrawals, decisions and changes of the number in any order, against plain lists."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import count
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any

import pytest
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

from bot.database import Database
from bot.errors import Refusal
from bot.forum import capacity, choosing, closing, offers, pools, seats, slots
from bot.forum.capacity import Changed
from bot.forum.models import Part, SignUpStatus
from bot.forum.offers import Reply
from bot.forum.pools import CALL, SIGNUP, SLOT
from bot.forum.slots import SlotGone
from bot.invariants import RULES
from tests.support.house import MONDAY
from tests.support.seats_scene import MINUTE, STARTS, SeatsCamp, build_seats_camp

PEOPLE = 6
PLACES = 2
WHO = st.integers(0, PEOPLE - 1)
PART = Part.SPEAKER
SOUND = [rule for rule in RULES if rule.invariant == "I7"]


@dataclass
class Model:
    """The places in their simplest form: who has one, who is asked, who waits in which order."""

    places: int = PLACES
    wanted: int = PLACES
    confirmed: list[int] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)
    gone: dict[int, str] = field(default_factory=dict)
    is_on: bool = True
    is_over: bool = False

    @property
    def held(self) -> int:
        """How many places are taken."""
        return len(self.confirmed) + len(self.asked)

    def state(self, who: int) -> str:
        """How somebody stands."""
        lists = ((self.confirmed, "confirmed"), (self.asked, "offered"), (self.waiting, "reserve"))
        return next((name for some, name in lists if who in some), self.gone.get(who, ""))

    def leave(self, who: int, to: str) -> None:
        """Take somebody off every list; a place that is too many goes with them."""
        held = who in self.confirmed or who in self.asked
        for some in (self.confirmed, self.asked, self.waiting):
            if who in some:
                some.remove(who)
        self.gone[who] = to
        if held and self.wanted < self.places:
            self.places -= 1

    def ask(self) -> None:
        """Ask as many as there are free places."""
        while self.is_on and not self.is_over and self.held < self.wanted and self.waiting:
            self.asked.append(self.waiting.pop(0))

    def lower(self, to: int) -> None:
        """Keep everybody, and let the number shrink."""
        self.wanted, self.places = to, max(to, self.held)


class Places(RuleBasedStateMachine):
    """One pool of speakers, a running order, a coordinator, and a clock that goes up to the beginning."""

    folder: Path
    begun: SeatsCamp
    numbers = count()

    @initialize(signed=st.integers(PLACES, PEOPLE))
    def begin(self, signed: int) -> None:
        """Begin with a published call and some who have signed up."""
        path = self.folder / f"{next(self.numbers)}.db"
        copyfile(self.folder / "begin.db", path)
        self.database = Database(f"sqlite:///{path}")
        self.camp = replace(self.begun, database=self.database)
        self.model = Model()
        self.now: datetime = MONDAY
        for who in range(signed):
            self.sign(who)

    def teardown(self) -> None:
        """Close the database."""
        if hasattr(self, "database"):
            self.database.close()

    @precondition(lambda self: self.model.is_on and not self.model.is_over)
    @rule(who=WHO)
    def sign(self, who: int) -> None:
        """Sign up, or again after a withdrawal; another press of who is signed up changes nothing."""
        model = self.model
        if model.state(who) in ("confirmed", "offered", "reserve"):
            self.camp.do(lambda s: seats.settle(s, signup_id=self._id(who), now=self.now))
            return
        self.camp.sign(who, at=self.now, part=PART)
        model.gone.pop(who, None)
        (model.confirmed if model.held < model.wanted else model.waiting).append(who)

    @rule(who=WHO)
    def withdraw(self, who: int) -> None:
        """Withdraw, perhaps twice."""
        if not self.model.state(who):
            return
        for _ in range(2):
            self.camp.withdraw(who, at=self.now)
        if self.model.state(who) not in ("withdrawn", "not_chosen"):
            self.model.leave(who, "withdrawn")
            self.model.ask()

    @precondition(lambda self: self.model.asked)
    @rule(data=st.data(), accepts=st.booleans())
    def answer_offer(self, data: st.DataObject, accepts: bool) -> None:
        """Answer an offer that there is."""
        self.answer(data.draw(st.sampled_from(self.model.asked)), accepts)

    @precondition(lambda self: self.model.asked)
    @rule(data=st.data(), minutes=st.sampled_from([-1, 0, 1]))
    def answer_about_the_end(self, data: st.DataObject, minutes: int) -> None:
        """Accept an offer about when its time ends, while the clock's pass is late."""
        who = data.draw(st.sampled_from(self.model.asked))
        at = self.camp.row(who).offer_until + minutes * MINUTE
        if self.now <= at < STARTS:
            self.now = at
        self.answer(who, accepts=True)

    @precondition(lambda self: self.model.confirmed)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        """Withdraw from a confirmed place."""
        self.withdraw(data.draw(st.sampled_from(self.model.confirmed)))

    @precondition(lambda self: self.model.held > self.model.wanted)
    @rule(data=st.data())
    def send_one_back(self, data: st.DataObject) -> None:
        """Let somebody go who has a place where there are too many."""
        self.send_back(data.draw(st.sampled_from([*self.model.confirmed, *self.model.asked])))

    @rule(who=WHO, accepts=st.booleans())
    def answer(self, who: int, accepts: bool) -> None:
        """Answer an offer, whether there is one or not; one whose time is over goes to the next."""
        before = self.model.state(who)
        if not before:
            return
        row = self.camp.row(who)
        step = offers.accept if accepts else offers.decline
        answered = self.camp.do(lambda s: step(s, signup_id=self._id(who), now=self.now))
        assert answered.is_news == (before == "offered")
        if before != "offered":
            return
        if not accepts or row.offer_until <= self.now:
            self.model.leave(who, "withdrawn" if not accepts else "not_chosen")
            self.model.ask()
            assert answered.reply == (Reply.TOO_LATE if accepts else Reply.DECLINED)
        else:
            self.model.asked.remove(who)
            self.model.confirmed.append(who)

    @precondition(lambda self: self.now < STARTS)
    @rule(minutes=st.sampled_from([1, 30, 119, 120, 600]))
    def wait(self, minutes: int) -> None:
        """Let time pass, while the clock's pass is late."""
        self.now = min(self.now + minutes * MINUTE, STARTS)
        if self.now == STARTS:
            self._end()

    @precondition(lambda self: self.model.asked and not self.model.is_over)
    @rule()
    def tick(self) -> None:
        """The clock's pass lets offers run out in the order of their ends."""
        due = self.camp.see(lambda s: list(offers.due(s, self.now, 100)))
        assert self.model.is_on or not due
        for signup_id in due:
            who = self._who(signup_id)
            self.camp.do(partial(offers.expire_one, signup_id=signup_id, now=self.now))
            self.model.leave(who, "not_chosen")
            self.model.ask()

    def _end(self) -> None:
        if not self.model.is_on:
            self.toggle(self.now - MINUTE)
        self.camp.do(lambda s: closing.end(s, self.camp.call_id, self.now))
        for who in [*self.model.asked, *self.model.waiting]:
            self.model.leave(who, "not_chosen")
        self.model.is_over = True

    @rule(to=st.integers(0, PEOPLE))
    def change(self, to: int) -> None:
        """Set the number of places; fewer than are taken changes nothing."""
        given: dict[str, Any] = {"speaker": self.camp.coordinator, "call_id": self.camp.call_id, "part": PART, "to": to}
        done = self.camp.do(lambda s: capacity.change(s, **given, now=self.now))
        assert isinstance(done, Changed) == (to >= self.model.held)
        if isinstance(done, Changed):
            self.model.places = self.model.wanted = to
            self.model.ask()

    @rule(to=st.integers(0, PEOPLE))
    def keep(self, to: int) -> None:
        """Set the number and keep everybody."""
        given: dict[str, Any] = {"speaker": self.camp.coordinator, "call_id": self.camp.call_id, "part": PART, "to": to}
        self.camp.do(lambda s: capacity.keep(s, **given, now=self.now))
        self.model.lower(to)
        self.model.ask()

    @rule(who=WHO)
    def send_back(self, who: int) -> None:
        """Let somebody go to the head of the list, where there are too many."""
        model = self.model
        allowed = model.state(who) in ("confirmed", "offered") and model.held > model.wanted
        if self._tries(who, lambda s, one: capacity.send_back(s, **one), is_allowed=allowed):
            model.leave(who, "")
            model.gone.pop(who)
            model.waiting.insert(0, who)

    @rule(who=WHO)
    def give(self, who: int) -> None:
        """Confirm somebody out of turn, where a place is free or theirs."""
        model, state = self.model, self.model.state(who)
        allowed = state == "offered" or (state in ("reserve", "not_chosen") and model.held < model.wanted)
        if self._tries(who, lambda s, one: choosing.give(s, **one), is_allowed=allowed):
            model.gone.pop(who, None)
            for some in (model.asked, model.waiting):
                if who in some:
                    some.remove(who)
            model.confirmed.append(who)

    @rule(who=WHO)
    def drop(self, who: int) -> None:
        """Say not this time to somebody."""
        allowed = self.model.state(who) in ("confirmed", "offered", "reserve")
        if self._tries(who, lambda s, one: choosing.drop(s, **one), is_allowed=allowed):
            self.model.leave(who, "not_chosen")
            self.model.ask()

    @rule(who=WHO, other=WHO)
    def exchange(self, who: int, other: int) -> None:
        """Let two change places."""
        model = self.model
        if not model.state(other):
            return
        allowed = model.state(who) in ("reserve", "not_chosen") and model.state(other) in ("confirmed", "offered")
        other_id = self._id(other)
        if self._tries(who, lambda s, one: choosing.exchange(s, instead_of=other_id, **one), is_allowed=allowed):
            model.gone.pop(who, None)
            if who in model.waiting:
                model.waiting.remove(who)
            (model.confirmed if other in model.confirmed else model.asked).remove(other)
            model.confirmed.append(who)
            model.waiting.insert(0, other)

    @precondition(lambda self: self.model.places > 0)
    @rule(data=st.data())
    def delete_slot(self, data: st.DataObject) -> None:
        """Delete a speech slot; where it is held, its holder goes or gets another."""
        model, slot = self.model, data.draw(st.sampled_from(self._speeches()))
        given: dict[str, Any] = {"speaker": self.camp.coordinator, "slot_id": slot.id, "now": self.now}
        done = self.camp.do(lambda s: slots.delete_slot(s, **given))
        full = model.held >= model.places
        assert isinstance(done, SlotGone) == (slot.signup_id is None and not full)
        if not isinstance(done, SlotGone):
            leaving = done.signup_id if not done.has_other else None
            assert done.has_other == (not full)
            self.camp.do(lambda s: slots.delete_held_slot(s, leaving=leaving, reason="", **given))
            if leaving is not None:
                who = self._who(leaving)
                (model.confirmed if who in model.confirmed else model.asked).remove(who)
                model.waiting.insert(0, who)
        model.places = max(model.held, model.places - 1)
        model.wanted = min(model.wanted, model.places)
        model.ask()

    @precondition(lambda self: not self.model.is_over)
    @rule(hour=st.integers(1, 20))
    def call_off(self, hour: int) -> None:
        """Call it off now and then, or take it up again."""
        if not self.model.is_on or hour == 1:
            self.toggle(self.now)

    def toggle(self, now: datetime) -> None:
        """Call it off, or take it up again; the clock's pass then fills what became free meanwhile."""
        self.model.is_on = not self.model.is_on
        status = "published" if self.model.is_on else "cancelled"
        self.camp.change(CALL, status=status)
        for call_id, part in self.camp.see(lambda s: list(offers.idle(s, now, 10))):
            self.camp.do(partial(offers.fill, call_id=call_id, part=part, now=now))
        self.model.ask()

    @invariant()
    def everybody_stands_as_the_model_says(self) -> None:
        """Compare everything with the database."""
        model, rows = self.model, self._rows()
        assert {self._who(row.id): str(row.status) for row in rows} == {
            who: model.state(who) for who in range(PEOPLE) if model.state(who)
        }
        queue = sorted((row for row in rows if row.status == SignUpStatus.RESERVE), key=lambda row: row.rank)
        assert [self._who(row.id) for row in queue] == model.waiting
        assert self.camp.pool(PART) == (model.held, model.places, model.wanted)
        assert model.held <= model.places
        speeches = self._speeches()
        assert len(speeches) == model.places
        assert sorted(self._who(one.signup_id) for one in speeches if one.signup_id) == sorted(model.confirmed)

    @invariant()
    def nothing_is_unsound(self) -> None:
        """Ask what must always hold."""
        if self.model.is_on or self.model.is_over:
            assert [rule.text for rule in SOUND if self.camp.see(lambda s, r=rule: list(r.find(s)))] == []  # type: ignore[misc]

    def _tries(self, who: int, step: Callable[[Any, Any], Any], *, is_allowed: bool) -> bool:
        if not self.model.state(who):
            return False
        given: dict[str, Any] = {
            "speaker": self.camp.coordinator,
            "signup_id": self._id(who),
            "reason": "so",
            "now": self.now,
        }
        try:
            self.camp.do(lambda s: step(s, given))
        except Refusal:
            assert not is_allowed
            return False
        assert is_allowed
        return True

    def _rows(self) -> list[Any]:
        query = SIGNUP.select().where(SIGNUP.c.call_id == self.camp.call_id)
        return list(self.camp.see(lambda s: s.connection().execute(query).all()))

    def _speeches(self) -> list[Any]:
        query = SLOT.select().where(SLOT.c.call_id == self.camp.call_id, SLOT.c.is_speech).order_by(SLOT.c.position)
        return list(self.camp.see(lambda s: s.connection().execute(query).all()))

    def _id(self, who: int) -> int:
        return self.camp.signup(who)

    def _who(self, signup_id: int) -> int:
        query = SIGNUP.select().where(SIGNUP.c.id == signup_id)
        return self.camp.people.index(self.camp.see(lambda s: s.connection().execute(query).one()).person_id)


@pytest.fixture
def folder() -> Iterator[Path]:
    with TemporaryDirectory() as path:
        yield Path(path)


def test_the_places_hold_whatever_happens(folder: Path) -> None:
    _run(folder, examples=25, steps=25)


@pytest.mark.long
def test_the_places_hold_whatever_happens_for_long(folder: Path) -> None:
    _run(folder, examples=400, steps=50)


def _free_without_shrinking(session: Any, call_id: int, part: str) -> None:
    table = pools.POOL
    mine = table.update().where(table.c.call_id == call_id, table.c.part == part)
    session.connection().execute(mine.values(taken=table.c.taken - 1))


def _last_reserve(session: Any, call_id: int, part: str) -> Any:
    waiting = pools.reserves(session, call_id, part)
    return waiting[-1] if waiting else None


def _accept_late(session: Any, *, signup_id: int, now: datetime) -> Any:
    return _ACCEPT(session, signup_id=signup_id, now=MONDAY)


_ACCEPT = offers.accept
FAULTS: dict[str, list[tuple[Any, str, Any]]] = {
    "who leaves gives nothing back": [(pools, "let_go", lambda *_: None)],
    "a place that is too many is not given up": [(pools, "free", _free_without_shrinking)],
    "the last in reserve is asked first": [(pools, "next_reserve", _last_reserve)],
    "an answer that comes too late is taken": [(offers, "accept", _accept_late)],
    "who leaves keeps the slot": [(pools, "leave_slot", lambda *_: None)],
    "a place that becomes free is offered to nobody": [(offers, "promote", lambda *_: ())],
    "who is sent back stands at the end": [(pools, "head_rank", pools.last_rank)],
}


@pytest.mark.long
@pytest.mark.parametrize("fault", FAULTS)
def test_the_machine_notices(folder: Path, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    for module, name, broken in FAULTS[fault]:
        monkeypatch.setattr(module, name, broken)

    with pytest.raises(Exception):  # noqa: B017, PT011 - whichever rule or invariant sees it first
        _run(folder, examples=60, steps=25, is_shrunk=False)


def _run(folder: Path, *, examples: int, steps: int, is_shrunk: bool = True) -> None:
    Places.folder = folder
    database = Database(f"sqlite:///{folder}/begin.db")
    Places.begun = build_seats_camp(database, slots=PLACES, people=PEOPLE)
    database.close()
    phases = tuple(Phase) if is_shrunk else (Phase.explicit, Phase.generate)
    slow = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=phases,
        database=None,
    )
    run_state_machine_as_test(Places, settings=slow)
