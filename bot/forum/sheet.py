"""Reading calls that came as a table: one row a call, further questions in the rows below it. Pure."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from bot.forum import rules
from bot.forum.models import Audience, Choice
from bot.forum.templates import Name
from bot.sheets.headings import Header, Vocabulary, find_header
from bot.sheets.shapes import Cell, Row, Sheet, Workbook
from bot.sheets.text import narrow, shown, tidy
from bot.timetable.sheet_times import Fault as TimeFault
from bot.timetable.sheet_times import read_day, read_time, split_day

KIND = "forum_calls"
"""The kind of an import that brings calls."""

MOST_CALLS = 100


class Field(StrEnum):
    """What a column can be about."""

    DATE = "date"
    START = "start"
    ACTIVITY = "activity"
    KIND = "kind"
    TITLE = "title"
    QUESTIONS = "questions"
    SLOTS = "slots"
    MINUTES = "minutes"
    SEATS = "seats"
    WHO = "who"
    OPENS = "opens"
    CLOSES = "closes"
    CHOICE = "choice"


HEADINGS: Vocabulary = {
    Field.DATE: ("日期", "date", "day"),
    Field.START: ("开始时间", "时间", "start", "starts", "time"),
    Field.ACTIVITY: ("课次", "活动", "课程", "activity"),
    Field.KIND: ("论坛形式", "形式", "kindofforum", "forum", "kind"),
    Field.TITLE: ("论坛标题", "标题", "forumtitle", "title"),
    Field.QUESTIONS: ("议题", "问题", "案例", "questions", "topics", "cases"),
    Field.SLOTS: ("发言名额", "发言人数", "名额", "speakers", "slots"),
    Field.MINUTES: ("每人分钟", "发言分钟", "分钟", "minuteseach", "minutes"),
    Field.SEATS: ("听众席位", "席位", "seats", "listeners"),
    Field.WHO: ("报名范围", "谁可报名", "whomaysignup", "who"),
    Field.OPENS: ("报名开始", "signupopens", "opens"),
    Field.CLOSES: ("报名截止", "signupcloses", "closes"),
    Field.CHOICE: ("产生方式", "发言人产生方式", "howchosen", "choice"),
}
KINDS = {
    Name.TRAINEES: ("学员", "trainee", "forumoftrainees"),
    Name.SALON: ("沙龙", "案例", "salon"),
    Name.LECTURE: ("讲座", "lecture"),
    Name.INVITED: ("邀请", "嘉宾", "invited"),
}
CHOICES = {
    Choice.FIRST: ("先", "first"),
    Choice.DRAW: ("抽", "draw", "lot"),
    Choice.COORDINATOR: ("班主任", "选", "coordinator", "choose"),
}
EVERYBODY = ("", "全体", "全体学员", "全班", "所有人", "everybody", "all", "camp", "cohort", "everybodyofthecamp")
LINK = ("链接", "凭链接", "公开", "link", "open", "whoeverhasthelink")


class Fault(StrEnum):
    """Why a row is not imported, or what in it was passed over."""

    BAD_KIND = "bad_kind"
    BAD_DATE = "bad_date"
    BAD_TIME = "bad_time"
    BAD_NUMBER = "bad_number"
    BAD_CHOICE = "bad_choice"
    TOO_LONG = "too_long"
    TOO_MANY_QUESTIONS = "too_many_questions"
    NO_ACTIVITY = "no_activity"
    SEVERAL_ACTIVITIES = "several_activities"
    BEGUN = "begun"
    THERE_ALREADY = "there_already"
    UNKNOWN_UNIT = "unknown_unit"
    BAD_WINDOW = "bad_window"
    NOTHING_TO_SIGN_UP_FOR = "nothing_to_sign_up_for"


class Problem(Struct, frozen=True):
    """One fault: the row it is in (from 1, as Excel shows it), and the offending text."""

    row: int
    fault: Fault
    text: str = ""


class Entry(Struct, frozen=True):
    """One call as a row gives it; ``None`` is left to the template. Times are local and naive."""

    row: int
    kind: Name
    activity: str = ""
    on: date | None = None
    starts: time | None = None
    title: str = ""
    questions: tuple[str, ...] = ()
    slots: int | None = None
    minutes: int | None = None
    seats: int | None = None
    audience: Audience | None = None
    units: tuple[str, ...] = ()
    opens: datetime | None = None
    closes: datetime | None = None
    choice: Choice | None = None


class CallSheet(Struct, frozen=True):
    """What a file says. ``skipped`` counts the rows without a kind: activities that get no call."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    skipped: int = 0


class _Unusable(Exception):
    def __init__(self, fault: Fault, text: str = "") -> None:
        super().__init__(fault)
        self.fault, self.text = fault, text


def is_sheet(workbook: Workbook) -> bool:
    """Whether the file brings calls: it has a kind of forum beside activities, and questions or places."""
    return any(_find(sheet) is not None for sheet in workbook.sheets)


