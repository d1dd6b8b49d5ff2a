"""The database: one writer on its own thread, several readers, SQLite or PostgreSQL.

Every change goes through ``write``: a plain function of a session, run on the writer's thread in one transaction and
committed before its result is handed back. Nothing in it may await, sleep or talk to a network. No other module opens
a connection or commits.
"""

import asyncio
import importlib
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from sqlalchemy import Engine, Insert, create_engine, event, make_url
from sqlalchemy.engine import URL, Connection
from sqlalchemy.pool import QueuePool
from sqlmodel import Session

from bot.rows import run_many

T = TypeVar("T")
Work = Callable[[Session], T]

READERS = 4
BUSY_TIMEOUT_MS = 5_000
READ_PATIENCE = 2.0
"""Seconds that the end of the process waits for what only reads."""
CACHE_KIB = 16_384
SOUND_SQLITE = (3, 51, 3)
SOUND_BACK_PORTS = ((3, 50, 7), (3, 44, 6))
"""The releases that mend the WAL-reset fault, by which two connections could silently lose committed pages."""
DEFERRED = "deferred"
AHEAD = "ahead"


class Database:
    """The one writer and the readers of one database address."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._writing = _sqlite_writer(self.url) if self.is_sqlite else _postgres_writer(self.url)
        self._reading = _sqlite_reader(self.url) if self.is_sqlite else _postgres_reader(self.url)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self.fence: Callable[[Session], None] | None = None
        self._ahead: dict[Any, Any] = {}
        event.listen(self._writing, "before_cursor_execute", self._forget_at_writes)

    async def write(self, work: Work[T]) -> T:
        """Run ``work`` in a transaction of its own and return its result after the commit.

        Raises:
            Whatever ``work`` raises, after the rollback; ``LostOwnership`` when another process has taken over.
        """
        return await asyncio.get_running_loop().run_in_executor(self._writer, self._transact, work)

    def write_now(self, work: Work[T]) -> T:
        """The same for callers without an event loop, such as a command."""
        return self._writer.submit(self._transact, work).result()

    async def read(self, work: Work[T]) -> T:
        """Run ``work`` on a reader's thread against one consistent snapshot; writing there is refused."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self.read_now, work)

    def read_now(self, work: Work[T]) -> T:
        """The same on the caller's own thread."""
        with Session(self._reading, expire_on_commit=False) as session:
            return work(session)

    def connect(self) -> Engine:
        """The writing engine itself, for migrations and ownership; nobody else needs it."""
        return self._writing

    def close(self, patience: float = READ_PATIENCE) -> bool:
        """Finish all writing, wait so many seconds for what still reads, and close every connection.

        ``False`` where a read goes on, as of a large file that is being made: it writes nothing and may be left behind.
        """
        self._writer.shutdown()
        self._readers.shutdown(wait=False, cancel_futures=True)
        ending = threading.Thread(target=self._readers.shutdown, daemon=True)
        ending.start()
        ending.join(patience)
        self._reading.dispose()
        self._writing.dispose()
        return not ending.is_alive()

    def _transact(self, work: Work[T]) -> T:
        self._ahead.clear()
        with Session(self._writing, expire_on_commit=False, info={AHEAD: self._ahead}) as session:
            if self.fence is not None:
                self.fence(session)
            result = work(session)
            insert_deferred(session)
            session.commit()
            return result

    def _forget_at_writes(self, _: Connection, __: object, statement: str, *___: object) -> None:
        if self._ahead and not statement.startswith("SELECT"):
            self._ahead.clear()


def read_ahead(session: Session) -> dict[Any, Any]:
    """What this transaction has read before it is asked for, for many at once, each feature under keys of its own.

    It is forgotten as soon as anything is written that was not put off by ``defer_insert``.
    """
    ahead: dict[Any, Any] = session.info.get(AHEAD, {})
    return ahead


def insert_missing(session: Session, table: Any, rows: list[dict[str, Any]]) -> int:
    """Insert the rows that break no unique key and return how many those were; both databases speak this alike."""
    return run_many(session.connection(), missing_rows(session, table), rows) if rows else 0


