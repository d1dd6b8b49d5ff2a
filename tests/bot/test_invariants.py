"""Each rule is shown a row that breaks it, on tables without constraints, since the real ones refuse most of them."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, MetaData, Table

from bot import invariants, schema
from bot.audit import guard
from bot.database import Database
from bot.inbox.parking import MAX_ATTEMPTS
from bot.invariants import RULES, check
from bot.tables import metadata
from tests.support.house import MONDAY
from tests.support.storage import lay_tables

assert schema

INBOX: dict[str, Any] = {
    "seq": 1,
    "source": "bot:1",
    "external_id": 10,
    "kind": "update",
    "received_at": MONDAY,
    "body": "{}",
    "status": "done",
    "attempts": 0,
    "error": None,
}
OUTBOX: dict[str, Any] = {
    "id": 1,
    "key": "in1:0",
    "lane": 1,
    "chat_id": 5,
    "method": "sendMessage",
    "payload": "{}",
    "edits_key": None,
    "edits_id": None,
    "created_at": MONDAY,
    "due_at": None,
    "status": "sent",
    "attempts": 0,
    "message_id": 7,
    "error": None,
    "settled_at": MONDAY,
}
ATTENDANCE: dict[str, Any] = {
    "activity_id": 3,
    "person_id": 4,
    "arrived_at": MONDAY,
    "method": "code",
    "marked_by": None,
    "recorded_at": MONDAY,
}
LOGGED: dict[str, Any] = {
    "id": 1,
    "at": MONDAY,
    "actor_id": 4,
    "actor": "",
    "cohort_id": 1,
    "person_id": 4,
    "action": "arrive",
    "subject": "attendance",
    "subject_id": 3,
    "before": None,
    "after": None,
    "reason": "",
}
WINDOW: dict[str, Any] = {
    "activity_id": 3,
    "secret": "s",
    "show_code": None,
    "opened_at": MONDAY,
    "opened_by": 4,
    "closed_at": None,
}
RECURRENCE: dict[str, Any] = {
    "id": 1,
    "cohort_id": 1,
    "kind": "agenda",
    "at": time(8),
    "time_zone": "UTC",
    "next_on": date(2026, 12, 8),
    "until": date(2026, 12, 9),
    "due_at": MONDAY + timedelta(days=1, hours=8),
}
OCCURRENCE: dict[str, Any] = {
    "id": 1,
    "recurrence_id": 1,
    "on": date(2026, 12, 7),
    "due_at": MONDAY,
    "settled_at": MONDAY,
    "outcome": "fired",
    "reason": "",
}
CARD: dict[str, Any] = {
    "id": 1,
    "person_id": 4,
    "cohort_id": 1,
    "digest": "f" * 64,
    "issued_at": MONDAY,
    "expires_at": MONDAY + timedelta(days=1),
    "used_at": MONDAY,
    "revoked_at": None,
}
IMPORT: dict[str, Any] = {
    "id": 1,
    "cohort_id": 1,
    "sender_id": 4,
    "chat_id": 5,
    "file_name": "a.xlsx",
    "kind": "",
    "content": None,
    "answers": "{}",
    "status": "done",
    "language": "en",
    "preview_key": "",
    "created_at": MONDAY,
}
REMINDER: dict[str, Any] = {
    "id": 1,
    "activity_id": 3,
    "minutes": 15,
    "starts_at": MONDAY + timedelta(minutes=15),
    "due_at": MONDAY,
    "settled_at": MONDAY,
    "outcome": "sent",
    "reason": "",
    "told": 1,
}
ANNOUNCEMENT: dict[str, Any] = {
    "id": 1,
    "cohort_id": 1,
    "opened_at": MONDAY,
    "opened_by": 4,
    "due_at": MONDAY,
    "settled_at": MONDAY,
    "outcome": "sent",
    "told": 1,
    "nudges": 0,
    "nudged_at": None,
}
ALTERATION: dict[str, Any] = {"id": 1, "announcement_id": 1, "activity_id": 3, "before": None, "after": "{}"}
OWNER: dict[str, Any] = {"id": 1, "epoch": 1, "holder": "process 1 on a", "since": MONDAY, "address": ""}
CALENDAR_FEED: dict[str, Any] = {
    "id": 1,
    "person_id": 4,
    "digest": "f" * 64,
    "language": "en",
    "created_at": MONDAY,
    "revoked_at": None,
}
NOTICE: dict[str, Any] = {
    "id": 1,
    "cohort_id": 1,
    "author_id": 4,
    "author_chat": 5,
    "created_at": MONDAY,
    "started_at": MONDAY,
    "reported_at": MONDAY,
}
COPY: dict[str, Any] = {"notice_id": 1, "person_id": 4, "telegram_id": 5, "language": "en", "state": "sent"}
CALL: dict[str, Any] = {
    "id": 1,
    "activity_id": 3,
    "status": "settled",
    "choice": "draw",
    "settled_at": MONDAY,
}
POOL: dict[str, Any] = {"call_id": 1, "part": "speaker", "capacity": 1, "wanted": 1, "taken": 1}
SIGNUP: dict[str, Any] = {
    "id": 1,
    "call_id": 1,
    "person_id": 4,
    "part": "speaker",
    "status": "confirmed",
    "rank": 1,
    "reason": "",
    "signed_at": MONDAY,
    "settled_at": MONDAY,
    "offered_at": None,
    "offer_until": None,
}
SLOT: dict[str, Any] = {"id": 1, "call_id": 1, "is_speech": True, "signup_id": 1}
ACTIVITY: dict[str, Any] = {"id": 3, "cancelled_at": None}
SOUND: dict[str, dict[str, Any]] = {
    "activity": ACTIVITY,
    "forum_call": CALL,
    "forum_pool": POOL,
    "forum_signup": SIGNUP,
    "forum_slot": SLOT,
    "notice": NOTICE,
    "notice_recipient": COPY,
    "inbox": INBOX,
    "outbox": OUTBOX,
    "attendance": ATTENDANCE,
    "change": LOGGED,
    "checkin_window": WINDOW,
    "recurrence": RECURRENCE,
    "occurrence": OCCURRENCE,
    "card": CARD,
    "calendar_feed": CALENDAR_FEED,
    "import": IMPORT,
    "reminder": REMINDER,
    "announcement": ANNOUNCEMENT,
    "alteration": ALTERATION,
    "ownership": OWNER,
}

Change = dict[str, Any] | None
BROKEN: list[tuple[str, str, Change, str]] = [
    # rule's text, table, what differs in a second row (None: the sound row itself is gone), example shown
    ("an update stands in the inbox twice", "inbox", {"seq": 2}, "bot:1/10"),
    ("an inbox row has a status that does not exist", "inbox", {"seq": 2, "external_id": 2, "status": "lost"}, "2"),
    ("an inbox row was tried more than three times", "inbox", {"seq": 2, "external_id": 2, "attempts": 4}, "2"),
    (
        "an inbox row waits without a body to process",
        "inbox",
        {"seq": 2, "external_id": 2, "status": "new", "body": None},
        "2",
    ),
    (
        "coordinates or a contact were kept after processing",
        "inbox",
        {"seq": 2, "external_id": 2, "body": '{"message":{"location":{"latitude":1}}}'},
        "2",
    ),
    ("two calls stand in the outbox for the same cause", "outbox", {"id": 2}, "in1:0"),
    ("an outbox row has a status that does not exist", "outbox", {"id": 2, "key": "k", "status": "lost"}, "2"),
    (
        "a message counts as sent but has no number from Telegram",
        "outbox",
        {"id": 2, "key": "k", "message_id": None},
        "2",
    ),
    ("a call is settled without a time", "outbox", {"id": 2, "key": "k", "settled_at": None}, "2"),
    ("a call waits although it was settled", "outbox", {"id": 2, "key": "k", "status": "new"}, "2"),
    ("a call failed without a reason", "outbox", {"id": 2, "key": "k", "status": "failed"}, "2"),
    ("a person stands twice in the attendance of an activity", "attendance", {}, "3/4"),
    ("somebody checked in where no check-in was ever open", "checkin_window", None, "3/4"),
    ("an attendance has no line in the change log", "change", None, "3/4"),
    ("a change has nobody who made it", "change", {"id": 2, "actor_id": None}, "2"),
    ("a local day was settled twice", "occurrence", {"id": 2}, "1/2026-12-07"),
    (
        "a push went out before it was due",
        "occurrence",
        {"id": 2, "recurrence_id": 2, "settled_at": MONDAY - timedelta(seconds=1)},
        "2",
    ),
    (
        "a local day has an outcome that does not exist",
        "occurrence",
        {"id": 2, "recurrence_id": 2, "outcome": "lost"},
        "2",
    ),
    ("a skipped day does not say why", "occurrence", {"id": 2, "recurrence_id": 2, "outcome": "skipped"}, "2"),
    ("a day that is settled would come again", "occurrence", {"id": 2, "on": date(2026, 12, 8)}, "1"),
    (
        "a push is due at another time than its day and hour say",
        "recurrence",
        {"id": 2, "time_zone": "Asia/Shanghai"},
        "2",
    ),
    ("a reminder is settled without an outcome", "reminder", {"id": 2, "outcome": ""}, "2"),
    ("a reminder went out before it was due", "reminder", {"id": 2, "settled_at": MONDAY - timedelta(seconds=1)}, "2"),
    ("a reminder was left out and does not say why", "reminder", {"id": 2, "outcome": "skipped"}, "2"),
    ("an announcement is settled without an outcome", "announcement", {"id": 2, "outcome": ""}, "2"),
    ("an announcement was sent and does not say what", "alteration", None, "1"),
    ("a card keeps something else than its digest", "card", {"id": 2, "digest": "ABCDE23456"}, "2"),
    ("a calendar address keeps something else than its digest", "calendar_feed", {"id": 2, "digest": "ABCDE"}, "2"),
    ("a card was used after it had expired or was revoked", "card", {"id": 2, "revoked_at": MONDAY}, "2"),
    (
        "a card was used after it had expired or was revoked",
        "card",
        {"id": 2, "used_at": MONDAY + timedelta(days=2)},
        "2",
    ),
    ("the places of a forum are counted wrongly", "forum_pool", {"call_id": 2}, "2/speaker"),
    (
        "more places of a forum are taken than there are",
        "forum_pool",
        {"call_id": 2, "taken": 0, "wanted": 2},
        "2/speaker",
    ),
    ("somebody has a place in a forum that has none", "forum_signup", {"id": 2, "call_id": 9}, "2"),
    (
        "an offered place has no answer time, or one that is not offered has one",
        "forum_signup",
        {"id": 2, "status": "reserve", "rank": 2, "offer_until": MONDAY},
        "2",
    ),
    ("a slot is held by somebody who does not speak in it", "forum_slot", {"id": 2, "is_speech": False}, "2"),
    ("somebody was not chosen and the reason was not kept", "forum_signup", {"id": 2, "status": "not_chosen"}, "2"),
    ("somebody still waits for an answer that was due", "forum_signup", {"id": 2, "status": "pending"}, "2"),
    ("an import has a status that does not exist", "import", {"id": 2, "status": "lost"}, "2"),
    ("the bot has more than one owner", "ownership", {"id": 2}, "2"),
    (
        "a copy of a notice has a state that does not exist",
        "notice_recipient",
        {"person_id": 6, "state": "lost"},
        "1/6",
    ),
    (
        "a copy of a notice counts as on its way and stands in no outbox",
        "notice_recipient",
        {"notice_id": 2, "state": "queued"},
        "2/4",
    ),
    ("a notice was reported though copies of it are open", "notice_recipient", {"state": "waiting"}, "1"),
]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/loose.sqlite3")
    loose = MetaData()
    for table in metadata().tables.values():
        Table(table.name, loose, *(Column(column.name, column.type) for column in table.columns))
    loose.create_all(database.connect())
    database.write_now(lambda session: guard.install(session.connection()))
    yield database
    database.close()


def fill(database: Database, rows: dict[str, list[dict[str, Any]]]) -> None:
    def insert(session: Any) -> None:
        for name, some in rows.items():
            if some:
                session.connection().execute(metadata().tables[name].insert(), some)

    database.write_now(insert)


def texts(database: Database) -> list[str]:
    return [violation.text for violation in database.read_now(check)]


def test_an_empty_database_of_either_kind_has_no_violation(database_url: str) -> None:
    database = Database(database_url)
    lay_tables(database)

    violations = database.read_now(check)
    database.close()

    assert violations == []


def test_sound_rows_are_no_violation(database: Database) -> None:
    fill(database, {name: [row] for name, row in SOUND.items()})

    assert database.read_now(check) == []


@pytest.mark.parametrize(("text", "table", "change", "example"), BROKEN, ids=[f"{row[1]}: {row[0]}" for row in BROKEN])
def test_a_row_that_breaks_a_rule_is_found(
    database: Database, text: str, table: str, change: Change, example: str
) -> None:
    rows = {name: [row] for name, row in SOUND.items()}
    rows[table] = [SOUND[table], SOUND[table] | change] if change is not None else []
    fill(database, rows)

    found = [violation for violation in database.read_now(check) if violation.text == text]

    assert [violation.examples for violation in found] == [(example,)]


def test_the_effect_of_an_update_that_is_not_done_is_found(database: Database) -> None:
    fill(database, {"inbox": [INBOX | {"status": "parked"}], "outbox": [OUTBOX]})

    assert texts(database) == ["an update that is not done has left an effect"]


def test_an_answer_to_an_earlier_update_after_one_to_a_later_update_is_found(database: Database) -> None:
    other_chat = OUTBOX | {"id": 3, "key": "in4:0", "chat_id": 6}
    fill(database, {"outbox": [OUTBOX | {"key": "in9:0"}, OUTBOX | {"id": 2, "key": "in8:0"}, other_chat]})

    found = database.read_now(check)

    assert [(violation.text, violation.examples) for violation in found] == [
        ("a chat was answered out of the order of its updates", ("2",))
    ]


@pytest.mark.parametrize("change", [{"method": "hand", "marked_by": None}, {"arrived_at": None}])
def test_an_incomplete_attendance_is_found(database: Database, change: dict[str, Any]) -> None:
    fill(database, {"attendance": [ATTENDANCE | change], "change": [LOGGED], "checkin_window": [WINDOW]})

    assert len(texts(database)) == 1


def test_places_that_are_given_wrongly_are_found(database: Database) -> None:
    waiting = SIGNUP | {"status": "reserve", "settled_at": MONDAY - timedelta(hours=1), "rank": 5}
    offered = SIGNUP | {"id": 4, "status": "offered", "offered_at": MONDAY, "offer_until": MONDAY, "rank": 9}
    signups = [waiting | {"id": 2}, waiting | {"id": 3}, offered]
    pool = POOL | {"capacity": 2, "wanted": 2}
    fill(database, {"activity": [ACTIVITY], "forum_call": [CALL], "forum_pool": [pool], "forum_signup": signups})

    found = {violation.text: violation.examples for violation in database.read_now(check)}

    assert found == {
        "a place in a forum is free and somebody waits for it": ("1/speaker",),
        "a place was offered out of the order of the reserve list": ("4", "4"),
        "two people have the same number on a reserve list": ("1/speaker/5",),
    }


def test_many_violations_of_one_rule_are_one_line_with_few_examples(database: Database) -> None:
    fill(database, {"ownership": [OWNER | {"id": number} for number in range(2, 22)]})

    (violation,) = database.read_now(check)

    assert (violation.count, len(violation.examples)) == (20, 5)


def test_every_rule_has_a_row_here_that_breaks_it() -> None:
    elsewhere = {
        "an update that is not done has left an effect",
        "a chat was answered out of the order of its updates",
        "somebody checked in without a time of arrival",
        "a mark by hand does not say whose",
        "leave was approved and the check-in does not know it",
        "a request for leave was decided by nobody",
        "something made up was confirmed and gave no hours back",
        "nothing in the database keeps the change log from being rewritten",  # tests/bot/audit/test_guard.py
        "a corrected question no longer knows what it said before",  # tests/bot/banks/test_soundness.py
        "a camp has two question banks of one name",
        "a place in a forum is free and somebody waits for it",
        "a place was offered out of the order of the reserve list",
        "two people have the same number on a reserve list",
    }

    of_the_quiz = {
        rule.text for rule in RULES if rule.invariant == "I10"
    }  # and of discussions: test_soundness.py of both
    assert {rule.text for rule in RULES} == {row[0] for row in BROKEN} | elsewhere | of_the_quiz


def test_the_limit_of_attempts_is_the_workers() -> None:
    assert invariants.MAX_ATTEMPTS == MAX_ATTEMPTS
