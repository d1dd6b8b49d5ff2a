"""What can come of somebody's arrival who is on no roster, as plain values: nothing here decides, words or writes."""

from datetime import datetime

from msgspec import Struct

from bot.checkin.outcomes import (
    ActivityView,
    Cancelled,
    Closed,
    NothingOpen,
    OldCode,
    SlowDown,
    TooEarly,
    WrongCode,
)
from bot.checkin.rules import Status
from bot.forum.occasions import Occasion
from bot.people.service import Speaker


class Account(Struct, frozen=True):
    """The account that claims to be there, as Telegram tells it, and the person behind it, if there is one."""

    telegram_id: int
    name: str
    language: str
    speaker: Speaker | None = None

    @property
    def visitor(self) -> str:
        """How check-in's buttons name the account."""
        return str(self.telegram_id)


class Came(Struct, frozen=True):
    """Recorded just now; ``is_walk_in`` says that the seat was given at the door."""

    occasion: Occasion
    activity: ActivityView
    signup_id: int
    name: str
    at: datetime
    status: Status
    receipt: str
    is_walk_in: bool = False


class CameBefore(Struct, frozen=True):
    """Recorded before; the first time stands."""

    activity: ActivityView
    signup_id: int
    name: str
    at: datetime
    receipt: str


class NoSeat(Struct, frozen=True):
    """Nobody signed up under this account, or not for sure, and every seat is taken; ``is_waiting``: on the list."""

    occasion: Occasion
    is_waiting: bool = False


class NotWithoutSignUp(Struct, frozen=True):
    """The call is not for whoever comes."""

    occasion: Occasion


Arrival = (
    Came | CameBefore | NoSeat | NotWithoutSignUp
    | TooEarly | Closed | Cancelled | OldCode | WrongCode | SlowDown | NothingOpen
)  # fmt: skip


class Moment(Struct, frozen=True):
    """When a claim was made, taken in and judged, by which way and whom; ``source`` names the update."""

    at: datetime
    received_at: datetime
    now: datetime
    source: str = ""
