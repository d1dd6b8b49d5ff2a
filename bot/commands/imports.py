"""``python -m bot import roster|timetable|questions``: the import of the chat from a terminal, with the same preview.

Where a bot is running the work is handed to it; where none is, the command owns the database while it writes.
"""

import asyncio
import re
import urllib.error
import urllib.request
from datetime import UTC, datetime
from functools import partial
from html import unescape
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from markupsafe import Markup
from sqlmodel import Session

from bot import bulk, i18n, migrations, ownership
from bot.banks.reading import QUESTIONS, read_any
from bot.database import Database
from bot.errors import CohortBotError, OwnedElsewhere
from bot.people import service
from bot.settings import read_settings
from bot.sheets.reader import read_workbook_now
from bot.sheets.unreadable import UnreadableFile
from bot.sheets.wire import dump_workbook
from bot.web.errands import PATH, SECRET

app = typer.Typer(
    help="Import a roster, a timetable or questions: shows what would change, and writes it with --yes.",
    no_args_is_help=True,
)
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="An .xlsx, .xls or .csv file.")]
QuestionFile = Annotated[
    Path,
    typer.Argument(exists=True, dir_okay=False, readable=True, help="A .gift, .txt, .xml, .docx, .xlsx or .csv file."),
]
CohortName = Annotated[str, typer.Option("--cohort", help="The cohort's name or number.")]
Yes = Annotated[bool, typer.Option("--yes", help="Write it, after showing what would change.")]
TAG = re.compile(r"</?[a-z][^>]*>")


class NotImported(CohortBotError):
    """Nothing was imported."""


@app.command("roster")
def roster(file: File, cohort: CohortName, yes: Yes = False) -> None:
    """Import a roster."""
    _import("roster", file, cohort, yes)


@app.command("timetable")
def timetable(file: File, cohort: CohortName, yes: Yes = False) -> None:
    """Import a timetable."""
    _import("timetable", file, cohort, yes)


@app.command("questions")
def questions(file: QuestionFile, cohort: CohortName, yes: Yes = False) -> None:
    """Import questions into the bank that is named like the file."""
    _import(QUESTIONS, file, cohort, yes)


def _import(kind: str, file: Path, cohort_name: str, yes: bool) -> None:
    database = Database(read_settings().database)
    try:
        workbook = _read_questions(file) if kind == QUESTIONS else _read(file)
        look = partial(_look, kind=kind, cohort_name=cohort_name, workbook=workbook, name=file.name)
        cohort_id, outlook = database.read_now(look)
        typer.echo(_plain(outlook.text))
        if not outlook.changes_something:
            return
        if not yes:
            typer.echo("\nNothing was written. Run the same command with --yes to import it.")
            return
        errand = bulk.Errand(kind, cohort_id, workbook, outlook.fingerprint, file.name)
        typer.echo(f"\n{_plain(_carry_out(database, errand))}")
    finally:
        database.close()


def _read(file: Path) -> str:
    try:
        return dump_workbook(read_workbook_now(file, name=file.name))
    except UnreadableFile as error:
        raise _unreadable(file, str(error.reason), error.found, error.limit) from None


def _read_questions(file: Path) -> str:
    result = asyncio.run(read_any(file.read_bytes(), file.name))
    if "unreadable" in result:
        raise _unreadable(file, result["unreadable"], result["found"], result["limit"])
    if QUESTIONS not in result:
        raise NotImported(f"{file.name} holds no questions that could be recognised")
    return str(result[QUESTIONS])


def _unreadable(file: Path, reason: str, found: int, limit: int) -> NotImported:
    detail = f" (found {found}, at most {limit})" if limit else ""
    return NotImported(f"{file.name} cannot be read: {reason.replace('_', ' ')}{detail}")


def _look(session: Session, *, kind: str, cohort_name: str, workbook: str, name: str) -> tuple[int, bulk.Outlook]:
    cohort = bulk.find_cohort(session, cohort_name)
    outlook = bulk.look(session, kind, cohort, workbook, i18n.translator("en"), datetime.now(UTC), name)
    return cohort.id or 0, outlook


def _carry_out(database: Database, errand: bulk.Errand) -> Markup:
    try:
        owner = ownership.seize(database)
    except OwnedElsewhere:
        return _hand_over(database, errand)
    try:
        migrations.upgrade(database)
        now = datetime.now(UTC)
        return database.write_now(lambda session: bulk.carry_out(session, errand, i18n.translator("en"), now))
    finally:
        owner.release()


def _hand_over(database: Database, errand: bulk.Errand) -> Markup:
    address, key = database.read_now(_running_bot)
    request = urllib.request.Request(  # noqa: S310 - the address is the running bot's own
        f"{address}{PATH}",
        data=msgspec.json.encode(errand),
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - as above
            return Markup(answer.read().decode())  # noqa: S704 - our own wording
    except urllib.error.HTTPError as error:
        raise NotImported(error.read().decode() or f"the running bot answered {error.code}") from None
    except urllib.error.URLError as error:
        raise NotImported(f"the running bot does not answer at {address}: {error.reason}") from None


def _running_bot(session: Session) -> tuple[str, str]:
    row = session.get_one(ownership.Ownership, ownership.THE_ONE_ROW)
    return row.address, service.secret(session, SECRET)


def _plain(text: Markup) -> str:
    return unescape(TAG.sub("", str(text)))
