"""One statement for many rows: its words and the conversion of each column are worked out once for each database.

SQLAlchemy works them out anew for every row of a batch, which costs more than the database takes for the row. Here rows
go straight to the driver. It knows no table and no transaction.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Delete, Insert, Update
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine
from sqlmodel import UTCDateTime

Row = Mapping[str, Any]
Statement = Insert | Update | Delete
Conversion = Callable[[Any], Any]


def run_many(connection: Connection, statement: Statement, rows: Sequence[Row]) -> int:
    """Run the statement once for each row and return how many rows of the table that touched.

    All rows have the keys of the first: an insert's columns, or the names of the statement's own parameters.
    """
    if not rows:
        return 0
    plan = _plan(statement, tuple(rows[0]), connection.dialect)
    given = [plan.arrange(row) for row in rows]
    return connection.exec_driver_sql(plan.text, given, {"preserve_rowcount": True}).rowcount


class _Plan(Struct, frozen=True):
    """The statement as the driver takes it, and how to make its parameters from a row."""

    text: str
    parts: tuple[tuple[str, Conversion | None], ...]
    fixed: Row
    is_positional: bool

    def arrange(self, row: Row) -> Any:
        """The driver's parameters for a row."""
        full = {**self.fixed, **row} if self.fixed else row
        if self.is_positional:
            return tuple([full[name] if convert is None else convert(full[name]) for name, convert in self.parts])
        return {name: full[name] if convert is None else convert(full[name]) for name, convert in self.parts}


@lru_cache(128)
def _plan(statement: Statement, names: tuple[str, ...], dialect: Dialect) -> _Plan:
    keys = list(names) if isinstance(statement, Insert) else None
    compiled = statement.compile(dialect=dialect, column_keys=keys)
    types = {name: parameter.type.dialect_impl(dialect) for parameter, name in compiled.bind_names.items()}
    parts = tuple((name, _conversion(types[name], dialect)) for name in compiled.positiontup or types)
    fixed = {name: value for name, value in compiled.params.items() if name not in names}
    return _Plan(str(compiled), parts, fixed, bool(compiled.positiontup))


def _conversion(kind: TypeEngine[Any], dialect: Dialect) -> Conversion | None:
    """What makes a value the driver's. One instant stands in most rows of a batch, and is written out once."""
    convert = kind.bind_processor(dialect)
    return lru_cache(64)(convert) if convert is not None and isinstance(kind, UTCDateTime) else convert
