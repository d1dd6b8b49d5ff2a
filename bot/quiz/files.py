"""What coordinators and teachers take away: the questions as a workbook and as a picture, the results as a workbook.

Made by the courier from the database; counts never stand for fewer than five people. Writes nothing.
"""

import io
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import typst
import xlsxwriter
from pylopdf_fonts_zh_cn import sans_path, serif_path
from sqlalchemy import select
from sqlmodel import Session

from bot import i18n
from bot.outbox.delivery import Rendered
from bot.people import service as people
from bot.people.models import Role
from bot.people.service import MEMBERSHIP, PERSON
from bot.quiz import measuring, records, service
from bot.quiz.messages import results as result_words
from bot.quiz.messages import statistics as words
from bot.quiz.outcomes import Measured

TEMPLATE = Path(__file__).parent / "statistics.typ"
PICTURED = 24
"""So many questions fit a picture that is read on a phone; the workbook has all."""

SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
PIXELS_PER_INCH = 144.0


def render_statistics(session: Session, *, scope: str, subject_id: int, language: str) -> Rendered:
    """A workbook with a line for each question."""
    t = i18n.translator(language)
    measured = _measured(session, scope, subject_id)
    rows = words.rows(measured, t)
    return Rendered(words.file_name(measured, t, "xlsx"), _workbook(words.sheet_name(t), words.headings(t), rows))


def render_statistics_picture(session: Session, *, scope: str, subject_id: int, language: str) -> Rendered:
    """The same as a picture, the hardest questions first."""
    t = i18n.translator(language)
    measured = _measured(session, scope, subject_id)
    return Rendered(words.file_name(measured, t, "png"), draw(words.picture(measured, t, PICTURED)))


def render_results(session: Session, *, exam_id: int, language: str) -> Rendered:
    """A workbook with everybody's best attempt, in the order of the roster: a record, no ranking."""
    t = i18n.translator(language)
    exam = records.get_exam(session, exam_id)
    results = {one.person_id: one for one in service.results(session, exam.cohort_id) if one.exam_id == exam_id}
    zone = people.get_cohort(session, exam.cohort_id).time_zone
    query = (
        select(PERSON.c.id, PERSON.c.name, PERSON.c.unit, MEMBERSHIP.c.group_name)
        .join(MEMBERSHIP, MEMBERSHIP.c.person_id == PERSON.c.id)
        .where(
            MEMBERSHIP.c.cohort_id == exam.cohort_id, MEMBERSHIP.c.role == Role.TRAINEE, MEMBERSHIP.c.left_at.is_(None)
        )
        .order_by(MEMBERSHIP.c.id)
    )
    people_rows = session.connection().execute(query).all()
    rows = [result_words.result_row(row, results.get(row.id), zone, t) for row in people_rows]
    name = result_words.results_name(exam.title, t)
    return Rendered(f"{name}.xlsx", _workbook(result_words.results_sheet(t), result_words.result_headings(t), rows))


def draw(data: dict[str, Any]) -> bytes:
    """Lay the picture out; what it shows goes in as JSON and is never part of the template."""
    result = _compiler().compile(
        format="png", ppi=PIXELS_PER_INCH, sys_inputs={"data": json.dumps(data, ensure_ascii=False)}
    )
    assert isinstance(result, bytes)  # noqa: S101 - the template makes one page
    return result


def _measured(session: Session, scope: str, subject_id: int) -> Measured:
    if scope == "exam":
        return measuring.exam(session, subject_id)
    return measuring.days(session, subject_id)


def _workbook(sheet: str, headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, SAFE) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        page = book.add_worksheet(sheet)
        page.freeze_panes(1, 0)
        page.write_row(0, 0, headings, bold)
        for number, row in enumerate(rows, 1):
            page.write_row(number, 0, row, plain)
        page.autofilter(0, 0, max(len(rows), 1), len(headings) - 1)
        page.autofit(360)
    return content.getvalue()


@cache
def _compiler() -> typst.Compiler:
    folders = sorted({str(Path(path()).parent) for path in (sans_path, serif_path)})
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    return typst.Compiler(str(TEMPLATE), font_paths=fonts)
