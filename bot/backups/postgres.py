"""Copying and restoring a PostgreSQL database with PostgreSQL's own programs; the password goes by the environment."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.engine import URL

from bot.crashpoints import reach
from bot.errors import BackupFailed

VERSION_TABLE = "alembic_version"
VERSION = re.compile(rf"^COPY \S*{VERSION_TABLE} .*\n(\w+)$", re.MULTILINE)


def dump(url: URL, target: Path) -> None:
    """Write one consistent snapshot in pg_dump's custom format.

    Raises:
        BackupFailed: pg_dump is not installed or fails; its last line says why.
    """
    reach("backup:copying")
    _run(
        "pg_dump",
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        f"--file={target}",
        f"--dbname={_address(url)}",
        url=url,
    )
    reach("backup:copied")


def examine(path: Path) -> str:
    """Read a dump through and return its schema's version.

    Raises:
        BackupFailed: it is no whole dump, or not one of this bot's.
    """
    script = _run("pg_restore", "--data-only", "--file=-", str(path))
    version = VERSION.search(script)
    if version is None:
        raise BackupFailed(f"{path} is not a database of this bot")
    return version[1]


def load(url: URL, path: Path, tables: Sequence[str], functions: Sequence[str]) -> None:
    """Replace ``tables`` and ``functions`` (of triggers, without arguments) by those of the dump, in one transaction.

    Raises:
        BackupFailed: the dump or the server refuses; nothing was changed.
    """
    dropped = ", ".join(f'"{name}"' for name in (*tables, VERSION_TABLE))
    gone = "".join(f'DROP FUNCTION IF EXISTS "{name}"() CASCADE;\n' for name in functions)
    script = _run("pg_restore", "--no-owner", "--no-privileges", "--file=-", str(path))
    _run(
        "psql",
        "--no-psqlrc",
        "--quiet",
        "--single-transaction",
        "--set=ON_ERROR_STOP=1",
        f"--dbname={_address(url)}",
        url=url,
        script=f"SET client_min_messages TO warning;\nDROP TABLE IF EXISTS {dropped} CASCADE;\n{gone}{script}",
    )


def _address(url: URL) -> str:
    plain = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    return plain.render_as_string(hide_password=False)


def _run(program: str, *arguments: str, url: URL | None = None, script: str | None = None) -> str:
    path = shutil.which(program)
    if path is None:
        raise BackupFailed(f"{program} is not installed here; it comes with PostgreSQL's client programs")
    password = {"PGPASSWORD": str(url.password)} if url is not None and url.password else {}
    done = subprocess.run(  # noqa: S603 - the program is PostgreSQL's own, the arguments are the operator's
        [path, *arguments], input=script, capture_output=True, text=True, check=False, env=os.environ | password
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        raise BackupFailed(f"{program}: {lines[-1]}")
    return done.stdout
