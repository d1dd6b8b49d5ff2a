"""What of a camp belongs into whose calendar, and which days a calendar must know. Pure."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from msgspec import Struct

from bot.ids import ActivityId
from bot.people.models import Role

KEPT = timedelta(days=400)
"""So long after its last day a camp stays in the calendars of those who were there."""

ALARM_MINUTES = 15
WHOLE_CAMP = frozenset({Role.COORDINATOR})
OWN_GROUP = frozenset({Role.TRAINEE, Role.GROUP_LEADER, Role.MENTOR})


class Entry(Struct, frozen=True):
    """One activity for a calendar. ``sequence`` counts its changes, the last of them at ``changed_at``."""

    activity_id: ActivityId
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    title: str
    kind: str
    speaker: str
    place: str
    notes: str
    camp: str
    sequence: int
    changed_at: datetime
    is_cancelled: bool
    alarm_minutes: int = ALARM_MINUTES


class Agenda(Struct, frozen=True):
    """A person's calendar: whose it is, what it is called after (empty: all camps), and its entries in order."""

    person_id: int
    language: str
    camp: str
    entries: tuple[Entry, ...]
    changed_at: datetime


def is_kept(ends_on: date, today: date) -> bool:
    """Whether a camp with that last day is still in calendars."""
    return today - ends_on <= KEPT


def is_own(
    group_name: str | None, speaker: str, *, name: str, roles: Collection[Role], groups: Collection[str | None]
) -> bool:
    """Whether an activity for ``group_name`` is one's own: of the group, or with one's own name among the speakers."""
    held = frozenset(roles)
    if held & WHOLE_CAMP:
        return True
    if held & OWN_GROUP and (group_name is None or group_name in groups):
        return True
    return Role.TEACHER in held and name in speaker
