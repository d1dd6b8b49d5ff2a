"""Whether a column is one of many numbers, as a condition with one parameter however many they are.

SQLAlchemy's own ``IN`` has a parameter for each: it writes the statement anew for every number of them, and the driver
and the database read it anew, which for a hundred takes longer than to find the rows.
"""

from typing import Any

from sqlalchemy import ARRAY, JSON, BigInteger, Boolean, ColumnElement, bindparam
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


def among(column: Any, name: str) -> ColumnElement[bool]:
    """The condition; the numbers are given as a list under ``name`` when the statement runs."""
    return _Among(column, bindparam(name, type_=_Numbers()))


class _Numbers(TypeDecorator[Any]):
    """An array where the database has such, JSON elsewhere."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(BigInteger) if dialect.name == "postgresql" else JSON())


class _Among(FunctionElement[bool]):
    name = "among"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """As it stands: what SQLAlchemy would write for SQLite, ``... = 1``, makes it read the whole table."""
        return self


@compiles(_Among)
def _in_json(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, numbers = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({numbers}))"  # noqa: S608 - no value stands in it


@compiles(_Among, "postgresql")
def _in_array(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, numbers = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} = ANY ({numbers})"
