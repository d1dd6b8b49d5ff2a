"""Changing one activity in the chat: what it would come to, what stands in the way, then the change itself.

Nothing is written before ``save``, and ``save`` writes only what was seen: had the timetable moved meanwhile, it
refuses. Whoever must be told is the business of the feature above; each change comes back with its before and after.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import asdict, replace
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.audit import service as audit
from bot.audit.service import Actor
from bot.errors import Gone, Refusal
from bot.ids import ActivityId
from bot.people import access
from bot.people import service as people
from bot.people.models import Cohort
from bot.people.service import Speaker
from bot.timetable import clashes, elsewhere, versions
from bot.timetable.clashes import Clash, ClashKind
from bot.timetable.importing import TimetableMoved
from bot.timetable.models import Activity
from bot.timetable.service import get_activity
from bot.timetable.snapshots import Edited, Snapshot, snapshot

PAGE = 8
LONGEST = timedelta(hours=16)
TEXT_LIMIT = 200


class EndsBeforeItBegins(Refusal):
    """It would end before it begins. Nothing was changed."""


class TooLong(Refusal):
    """No activity lasts that long. Nothing was changed."""


class NothingToChange(Refusal):
    """That is how it stands already."""


class CannotSwap(Refusal):
    """These two cannot be swapped: both must be in this camp and neither cancelled."""


class Wish(Struct, frozen=True):
    """What somebody wants of an activity; what is empty stays as it is. Times are instants (UTC).

    A move keeps the length unless ``ends_at`` is given too. ``place`` and ``speaker`` may be made empty by ``""``.
    """

    activity_id: int
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: str | None = None
    speaker: str | None = None
    cancel: bool | None = None
    swap_with: int | None = None

    def to_json(self) -> dict[str, Any]:
        """The wish as plain JSON, to be noted in a dialogue."""
        return {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in asdict(self).items()
            if value is not None
        }

    @classmethod
    def from_json(cls, noted: Mapping[str, Any]) -> "Wish":
        """Read it back."""
        times = {name: datetime.fromisoformat(noted[name]) for name in ("starts_at", "ends_at") if name in noted}
        return cls(**{**noted, **times})


class Plan(Struct, frozen=True):
    """What a wish comes to: every activity it changes, and what stands in the way, by activity."""

    cohort: Cohort
    edits: tuple[Edited, ...]
    clashes: tuple[tuple[ActivityId, Clash], ...]
    fingerprint: str


class Programme(Struct, frozen=True):
    """A page of a camp's activities to choose from; pages count from 0."""

    cohort: Cohort
    activities: tuple[Snapshot, ...]
    number: int
    pages: int


