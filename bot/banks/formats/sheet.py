"""Reading a sheet of questions: 题型, 题干, 选项A to Z, 正确答案, 解析, 难度, with headings in either language.

Pure: the cells come from ``bot.sheets``, whose child process has opened the file.
"""

import re
from collections.abc import Mapping
from datetime import date, time

from bot.banks.checks import check
from bot.banks.findings import Fault, Finding, Format, Notes, Reading, Remark, finding
from bot.banks.formats import sheet_words as words
from bot.banks.formats.difficulty import read_difficulty
from bot.banks.formats.keyed import Unkeyed, understand
from bot.banks.formats.kind_words import read_kind
from bot.banks.formats.sheet_details import detailed
from bot.banks.formats.words_options import split_options
from bot.banks.questions import Body, Description, Kind, Matching, Pair, Question, Text
from bot.sheets.headings import Header, find_header
from bot.sheets.shapes import Cell, CellError, Row, Sheet, Workbook
from bot.sheets.text import shown

_SPREAD = re.compile(r"[\n|｜]|(?<=\S)[;；](?=\s*[A-Z][.、:])")


def find_questions(sheet: Sheet) -> Header | None:
    """The row of headings of a sheet of questions: a column for the question, and one for its answer or options."""
    return find_header(sheet, words.VOCABULARY, fits=_fits)


def _fits(header: Header) -> bool:
    fields = header.columns
    options = [field for field in fields if field.startswith("option_")]
    return words.STEM in fields and (words.KEY in fields or words.OPTIONS in fields or len(options) > 1)


def read_sheets(workbook: Workbook) -> Reading:
    """Read every sheet that has such headings; the number of a finding is its row as Excel shows it."""
    notes = Notes()
    for sheet in workbook.sheets:
        header = find_questions(sheet)
        for row in header.body if header else ():
            _read_row(_Cells(row, header.columns if header else {}), row.number, notes)
    return notes.reading(Format.SHEET)


class _Cells:
    """A row by its fields."""

    def __init__(self, row: Row, columns: Mapping[str, int]) -> None:
        self._row, self._columns = row, columns

    def __call__(self, field: str) -> str:
        """The text of a field, empty where there is none."""
        return _words(self._row.cell(self._columns[field])) if field in self._columns else ""

    @property
    def options(self) -> list[str]:
        """The cells of the options by their letters, up to the last that has anything in it."""
        found = [self(f"option_{letter}") for letter in words.LETTERS]
        while found and not found[-1]:
            found.pop()
        return found or _spread(self(words.OPTIONS))


def _words(cell: Cell) -> str:
    """The text of a cell; what Excel made a date of was typed as something else, so it is shown as it stands there."""
    if isinstance(cell, CellError):
        return cell.code
    return shown(cell).strip() if isinstance(cell, date | time) or cell is not None else ""


def _spread(cell: str) -> list[str]:
    """Options that stand together in one cell."""
    if not cell:
        return []
    found = split_options(f"?\n{cell}")
    return list(found.options) or [piece.strip() for piece in _SPREAD.split(cell) if piece.strip()]


def _read_row(cells: _Cells, number: int, notes: Notes) -> None:
    stem = cells(words.STEM)
    if not stem and not cells.options and not cells(words.KEY):
        notes.say(Remark.PASSED_OVER, number, cells(words.KIND) or cells(words.CATEGORY))
        return
    full = detailed(cells(words.DETAILS), cells)
    if full is not None:
        notes.take(full, number, check(full, number))
        return
    try:
        question, remarks = _question(cells, number)
    except Unkeyed as error:
        notes.say(error.fault, number, error.text or stem, error.detail)
        return
    except KeyError:
        notes.say(Fault.UNKNOWN_KIND, number, cells(words.KIND))
        return
    notes.take(question, number, [*remarks, *check(question, number)])


def _question(cells: _Cells, number: int) -> tuple[Question, list[Finding]]:
    kind = read_kind(cells(words.KIND))
    body, remark = _body(kind, cells)
    question = Question(
        Text(cells(words.STEM)),
        body,
        name=cells(words.NAME),
        category=cells(words.CATEGORY),
        difficulty=read_difficulty(cells(words.DIFFICULTY)),
        tags=tuple(tag for tag in re.split(r"[\n,，、;；]+", cells(words.TAGS)) if tag.strip()),
        idnumber=cells(words.IDNUMBER),
        explanation=Text(cells(words.EXPLANATION)),
        source=cells(words.SOURCE),
    )
    remarks = [finding(remark, number, question.stem.text)] if remark else []
    if cells(words.DIFFICULTY) and not question.difficulty:
        remarks.append(finding(Remark.NOT_KEPT, number, cells(words.DIFFICULTY)))
    return question, remarks


def _body(kind: Kind | None, cells: _Cells) -> tuple[Body, Remark | None]:
    if kind is Kind.DESCRIPTION:
        return Description(), None
    if kind is Kind.MATCHING:
        return Matching(tuple(_pair(option) for option in cells.options)), None
    options = cells.options if kind not in (Kind.SHORT, Kind.NUMERIC, Kind.ESSAY) else []
    if "" in options:
        raise Unkeyed(Fault.OPTION_GAP, cells(words.STEM), _filled(options))
    keyed = understand(kind, options, cells(words.KEY))
    return keyed.body, keyed.remark


def _filled(options: list[str]) -> str:
    return "".join(letter for letter, option in zip(words.LETTERS, options, strict=False) if option)


def _pair(option: str) -> Pair:
    prompt, arrow, match = (option.replace("→", "->") if "->" not in option else option).partition("->")
    if not arrow:
        raise Unkeyed(Fault.BAD_PAIR, option)
    return Pair(Text(prompt.strip()), match.strip())
