"""Making a call and changing its rules. Publishing it and its topics have their own modules.

Places are made here only while a call is a draft; afterwards they belong to ``seats`` and ``capacity``. Each change
goes to the change log.
"""

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select, update
from sqlmodel import Session

from bot.audit import service as audit
from bot.audit.service import Actor
from bot.errors import Gone, Refusal
from bot.forum import queries, rules
from bot.forum.models import Call, CallStatus, Part
from bot.forum.queries import DRAFT, POOL, SIGNUP, SLOT, TOPIC
from bot.forum.templates import Template, template_of
from bot.people import access
from bot.people import service as people
from bot.people.service import Speaker
from bot.timetable import service as timetable
from bot.timetable.models import Activity

SUBJECT = "forum_call"


class ActivityIsOver(Refusal):
    """This activity has begun or is cancelled, so that nobody can sign up to it."""


class AlreadyPublished(Refusal):
    """This has been announced already, so it can no longer be changed here."""


class BadWindow(Refusal):
    """Sign-up must open before it closes, close after now, and close before the activity is over."""


class ChoiceStays(Refusal):
    """People have signed up already. How they are chosen stays as it was announced."""


def draft(
    session: Session,
    *,
    speaker: Speaker | None,
    cohort_id: int,
    template: str,
    activity_id: int,
    now: datetime,
    title: str = "",
) -> Call:
    """Begin a call about an activity with the values of a template.

    Raises:
        NotAllowed: the speaker does not coordinate the cohort.
        Gone: the activity is not of this cohort.
        ActivityIsOver: it has begun or is cancelled.
    """
    coordinator = access.require_coordinator(session, speaker, cohort_id)
    activity = require_activity(session, cohort_id, activity_id, now)
    shape = template_of(template)
    call = _shaped(session, shape, activity, coordinator.person_id, now)
    call.title = title or call.title
    session.add(call)
    session.flush()
    _furnish(session, call, shape, activity)
    log(session, call, coordinator.actor, "create", now, after={"title": call.title, "template": shape.name})
    return call


def _shaped(session: Session, shape: Template, activity: Activity, made_by: int, now: datetime) -> Call:
    """A call as the template has it, open from now until the template's usual end."""
    zone = ZoneInfo(people.get_cohort(session, activity.cohort_id).time_zone)
    opens_at, closes_at = rules.usual_window(activity.starts_at, activity.ends_at, now, zone, until_eve=shape.until_eve)
    return Call(
        cohort_id=activity.cohort_id,
        activity_id=activity.id or 0,
        template=shape.name,
        title=activity.title[: rules.LONGEST_TITLE],
        audience=shape.audience,
        choice=shape.choice,
        minutes=shape.minutes or rules.USUAL_MINUTES,
        answer_minutes=shape.answer_minutes,
        opens_at=opens_at,
        closes_at=closes_at,
        made_by=made_by,
        created_at=now,
        told=rules.facts(activity.starts_at, activity.ends_at, activity.place),
    )


def require_activity(session: Session, cohort_id: int, activity_id: int, now: datetime) -> Activity:
    """The activity, of this cohort and still to come; raises Gone, ActivityIsOver."""
    activity = timetable.get_activity(session, activity_id)
    if activity.cohort_id != cohort_id:
        raise Gone
    if activity.cancelled_at is not None or activity.starts_at <= now:
        raise ActivityIsOver
    return activity


def require_maker(session: Session, speaker: Speaker | None, call_id: int) -> Call:
    """The call, for somebody who coordinates its cohort; raises Gone, NotAllowed."""
    call = queries.get_call(session, call_id)
    access.require_coordinator(session, speaker, call.cohort_id)
    return call


def require_reader(session: Session, speaker: Speaker | None, call_id: int) -> Call:
    """The call, for somebody who may see everything of its cohort; raises Gone, NotAllowed."""
    call = queries.get_call(session, call_id)
    access.require_reader(session, speaker, call.cohort_id)
    return call


def change(session: Session, *, speaker: Speaker | None, call_id: int, now: datetime, **values: Any) -> Call:
    """Change rules of a call: title, audience, units, choice, minutes, answer_minutes, opens_at, closes_at.

    Raises:
        NotAllowed, Gone: as ``require_maker``.
        BadWindow: the window does not fit the activity, or has closed already.
        ChoiceStays: somebody has signed up under another way of choosing.
        AlreadyPublished: slots have been announced with another length.
    """
    call = require_maker(session, speaker, call_id)
    assert speaker is not None  # noqa: S101 - the guard has looked
    changed = _new_values(call, values)
    if not changed:
        return call
    _require_possible(session, call, changed, now)
    before = {name: getattr(call, name) for name in changed}
    for name, value in changed.items():
        setattr(call, name, value)
    session.add(call)
    session.flush()
    if "minutes" in changed:
        _lay_slots(session, call)
    log(session, call, speaker.actor, "change", now, before=before, after=changed)
    return call


