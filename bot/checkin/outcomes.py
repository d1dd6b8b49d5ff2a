"""What can come of a check-in, as plain values: nothing here decides, words or writes."""

from dataclasses import dataclass, field
from datetime import date, datetime

from bot.checkin.rules import Status
from bot.errors import Refusal


class ActivityCancelled(Refusal):
    """The activity has been cancelled, so there is nothing to check in to."""


class EndedLongAgo(Refusal):
    """The activity ended more than two hours ago. Mark people by hand instead."""


@dataclass(frozen=True, slots=True)
class ActivityView:
    """What an answer says of an activity. Times are UTC; ``time_zone`` is the cohort's."""

    id: int
    cohort_id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Typed:
    """Six characters from a keyboard, as typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Scanned:
    """The payload of the deep link behind the QR code."""

    payload: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """The button that somebody who came early was given."""

    activity_id: int
    mac: str


Claim = Typed | Scanned | Pressed


@dataclass(frozen=True, slots=True)
class Arrived:
    """Recorded just now."""

    activity: ActivityView
    at: datetime
    receipt: str
    status: Status


@dataclass(frozen=True, slots=True)
class AlreadyIn:
    """Recorded before; the first time stands."""

    activity: ActivityView
    at: datetime
    receipt: str


@dataclass(frozen=True, slots=True)
class MarkedMissing:
    """A coordinator marked the person missing by hand, which only a coordinator changes."""

    activity: ActivityView


@dataclass(frozen=True, slots=True)
class NotACode:
    """The text does not have the shape of a code; it counts as no try."""


@dataclass(frozen=True, slots=True)
class WrongCode:
    """No activity has this code; ``left`` is how many tries remain, ``None`` where they are not counted."""

    left: int | None = None


@dataclass(frozen=True, slots=True)
class OldCode:
    """A code of the activity that the projector no longer shows."""

    activity: ActivityView


@dataclass(frozen=True, slots=True)
class OtherActivity:
    """The code of an activity the person is not part of, while one of their own is open."""

    activity: ActivityView
    own: tuple[ActivityView, ...]


@dataclass(frozen=True, slots=True)
class NotEnrolled:
    """A code of an activity the person is not part of, and none of their own is open."""

    activity: ActivityView


@dataclass(frozen=True, slots=True)
class NotYours:
    """A button made for somebody else."""


@dataclass(frozen=True, slots=True)
class TooEarly:
    """Right, but before the doors open; the button works from then on."""

    activity: ActivityView
    opens_at: datetime
    mac: str


@dataclass(frozen=True, slots=True)
class Closed:
    """The check-in of the activity was over at that time."""

    activity: ActivityView


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The activity was cancelled while its check-in stood open."""

    activity: ActivityView


@dataclass(frozen=True, slots=True)
class NothingOpen:
    """No check-in of the person's cohorts is open; ``following`` is the next activity, if there is any."""

    following: ActivityView | None


@dataclass(frozen=True, slots=True)
class SlowDown:
    """Too many wrong codes; nothing is looked at before ``until``."""

    until: datetime


Outcome = (
    Arrived | AlreadyIn | MarkedMissing | NotACode | WrongCode | OldCode | OtherActivity | NotEnrolled | NotYours
    | TooEarly | Closed | Cancelled | NothingOpen | SlowDown
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpenNow:
    """What a trainee can check in to now, and what of it is already done."""

    waiting: tuple[ActivityView, ...]
    done: tuple[AlreadyIn, ...]
    following: ActivityView | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One activity a coordinator may choose, and whether its check-in is open."""

    activity: ActivityView
    is_open: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """One day's activities to choose from, and the days with activities before and after it."""

    cohort_id: int
    cohort: str
    day: date
    before: date | None
    after: date | None
    offered: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many trainees of the cohort have arrived, of how many."""

    arrived: int
    expected: int


@dataclass(frozen=True, slots=True)
class Desk:
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


@dataclass(frozen=True, slots=True)
class Attendee:
    """One trainee on the board."""

    person_id: int
    name: str
    group: str
    status: Status
    arrived_at: datetime | None = None
    linked: bool = True


@dataclass(frozen=True, slots=True)
class Board:
    """Everybody of the cohort at one activity, each list by group and then name."""

    activity: ActivityView
    present: tuple[Attendee, ...] = ()
    late: tuple[Attendee, ...] = ()
    missing: tuple[Attendee, ...] = ()

    @property
    def counts(self) -> Counts:
        """Arrived and expected."""
        arrived = len(self.present) + len(self.late)
        return Counts(arrived, arrived + len(self.missing))

    @property
    def unlinked(self) -> int:
        """How many of the missing could not have checked in, since no account is linked to them."""
        return sum(not attendee.linked for attendee in self.missing)

    def of(self, status: Status) -> tuple[Attendee, ...]:
        """The list of one status."""
        return {Status.PRESENT: self.present, Status.LATE: self.late, Status.MISSING: self.missing}[status]


@dataclass(frozen=True, slots=True)
class MarkView:
    """One person's record at one activity, with the receipt and who marked it by hand, if anybody did."""

    activity: ActivityView
    attendee: Attendee
    receipt: str = ""
    marked_by: str = ""
    marked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """What a mark by hand did; ``before`` equals the present status where nothing changed."""

    view: MarkView
    before: Status

    @property
    def changed(self) -> bool:
        """Whether the mark was news."""
        return self.before is not self.view.attendee.status


@dataclass(frozen=True, slots=True)
class Projection:
    """What the projector shows at one instant; no name of anybody is part of it."""

    activity: ActivityView
    language: str
    is_open: bool
    code: str
    payload: str
    counts: Counts
    left: float = field(default=0.0)
    """Seconds until the next code."""
