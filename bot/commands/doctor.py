"""``doctor``: examines the installation and says in plain words what a person must do, if anything."""

import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.database import Database
from bot.doctor.findings import Finding, Level, exit_status, problem
from bot.doctor.machine import examine_machine
from bot.doctor.online import examine_telegram
from bot.doctor.running import examine_bot
from bot.doctor.storage import examine_storage, find_missing
from bot.errors import ConfigurationError
from bot.settings import Settings, read_settings

COLOURS = {Level.OK: "green", Level.NOTE: "blue", Level.UNKNOWN: "yellow", Level.PROBLEM: "bold red"}
SUMMARY = (
    "Healthy.",
    "A person must act: see the lines marked problem.",
    "Not everything could be checked: see unknown.",
)


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document for scripts.")] = False,
) -> None:
    """Examine the installation; ends with 0 healthy, 1 a person must act, 2 something could not be checked."""
    try:
        findings = examine(read_settings(), datetime.now(UTC))
    except ConfigurationError as error:
        findings = [problem("settings", line) for line in str(error).splitlines()]
    status = exit_status(findings)
    if as_json:
        _print_json(findings, status)
    elif sys.stdout.isatty():
        _print_table(findings, status)
    else:
        _print_lines(findings, status)
    raise typer.Exit(status)


def examine(settings: Settings, now: datetime) -> list[Finding]:
    """Everything there is to examine. Changes nothing, and makes no file."""
    return [
        *examine_machine(settings),
        *_examine_database(settings, now),
        *asyncio.run(examine_telegram(settings)),
    ]


def _examine_database(settings: Settings, now: datetime) -> list[Finding]:
    if missing := find_missing(settings.database):
        return [missing]
    database = Database(settings.database)
    default = f"http://{settings.web_host}:{settings.web_port}"
    try:
        return [*examine_storage(database, now), *asyncio.run(examine_bot(database, default))]
    finally:
        database.close()


def _print_json(findings: Sequence[Finding], status: int) -> None:
    found = [{"level": each.level, "subject": each.subject, "text": each.text} for each in findings]
    typer.echo(json.dumps({"status": status, "findings": found}, ensure_ascii=False, indent=2))


def _print_lines(findings: Sequence[Finding], status: int) -> None:
    for each in findings:
        typer.echo(f"{each.level:8} {each.subject}: {each.text}")
    typer.echo(SUMMARY[status])


def _print_table(findings: Sequence[Finding], status: int) -> None:
    table = Table(show_header=False, box=None, pad_edge=False)
    for each in findings:
        table.add_row(Text(each.level, style=COLOURS[each.level]), Text(each.subject), Text(each.text))
    console = Console()
    console.print(table)
    console.print(SUMMARY[status])