def read_calls(workbook: Workbook, *, first_day: date, last_day: date) -> CallSheet:
    """The first sheet that is one; what cannot be read is a problem and never guessed."""
    header = next(found for sheet in workbook.sheets if (found := _find(sheet)) is not None)
    entries: list[Entry] = []
    problems: list[Problem] = []
    skipped, last = 0, None
    for row in header.body[: MOST_CALLS * 4]:
        cells = _Cells(row, header.columns)
        if not cells.text(Field.KIND) and not cells.text(Field.ACTIVITY) and last is not None:
            last = entries[-1] = replace(last, questions=(*last.questions, *cells.questions()))
            continue
        last = None
        if not cells.text(Field.KIND):
            skipped += 1
            continue
        try:
            last = _entry(row, cells, first_day, last_day)
            entries.append(last)
        except _Unusable as unusable:
            problems.append(Problem(row.number, unusable.fault, unusable.text))
    return CallSheet(tuple(entries), tuple(problems), skipped)


class _Cells:
    """The cells of a row by field."""

    def __init__(self, row: Row, columns: Mapping[str, int]) -> None:
        self._row, self._columns = row, columns

    def cell(self, field: Field) -> Cell:
        return self._row.cell(self._columns[field]) if field in self._columns else None

    def text(self, field: Field) -> str:
        return tidy(shown(self.cell(field))).strip()

    def plain(self, field: Field) -> str:
        return re.sub(r"[\s、,，.。（）()]+", "", narrow(self.text(field)).casefold())

    def questions(self) -> list[str]:
        cell = self.cell(Field.QUESTIONS)
        return rules.read_topics(cell if isinstance(cell, str) else shown(cell))

    def number(self, field: Field, most: int) -> int | None:
        text = self.text(field)
        if not text:
            return None
        if not text.isascii() or not text.isdecimal() or len(text) > 6 or int(text) > most:
            raise _Unusable(Fault.BAD_NUMBER, text)
        return int(text)


def _find(sheet: Sheet) -> Header | None:
    return find_header(sheet, HEADINGS, fits=_fits)


def _fits(header: Header) -> bool:
    fields = header.columns.keys()
    return {Field.ACTIVITY, Field.KIND} <= fields and bool({Field.QUESTIONS, Field.SLOTS} & fields)


def _entry(row: Row, cells: _Cells, first_day: date, last_day: date) -> Entry:
    title = rules.clean_line(cells.text(Field.TITLE))
    if len(title) > rules.LONGEST_TITLE:
        raise _Unusable(Fault.TOO_LONG, title[:60])
    audience, units = _who(cells)
    return Entry(
        row=row.number,
        kind=_kind(cells),
        activity=cells.text(Field.ACTIVITY),
        on=_day(cells.cell(Field.DATE), first_day, last_day),
        starts=_time(cells.cell(Field.START)),
        title=title,
        questions=tuple(cells.questions()),
        slots=cells.number(Field.SLOTS, 60),
        minutes=cells.number(Field.MINUTES, rules.MOST_MINUTES),
        seats=cells.number(Field.SEATS, 100_000),
        audience=audience,
        units=units,
        opens=_moment(cells.cell(Field.OPENS), first_day, last_day),
        closes=_moment(cells.cell(Field.CLOSES), first_day, last_day),
        choice=_choice(cells),
    )


def _kind(cells: _Cells) -> Name:
    found = cells.plain(Field.KIND)
    for name, words in KINDS.items():
        if any(word in found for word in words):
            return name
    raise _Unusable(Fault.BAD_KIND, cells.text(Field.KIND)[:60])


def _choice(cells: _Cells) -> Choice | None:
    found = cells.plain(Field.CHOICE)
    for choice, words in CHOICES.items():
        if any(word in found for word in words):
            return choice
    if found:
        raise _Unusable(Fault.BAD_CHOICE, cells.text(Field.CHOICE)[:60])
    return None


def _who(cells: _Cells) -> tuple[Audience | None, tuple[str, ...]]:
    found = cells.plain(Field.WHO)
    if found in EVERYBODY:
        return (Audience.COHORT if found else None), ()
    if found in LINK:
        return Audience.LINK, ()
    units = [rules.clean_line(part) for part in re.split(r"[、,，;；\n]", cells.text(Field.WHO))]
    return Audience.UNITS, tuple(dict.fromkeys(unit for unit in units if unit))


def _day(cell: Cell, first_day: date, last_day: date) -> date | None:
    found = read_day(cell, first_day=first_day, last_day=last_day)
    if isinstance(found, TimeFault):
        raise _Unusable(Fault.BAD_DATE, shown(cell)[:60])
    return found


def _time(cell: Cell) -> time | None:
    found = read_time(cell)
    if isinstance(found, TimeFault):
        raise _Unusable(Fault.BAD_TIME, shown(cell)[:60])
    return found


def _moment(cell: Cell, first_day: date, last_day: date) -> datetime | None:
    if cell is None or isinstance(cell, datetime):
        return cell
    day, rest = split_day(shown(cell))
    on, at = read_day(day, first_day=first_day, last_day=last_day), read_time(rest.strip() or None)
    if not isinstance(on, date) or not isinstance(at, time):
        raise _Unusable(Fault.BAD_TIME, shown(cell)[:60])
    return datetime.combine(on, at)
