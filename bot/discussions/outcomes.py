"""What the services of discussions answer with. Decides nothing."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from bot.discussions.drawing import Balance
from bot.discussions.models import Discussion, Entry, Finding, Group, Question, Stage
from bot.discussions.rules import deadline, wordings


class Member(Struct, frozen=True):
    """Somebody in a group. ``chat_id`` is empty where they cannot be written to."""

    person_id: int
    name: str
    unit: str = ""
    post: str = ""
    language: str = "en"
    chat_id: int | None = None
    may_name: bool = False
    screen: str = ""
    at_home: bool = False
    is_late: bool = False


class Occasion(Struct, frozen=True):
    """A discussion with what its activity says: the camp, the title, when, where."""

    discussion: Discussion
    title: str
    starts_at: datetime
    place: str
    time_zone: str
    language: str
    cohort_name: str
    is_cancelled: bool
    questions: tuple[Question, ...] = ()

    @property
    def id(self) -> int:
        """The discussion's number."""
        return self.discussion.id or 0

    @property
    def cohort_id(self) -> int:
        """The camp's number."""
        return self.discussion.cohort_id

    def question(self, question_id: int) -> Question | None:
        """One of its questions."""
        return next((one for one in self.questions if one.id == question_id), None)


class Circle(Struct, frozen=True):
    """A group as it stands: its people (without those who have left the camp), its officers, its clock."""

    occasion: Occasion
    group: Group
    members: tuple[Member, ...]

    @property
    def id(self) -> int:
        """The group's number in the database."""
        return self.group.id or 0

    @property
    def stage(self) -> Stage:
        """Where it stands."""
        return Stage(self.group.stage)

    @property
    def leader(self) -> Member | None:
        """Who leads, if they are still there."""
        return self.member(self.group.leader_id)

    @property
    def recorder(self) -> Member | None:
        """Who records, if they are still there."""
        return self.member(self.group.recorder_id)

    @property
    def until(self) -> datetime | None:
        """When the time of this stage is up."""
        return deadline(self.occasion.discussion, self.stage, self.group.stage_at)

    def member(self, person_id: int | None) -> Member | None:
        """One of its people."""
        return next((one for one in self.members if one.person_id == person_id), None)


class Place(Struct, frozen=True):
    """Where a member stands: the group, the member, and how many have done what the stage asks of everybody."""

    circle: Circle
    me: Member
    done: int = 0
    mine: int = 0
    """How much this person has done: points written, or dots placed."""

    @property
    def is_leader(self) -> bool:
        """Whether this person leads the group."""
        return self.me.person_id == self.circle.group.leader_id

    @property
    def is_recorder(self) -> bool:
        """Whether this person records."""
        return self.me.person_id == self.circle.group.recorder_id

    @property
    def is_officer(self) -> bool:
        """Whether this person may merge and edit."""
        return self.is_leader or self.is_recorder


class Kept(StrEnum):
    """What became of a text that somebody sent; only ``KEPT`` changed anything."""

    KEPT = "kept"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    FULL = "full"
    SAME = "same"
    TOO_LATE = "too_late"


class Written(Struct, frozen=True):
    """A text that somebody sent, and where they now stand. ``is_first`` where it is their first in this stage."""

    place: Place
    kept: Kept
    count: int = 0
    is_first: bool = False


class Dotted(StrEnum):
    """What became of a dot; only ``PLACED`` and ``TAKEN`` changed anything."""

    PLACED = "placed"
    TAKEN = "taken"
    SAME = "same"
    NONE_LEFT = "none_left"


class Voted(Struct, frozen=True):
    """A dot placed or taken back, and how many the person has left on that question."""

    place: Place
    question_id: int
    dotted: Dotted
    left: int
    is_first: bool = False


class Ballot(Struct, frozen=True):
    """The points of one question as one person votes on them: which have this person's dots, how many are left."""

    place: Place
    question_id: int
    points: tuple["NumberedPoint", ...]
    mine: frozenset[int]
    left: int


class NumberedPoint(Struct, frozen=True):
    """A point as the group sees it: its number, every wording it holds, and its dots (not who wrote or placed them)."""

    id: int
    question_id: int
    number: int
    texts: tuple[str, ...]
    note_ids: tuple[int, ...]
    dots: int = 0
    is_top: bool = False

    @property
    def text(self) -> str:
        """The first wording."""
        return self.texts[0] if self.texts else ""

    @property
    def others(self) -> tuple[str, ...]:
        """The other wordings that say something of their own."""
        return tuple(self.texts[place] for place, _ in wordings(self.texts)[1:])


class PointPage(Struct, frozen=True):
    """A point with its causes and measures."""

    circle: Circle
    point: NumberedPoint
    findings: tuple[Finding, ...]


class Line(Struct, frozen=True):
    """A line of the minutes."""

    id: int
    question_id: int
    entry: Entry
    text: str
    number: int = 0
    dots: int = 0
    is_top: bool = False


class Paper(Struct, frozen=True):
    """The minutes of a group as they stand, with the names that may be in them and those that may not."""

    circle: Circle
    lines: tuple[Line, ...]
    named: tuple[str, ...]
    unnamed: tuple[str, ...]

    @property
    def is_confirmed(self) -> bool:
        """Whether leader and recorder have both confirmed."""
        return self.circle.stage is Stage.DONE


class Moved(Struct, frozen=True):
    """A group after somebody wanted it to go on or back. ``is_news`` is false where it had already moved."""

    circle: Circle
    is_news: bool
    merged: int = 0
    """How many texts were put together by themselves."""


class Confirmed(Struct, frozen=True):
    """What came of a confirmation; ``is_final`` once both have confirmed, ``is_last`` where no group is left."""

    circle: Circle
    is_news: bool
    is_final: bool
    is_last: bool = False


class Division(Struct, frozen=True):
    """All groups of a discussion, how even they are, and how many who could take part sit in none."""

    occasion: Occasion
    circles: tuple[Circle, ...]
    balance: Balance
    waiting: int = 0

    @property
    def people(self) -> int:
        """How many sit in a group."""
        return sum(len(circle.members) for circle in self.circles)


class Board(Struct, frozen=True):
    """How all groups stand: for each how many have done what its stage asks of everybody."""

    occasion: Occasion
    circles: tuple[Circle, ...]
    done: Mapping[int, int]