def set_places(
    session: Session, *, speaker: Speaker | None, call_id: int, part: Part, number: int, now: datetime
) -> Call:
    """How many places a draft has of a part; none takes the part away. Raises NotAllowed, Gone, AlreadyPublished."""
    call = require_maker(session, speaker, call_id)
    if call.status != CallStatus.DRAFT:
        raise AlreadyPublished
    if not 0 <= number <= rules.MOST_PLACES[part]:
        raise Gone
    assert speaker is not None  # noqa: S101 - the guard has looked
    pool = queries.pools_of(session, call_id).get(part)
    before = pool.capacity if pool else 0
    if number != before:
        _set_pool(session, call_id, part, number)
        _lay_slots(session, call)
        log(session, call, speaker.actor, "change", now, before={part: before}, after={part: number})
    return call


def delete_draft(session: Session, *, speaker: Speaker | None, call_id: int, now: datetime) -> int:
    """Throw a draft away; the number of its cohort. Raises NotAllowed, Gone, AlreadyPublished."""
    call = require_maker(session, speaker, call_id)
    assert speaker is not None  # noqa: S101 - the guard has looked
    if call.status != CallStatus.DRAFT:
        raise AlreadyPublished
    if session.connection().execute(select(func.count()).where(SIGNUP.c.call_id == call_id)).scalar():
        raise AlreadyPublished
    log(session, call, speaker.actor, "delete", now, before={"title": call.title})
    for table in (SLOT, POOL, DRAFT, TOPIC):
        session.connection().execute(delete(table).where(table.c.call_id == call_id))
    session.expire_all()
    cohort_id = call.cohort_id
    session.delete(call)
    session.flush()
    return cohort_id


def _new_values(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    if "units" in values:
        values = values | {"units": json.dumps(sorted(values["units"]), ensure_ascii=False)}
    return {name: value for name, value in values.items() if getattr(call, name) != value}


def _require_possible(session: Session, call: Call, changed: dict[str, Any], now: datetime) -> None:
    if "choice" in changed and queries.signups_of(session, call.id or 0, part=Part.SPEAKER):
        raise ChoiceStays
    if "minutes" in changed and call.status != CallStatus.DRAFT:
        raise AlreadyPublished
    if {"opens_at", "closes_at"} & changed.keys():
        activity = timetable.get_activity(session, call.activity_id)
        opens_at, closes_at = changed.get("opens_at", call.opens_at), changed.get("closes_at", call.closes_at)
        if not rules.is_window(opens_at, closes_at, activity.ends_at, now) or call.status == CallStatus.SETTLED:
            raise BadWindow


def _furnish(session: Session, call: Call, shape: Template, activity: Activity) -> None:
    length = int((activity.ends_at - activity.starts_at) / timedelta(minutes=1))
    fitting = length // call.minutes if shape.speakers else 0
    _set_pool(session, call.id or 0, Part.SPEAKER, min(shape.speakers, max(fitting, 1)) if shape.speakers else 0)
    _set_pool(session, call.id or 0, Part.LISTENER, shape.listeners)
    _lay_slots(session, call)


def _set_pool(session: Session, call_id: int, part: Part, number: int) -> None:
    mine = (POOL.c.call_id == call_id, POOL.c.part == part)
    connection = session.connection()
    if not number:
        connection.execute(delete(POOL).where(*mine))
    elif not connection.execute(update(POOL).where(*mine).values(capacity=number, wanted=number)).rowcount:
        row = {"call_id": call_id, "part": part, "capacity": number, "wanted": number, "taken": 0}
        connection.execute(POOL.insert(), row)


def _lay_slots(session: Session, call: Call) -> None:
    """As many speeches in the running order of a draft as it has speakers; breaks that were put in stay."""
    pool = queries.pools_of(session, call.id or 0).get(Part.SPEAKER)
    wanted = pool.capacity if pool else 0
    slots = queries.slots_of(session, call.id or 0)
    speeches = [slot for slot in slots if slot.is_speech]
    connection = session.connection()
    if extra := [slot.id for slot in speeches[wanted:]]:
        connection.execute(delete(SLOT).where(SLOT.c.id.in_(extra)))
    connection.execute(update(SLOT).where(SLOT.c.call_id == call.id, SLOT.c.is_speech).values(minutes=call.minutes))
    last = max((slot.position for slot in slots), default=0)
    rows = [
        {"call_id": call.id, "position": last + n, "minutes": call.minutes, "label": "", "is_speech": True}
        for n in range(1, wanted - len(speeches) + 1)
    ]
    if rows:
        connection.execute(SLOT.insert(), rows)


def log(
    session: Session,
    call: Call,
    actor: Actor,
    action: str,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Append what a coordinator, or the machine, did to a call to the change log."""
    line = audit.entry(
        actor=actor,
        now=now,
        action=action,
        subject=SUBJECT,
        subject_id=call.id or 0,
        cohort_id=call.cohort_id,
        before=before,
        after=after,
        reason=reason,
    )
    audit.record(session, line)
