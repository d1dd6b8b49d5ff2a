"""The shapes of a timetable that was read from a spreadsheet, and what can be wrong with it. No behaviour."""

from datetime import date, time
from enum import StrEnum

from msgspec import Struct

from bot.sheets.headings import Heading


class Field(StrEnum):
    """What a column of a timetable can be about. TIME holds a span, as `08:30-09:00`; ID what our own export wrote."""

    DATE = "date"
    TIME = "time"
    START = "start"
    END = "end"
    KIND = "kind"
    TITLE = "title"
    SPEAKER = "speaker"
    PLACE = "place"
    NOTES = "notes"
    GROUP = "group"
    HOURS = "hours"
    ID = "id"


class ProblemKind(StrEnum):
    """What is wrong with a row. A warning is shown, and the row is imported all the same."""

    BAD_DATE = "bad_date"
    NO_SUCH_DATE = "no_such_date"
    MISSING_DATE = "missing_date"
    BAD_TIME = "bad_time"
    NO_SUCH_TIME = "no_such_time"
    MISSING_TIME = "missing_time"
    END_NOT_AFTER_START = "end_not_after_start"
    SKIPPED_BY_CLOCK_CHANGE = "skipped_by_clock_change"
    MISSING_TITLE = "missing_title"
    DUPLICATE = "duplicate"
    CELL_ERROR = "cell_error"
    TOO_LONG = "too_long"
    OUTSIDE_COHORT = "outside_cohort"
    OVERLAP = "overlap"
    DUPLICATE_HEADING = "duplicate_heading"
    NO_SUCH_DAY_HERE = "no_such_day_here"
    ANOTHER_YEAR = "another_year"
    PAST = "past"
    PAST_TOO = "past_too"
    BAD_HOURS = "bad_hours"
    SAME_ID = "same_id"
    SAME_TITLE = "same_title"
    SPEAKER_TWICE = "speaker_twice"
    PLACE_TWICE = "place_twice"
    NO_SITE = "no_site"
    UNKNOWN_GROUP = "unknown_group"

    @property
    def is_warning(self) -> bool:
        """Return whether the row is imported in spite of it."""
        return self in _WARNINGS


_WARNINGS = frozenset(
    {
        ProblemKind.CELL_ERROR,
        ProblemKind.TOO_LONG,
        ProblemKind.OUTSIDE_COHORT,
        ProblemKind.OVERLAP,
        ProblemKind.DUPLICATE_HEADING,
        ProblemKind.PAST_TOO,
        ProblemKind.BAD_HOURS,
        ProblemKind.SAME_ID,
        ProblemKind.SAME_TITLE,
        ProblemKind.SPEAKER_TWICE,
        ProblemKind.PLACE_TWICE,
        ProblemKind.NO_SITE,
        ProblemKind.UNKNOWN_GROUP,
    }
)


class Problem(Struct, frozen=True):
    """One fault: the row it is in, the offending text as it stands in the file, and the other rows concerned.

    ``elsewhere`` names what stands in no row: an activity of another camp.
    """

    row: int
    kind: ProblemKind
    text: str
    others: tuple[int, ...] = ()
    elsewhere: str = ""


class Number(Struct, frozen=True):
    """What stands in the column of numbers that our own export wrote: the camp's and the activity's."""

    cohort_id: int
    activity_id: int


class TimetableEntry(Struct, frozen=True):
    """One activity of the file: a local day, local naive times of whole minutes, and what is said about it.

    ``group_name`` is empty for everybody; ``minutes`` is what it counts where that is not its length.
    """

    row: int
    on: date
    starts: time
    ends: time
    title: str
    kind: str | None = None
    speaker: str | None = None
    place: str | None = None
    notes: str | None = None
    group_name: str | None = None
    minutes: int | None = None
    number: Number | None = None


class Timetable(Struct, frozen=True):
    """What a file says, in the order of time, without the rows that had to be left out.

    `other_sheets` look like timetables too and were not read.
    """

    sheet: str
    entries: tuple[TimetableEntry, ...]
    problems: tuple[Problem, ...]
    understood: tuple[Heading, ...]
    ignored: tuple[str, ...]
    other_sheets: tuple[str, ...] = ()

    @property
    def fields(self) -> frozenset[Field]:
        """Return what the file has columns for."""
        return frozenset(Field(heading.field) for heading in self.understood)
