"""Making the files that coordinators and auditors ask for. Called by the courier on a reader; writes nothing.

Whoever asks has been checked when asking; what is in a file is as of the moment it is made.
"""

from array import array
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot import i18n
from bot.checkin.rules import Status
from bot.hours import service as hours
from bot.i18n import Translator
from bot.outbox.delivery import Rendered
from bot.people import service as people
from bot.records import log, matrix
from bot.records.matrix import Presence, Scope
from bot.records.messages import files as words
from bot.records.tables import Cell, Column, Marked, Workbook, write_csv

CODES = {None: 0, Status.PRESENT: 1, Status.LATE: 2, Status.EXCUSED: 3, Status.MISSING: 4}
STATUSES = {code: status for status, code in CODES.items()}
NOT_EXPECTED = -1
PARTS = ("attended", "late", "excused", "absent", "made_up", "ahead", "unrecorded")
ENTRY_PARTS = ("attended", "late", "excused", "absent", "made_up")


def render_file(session: Session, *, cohort_id: int, kind: str, form: str, language: str, now: str) -> Rendered:
    """One of ``matrix``, ``ledger`` and ``log``, as ``xlsx`` or ``csv``; ``now`` is when it was asked for."""
    t, at, cohort = i18n.translator(language), datetime.fromisoformat(now), people.get_cohort(session, cohort_id)
    content = _MAKERS[kind, form](session, cohort_id, at, t)
    local = at.astimezone(ZoneInfo(cohort.time_zone))
    return Rendered(words.file_name(words.title_of(kind, t), cohort.name, local, form), content)


def render_list(session: Session, *, activity_id: int, cohort_id: int, language: str, now: str) -> Rendered:
    """The list of one activity: who is there, who is late, excused or missing, by group."""
    t, at = i18n.translator(language), datetime.fromisoformat(now)
    scope = matrix.read_scope(session, cohort_id, at, activity_id=activity_id)
    book = Workbook()
    _add_records(book, session, scope, at, t)
    title = scope.activities[0].title if scope.activities else scope.cohort.name
    name = words.file_name(words.title_of("list", t), title, at.astimezone(scope.zone), "xlsx")
    return Rendered(name, book.close())


def _matrix_book(session: Session, cohort_id: int, now: datetime, t: Translator) -> bytes:
    scope = matrix.read_scope(session, cohort_id, now)
    names = words.sheet_titles(t)
    book = Workbook()
    headings = [Column(words.heading_of(one, scope.zone, t), 13) for one in scope.activities]
    columns = [*words.person_columns(t), *headings, *words.total_columns(t)]
    grid = book.sheet(names[0], columns, frozen=2)
    grid.sheet.set_row(0, 75)
    cells = _add_records(book, session, scope, now, t)
    for index, person in enumerate(scope.people):
        who = [person.name, person.group, person.unit, person.phone]
        grid.add([*who, *_cells(cells, index, len(scope.activities), t)])
    grid.finish()
    return book.close()


def _add_records(book: Workbook, session: Session, scope: Scope, now: datetime, t: Translator) -> "array[int]":
    """The sheet of records and the overview with its chart; what the matrix shows, packed into numbers."""
    _, title, over, _ = words.sheet_titles(t)
    table = book.sheet(title, words.record_columns(t), frozen=3)
    overview = book.sheet(over, words.overview_columns(t), frozen=2)
    rank = {person.person_id: index for index, person in enumerate(scope.people)}
    width = len(scope.activities)
    cells = array("l", [NOT_EXPECTED]) * (width * len(scope.people))
    for column, (activity, rows) in enumerate(matrix.presences(session, scope, now)):
        for one in rows:
            table.add(_record_row(one, scope, t))
            minutes = one.record.minutes if one.record else 0
            cells[rank[one.person.person_id] * width + column] = minutes * len(CODES) + CODES[one.status]
        counts = [sum(one.status is status for one in rows) for status in words.STATUSES]
        overview.add([activity.starts_at.astimezone(scope.zone), activity.title, len(rows), *counts])
    table.finish()
    overview.finish()
    _add_chart(book, overview, over, words.chart_title(scope.cohort, t), width, t)
    return cells


def _record_row(one: Presence, scope: Scope, t: Translator) -> list[Cell | Marked]:
    record = one.record
    return [
        one.activity.starts_at.astimezone(scope.zone),
        one.activity.title,
        one.person.name,
        one.group,
        one.person.unit,
        Marked(words.status(one.status, t), one.status or "nothing"),
        _local(record.arrived_at if record else None, scope),
        _local(record.left_at if record else None, scope),
        record.minutes if record else 0 if one.status else None,
        words.method(record.method, t) if record else "",
        one.marked_by,
        _local(record.recorded_at if record else None, scope),
        words.inside(record.inside if record else None, t),
    ]


