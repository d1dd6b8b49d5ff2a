"""What counts as a change that people must hear of, and whom it concerns. Pure: no session, no clock, no Telegram."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import asdict, replace

TOGETHER = timedelta(minutes=2)
"""Edits that follow the first within so long are one message."""

NUDGE_PAUSE = timedelta(minutes=10)
"""Nobody is nudged about the same change more often."""


class Field(StrEnum):
    """What of an activity people must be told when it changes."""

    TIME = "time"
    PLACE = "place"
    SPEAKER = "speaker"
    TITLE = "title"
    NOTES = "notes"
    CANCELLED = "cancelled"


class Facts(Struct, frozen=True):
    """An activity as it stood at an instant; times are instants in UTC."""

    starts_at: datetime
    ends_at: datetime
    title: str
    place: str = ""
    speaker: str = ""
    notes: str = ""
    group_name: str | None = None
    is_cancelled: bool = False

    def to_json(self) -> str:
        """The facts as text."""
        return json.dumps(asdict(self), ensure_ascii=False, default=datetime.isoformat)

    @classmethod
    def from_json(cls, text: str) -> "Facts":
        """Read them back."""
        given = json.loads(text)
        times = {name: datetime.fromisoformat(given[name]) for name in ("starts_at", "ends_at")}
        return cls(**(given | times))


class Altered(Struct, frozen=True):
    """An activity before and after; ``before`` is ``None`` for a new one."""

    activity_id: int
    before: Facts | None
    after: Facts

    @property
    def fields(self) -> tuple[Field, ...]:
        """What people must be told of it."""
        return differences(self.before, self.after)

    def concerns(self, group: str | None) -> bool:
        """Whether it touches somebody of that group (``None``: of no group)."""
        groups = {self.after.group_name} | ({self.before.group_name} if self.before else set())
        return None in groups or group in groups

    def is_news_for(self, group: str | None) -> bool:
        """Whether that group's own day differs: an activity that was handed to another group is cancelled for this."""
        return self.concerns(group) and bool(differences(*self.as_seen_by(group)))

    def as_seen_by(self, group: str | None) -> tuple[Facts | None, Facts]:
        """Before and after as that group sees it: another group's activity is not there."""
        before = self.before if self.before and _is_for(self.before, group) else None
        if _is_for(self.after, group):
            return before, self.after
        return before, _cancelled(self.after)


def differences(before: Facts | None, after: Facts) -> tuple[Field, ...]:
    """What is different; everything is nothing where an activity was and stays away."""
    was_there = before is not None and not before.is_cancelled
    if before is None or was_there == after.is_cancelled:
        return () if not was_there and after.is_cancelled else (Field.CANCELLED,)
    if after.is_cancelled:
        return ()
    pairs = {
        Field.TIME: (before.starts_at, before.ends_at) != (after.starts_at, after.ends_at),
        Field.PLACE: before.place != after.place,
        Field.SPEAKER: before.speaker != after.speaker,
        Field.TITLE: before.title != after.title,
        Field.NOTES: before.notes != after.notes,
    }
    return tuple(field for field, differs in pairs.items() if differs)


def is_worth_telling(altered: Altered, now: datetime, *, is_running: bool) -> bool:
    """Whether anybody must hear of it: not what is over, and new activities only while the camp runs."""
    if altered.before is None and not is_running:
        return False
    ends = [facts.ends_at for facts in (altered.before, altered.after) if facts and not facts.is_cancelled]
    differs = altered.fields or (altered.before and altered.before.group_name != altered.after.group_name)
    return bool(differs) and max(ends, default=now) > now


def compare(before: Mapping[int, Facts], after: Mapping[int, Facts]) -> tuple[Altered, ...]:
    """Every activity that stands differently now, in the order of time."""
    found = [
        Altered(activity_id, before.get(activity_id), facts)
        for activity_id, facts in after.items()
        if before.get(activity_id) != facts
    ]
    return tuple(sorted(found, key=lambda one: (one.after.starts_at, one.activity_id)))


def for_lecturer(alterations: Iterable[Altered], name: str) -> tuple[Altered, ...]:
    """What concerns a teacher: where their name stands, or stood, among the speakers, whatever group it is for."""
    return tuple(
        Altered(
            one.activity_id, one.before and replace(one.before, group_name=None), replace(one.after, group_name=None)
        )
        for one in alterations
        if name and one.fields and any(name in facts.speaker for facts in (one.before, one.after) if facts)
    )


def _is_for(facts: Facts, group: str | None) -> bool:
    return facts.group_name is None or facts.group_name == group


def _cancelled(facts: Facts) -> Facts:
    return Facts(facts.starts_at, facts.ends_at, facts.title, group_name=facts.group_name, is_cancelled=True)
