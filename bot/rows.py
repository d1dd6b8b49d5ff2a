"""One statement for many rows: its words and the conversion of each column are worked out once for each database.

SQLAlchemy works them out anew for every row of a batch, which costs more than the database takes for the row. Here rows
go straight to the driver. It knows no table and no transaction.

PostgreSQL gets all rows as one JSON text and runs the statement once: begun anew for every row it takes several times
as long (docs/decisions/0010). Its order is that of the rows, so that numbers it gives out follow it.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from msgspec import Struct
from sqlalchemy import JSON, BindParameter, Connection, Delete, Insert, Update, bindparam, column, func, select
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import visitors
from sqlalchemy.types import TypeEngine
from sqlmodel import UTCDateTime

from bot import json_text

Row = Mapping[str, Any]
Statement = Insert | Update | Delete
Conversion = Callable[[Any], Any]

_ROWS = "rows"


def run_many(connection: Connection, statement: Statement, rows: Sequence[Row]) -> int:
    """Run the statement once for each row and return how many rows of the table that touched.

    All rows have the keys of the first: an insert's columns, or the names of the statement's own parameters. No two
    may touch the same row of the table.
    """
    if not rows:
        return 0
    plan = _plan(statement, tuple(rows[0]), connection.dialect)
    return connection.exec_driver_sql(plan.text, plan.arrange(rows), {"preserve_rowcount": True}).rowcount


class _Plan(Struct, frozen=True):
    """The statement as the driver takes it, and how to make its parameters from rows.

    ``whole`` names the one parameter that takes all rows; it is empty where the driver takes them one by one.
    """

    text: str
    parts: tuple[tuple[str, Conversion | None], ...]
    fixed: Row
    whole: str = ""

    def arrange(self, rows: Sequence[Row]) -> Any:
        """The driver's parameters."""
        if self.whole:
            return {**self.fixed, self.whole: json_text.write([self._as_object(row) for row in rows])}
        return [self._in_order({**self.fixed, **row} if self.fixed else row) for row in rows]

    def _as_object(self, row: Row) -> dict[str, Any]:
        return {name: row[name] if convert is None else convert(row[name]) for name, convert in self.parts}

    def _in_order(self, row: Row) -> tuple[Any, ...]:
        return tuple([row[name] if convert is None else convert(row[name]) for name, convert in self.parts])


@lru_cache(128)
def _plan(statement: Statement, names: tuple[str, ...], dialect: Dialect) -> _Plan:
    keys = list(names) if isinstance(statement, Insert) else None
    compiled = statement.compile(dialect=dialect, column_keys=keys)
    types = {name: parameter.type for parameter, name in compiled.bind_names.items()}
    if dialect.name == "postgresql":
        return _plan_of_all(statement, {name: types[name] for name in names}, dialect)
    fixed = {name: value for name, value in compiled.params.items() if name not in names}
    return _Plan(str(compiled), _parts({name: types[name] for name in compiled.positiontup or ()}, dialect), fixed)


def _plan_of_all(statement: Statement, types: Mapping[str, TypeEngine[Any]], dialect: Dialect) -> _Plan:
    """The statement over a table that PostgreSQL makes of the rows' JSON."""
    columns = [column(name, kind) for name, kind in types.items()]
    rows = func.json_to_recordset(bindparam(_ROWS, type_=JSON)).table_valued(*columns).render_derived(with_types=True)

    def from_rows(part: Any, **_: object) -> Any:
        return rows.c[part.key] if isinstance(part, BindParameter) and part.key in rows.c else None

    if isinstance(statement, Insert):
        over: Any = statement.from_select(list(types), select(*rows.c))
    else:
        over = visitors.replacement_traverse(cast("Any", statement), {}, cast("Any", from_rows))
    compiled = over.compile(dialect=dialect)
    fixed = {name: value for name, value in compiled.params.items() if name != _ROWS}
    return _Plan(str(compiled), _parts(types, dialect), fixed, _ROWS)


def _parts(types: Mapping[str, TypeEngine[Any]], dialect: Dialect) -> tuple[tuple[str, Conversion | None], ...]:
    return tuple((name, _conversion(kind.dialect_impl(dialect), dialect)) for name, kind in types.items())


def _conversion(kind: TypeEngine[Any], dialect: Dialect) -> Conversion | None:
    """What makes a value the driver's. One instant stands in most rows of a batch, and is written out once."""
    convert = kind.bind_processor(dialect)
    return lru_cache(64)(convert) if convert is not None and isinstance(kind, UTCDateTime) else convert
