"""Databases as a large camp leaves them, written directly: a benchmark must not wait for 5,000 cards to be typed."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert, text
from sqlmodel import Session

from bot import migrations, schema
from bot.checkin import rules
from bot.checkin.models import Window
from bot.database import Database
from bot.hours.models import HoursReview
from bot.inbox.models import Inbox
from bot.outbox import calls
from bot.outbox.calls import Message
from bot.outbox.lanes import Lane
from bot.people.models import Cohort, Membership, Organisation, Person
from bot.recurrence.models import Recurrence
from bot.timetable.models import Activity
from bot.turn import Turn

assert schema  # the migrations compare against nothing, but the models must be one whole

FIRST_ACCOUNT = 1_000_000_000
FIRST_HELD = 1_000_000
"""The first id of what lies in the past."""
TITLE = "社区治理与基层服务"
SECRET = "0123456789abcdef0123456789abcdef"
CHUNK = 5_000
HOUR = timedelta(hours=1)
EACH_CAMP = 60
"""Activities of a camp; the model camp of a city has about as many."""
TRAINEES = 77
ATTENDED = text(
    "INSERT INTO attendance (activity_id, person_id, arrived_at, method, recorded_at) "
    "SELECT activity.id, membership.person_id, activity.starts_at, 'code', activity.starts_at "
    "FROM activity JOIN membership ON membership.cohort_id = activity.cohort_id "
    "WHERE activity.id >= :first ORDER BY activity.id, membership.person_id LIMIT :past"
)


@dataclass(frozen=True, slots=True)
class Camp:
    """A cohort with linked trainees and one activity whose check-in is open."""

    people: int
    activity_id: int = 1

    def account(self, number: int) -> int:
        """The Telegram id of the person number ``number``, counted from 0."""
        return FIRST_ACCOUNT + number

    def button(self, number: int) -> str:
        """The data of that person's own check-in button."""
        return f"checkin:now:{self.activity_id}:{rules.button_mac(SECRET, self.activity_id, number + 1)}"


def seed_camp(url: str, people: int, *, past: int = 0, cohorts: int = 1) -> Camp:
    """Make the schema and a camp; ``past`` attendance rows of earlier activities, ``cohorts`` to spread people over."""
    database = Database(url)
    try:
        migrations.upgrade(database)
        database.write_now(lambda session: _fill(session, people, cohorts))
        if past:
            database.write_now(lambda session: _fill_past(session, people, past))
    finally:
        database.close()
    return Camp(people)


def seed_notices(url: str, accounts: list[int]) -> None:
    """Put one notice for each account into the outbox, as one transaction."""
    database = Database(url)
    try:
        database.write_now(lambda session: _owe(session, accounts))
    finally:
        database.close()


def seed_mornings(url: str, cohorts: int, due_at: datetime) -> None:
    """Make the morning push of every cohort due at one instant."""
    database = Database(url)
    rows = [_recurrence(number + 1, due_at) for number in range(cohorts)]
    try:
        database.write_now(lambda session: put(session, Recurrence, rows))
    finally:
        database.close()


def seed_inbox(url: str, rows: int) -> None:
    """Fill the inbox with updates that are done with."""
    database = Database(url)
    body = json.dumps({"update_id": 1, "message": {"text": "x" * 400}})
    now = datetime.now(UTC)
    done = [
        {
            "source": "bot:1",
            "external_id": number,
            "kind": "update",
            "received_at": now,
            "body": body,
            "status": "done",
            "attempts": 0,
        }
        for number in range(rows)
    ]
    try:
        database.write_now(lambda session: put(session, Inbox, done))
    finally:
        database.close()


def count(url: str, question: str) -> int:
    """The one number that a query gives."""
    database = Database(url)
    try:
        return int(database.read_now(lambda session: session.connection().execute(text(question)).scalar_one()))
    finally:
        database.close()


def _fill(session: Session, people: int, cohorts: int) -> None:
    now = datetime.now(UTC)
    start = now.replace(minute=0, second=0, microsecond=0)
    put(session, Organisation, [{"id": 1, "name": "office"}])
    put(session, Cohort, [_cohort(number + 1, now) for number in range(cohorts)])
    put(session, Person, [_person(number + 1, now) for number in range(people)])
    put(session, Membership, [_membership(number % cohorts + 1, number + 1, now) for number in range(people)])
    put(session, Activity, [_activity(number + 1, number + 1, start, TITLE) for number in range(cohorts)])
    put(session, Window, [{"activity_id": 1, "secret": SECRET, "opened_at": start - HOUR, "opened_by": 1}])


