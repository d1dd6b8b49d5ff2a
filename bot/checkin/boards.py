"""What a coordinator looks at, as plain values: desks, boards, marks, the projector. Decides and writes nothing."""

from datetime import date, datetime

from msgspec import Struct, field

from bot.checkin.outcomes import ActivityView
from bot.checkin.rules import USUAL, Policy, Status


class Choice(Struct, frozen=True):
    """One activity a coordinator may choose, and whether its check-in is open."""

    activity: ActivityView
    is_open: bool


class Choices(Struct, frozen=True):
    """One day's activities to choose from, and the days with activities before and after it."""

    cohort_id: int
    cohort: str
    day: date
    before: date | None
    after: date | None
    offered: tuple[Choice, ...]


class Counts(Struct, frozen=True):
    """How many trainees of the cohort have arrived, of how many."""

    arrived: int
    expected: int


class Desk(Struct, frozen=True):
    """What a coordinator sees of one activity's check-in. ``token`` and ``show_code`` are there while it is open."""

    activity: ActivityView
    counts: Counts
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    cancelled: bool = False
    token: str = ""
    show_code: str = ""

    @property
    def is_open(self) -> bool:
        """Whether arrivals are being accepted, or will be once the doors open."""
        return bool(self.token)


class Attendee(Struct, frozen=True):
    """One trainee on the board."""

    person_id: int
    name: str
    group: str
    status: Status
    arrived_at: datetime | None = None
    linked: bool = True
    left_at: datetime | None = None
    way: str = ""
    """How they were recorded: a ``Method``, or a ``Way`` where that says more."""
    inside: bool | None = None
    """Whether their location lay within the site; ``None`` without one."""
    recorded: bool = False
    """Whether anything is recorded at all, be it a mark as missing."""


class Board(Struct, frozen=True):
    """Everybody of the cohort at one activity, each list by group and then name."""

    activity: ActivityView
    present: tuple[Attendee, ...] = ()
    late: tuple[Attendee, ...] = ()
    missing: tuple[Attendee, ...] = ()
    excused: tuple[Attendee, ...] = ()
    policy: Policy = USUAL

    @property
    def counts(self) -> Counts:
        """Arrived and expected; whoever is excused is not expected."""
        arrived = len(self.present) + len(self.late)
        return Counts(arrived, arrived + len(self.missing))

    @property
    def outside(self) -> tuple[Attendee, ...]:
        """Whose location lay outside the site: a hint to ask, and no more."""
        return tuple(one for one in (*self.present, *self.late) if one.inside is False)

    @property
    def not_checked_out(self) -> tuple[Attendee, ...]:
        """Who has arrived and not checked out, where the activity wants it."""
        arrived = (*self.present, *self.late)
        return tuple(one for one in arrived if one.left_at is None) if self.policy.checkout else ()

    @property
    def unlinked(self) -> int:
        """How many of the missing could not have checked in, since no account is linked to them."""
        return sum(not attendee.linked for attendee in self.missing)

    def of(self, status: Status) -> tuple[Attendee, ...]:
        """The list of one status."""
        return {
            Status.PRESENT: self.present,
            Status.LATE: self.late,
            Status.MISSING: self.missing,
            Status.EXCUSED: self.excused,
        }[status]


class MarkView(Struct, frozen=True):
    """One person's record at one activity, with the receipt and who marked it by hand, if anybody did."""

    activity: ActivityView
    attendee: Attendee
    receipt: str = ""
    marked_by: str = ""
    marked_at: datetime | None = None


class Marked(Struct, frozen=True):
    """What a mark by hand did; ``before`` equals the present status where nothing changed."""

    view: MarkView
    before: Status

    @property
    def changed(self) -> bool:
        """Whether the mark was news."""
        return self.before is not self.view.attendee.status


class Projection(Struct, frozen=True):
    """What the projector shows at one instant; no name of anybody is part of it."""

    activity: ActivityView
    language: str
    is_open: bool
    code: str
    payload: str
    counts: Counts
    left: float = field(default=0.0)
    """Seconds until the next code."""
    policy: Policy = USUAL
