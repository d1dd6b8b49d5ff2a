"""The shapes of a roster that was read, what can be wrong with it, and whom it is compared with. No behaviour."""

from enum import StrEnum

from msgspec import Struct

from bot.ids import PersonId
from bot.sheets.headings import Heading


class Field(StrEnum):
    """What a column of a roster can be about. NOTES and LEADER only say who leads a group, and are not kept."""

    NAME = "name"
    PHONE = "phone"
    UNIT = "unit"
    GROUP = "group"
    POST = "post"
    NOTES = "notes"
    LEADER = "leader"


class ProblemKind(StrEnum):
    """What is wrong with a row."""

    MISSING_NAME = "missing_name"
    BAD_NAME = "bad_name"
    BAD_PHONE = "bad_phone"
    DAMAGED_NUMBER = "damaged_number"
    DUPLICATE_PHONE = "duplicate_phone"
    DUPLICATE_ROW = "duplicate_row"
    SAME_PERSON_TWICE = "same_person_twice"
    SAME_NAME_UNCLEAR = "same_name_unclear"
    CELL_ERROR = "cell_error"
    TOO_LONG = "too_long"
    DUPLICATE_HEADING = "duplicate_heading"

    @property
    def drops_row(self) -> bool:
        """Return whether a row with this problem is left out of the entries."""
        return self in _DROPPING


_DROPPING = frozenset(
    {ProblemKind.MISSING_NAME, ProblemKind.BAD_NAME, ProblemKind.DUPLICATE_ROW, ProblemKind.SAME_PERSON_TWICE}
)


class Problem(Struct, frozen=True):
    """One fault: the row it is in, the offending text as it stands in the file, and the other rows concerned."""

    row: int
    kind: ProblemKind
    text: str
    others: tuple[int, ...] = ()


class RosterEntry(Struct, frozen=True):
    """One person of the file. `phone` is 11 digits, or `+` and 7 to 15 digits; None when absent or not usable.

    `leads_group` is a hint: the post or the notes say 组长, or a column 组长 ticks or names this person.
    """

    row: int
    name: str
    phone: str | None = None
    unit: str | None = None
    group: str | None = None
    post: str | None = None
    leads_group: bool = False


class Roster(Struct, frozen=True):
    """What a file says. `other_sheets` look like rosters too and were not read."""

    sheet: str
    entries: tuple[RosterEntry, ...]
    problems: tuple[Problem, ...]
    understood: tuple[Heading, ...]
    ignored: tuple[str, ...]
    other_sheets: tuple[str, ...] = ()

    @property
    def fields(self) -> frozenset[Field]:
        """Return what the file has columns for."""
        return frozenset(Field(heading.field) for heading in self.understood)


class KnownPerson(Struct, frozen=True):
    """Somebody the database knows. `enrolled`: is in the cohort the roster is for (else known from another one)."""

    person_id: PersonId
    name: str
    phone: str | None = None
    unit: str | None = None
    group: str | None = None
    post: str | None = None
    enrolled: bool = True