def list_programme(
    session: Session, *, cohort_id: int, page: int | None, speaker: Speaker | None, now: datetime, without: int = 0
) -> Programme:
    """A page of the activities, cancelled ones too; without a page the one that has what comes next."""
    access.require_coordinator(session, speaker, cohort_id)
    cohort = people.get_cohort(session, cohort_id)
    query = find(Activity).where(Activity.cohort_id == cohort_id, Activity.id != without)
    if without:
        query = query.where(col(Activity.cancelled_at).is_(None))
    rows = session.exec(query.order_by(col(Activity.starts_at), col(Activity.id))).all()
    pages = max(1, -(-len(rows) // PAGE))
    if page is None:
        page = sum(row.ends_at <= now for row in rows) // PAGE
    page = min(max(page, 0), pages - 1)
    return Programme(cohort, tuple(snapshot(row) for row in rows[page * PAGE : (page + 1) * PAGE]), page, pages)


def look_at(session: Session, *, activity_id: int, speaker: Speaker | None) -> tuple[Cohort, Snapshot]:
    """One activity for whoever may change it; raises Gone, NotAllowed."""
    activity, cohort = _require(session, activity_id, speaker)
    return cohort, snapshot(activity)


def rooms_of(session: Session, activity_id: int, most: int = 4) -> list[Snapshot]:
    """Activities of the same camp in other rooms, one a room, for choosing a room by its name."""
    activity = get_activity(session, activity_id)
    query = find(Activity).where(
        Activity.cohort_id == activity.cohort_id, Activity.place != "", Activity.place != activity.place
    )
    by_room = {one.place: one for one in session.exec(query.order_by(col(Activity.starts_at).desc()))}
    return [snapshot(one) for one in list(by_room.values())[:most]]


def plan(session: Session, *, wish: Wish, speaker: Speaker | None, now: datetime) -> Plan:
    """What the wish would change, and what stands in its way. Writes nothing.

    Raises:
        NotAllowed, Gone: as the names say.
        EndsBeforeItBegins, TooLong, NothingToChange, CannotSwap: it cannot be done.
    """
    activity, cohort = _require(session, wish.activity_id, speaker)
    partner = _partner(session, activity, wish.swap_with)
    edits = [_edit(activity, wish, partner)] + ([_edit(partner, _mirrored(wish), activity)] if partner else [])
    for edit in edits:
        _require_possible(edit)
    found = [(edit.activity_id, clash) for edit in edits for clash in _clashes(session, cohort, edit, edits, now)]
    return Plan(cohort, tuple(edits), tuple(found), _fingerprint(session, edits))


def save(session: Session, *, wish: Wish, seen: str, speaker: Speaker | None, now: datetime) -> Plan:
    """Do what the plan with the fingerprint ``seen`` said, and keep the timetable's new version.

    Raises:
        TimetableMoved: it would now do something else.
    """
    planned = plan(session, wish=wish, speaker=speaker, now=now)
    if planned.fingerprint != seen:
        raise TimetableMoved
    actor = speaker.actor if speaker else Actor()
    versions.keep_first(session, cohort=planned.cohort, now=now)
    for edit in planned.edits:
        _write(session, edit, now)
    session.flush()
    audit.record(session, *(_line(edit, planned.cohort, actor, now) for edit in planned.edits))
    versions.keep(session, cohort=planned.cohort, cause=versions.Cause.EDIT, actor=actor, now=now)
    return planned


def differences(edit: Edited) -> dict[str, tuple[Any, Any]]:
    """The fields of an activity that an edit changes, each before and after."""
    if edit.before is None:
        return {}
    before, after = asdict(edit.before), asdict(edit.after)
    return {name: (value, after[name]) for name, value in before.items() if value != after[name]}


def _require(session: Session, activity_id: int, speaker: Speaker | None) -> tuple[Activity, Cohort]:
    activity = get_activity(session, activity_id)
    access.require_coordinator(session, speaker, activity.cohort_id)
    return activity, people.get_cohort(session, activity.cohort_id)


def _partner(session: Session, activity: Activity, other_id: int | None) -> Activity | None:
    if other_id is None:
        return None
    other = session.get(Activity, other_id)
    if other is None or other.cohort_id != activity.cohort_id or other.id == activity.id:
        raise CannotSwap
    if activity.cancelled_at is not None or other.cancelled_at is not None:
        raise CannotSwap
    return other


def _mirrored(wish: Wish) -> Wish:
    assert wish.swap_with is not None  # noqa: S101 - there is a partner
    return Wish(wish.swap_with, swap_with=wish.activity_id)


def _edit(activity: Activity, wish: Wish, partner: Activity | None) -> Edited:
    before = snapshot(activity)
    after = replace(before, **_texts(wish))
    if partner is not None:
        after = replace(after, starts_at=partner.starts_at.astimezone(UTC), ends_at=partner.ends_at.astimezone(UTC))
    else:
        starts = wish.starts_at or before.starts_at
        moved = starts + (before.ends_at - before.starts_at)
        after = replace(after, starts_at=starts, ends_at=wish.ends_at or moved)
    return Edited(before.activity_id, before, after)


def _texts(wish: Wish) -> dict[str, Any]:
    texts = {"place": wish.place, "speaker": wish.speaker}
    told: dict[str, Any] = {
        name: " ".join(text.split())[:TEXT_LIMIT] for name, text in texts.items() if text is not None
    }
    return told if wish.cancel is None else told | {"is_cancelled": wish.cancel}


def _require_possible(edit: Edited) -> None:
    if edit.after.ends_at <= edit.after.starts_at:
        raise EndsBeforeItBegins
    if edit.after.ends_at - edit.after.starts_at > LONGEST:
        raise TooLong
    if not differences(edit):
        raise NothingToChange


def _clashes(session: Session, cohort: Cohort, edit: Edited, edits: Sequence[Edited], now: datetime) -> list[Clash]:
    after = edit.after
    if after.is_cancelled:
        return []
    own = [Clash(kind, what) for kind, what in _own_faults(cohort, after, now)]
    others = elsewhere.slots_beside(session, cohort, after, [one.activity_id for one in edits])
    others += [elsewhere.slot_of(one.after) for one in edits if one is not edit]
    return [*own, *clashes.find_clashes(elsewhere.slot_of(after), others)]


def _own_faults(cohort: Cohort, after: Snapshot, now: datetime) -> list[tuple[ClashKind, str]]:
    on = after.starts_at.astimezone(ZoneInfo(cohort.time_zone)).date()
    return [
        (kind, "")
        for kind, wrong in (
            (ClashKind.PAST, after.ends_at <= now),
            (ClashKind.OUTSIDE, not cohort.starts_on <= on <= cohort.ends_on),
            (ClashKind.NO_SITE, clashes.lacks_site(after.kind, after.title, after.place)),
        )
        if wrong
    ]


def _fingerprint(session: Session, edits: Sequence[Edited]) -> str:
    parts = [(edit, get_activity(session, edit.activity_id).version) for edit in edits]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


def _write(session: Session, edit: Edited, now: datetime) -> None:
    activity = session.get(Activity, edit.activity_id)
    if activity is None:
        raise Gone
    after = edit.after
    activity.starts_at, activity.ends_at = after.starts_at, after.ends_at
    activity.place, activity.speaker = after.place, after.speaker
    activity.cancelled_at = (activity.cancelled_at or now) if after.is_cancelled else None
    activity.version += 1
    session.add(activity)


def _line(edit: Edited, cohort: Cohort, actor: Actor, now: datetime) -> dict[str, Any]:
    changed = differences(edit)
    action = "change"
    if "is_cancelled" in changed:
        action = "cancel" if edit.after.is_cancelled else "restore"
    return audit.entry(
        actor=actor,
        now=now,
        action=action,
        subject="activity",
        subject_id=edit.activity_id,
        cohort_id=cohort.id,
        before={name: _plain(sides[0]) for name, sides in changed.items()},
        after={name: _plain(sides[1]) for name, sides in changed.items()},
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
