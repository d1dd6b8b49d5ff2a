"""Made-up rows: two in every table that is still empty, number 1 for the first camp and number 2 for the second.

They know of a table only what its columns and its model's defaults say, so that a new feature's tables are filled too.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Table, UniqueConstraint
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel

from bot.tables import metadata

NOW = datetime(2026, 12, 7, 1, 5, tzinfo=UTC)
OWN, OTHER = 1, 2
MARKS = {OWN: "Alpha", OTHER: "Omega"}
"""What stands in every name and title of a camp, so that a word of the other camp is recognised wherever it is said."""
LEFT_ALONE = frozenset({"outbox", "inbox", "dialogue", "guess", "secret", "ownership", "change"})


def seed_all(session: Session) -> tuple[list[str], list[str]]:
    """Give every table that is still empty a row for either camp; which could be given one, and which not."""
    seeded: list[str] = []
    unseeded: list[str] = []
    models = {model.__tablename__: model for model in _models(SQLModel)}
    for table in metadata().sorted_tables:
        if table.name in LEFT_ALONE or _has_rows(session, table):
            continue
        done = all(_seed(session, table, models.get(table.name), number) for number in MARKS)
        (seeded if done else unseeded).append(table.name)
    return seeded, unseeded


def _seed(session: Session, table: Table, model: Any, number: int) -> bool:
    row = {column.name: _value(column, model, number) for column in table.columns}
    try:
        with session.begin_nested():
            session.connection().execute(table.insert(), row)
    except IntegrityError as error:
        UNSEEDED[table.name] = str(error.orig)
        return False
    return True


def _value(column: Any, model: Any, number: int) -> Any:
    if column.foreign_keys:
        (key,) = column.foreign_keys
        return number if column.nullable is False or key.column.table.name in ("cohort", "activity", "person") else None
    if column.name == "id":
        return number
    known = SEEDS.get(f"{column.table.name}.{column.name}")
    if known is not None:
        return known.replace("@", MARKS[number]) if isinstance(known, str) else known
    if _is_unique(column) or (column.primary_key and not column.foreign_keys):
        return date(2026, 12, 6 + number) if "date" in type(column.type).__name__.lower() else _by_type(column, number)
    default = (
        model.model_fields[column.name].default if model is not None and column.name in model.model_fields else None
    )
    if column.nullable or (default is not None and "Undefined" not in type(default).__name__):
        return default
    return _by_type(column, number)


UNSEEDED: dict[str, str] = {}
_QUESTION = '{"feedback":["",""],"is_true":true,"kind":"true_false","stem":"@ question"}'
SEEDS: dict[str, Any] = {
    "quiz_exam.opens_at": NOW - timedelta(hours=1), "quiz_exam.closes_at": NOW + timedelta(hours=1),
    "import.content": "{}", "import.kind": "roster", "import.status": "previewed", "appeal.before": "late",
    "bank_question.content": _QUESTION, "question_version.content": _QUESTION, "bank_question.kind": "true_false",
    "timetable_version.content": "[]", "timetable_version.cause": "import",
    "discussion.status": "announced", "discussion_group.stage": "minutes", "discussion_minute.is_top": True,
    "forum_pool.part": "speaker", "forum_topic.file_id": "file", "forum_signup.slides_file_id": "file",
    "preference.quiet_from": 1320, "preference.quiet_until": 420,
    "forum_call.opens_at": NOW - timedelta(hours=1), "forum_call.closes_at": NOW + timedelta(hours=1),
    "forum_draw.entries": "[]", "forum_draw.result": '{"places": 0, "order": []}',
    "forum_call.status": "published", "forum_call.template": "trainees", "forum_invitation.answer_until": NOW,
}  # fmt: skip
"""Values that a made-up row needs, where the model has no default that fits."""


def _is_unique(column: Any) -> bool:
    """Whether a single column must differ from row to row."""
    alone = [one.columns for one in column.table.constraints if isinstance(one, UniqueConstraint)]
    alone += [one.columns for one in column.table.indexes if one.unique]
    return any(list(columns.keys()) == [column.name] for columns in alone)


def _by_type(column: Any, number: int) -> Any:
    kind = type(column.type).__name__.lower()
    known = {"datetime": NOW, "date": date(2026, 12, 7), "time": time(9), "bool": False, "int": number, "float": 1.0}
    return next((value for word, value in known.items() if word in kind), f"{MARKS[number]} {column.name}"[:40])


def _models(base: Any) -> Iterator[Any]:
    for model in base.__subclasses__():
        if getattr(model, "__tablename__", None) and getattr(model, "__table__", None) is not None:
            yield model
        yield from _models(model)


def _has_rows(session: Session, table: Table) -> bool:
    return session.connection().execute(table.select().limit(1)).first() is not None
