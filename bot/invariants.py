"""What must always hold, as read-only queries: ``doctor`` runs them, and every fault test after its storm.

Each rule names the invariant it belongs to (I2: one effect an update, I3: order within a chat, I4: nothing waits for
ever, I5: what is owed stands in the outbox, I7: no place oversold or left empty, I8: one attendance, I9: each local day
once, I11: the change log, I12: no secret kept, I13: one owner). What only Telegram's side knows is for the fault tests
to compare. A violation shows row numbers, never a name, a text or a code.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import Select, Text, and_, cast, except_, func, literal, or_, select
from sqlmodel import Session

from bot.audit import guard
from bot.audit.models import Change
from bot.banks import soundness as banks
from bot.calendars.models import CalendarFeed
from bot.changes import soundness as changes
from bot.checkin.models import Attendance, Method, Window
from bot.discussions import soundness as discussions
from bot.forum import soundness as forum
from bot.inbox import models as inbox
from bot.inbox.models import Inbox
from bot.leave import soundness as leave
from bot.notices import soundness as notices
from bot.outbox import models as outbox
from bot.outbox.models import Outbox
from bot.ownership import Ownership
from bot.people.models import Card, Import, ImportStatus
from bot.quiz import soundness as quiz
from bot.recurrence.models import Occurrence, Outcome, Recurrence
from bot.recurrence.rules import due_on
from bot.reminders import soundness as reminders

MAX_ATTEMPTS = 3
SHOWN = 5
COUNTED = 1000
REPLIES_LOOKED_AT = 20_000
DIGEST_LENGTH = 64

INBOX = Inbox.__table__  # type: ignore[attr-defined]
OUTBOX = Outbox.__table__  # type: ignore[attr-defined]
ATTENDANCE = Attendance.__table__  # type: ignore[attr-defined]
WINDOW = Window.__table__  # type: ignore[attr-defined]
CHANGE = Change.__table__  # type: ignore[attr-defined]
CARD = Card.__table__  # type: ignore[attr-defined]
IMPORT = Import.__table__  # type: ignore[attr-defined]
FEED = CalendarFeed.__table__  # type: ignore[attr-defined]
RECURRENCE = Recurrence.__table__  # type: ignore[attr-defined]
OCCURRENCE = Occurrence.__table__  # type: ignore[attr-defined]
OWNERSHIP = Ownership.__table__  # type: ignore[attr-defined]

WAITING = (outbox.Status.NEW, outbox.Status.SENDING)
NUMBERED = ("sendMessage", "sendDocument", "sendPhoto", "sendPoll")
MADE_BY_UPDATE = re.compile(r"in(\d+):")

Rows = Iterable[Any]
Find = Callable[[Session], Rows]


class Violation(Struct, frozen=True):
    """An invariant that does not hold. ``count`` stops at 1,000; ``examples`` are row numbers, five at most."""

    invariant: str
    text: str
    count: int
    examples: tuple[str, ...]


class Rule(Struct, frozen=True):
    """One thing that must hold; ``find`` returns the rows for which it does not."""

    invariant: str
    text: str
    find: Find


def check(session: Session) -> list[Violation]:
    """Every violation in the database, in the order of the rules."""
    return [violation for rule in RULES if (violation := _violation(session, rule))]


def _violation(session: Session, rule: Rule) -> Violation | None:
    rows = list(rule.find(session))
    if not rows:
        return None
    examples = tuple("/".join(str(value) for value in row) for row in rows[:SHOWN])
    return Violation(rule.invariant, rule.text, len(rows), examples)


def _none(query: Select[Any]) -> Find:
    """The rule that a query finds nothing."""
    limited = query.limit(COUNTED)
    return lambda session: session.connection().execute(limited).all()


def _where(table: Any, *conditions: Any, shown: str = "id") -> Find:
    return _none(select(table.c[shown]).where(and_(*conditions)))


def _twice(table: Any, *columns: str) -> Find:
    unique = [table.c[name] for name in columns]
    return _none(select(*unique).group_by(*unique).having(func.count() > 1))


def _effects_of_undone_updates() -> Find:
    """The first call of an update stands in the outbox though the update still waits or was parked."""
    first = literal("in").concat(cast(INBOX.c.seq, Text)).concat(":0")
    undone = INBOX.c.status.in_((inbox.Status.NEW, inbox.Status.PARKED))
    return _none(select(INBOX.c.seq).join(OUTBOX, OUTBOX.c.key == first).where(undone))


def _replies_out_of_order(session: Session) -> Rows:
    """Of the latest replies, those recorded in a chat after the replies to a later update of the same chat."""
    latest = select(func.coalesce(func.max(OUTBOX.c.id), 0) - REPLIES_LOOKED_AT).scalar_subquery()
    query = select(OUTBOX.c.id, OUTBOX.c.chat_id, OUTBOX.c.key).where(OUTBOX.c.id > latest).order_by(OUTBOX.c.id)
    answered: dict[int, int] = {}
    found = []
    for number, chat_id, key in session.connection().execute(query):
        if made := MADE_BY_UPDATE.match(key):
            seq = int(made[1])
            found += [(number,)] if seq < answered.get(chat_id, 0) else []
            answered[chat_id] = max(seq, answered.get(chat_id, 0))
    return found


def _attendance_without_log(session: Session) -> Rows:
    logged = select(CHANGE.c.subject_id, CHANGE.c.person_id).where(CHANGE.c.subject == "attendance")
    query = except_(select(ATTENDANCE.c.activity_id, ATTENDANCE.c.person_id), logged).limit(COUNTED)
    return session.connection().execute(query).all()


def _log_without_guard(session: Session) -> Rows:
    return [] if guard.is_installed(session.connection()) else [("change",)]


def _attendance_without_window() -> Find:
    joined = ATTENDANCE.outerjoin(WINDOW, WINDOW.c.activity_id == ATTENDANCE.c.activity_id)
    missing = and_(WINDOW.c.activity_id.is_(None), ATTENDANCE.c.method != Method.HAND)
    return _none(select(ATTENDANCE.c.activity_id, ATTENDANCE.c.person_id).select_from(joined).where(missing))


def _settled_days_to_come() -> Find:
    same = and_(OCCURRENCE.c.recurrence_id == RECURRENCE.c.id, OCCURRENCE.c.on == RECURRENCE.c.next_on)
    return _none(select(RECURRENCE.c.id).join(OCCURRENCE, same).where(RECURRENCE.c.due_at.is_not(None)))


def _due_at_another_time(session: Session) -> Rows:
    query = select(RECURRENCE).where(RECURRENCE.c.due_at.is_not(None))
    return [(row.id,) for row in session.connection().execute(query) if _reckoned(row) != row.due_at]


def _reckoned(row: Any) -> Any:
    due = due_on(row.next_on, row.at, ZoneInfo(row.time_zone))
    return due.at if due else None


def _out_of_range(table: Any, values: Iterable[str], shown: str = "id") -> Find:
    return _where(table, table.c.status.not_in(list(values)), shown=shown)


RULES = (
    Rule("I2", "an update stands in the inbox twice", _twice(INBOX, "source", "external_id")),
    Rule("I2", "an update that is not done has left an effect", _effects_of_undone_updates()),
    Rule("I3", "a chat was answered out of the order of its updates", _replies_out_of_order),
    Rule("I4", "an inbox row has a status that does not exist", _out_of_range(INBOX, inbox.Status, "seq")),
    Rule(
        "I4",
        "an inbox row was tried more than three times",
        _where(INBOX, INBOX.c.attempts > MAX_ATTEMPTS, shown="seq"),
    ),
    Rule(
        "I4",
        "an inbox row waits without a body to process",
        _where(INBOX, INBOX.c.status == inbox.Status.NEW, INBOX.c.body.is_(None), shown="seq"),
    ),
    Rule("I5", "two calls stand in the outbox for the same cause", _twice(OUTBOX, "key")),
    Rule("I5", "an outbox row has a status that does not exist", _out_of_range(OUTBOX, outbox.Status)),
    Rule(
        "I5",
        "a message counts as sent but has no number from Telegram",
        _where(
            OUTBOX, OUTBOX.c.status == outbox.Status.SENT, OUTBOX.c.method.in_(NUMBERED), OUTBOX.c.message_id.is_(None)
        ),
    ),
    Rule(
        "I5",
        "a call is settled without a time",
        _where(OUTBOX, OUTBOX.c.status.not_in(WAITING), OUTBOX.c.settled_at.is_(None)),
    ),
    Rule(
        "I5",
        "a call waits although it was settled",
        _where(OUTBOX, OUTBOX.c.status.in_(WAITING), OUTBOX.c.settled_at.is_not(None)),
    ),
    Rule(
        "I5",
        "a call failed without a reason",
        _where(OUTBOX, OUTBOX.c.status.in_((outbox.Status.FAILED, outbox.Status.UNKNOWN)), OUTBOX.c.error.is_(None)),
    ),
    Rule(
        "I8", "a person stands twice in the attendance of an activity", _twice(ATTENDANCE, "activity_id", "person_id")
    ),
    Rule("I8", "somebody checked in where no check-in was ever open", _attendance_without_window()),
    Rule(
        "I8",
        "somebody checked in without a time of arrival",
        _where(ATTENDANCE, ATTENDANCE.c.arrived_at.is_(None), ATTENDANCE.c.method != Method.HAND, shown="activity_id"),
    ),
    Rule("I9", "a local day was settled twice", _twice(OCCURRENCE, "recurrence_id", "on")),
    Rule(
        "I9",
        "a push went out before it was due",
        _where(OCCURRENCE, OCCURRENCE.c.settled_at < OCCURRENCE.c.due_at, OCCURRENCE.c.outcome != Outcome.SKIPPED),
    ),
    Rule(
        "I9",
        "a local day has an outcome that does not exist",
        _where(OCCURRENCE, OCCURRENCE.c.outcome.not_in(list(Outcome))),
    ),
    Rule(
        "I9",
        "a skipped day does not say why",
        _where(OCCURRENCE, OCCURRENCE.c.outcome == Outcome.SKIPPED, OCCURRENCE.c.reason == ""),
    ),
    Rule("I9", "a day that is settled would come again", _settled_days_to_come()),
    Rule("I9", "a reminder is settled without an outcome", _none(reminders.WITHOUT_OUTCOME)),
    Rule("I9", "a reminder went out before it was due", _none(reminders.TOO_EARLY)),
    Rule("I9", "a reminder was left out and does not say why", _none(reminders.WITHOUT_REASON)),
    Rule("I9", "an announcement is settled without an outcome", _none(changes.WITHOUT_OUTCOME)),
    Rule("I5", "an announcement was sent and does not say what", _none(changes.WITHOUT_WORDS)),
    Rule("I6", "a copy of a notice has a state that does not exist", _none(notices.STATELESS)),
    Rule("I6", "a copy of a notice counts as on its way and stands in no outbox", _none(notices.UNOWED)),
    Rule("I6", "a notice was reported though copies of it are open", _none(notices.ENDED_EARLY)),
    Rule("I7", "the places of a forum are counted wrongly", _none(forum.MISCOUNTED)),
    Rule("I7", "more places of a forum are taken than there are", _none(forum.OVERSOLD)),
    Rule("I7", "a place in a forum is free and somebody waits for it", _none(forum.EMPTY)),
    Rule("I7", "somebody has a place in a forum that has none", _none(forum.WITHOUT_POOL)),
    Rule("I7", "an offered place has no answer time, or one that is not offered has one", _none(forum.WITHOUT_TIME)),
    Rule("I7", "a place was offered out of the order of the reserve list", _none(forum.OUT_OF_ORDER)),
    Rule("I7", "two people have the same number on a reserve list", _none(forum.SAME_NUMBER)),
    Rule("I7", "a slot is held by somebody who does not speak in it", _none(forum.WRONG_SLOT)),
    Rule("I7", "somebody was not chosen and the reason was not kept", _none(forum.WITHOUT_REASON)),
    Rule("I7", "somebody still waits for an answer that was due", _none(forum.UNANSWERED)),
    Rule("I9", "a push is due at another time than its day and hour say", _due_at_another_time),
    Rule("I10", "a question was put twice in one attempt", _none(quiz.PUT_TWICE)),
    Rule("I10", "somebody has two answers to the question of a day", _none(quiz.ANSWERED_TWICE)),
    Rule("I10", "an answer was given after the end of its attempt", _none(quiz.ANSWERED_LATE)),
    Rule("I10", "a result is not the sum of its answers", _none(quiz.SUMMED_WRONGLY)),
    Rule("I10", "an attempt was handed in and its answers were not settled", _none(quiz.LEFT_OPEN)),
    Rule("I10", "an answer is scored otherwise than its question says", quiz.misjudged),
    *(Rule("I10", text, _none(query)) for text, query in discussions.BROKEN.items()),
    Rule("I11", "a corrected question no longer knows what it said before", _none(banks.WITHOUT_HISTORY)),
    Rule("I2", "a camp has two question banks of one name", _none(banks.TWO_OF_ONE_NAME)),
    Rule("I8", "leave was approved and the check-in does not know it", _none(leave.UNKNOWN_TO_CHECKIN)),
    Rule("I11", "a request for leave was decided by nobody", _none(leave.UNSIGNED)),
    Rule("I8", "something made up was confirmed and gave no hours back", _none(leave.WITHOUT_RETURN)),
    Rule("I11", "an attendance has no line in the change log", _attendance_without_log),
    Rule(
        "I11",
        "a mark by hand does not say whose",
        _where(ATTENDANCE, ATTENDANCE.c.method == Method.HAND, ATTENDANCE.c.marked_by.is_(None), shown="activity_id"),
    ),
    Rule("I11", "nothing in the database keeps the change log from being rewritten", _log_without_guard),
    Rule("I11", "a change has nobody who made it", _where(CHANGE, CHANGE.c.actor_id.is_(None), CHANGE.c.actor == "")),
    Rule(
        "I12", "a card keeps something else than its digest", _where(CARD, func.length(CARD.c.digest) != DIGEST_LENGTH)
    ),
    Rule(
        "I12",
        "a calendar address keeps something else than its digest",
        _where(FEED, func.length(FEED.c.digest) != DIGEST_LENGTH),
    ),
    Rule(
        "I12",
        "a card was used after it had expired or was revoked",
        _where(
            CARD,
            or_(CARD.c.used_at > CARD.c.expires_at, and_(CARD.c.used_at.is_not(None), CARD.c.revoked_at.is_not(None))),
        ),
    ),
    Rule(
        "I12",
        "coordinates or a contact were kept after processing",
        _where(
            INBOX,
            INBOX.c.status != inbox.Status.NEW,
            or_(INBOX.c.body.like('%"location":{%'), INBOX.c.body.like('%"contact":{%')),
            shown="seq",
        ),
    ),
    Rule("I4", "an import has a status that does not exist", _out_of_range(IMPORT, ImportStatus)),
    Rule("I13", "the bot has more than one owner", _none(select(OWNERSHIP.c.id).where(OWNERSHIP.c.id != 1))),
)
"""All rules. A new feature adds its own here."""
