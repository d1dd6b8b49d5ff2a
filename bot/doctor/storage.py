"""The database: whether it answers, its version, its soundness, the invariants, what waits and what was parked."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import URL, inspect, make_url, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from bot import invariants, migrations
from bot.database import Database
from bot.doctor.findings import Finding, note, ok, problem, unknown
from bot.doctor.holidays import examine_holidays
from bot.inbox.models import Inbox, Status
from bot.pulse import Pulse, take_pulse

LATE_SECONDS = 60.0
LARGEST_LOG = 64 * 1024**2
LEAST_POSTGRESQL = 13
PARKED_SHOWN = 5
LONGEST_ERROR = 120
INBOX = Inbox.__table__  # type: ignore[attr-defined]


def find_missing(address: str) -> Finding | None:
    """Say so where there is no SQLite file yet: merely opening a ``Database`` would make its folder."""
    url = make_url(address)
    if url.get_backend_name() != "sqlite" or Path(url.database or "").is_file():
        return None
    return unknown("database", f"there is none yet at {_place(url)}; the bot makes it when it starts")


def examine_storage(database: Database, now: datetime) -> Iterator[Finding]:
    """Everything that can be known of the database without writing to it."""
    try:
        yield from _examine(database, now)
    except DBAPIError as error:
        yield _failure(database, error)


def _examine(database: Database, now: datetime) -> Iterator[Finding]:
    version, found = database.read_now(_version)
    yield found if database.is_sqlite else _judge_server(found)
    if database.is_sqlite:
        yield database.read_now(_examine_pages)
        yield examine_log(Path(f"{database.url.database}-wal"))
    yield judge_version(version, migrations.HEAD, migrations.versions())
    if version == migrations.HEAD:
        for examine in (_examine_invariants, _examine_queues, _examine_parked, _examine_holidays):
            yield from database.read_now(_at(examine, now))


def _at(examine: Callable[[Session, datetime], list[Finding]], now: datetime) -> Callable[[Session], list[Finding]]:
    return lambda session: examine(session, now)


def _version(session: Session) -> tuple[str | None, Finding]:
    connection = session.connection()
    place = _place(connection.engine.url)
    found = ok("database", place)
    if connection.dialect.name == "postgresql":
        found = ok("database", f"{place}, PostgreSQL {connection.execute(text('SHOW server_version')).scalar()}")
    if not inspect(connection).has_table("alembic_version"):
        return None, found
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar(), found


def _judge_server(found: Finding) -> Finding:
    major = int(found.text.rpartition("PostgreSQL ")[2].partition(".")[0].split()[0])
    return found if major >= LEAST_POSTGRESQL else problem("database", f"{found.text}; 13 or later is needed")


def judge_version(version: str | None, head: str, known: list[str]) -> Finding:
    """What the schema's version means for this program."""
    if version == head:
        return ok("schema", f"version {head}")
    if version is None:
        return unknown("schema", "the database is empty; the bot makes its tables when it starts")
    if version in known:
        return unknown("schema", f"version {version}; the bot brings it to {head} when it starts")
    return problem("schema", f"version {version} is newer than this program knows ({head}): install the newer program")


def _examine_pages(session: Session) -> Finding:
    connection = session.connection()
    faults = [row[0] for row in connection.exec_driver_sql("PRAGMA quick_check(3)") if row[0] != "ok"]
    if faults:
        return _damaged(connection.engine.url, "; ".join(faults))
    broken = len(connection.exec_driver_sql("PRAGMA foreign_key_check").all())
    if broken:
        return problem("integrity", f"{broken} rows refer to rows that are missing; report this, with the log")
    return ok("integrity", "every page and every reference is sound")


def examine_log(path: Path) -> Finding:
    """Whether SQLite's write-ahead log is being written back; a reader that never ends would stop that."""
    size = path.stat().st_size if path.exists() else 0
    if size > LARGEST_LOG:
        return problem("write-ahead log", f"{size / 1e6:.0f} MB: another program keeps the database open; restart it")
    return ok("write-ahead log", f"{size / 1e6:.1f} MB")


def _examine_invariants(session: Session, _: datetime) -> list[Finding]:
    violations = invariants.check(session)
    if not violations:
        return [ok("invariants", f"{len(invariants.RULES)} rules hold")]
    return [
        problem(
            f"invariant {broken.invariant}",
            f"{broken.text}: {broken.count} rows, such as {', '.join(broken.examples)}; report this, with the log",
        )
        for broken in violations
    ]


def _examine_queues(session: Session, now: datetime) -> list[Finding]:
    pulse = take_pulse(session, now)
    return [
        _judge_queue("inbox", f"{pulse.inbox_waiting} waiting", pulse.inbox_lag),
        _judge_queue("outbox", f"{pulse.outbox_waiting} waiting", pulse.outbox_lag),
        _judge_queue("daily pushes", "none overdue" if not pulse.schedule_lag else "overdue", pulse.schedule_lag),
        _judge_parked(pulse),
    ]


def _judge_queue(subject: str, words: str, lag: float) -> Finding:
    if lag <= LATE_SECONDS:
        return ok(subject, words)
    return problem(subject, f"{words}, the oldest for {timedelta(seconds=round(lag))}; does the bot run?")


def _judge_parked(pulse: Pulse) -> Finding:
    if not pulse.inbox_parked:
        return ok("parked updates", "none")
    return problem("parked updates", f"{pulse.inbox_parked} failed three times and were set aside; the newest:")


def _examine_parked(session: Session, _: datetime) -> list[Finding]:
    query = select(INBOX.c.seq, INBOX.c.received_at, INBOX.c.error).where(INBOX.c.status == Status.PARKED)
    rows = session.connection().execute(query.order_by(INBOX.c.seq.desc()).limit(PARKED_SHOWN))
    return [note(f"inbox row {row.seq}", f"{row.received_at:%Y-%m-%d %H:%M} UTC: {_error(row.error)}") for row in rows]


def _examine_holidays(session: Session, now: datetime) -> list[Finding]:
    return list(examine_holidays(session, now))


def _error(error: str | None) -> str:
    return (error or "the process ended while it was being processed")[:LONGEST_ERROR]


def _failure(database: Database, error: DBAPIError) -> Finding:
    reason = str(error.orig).strip().splitlines()[0]
    if database.is_sqlite and ("malformed" in reason or "not a database" in reason):
        return _damaged(database.url, reason)
    return unknown("database", f"{_place(database.url)} does not answer: {reason}")


def _damaged(url: URL, reason: str) -> Finding:
    return problem("database", f"{_place(url)} is damaged ({reason}): stop the bot, then python -m bot restore FILE")


def _place(url: URL) -> str:
    """Where the database is, without user and password."""
    if url.get_backend_name() == "sqlite":
        return (url.database or "").removeprefix("file:")
    return f"{url.host or url.query.get('host') or 'this machine'}/{url.database}"