def _cohort(number: int, now: datetime) -> dict[str, Any]:
    today = now.date()
    return {
        "id": number,
        "organisation_id": 1,
        "name": f"第{number}期",
        "starts_on": today - timedelta(days=1),
        "ends_on": today + timedelta(days=30),
        "time_zone": "Asia/Shanghai",
        "language": "zh",
        "push_at": time(7, 30),
        "created_at": now,
    }


def _person(person_id: int, now: datetime) -> dict[str, Any]:
    return {
        "id": person_id,
        "organisation_id": 1,
        "name": f"学员{person_id - 1}",
        "language": "zh",
        "telegram_id": FIRST_ACCOUNT + person_id - 1,
        "linked_at": now,
    }


def _membership(cohort_id: int, person_id: int, now: datetime) -> dict[str, Any]:
    return {"cohort_id": cohort_id, "person_id": person_id, "role": "trainee", "joined_at": now}


def _activity(activity_id: int, cohort_id: int, starts_at: datetime, title: str) -> dict[str, Any]:
    return {
        "id": activity_id,
        "cohort_id": cohort_id,
        "starts_at": starts_at,
        "ends_at": starts_at + 2 * HOUR,
        "kind": "",
        "title": title,
        "speaker": "",
        "place": "301",
        "notes": "",
        "version": 0,
    }


def _recurrence(cohort_id: int, due_at: datetime) -> dict[str, Any]:
    today: date = (due_at + 8 * HOUR).date()
    return {
        "cohort_id": cohort_id,
        "kind": "morning",
        "at": time(7, 30),
        "time_zone": "Asia/Shanghai",
        "next_on": today,
        "until": today + timedelta(days=30),
        "due_at": due_at,
    }


def _fill_past(session: Session, people: int, past: int) -> None:
    """So many attendances: as many as a camp has activities for in the present one, the others in camps that are over.

    The present camp's hours have been looked over, as a bot that recorded all this would have done long ago.
    """
    now = datetime.now(UTC)
    here = min(-(-past // people), EACH_CAMP)
    over = range(-(-max(0, past - here * people) // (EACH_CAMP * TRAINEES)))
    put(session, Activity, [_held(FIRST_HELD + number, 1, now) for number in range(here)])
    for number in over:
        _fill_ended(session, number, now - timedelta(days=90 * (number + 1)))
    session.connection().execute(ATTENDED, {"first": FIRST_HELD, "past": past})
    put(session, HoursReview, [{"cohort_id": 1, "change_id": 0, "reviewed_at": now}])


def _fill_ended(session: Session, number: int, now: datetime) -> None:
    """A camp of the model size that ended before ``now``, with its own people."""
    cohort_id, first = FIRST_HELD + number, FIRST_HELD + number * TRAINEES
    dates = {"starts_on": now.date() - timedelta(days=30), "ends_on": now.date()}
    ids = range(first, first + TRAINEES)
    put(session, Cohort, [_cohort(cohort_id, now) | dates])
    put(session, Person, [_person(one, now) for one in ids])
    put(session, Membership, [_membership(cohort_id, one, now) for one in ids])
    held = FIRST_HELD + (number + 1) * EACH_CAMP
    put(session, Activity, [_held(held + one, cohort_id, now) for one in range(EACH_CAMP)])


def _held(activity_id: int, cohort_id: int, now: datetime) -> dict[str, Any]:
    starts_at = now - timedelta(hours=6 * (1 + activity_id % EACH_CAMP))
    return _activity(activity_id, cohort_id, starts_at, "past")


def _owe(session: Session, accounts: list[int]) -> None:
    turn = Turn(session, datetime.now(UTC), cause="benchmark")
    message = Message("明天的讲座改在<b>三楼报告厅</b>，请提前十分钟到场。")
    for account in accounts:
        turn.record(calls.send_message(account, message, Lane.NOTICE))
    turn.flush()


def put(session: Session, model: Any, rows: list[dict[str, Any]]) -> None:
    """Insert rows in large stretches."""
    for start in range(0, len(rows), CHUNK):
        session.connection().execute(insert(model.__table__), rows[start : start + CHUNK])
