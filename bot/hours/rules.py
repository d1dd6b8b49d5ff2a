"""What is decided about hours: what became of each activity, what is used up, when a course can no longer be passed.

Pure: no session, no clock, no Telegram. Everything is reckoned in whole minutes. Sources of the default rules: leave
beyond one seventh of the total hours means withdrawal (the Central Organization Department's rule for trainees of
2013); absence without leave of two days or more does so too (a district party school's rules of attendance).
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct, field
from msgspec.structs import replace

MINUTE = timedelta(minutes=1)


class Standing(StrEnum):
    """What became of one activity for one person."""

    AHEAD = "ahead"
    PRESENT = "present"
    LATE = "late"
    EXCUSED = "excused"
    ABSENT = "absent"
    UNRECORDED = "unrecorded"
    """It is over and nobody took attendance; it counts against nobody."""


class Level(StrEnum):
    """How much of the allowance is used."""

    FINE = "fine"
    HALF = "half"
    THREE_QUARTERS = "three_quarters"
    OVER = "over"


LEVELS = tuple(Level)


class Ending(StrEnum):
    """Which rule ends a course."""

    HOURS = "hours"
    DAYS = "days"


class Rules(Struct, frozen=True):
    """A cohort's rules. The defaults are what holds where a cohort has said nothing.

    ``share`` and ``of``: how much of the total hours may be missed, such as 1 of 7; ``of`` 0 sets no limit.
    ``absence_factor``: how many times an hour of absence without leave counts (0: it does not use up the allowance).
    ``late_counts``: whether minutes missed by coming late or leaving early count too.
    ``absence_days``: how many whole days without leave end the course (0: none do).
    ``run_length``: how many absences in a row the coordinator is told of.
    ``head_minutes``: up to how much leave the coordinator alone decides; beyond it ``department_id`` decides too.
    """

    share: int = 1
    of: int = 7
    absence_factor: int = 1
    late_counts: bool = False
    absence_days: int = 2
    run_length: int = 2
    head_minutes: int = 8 * 60
    department_id: int | None = None

    @property
    def has_limit(self) -> bool:
        """Whether there is an allowance."""
        return self.of > 0

    def allowance(self, total: int) -> int:
        """How many of so many minutes may be missed."""
        return total * self.share // self.of if self.has_limit else total

    def needs_department(self, minutes: int) -> bool:
        """Whether leave of that length is decided by the department too."""
        return self.department_id is not None and minutes > self.head_minutes


class Record(Struct, frozen=True):
    """What is on record of one person at one activity. Times are UTC; ``minutes`` is what the activity counts.

    ``there``: how many minutes of the activity's own length the person was there, as check-in reckons them.
    ``is_taken``: attendance was taken there, so that whoever is not on record was not there once it is settled.
    ``returned`` are minutes made up, with where each came from in ``sources``. ``receipt`` is that of the check-in.
    """

    activity_id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    minutes: int
    arrived_at: datetime | None = None
    there: int = 0
    is_late: bool = False
    is_taken: bool = False
    is_settled: bool = False
    is_excused: bool = False
    returned: int = 0
    sources: tuple[str, ...] = ()
    receipt: str = ""


class Entry(Struct, frozen=True):
    """One activity in a ledger: its minutes, divided. The parts always add up to ``record.minutes``."""

    record: Record
    standing: Standing
    attended: int = 0
    late: int = 0
    excused: int = 0
    absent: int = 0
    made_up: int = 0
    ahead: int = 0
    unrecorded: int = 0

    @property
    def missed(self) -> int:
        """What was missed and has not been made up."""
        return self.late + self.excused + self.absent

    def used(self, rules: Rules) -> int:
        """What of it uses up the allowance."""
        return self.excused + self.absent * rules.absence_factor + (self.late if rules.late_counts else 0)


class Ledger(Struct, frozen=True):
    """All activities of one person in one cohort, in the order of time, and the rules they are judged by."""

    entries: tuple[Entry, ...] = ()
    rules: Rules = field(default_factory=Rules)
    time_zone: str = "UTC"

    def sum(self, part: str) -> int:
        """The minutes of one part, such as ``attended``, over all activities."""
        return sum(getattr(entry, part) for entry in self.entries)

    @property
    def total(self) -> int:
        """The minutes of all activities."""
        return sum(entry.record.minutes for entry in self.entries)

    @property
    def allowance(self) -> int:
        """How many minutes may be missed in all."""
        return self.rules.allowance(self.total)

    @property
    def used(self) -> int:
        """How many minutes of the allowance are used, leave that was approved for later among them."""
        return sum(entry.used(self.rules) for entry in self.entries)

    @property
    def left(self) -> int:
        """How many minutes may still be missed; never below 0."""
        return max(0, self.allowance - self.used)

    @property
    def truant_days(self) -> tuple[date, ...]:
        """The local days that were missed whole and without leave."""
        zone, days = ZoneInfo(self.time_zone), dict[date, list[Entry]]()
        for entry in self.entries:
            days.setdefault(entry.record.starts_at.astimezone(zone).date(), []).append(entry)
        return tuple(day for day, entries in sorted(days.items()) if _is_truant(entries))

    @property
    def endings(self) -> tuple[Ending, ...]:
        """The rules by which the course can no longer be passed, as things stand."""
        found = []
        if self.rules.has_limit and self.used > self.allowance:
            found.append(Ending.HOURS)
        if self.rules.absence_days and len(self.truant_days) >= self.rules.absence_days:
            found.append(Ending.DAYS)
        return tuple(found)

    @property
    def level(self) -> Level:
        """How near the end of the allowance the person is."""
        if self.endings:
            return Level.OVER
        if not self.rules.has_limit or not self.used:
            return Level.FINE
        if self.used * 4 >= self.allowance * 3:
            return Level.THREE_QUARTERS
        return Level.HALF if self.used * 2 >= self.allowance else Level.FINE

    @property
    def run(self) -> tuple[Entry, ...]:
        """The absences without leave since the person was last there; leave neither adds to it nor ends it."""
        row: list[Entry] = []
        for entry in reversed(self.entries):
            if entry.standing in (Standing.PRESENT, Standing.LATE):
                break
            if entry.standing is Standing.ABSENT:
                row.append(entry)
        return tuple(reversed(row))

    @property
    def latest_loss(self) -> Entry | None:
        """The activity that used up the allowance last: what a warning names."""
        return next((entry for entry in reversed(self.entries) if entry.used(self.rules)), None)

    def until(self, at: datetime) -> "Ledger":
        """The ledger of the activities that had ended by then."""
        return replace(self, entries=tuple(entry for entry in self.entries if entry.record.ends_at <= at))

    def entry(self, activity_id: int) -> Entry | None:
        """The line of one activity."""
        return next((entry for entry in self.entries if entry.record.activity_id == activity_id), None)

    def excusing(self, activity_ids: Collection[int]) -> "Ledger":
        """The ledger as it would be with leave from these activities."""
        records = (
            replace(entry.record, is_excused=entry.record.is_excused or entry.record.activity_id in activity_ids)
            for entry in self.entries
        )
        return replace(self, entries=tuple(judge(record) for record in records))


def build_ledger(records: Iterable[Record], rules: Rules, time_zone: str) -> Ledger:
    """Judge every activity."""
    ordered = sorted(records, key=lambda record: (record.starts_at, record.activity_id))
    return Ledger(tuple(judge(record) for record in ordered), rules, time_zone)


def judge(record: Record) -> Entry:
    """Divide the minutes of one activity. Whoever was there was there, whatever leave they had."""
    if record.arrived_at is not None:
        return _attended(record, missed_minutes(record))
    if record.is_excused:
        return _made_up(Entry(record, Standing.EXCUSED, excused=record.minutes))
    if not record.is_settled:
        return Entry(record, Standing.AHEAD, ahead=record.minutes)
    if not record.is_taken:
        return Entry(record, Standing.UNRECORDED, unrecorded=record.minutes)
    return _made_up(Entry(record, Standing.ABSENT, absent=record.minutes))


def missed_minutes(record: Record) -> int:
    """What somebody who was there missed, on the scale of what the activity counts; a part of a minute is forgiven.

    An arrival recorded after the end says that the person was there, not when: it costs nothing.
    """
    if record.arrived_at is None or record.arrived_at >= record.ends_at:
        return 0
    length = max(1, (record.ends_at - record.starts_at) // MINUTE)
    lost = max(0, length - record.there)
    return min(record.minutes, lost * record.minutes // length)


def can_ask_for_leave(entry: Entry, now: datetime) -> bool:
    """Whether leave may be asked for: before the activity begins, and once."""
    return entry.standing is Standing.AHEAD and entry.record.starts_at > now


def would_end(before: Ledger, after: Ledger) -> bool:
    """Whether a step ends a course that can still be passed."""
    return not before.endings and bool(after.endings)


def crossed(level: Level, told: Collection[Level]) -> tuple[Level, ...]:
    """The levels that have been reached and not been told of, the highest last."""
    reached = LEVELS[1 : LEVELS.index(level) + 1]
    return tuple(one for one in reached if one not in told)


def minutes_of(starts_at: datetime, ends_at: datetime, counted: int | None) -> int:
    """What an activity counts: what was set for it, else its length."""
    return counted if counted is not None else (ends_at - starts_at) // MINUTE


def _attended(record: Record, missed: int) -> Entry:
    standing = Standing.LATE if missed or record.is_late else Standing.PRESENT
    if record.is_excused:
        return _made_up(Entry(record, standing, attended=record.minutes - missed, excused=missed))
    return _made_up(Entry(record, standing, attended=record.minutes - missed, late=missed))


def _made_up(entry: Entry) -> Entry:
    """Take what was made up off what was missed; no more comes back than was lost."""
    left = entry.record.returned
    if left <= 0:
        return entry
    parts: dict[str, Any] = {}
    for part in ("absent", "excused", "late"):
        back = min(left, getattr(entry, part))
        parts[part], left = getattr(entry, part) - back, left - back
    return replace(entry, made_up=entry.record.returned - left, **parts)


def _is_truant(entries: Sequence[Entry]) -> bool:
    held = [entry for entry in entries if entry.standing is not Standing.UNRECORDED]
    return bool(held) and all(entry.standing is Standing.ABSENT and not entry.made_up for entry in held)
