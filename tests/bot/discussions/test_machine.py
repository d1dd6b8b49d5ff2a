"""A group against a simple model: whatever its people press in whatever order, both stand alike after every step."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlmodel import Session

from bot.database import Database
from bot.discussions import queries, service
from bot.discussions.models import Kind, Stage, Status
from bot.discussions.outcomes import Dotted, Kept
from bot.discussions.rules import DOTS, LEADING, LEADING_MOST, ORDER, likeness
from bot.discussions.soundness import BROKEN
from bot.errors import Refusal
from bot.people.service import Speaker
from bot.timetable.models import Activity
from tests.support.discussion_camp import NOON, DiscussionCamp, build_discussion_camp

PEOPLE = st.integers(0, 3)
QUESTION = st.integers(0, 1)
TEXTS = st.sampled_from(
    ["Noise", "noise.", " NOISE ", "Parking", "停车难", "停车难。", "No lift", "噪音", "", "x" * 501]
)
CAMPS: list[DiscussionCamp] = []


@dataclass
class Point:
    """A point as the model knows it."""

    question: int
    number: int
    notes: set[int]
    dots: set[int] = field(default_factory=set)
    findings: int = 0


@dataclass
class Model:
    """A group as simply as can be."""

    stage: Stage = Stage.GATHERING
    notes: dict[int, tuple[int, int, str]] = field(default_factory=dict)
    points: dict[int, Point] = field(default_factory=dict)
    confirmed: set[int] = field(default_factory=set)

    def points_on(self, question: int) -> list[int]:
        return sorted((key for key in self.points if self.points[key].question == question), key=self._number)

    def dots_of(self, person: int, question: int) -> int:
        return sum(person in point.dots for point in self.points.values() if point.question == question)

    def leads(self, key: int) -> bool:
        point = self.points[key]
        mine = sorted(self.points_on(point.question), key=lambda one: (-len(self.points[one].dots), self._number(one)))
        voted = [one for one in mine if self.points[one].dots]
        least = len(self.points[voted[LEADING - 1]].dots) if len(voted) >= LEADING else 1
        return key in [one for one in voted if len(self.points[one].dots) >= least][:LEADING_MOST]

    def _number(self, key: int) -> int:
        return self.points[key].number


class GroupMachine(RuleBasedStateMachine):
    """Four people of one group; the first leads, the second records."""

    @initialize(start=st.sampled_from(ORDER[1:6]))
    def begin(self, start: Stage) -> None:
        """Take the group as far as that by its own rules, each step compared on the way."""
        if not CAMPS:
            CAMPS.append(build_discussion_camp(Database(f"sqlite:///{Path(tempfile.mkdtemp())}/machine.db")))
        self.camp = CAMPS[0]
        self.camp.activities = [self.camp.do(self._activity)]
        self.camp.create()
        self.model = Model()
        self.people: list[Speaker] = self.camp.speakers(1)
        self.group = self.camp.circle(1).id
        while self.model.stage is not start:
            if self.model.stage is Stage.WRITING:
                for who, text in enumerate(("Noise", "noise.", "Parking", "No lift")):
                    self.write(who, 0, text)
            elif self.model.stage is Stage.VOTING:
                for who, point in enumerate(self.model.points_on(0)):
                    self._dot(who, point, is_on=True)
            self.press_on()

    @rule(who=PEOPLE, question=QUESTION, text=TEXTS)
    def write(self, who: int, question: int, text: str) -> None:
        written = self.camp.write(self.people[who], text, question=question + 1)
        after = {note.id or 0: note for note in self.camp.notes(1)}
        fresh = after.keys() - self.model.notes.keys()
        assert written.kept is self._expected(who, question, text)
        assert len(fresh) == (written.kept is Kept.KEPT)
        for key in fresh:
            self.model.notes[key] = (who, question, after[key].text)
            if self.model.stage is Stage.MERGING:
                self._number({key})

    @rule(who=PEOPLE, stage=st.sampled_from(ORDER))
    def go_on(self, who: int, stage: Stage) -> None:
        before = self.model.stage
        try:
            moved = self.camp.go(stage, by=self.people[who])
        except Refusal:
            assert who != 0 or stage is before
            assert who != 0 or self._is_stuck()
            return
        assert who == 0
        assert moved.is_news == (stage is before)
        if moved.is_news:
            self.model.stage = ORDER[ORDER.index(before) + 1]
            self.model.confirmed.clear()
            if before is Stage.WRITING:
                self._number(set(self.model.notes))

    @precondition(lambda self: not self._is_stuck())
    @rule()
    def press_on(self) -> None:
        self.go_on(0, self.model.stage)

    @precondition(lambda self: self.model.stage not in (Stage.GATHERING, Stage.WRITING))
    @rule()
    def go_back(self) -> None:
        before = self.model.stage
        try:
            self.camp.back(before, by=self.people[0])
        except Refusal:
            found = before is Stage.MERGING and any(point.findings for point in self.model.points.values())
            assert found or before in (Stage.GATHERING, Stage.WRITING, Stage.DONE)
            return
        self.model.stage = ORDER[ORDER.index(before) - 1]
        self.model.confirmed.clear()
        if before is Stage.MERGING:
            self.model.points.clear()

    @precondition(lambda self: len(self.model.points) > 1)
    @rule(who=PEOPLE, data=st.data())
    def merge(self, who: int, data: Any) -> None:
        one, other = (data.draw(st.sampled_from(sorted(self.model.points))) for _ in range(2))
        may = who < 2 and self.model.stage is Stage.MERGING
        may = may and self.model.points[one].question == self.model.points[other].question
        try:
            self.camp.do(
                lambda s: service.merging.merge(s, speaker=self.people[who], point_id=one, other_id=other, now=NOON)
            )
        except Refusal:
            assert not may
            return
        assert may or (one == other and who < 2 and self.model.stage is Stage.MERGING)
        if one != other:
            gone = self.model.points.pop(other)
            self.model.points[one].notes |= gone.notes
            self.model.points[one].dots |= gone.dots
            self.model.points[one].findings += gone.findings

    @precondition(lambda self: self.model.stage is Stage.MERGING and self.model.notes)
    @rule(data=st.data())
    def split(self, data: Any) -> None:
        note = data.draw(st.sampled_from(sorted(self.model.notes)))
        self.camp.do(lambda s: service.merging.split(s, speaker=self.people[1], note_id=note))
        point = next(one for one in self.model.points.values() if note in one.notes)
        alike = {one for one in point.notes if self._like(one) == self._like(note)}
        gone = {note} if alike == point.notes else alike
        if len(point.notes) > 1:
            point.notes -= gone
            self._add_point(self.model.notes[note][1], gone)

    @precondition(lambda self: self.model.points)
    @rule(who=PEOPLE, is_on=st.booleans(), data=st.data())
    def dot(self, who: int, is_on: bool, data: Any) -> None:
        self._dot(who, data.draw(st.sampled_from(sorted(self.model.points))), is_on=is_on)

    def _dot(self, who: int, key: int, *, is_on: bool) -> None:
        point = self.model.points[key]
        try:
            voted = self.camp.dot(self.people[who], key, is_on=is_on)
        except Refusal:
            assert self.model.stage is not Stage.VOTING
            return
        assert self.model.stage is Stage.VOTING
        if is_on == (who in point.dots):
            assert voted.dotted is Dotted.SAME
        elif is_on and self.model.dots_of(who, point.question) >= DOTS:
            assert voted.dotted is Dotted.NONE_LEFT
        else:
            point.dots ^= {who}
        assert voted.left == DOTS - self.model.dots_of(who, point.question)

    @precondition(lambda self: self.model.points)
    @rule(who=PEOPLE, kind=st.sampled_from(Kind), text=TEXTS, data=st.data())
    def find(self, who: int, kind: Kind, text: str, data: Any) -> None:
        key = data.draw(st.sampled_from(sorted(self.model.points)))
        try:
            written, _ = self.camp.do(
                lambda s: service.finding.add(s, speaker=self.people[who], point_id=key, kind=kind, text=text, now=NOON)
            )
        except Refusal:
            assert not self.model.leads(key)
            assert not self.model.points[key].findings
            return
        assert (written.kept is Kept.TOO_LATE) == (self.model.stage is not Stage.CAUSES)
        self.model.points[key].findings += written.kept is Kept.KEPT

    @precondition(lambda self: self.model.stage is Stage.MINUTES)
    @rule(who=PEOPLE, text=TEXTS)
    def edit(self, who: int, text: str) -> None:
        paper = self.camp.see(lambda s: service.minutes.paper_of(s, queries.circle_of(s, self.group)))
        line = paper.lines[0]
        try:
            _, kept = self.camp.do(
                lambda s: service.minutes.change_line(s, speaker=self.people[who], line_id=line.id, text=text)
            )
        except Refusal:
            assert who != 1
            return
        assert who == 1
        if kept is Kept.KEPT and text.strip() != line.text:
            self.model.confirmed.clear()

    @rule(who=PEOPLE)
    def confirm(self, who: int) -> None:
        version = self.camp.circle(1).group.version
        try:
            self.camp.do(
                lambda s: service.minutes.confirm(
                    s, speaker=self.people[who], group_id=self.group, version=version, now=NOON
                )
            )
        except Refusal:
            assert who > 1 or self.model.stage not in (Stage.MINUTES, Stage.DONE)
            return
        assert who < 2
        if self.model.stage is Stage.MINUTES:
            self.model.confirmed.add(who)
            if self.model.confirmed == {0, 1}:
                self.model.stage = Stage.DONE

    @invariant()
    def both_stand_alike(self) -> None:
        if not hasattr(self, "model"):
            return
        circle = self.camp.circle(1)
        assert circle.stage is self.model.stage
        assert circle.occasion.discussion.status == Status.ANNOUNCED
        stored = {one.id: one for one in self.camp.points(1)}
        assert {key: set(one.note_ids) for key, one in stored.items()} == {
            key: point.notes for key, point in self.model.points.items()
        }
        for key, one in stored.items():
            point = self.model.points[key]
            assert (one.number, one.dots, one.is_top) == (point.number, len(point.dots), self.model.leads(key))

    @invariant()
    def what_must_always_hold_holds(self) -> None:
        if not hasattr(self, "model"):
            return
        for text, query in BROKEN.items():
            assert self.camp.see(lambda s, query=query: s.connection().execute(query).all()) == [], text  # type: ignore[misc]

    def teardown(self) -> None:
        if hasattr(self, "model"):
            self.camp.do(
                lambda s: service.setting_up.end(
                    s, speaker=self.camp.coordinator, discussion_id=self.camp.discussion, now=NOON
                )
            )

    def _activity(self, session: Session) -> int:
        activity = Activity(
            cohort_id=self.camp.cohort, title="Round", starts_at=NOON, ends_at=NOON.replace(hour=NOON.hour + 1)
        )
        session.add(activity)
        session.flush()
        return activity.id or 0

    def _expected(self, who: int, question: int, text: str) -> Kept:
        stage = self.model.stage
        if stage is not Stage.WRITING and not (stage is Stage.MERGING and who < 2):
            return Kept.TOO_LATE
        if not text.strip():
            return Kept.EMPTY
        if len(text) > 500:
            return Kept.TOO_LONG
        mine = [kept for person, on, kept in self.model.notes.values() if (person, on) == (who, question)]
        return Kept.SAME if likeness(text) in map(likeness, mine) else Kept.KEPT

    def _number(self, notes: set[int]) -> None:
        """Put each to the point that has its words, or give it the next number; the database says which row that is."""
        for note in sorted(notes):
            question = self.model.notes[note][1]
            same = [
                key
                for key in self.model.points_on(question)
                if self._like(note) in {self._like(one) for one in self.model.points[key].notes}
            ]
            if same:
                self.model.points[self._actual(note)].notes.add(note)
                assert self._actual(note) in same
            else:
                self._add_point(question, {note})

    def _add_point(self, question: int, notes: set[int]) -> None:
        key = self._actual(next(iter(notes)))
        number = next(one.number for one in self.camp.points(1) if one.id == key)
        taken = [self.model.points[one].number for one in self.model.points_on(question)]
        assert number == max(taken, default=0) + 1
        self.model.points[key] = Point(question, number, set(notes))

    def _actual(self, note: int) -> int:
        return next(one.id for one in self.camp.points(1) if note in one.note_ids)

    def _like(self, note: int) -> str:
        return likeness(self.model.notes[note][2])

    def _is_stuck(self) -> bool:
        model = self.model
        return (
            (model.stage is Stage.WRITING and not model.notes)
            or (model.stage is Stage.VOTING and not any(point.dots for point in model.points.values()))
            or model.stage in (Stage.MINUTES, Stage.DONE)
        )


GroupMachine.TestCase.settings = settings(max_examples=15, stateful_step_count=12, deadline=None)
TestGroup = GroupMachine.TestCase
