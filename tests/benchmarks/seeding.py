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
SECRET = "0123456789abcdef0123456789abcdef"
CHUNK = 5_000
HOUR = timedelta(hours=1)
PAST = text(
    "INSERT INTO attendance (activity_id, person_id, arrived_at, method, recorded_at) "
    "SELECT activity.id, person.id, activity.starts_at, 'code', activity.starts_at "
    "FROM activity CROSS JOIN person WHERE activity.id >= :first ORDER BY activity.id, person.id LIMIT :past"
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
    put(
        session,
        Person,
        [
            {
                "id": number + 1,
                "organisation_id": 1,
                "name": f"学员{number}",
                "language": "zh",
                "telegram_id": FIRST_ACCOUNT + number,
                "linked_at": now,
            }
            for number in range(people)
        ],
    )
    put(
        session,
        Membership,
        [
            {"cohort_id": number % cohorts + 1, "person_id": number + 1, "role": "trainee", "joined_at": now}
            for number in range(people)
        ],
    )
    put(
        session,
        Activity,
        [
            {
                "id": number + 1,
                "cohort_id": number + 1,
                "starts_at": start,
                "ends_at": start + 2 * HOUR,
                "kind": "",
                "title": "社区治理与基层服务",
                "speaker": "",
                "place": "301",
                "notes": "",
                "version": 0,
            }
            for number in range(cohorts)
        ],
    )
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
    """Attendance at as many earlier activities as it takes, written by the database itself."""
    activities = -(-past // people)
    begin = datetime.now(UTC) - timedelta(days=400)
    first = 1_000_000
    put(
        session,
        Activity,
        [
            {
                "id": first + number,
                "cohort_id": 1,
                "starts_at": begin + number * HOUR / 10,
                "ends_at": begin + number * HOUR / 10 + HOUR,
                "kind": "",
                "title": "past",
                "speaker": "",
                "place": "",
                "notes": "",
                "version": 0,
            }
            for number in range(activities)
        ],
    )
    session.connection().execute(PAST, {"first": first, "past": past})


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