@cache
def _insert_missing(table: Any, dialect: str) -> Insert:
    """The statement, built once: building it costs more than running it."""
    statement: Insert = insert_into(table, dialect).on_conflict_do_nothing()
    return statement


def insert_into(table: Any, dialect: str) -> Any:
    """The dialect's own insert, which knows ``ON CONFLICT``; only the dialect that is used is loaded."""
    return importlib.import_module(f"sqlalchemy.dialects.{dialect}").insert(table)


def defer_insert(session: Session, statement: Insert, rows: list[dict[str, Any]]) -> None:
    """Insert the rows at the end of the transaction, together with all others that go by the same statement.

    What was read ahead stays: whoever puts off a row that contradicts it answers for that. Whoever may have to read
    them back before the commit calls ``insert_deferred`` first; so does whoever commits.
    """
    session.info.setdefault(DEFERRED, {}).setdefault(statement, []).extend(rows)


def insert_deferred(session: Session) -> None:
    """Insert what was put off."""
    ahead = dict(read_ahead(session))
    for statement, rows in session.info.pop(DEFERRED, {}).items():
        run_many(session.connection(), statement, rows)
    read_ahead(session).update(ahead)


def missing_rows(session: Session, table: Any) -> Insert:
    """The statement that inserts the rows that break no unique key."""
    statement: Insert = _insert_missing(table, session.get_bind().dialect.name)
    return statement


def sqlite_module() -> ModuleType | None:
    """The ``pysqlite3`` module where its wheel is installed: its SQLite has the WAL-reset fix (3.51.3)."""
    try:
        module: ModuleType = importlib.import_module("pysqlite3")
    except ImportError:
        return None
    return module


def sqlite_version() -> tuple[int, ...]:
    """The version of the SQLite that is used."""
    version: tuple[int, ...] = (sqlite_module() or sqlite3).sqlite_version_info
    return version


def is_sound_sqlite(version: tuple[int, ...]) -> bool:
    """Whether the release, or its line's back-port, mends the fault."""
    back_ported = any(version[:2] == sound[:2] and version >= sound for sound in SOUND_BACK_PORTS)
    return version >= SOUND_SQLITE or back_ported


def _sqlite_writer(url: URL) -> Engine:
    Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
    engine = _sqlite_engine(url, poolclass=QueuePool, pool_size=1, max_overflow=0, pool_timeout=5)
    event.listen(engine, "connect", _prepare_writer)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _sqlite_reader(url: URL) -> Engine:
    read_only = url.set(database=f"file:{url.database}", query={"mode": "ro", "uri": "true"})
    engine = _sqlite_engine(read_only, poolclass=QueuePool, pool_size=READERS, max_overflow=2)
    event.listen(engine, "connect", _prepare_reader)
    event.listen(engine, "begin", _begin)
    return engine


def _sqlite_engine(url: URL, **pool: Any) -> Engine:
    arguments = {"isolation_level": None, "check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000}
    return _engine(url, module=sqlite_module(), connect_args=arguments, **pool)


def _postgres_writer(url: URL) -> Engine:
    engine = _engine(url, pool_size=1, max_overflow=0, pool_timeout=5, pool_pre_ping=False)
    event.listen(engine, "connect", _prepare_postgres_writer)
    return engine


def _postgres_reader(url: URL) -> Engine:
    engine = _engine(url, pool_size=READERS, max_overflow=2, isolation_level="REPEATABLE READ")
    event.listen(engine, "connect", _prepare_postgres_reader)
    return engine


def _engine(url: URL, **options: Any) -> Engine:
    """What people wrote stands in a statement's parameters, and a refused statement in the log, so without them."""
    return create_engine(url, hide_parameters=True, **options)


def _prepare_writer(connection: Any, _: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"cache_size=-{CACHE_KIB}"):
        connection.execute(f"PRAGMA {pragma}")


def _prepare_reader(connection: Any, _: object) -> None:
    connection.execute("PRAGMA query_only=ON")


def _prepare_postgres_writer(connection: Any, _: object) -> None:
    connection.execute("SET synchronous_commit TO on")
    connection.commit()


def _prepare_postgres_reader(connection: Any, _: object) -> None:
    connection.execute("SET default_transaction_read_only TO on")
    connection.commit()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
