"""The workbook of results in words: one line a person in the order of the roster, for the record of the camp."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.i18n import Translator
from bot.quiz.messages.statistics import safe_name
from bot.quiz.messages.taking import points


def results_name(title: str, t: Translator) -> str:
    """The name of the workbook of results, without its ending."""
    return safe_name(t.plain("{title} – results", title=title))


def results_sheet(t: Translator) -> str:
    """The name of its sheet."""
    return t.plain("Results")


def result_headings(t: Translator) -> list[str]:
    """The columns of the workbook of results."""
    who = [t.plain("Name"), t.plain("Unit"), t.plain("Group")]
    result = [t.plain("Per cent"), t.plain("Points"), t.plain("Of"), t.plain("Passed")]
    return [*who, *result, t.plain("Attempts"), t.plain("Handed in")]


def result_row(row: Any, result: Any, time_zone: str, t: Translator) -> list[Any]:
    """One person of the roster with the best attempt, or with none."""
    who = [row.name, row.unit or "", row.group_name or ""]
    if result is None:
        return [*who, "", "", "", "", 0, ""]
    passed = {True: t.plain("yes"), False: t.plain("no"), None: ""}[result.is_passed]
    standing, at = result.standing, _local(result.submitted_at, time_zone)
    return [*who, standing.percent, float(points(standing.score)), standing.counted, passed, result.attempts, at]


def _local(at: datetime | None, time_zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(time_zone)):%Y-%m-%d %H:%M}" if at else ""
