"""What can come of a check-in, as plain values: nothing here decides, words or writes."""

from datetime import datetime

from msgspec import Struct

from bot.checkin.rules import Status
from bot.errors import Refusal


class ActivityCancelled(Refusal):
    """The activity has been cancelled, so there is nothing to check in to."""


class EndedLongAgo(Refusal):
    """The activity ended more than two hours ago. Mark people by hand instead."""


class ActivityView(Struct, frozen=True):
    """What an answer says of an activity. Times are UTC; ``time_zone`` is the cohort's; ``group`` the one it is for."""

    id: int
    cohort_id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    time_zone: str
    kind: str = ""
    group: str | None = None


class Typed(Struct, frozen=True):
    """Six characters from a keyboard, as typed."""

    text: str


class Scanned(Struct, frozen=True):
    """The payload of the deep link behind the QR code."""

    payload: str


class Pressed(Struct, frozen=True):
    """The button that somebody who came early was given."""

    activity_id: int
    mac: str


Claim = Typed | Scanned | Pressed


class Arrived(Struct, frozen=True):
    """Recorded just now. ``leave`` is there where the activity wants a check-out: it makes the button for leaving."""

    activity: ActivityView
    at: datetime
    receipt: str
    status: Status
    leave: str = ""
    inside: bool | None = None


class AlreadyIn(Struct, frozen=True):
    """Recorded before; the first time stands. ``out_from`` is when the check-out opens, where one is wanted."""

    activity: ActivityView
    at: datetime
    receipt: str
    out_from: datetime | None = None
    leave: str = ""


class CheckedOut(Struct, frozen=True):
    """Left, just now; ``minutes`` of the activity were attended. ``early`` says that the activity goes on."""

    activity: ActivityView
    at: datetime
    receipt: str
    minutes: int
    early: bool = False
    back: str = ""
    """Makes the button that takes a leaving back."""


class AlreadyOut(Struct, frozen=True):
    """Checked out before; the first time stands."""

    activity: ActivityView
    at: datetime
    receipt: str
    minutes: int


class CameBack(Struct, frozen=True):
    """Had left early and is back; the ``away`` minutes are not counted."""

    activity: ActivityView
    at: datetime
    receipt: str
    away: int


class NotIn(Struct, frozen=True):
    """Whoever has not arrived cannot leave."""

    activity: ActivityView


class NoSite(Struct, frozen=True):
    """A location where none is asked for: nothing with a site is open for the person."""


class MarkedMissing(Struct, frozen=True):
    """A coordinator marked the person missing by hand, which only a coordinator changes."""

    activity: ActivityView


class NotACode(Struct, frozen=True):
    """The text does not have the shape of a code; it counts as no try."""


class WrongCode(Struct, frozen=True):
    """No activity has this code; ``left`` is how many tries remain, ``None`` where they are not counted."""

    left: int | None = None


class OldCode(Struct, frozen=True):
    """A code of the activity that the projector no longer shows."""

    activity: ActivityView


class OtherActivity(Struct, frozen=True):
    """The code of an activity the person is not part of, while one of their own is open."""

    activity: ActivityView
    own: tuple[ActivityView, ...]


class NotEnrolled(Struct, frozen=True):
    """A code of an activity the person is not part of, and none of their own is open."""

    activity: ActivityView


class NotYours(Struct, frozen=True):
    """A button made for somebody else."""


class TooEarly(Struct, frozen=True):
    """Right, but before the doors open; the button works from then on."""

    activity: ActivityView
    opens_at: datetime
    mac: str


class Closed(Struct, frozen=True):
    """The check-in of the activity was over at that time."""

    activity: ActivityView


class Cancelled(Struct, frozen=True):
    """The activity was cancelled while its check-in stood open."""

    activity: ActivityView


class NothingOpen(Struct, frozen=True):
    """No check-in of the person's cohorts is open; ``following`` is the next activity, if there is any.

    ``opens_at`` is from when it accepts arrivals.
    """

    following: ActivityView | None
    opens_at: datetime | None = None


class SlowDown(Struct, frozen=True):
    """Too many wrong codes; nothing is looked at before ``until``."""

    until: datetime


Outcome = (
    Arrived | AlreadyIn | MarkedMissing | NotACode | WrongCode | OldCode | OtherActivity | NotEnrolled | NotYours
    | TooEarly | Closed | Cancelled | NothingOpen | SlowDown | CheckedOut | AlreadyOut | CameBack | NotIn | NoSite
)  # fmt: skip


class OpenNow(Struct, frozen=True):
    """What a trainee can check in to now, and what of it is already done."""

    waiting: tuple[ActivityView, ...]
    done: tuple[AlreadyIn | AlreadyOut, ...]
    following: ActivityView | None
    opens_at: datetime | None = None
    leaving: tuple[ActivityView, ...] = ()
    """Where the code on the screen now checks the person out."""
    excused: frozenset[int] = frozenset()
    """From which of the waiting ones the person is excused."""
    with_site: frozenset[int] = frozenset()
    """Which of the waiting ones take a location too."""