def _cells(cells: "array[int]", index: int, width: int, t: Translator) -> Iterator[Cell | Marked]:
    """A person's row of the matrix: minutes in the colour of the record, then the sums."""
    minutes, counts = 0, dict.fromkeys(words.STATUSES, 0)
    for packed in cells[index * width : (index + 1) * width]:
        if packed == NOT_EXPECTED:
            yield Marked("–", "nothing")
            continue
        attended, code = divmod(packed, len(CODES))
        status = STATUSES[code]
        minutes += attended
        if status is None:
            yield Marked("", "nothing")
            continue
        counts[status] += 1
        yield Marked(words.status(status, t) if status is Status.EXCUSED else attended, status)
    yield minutes
    yield from counts.values()


def _add_chart(book: Workbook, overview: Any, sheet: str, title: str, rows: int, t: Translator) -> None:
    """A native chart: present, late, excused and missing of each activity, one upon the other."""
    if not rows:
        return
    name = overview.sheet.get_name()
    chart: Any = book.book.add_chart({"type": "column", "subtype": "stacked"})
    colours = ("#4C9A6A", "#E0A800", "#5B8DD6", "#C8574B")
    for column, colour in enumerate(colours, start=3):
        chart.add_series(
            {
                "name": [name, 0, column],
                "categories": [name, 1, 1, rows, 1],
                "values": [name, 1, column, rows, column],
                "fill": {"color": colour},
                "gap": 60,
            }
        )
    chart.set_title({"name": title, "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 900, "height": 420})
    overview.sheet.insert_chart(rows + 3, 0, chart)


def _records_csv(session: Session, cohort_id: int, now: datetime, t: Translator) -> bytes:
    scope = matrix.read_scope(session, cohort_id, now)
    rows = (_record_row(one, scope, t) for _, ones in matrix.presences(session, scope, now) for one in ones)
    return write_csv(words.record_columns(t), rows)


def _ledger_book(session: Session, cohort_id: int, now: datetime, t: Translator) -> bytes:
    book, zone = Workbook(), ZoneInfo(people.get_cohort(session, cohort_id).time_zone)
    people_table = book.sheet(words.title_of("ledger", t), words.ledger_columns(t))
    entries = book.sheet(words.sheet_titles(t)[3], words.entry_columns(t), frozen=3)
    for trainee, ledger in hours.ledgers_of(session, cohort_id, now).values():
        people_table.add(_ledger_row(trainee, ledger, t))
        for entry in ledger.entries:
            entries.add(
                [
                    entry.record.starts_at.astimezone(zone),
                    entry.record.title,
                    trainee.name,
                    words.standing(entry.standing, t),
                    entry.record.minutes,
                    *(getattr(entry, part) for part in ENTRY_PARTS),
                    t.join(entry.record.sources),
                ]
            )
    people_table.finish()
    entries.finish()
    return book.close()


def _ledger_csv(session: Session, cohort_id: int, now: datetime, t: Translator) -> bytes:
    found = hours.ledgers_of(session, cohort_id, now).values()
    return write_csv(words.ledger_columns(t), (_ledger_row(trainee, ledger, t) for trainee, ledger in found))


def _ledger_row(trainee: Any, ledger: Any, t: Translator) -> list[Cell]:
    sums: Sequence[int] = [ledger.sum(part) for part in PARTS]
    return [
        trainee.name,
        trainee.group,
        trainee.unit,
        ledger.total,
        *sums,
        ledger.allowance,
        ledger.used,
        ledger.left,
        words.yes_no(not ledger.endings, t),
    ]


def _log_book(session: Session, cohort_id: int, now: datetime, t: Translator) -> bytes:
    book, zone = Workbook(), ZoneInfo(people.get_cohort(session, cohort_id).time_zone)
    table = book.sheet(words.title_of("log", t), words.log_columns(t))
    for named in log.stream(session, cohort_id):
        table.add(words.log_row(named, zone, t))
    table.finish()
    return book.close()


def _log_csv(session: Session, cohort_id: int, now: datetime, t: Translator) -> bytes:
    zone = ZoneInfo(people.get_cohort(session, cohort_id).time_zone)
    return write_csv(words.log_columns(t), (words.log_row(named, zone, t) for named in log.stream(session, cohort_id)))


def _local(at: datetime | None, scope: Scope) -> datetime | None:
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(scope.zone) if at is not None else None


Maker = Callable[[Session, int, datetime, Translator], bytes]
_MAKERS: dict[tuple[str, str], Maker] = {
    ("matrix", "xlsx"): _matrix_book,
    ("matrix", "csv"): _records_csv,
    ("ledger", "xlsx"): _ledger_book,
    ("ledger", "csv"): _ledger_csv,
    ("log", "xlsx"): _log_book,
    ("log", "csv"): _log_csv,
}
KINDS = ("matrix", "ledger", "log")
FORMS = ("xlsx", "csv")
