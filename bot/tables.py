"""What every table shares: the base class, named constraints, column kinds. No table of its own.

Every constraint has a name, because a batch migration on SQLite silently loses those without one.
"""

from typing import Any

from sqlalchemy import BigInteger, Integer, MetaData, Text
from sqlmodel import Field, SQLModel

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

SQLModel.metadata.naming_convention = NAMES

BigKey = BigInteger().with_variant(Integer(), "sqlite")


class Row(SQLModel):
    """The base of all tables."""

    # Nobody validates a row; building what would do it is a tenth of the start.
    model_config = {"defer_build": True}


def metadata() -> MetaData:
    """The schema of every table whose module has been imported.

    A model says only to SQLite of which rows an index is (``sqlite_where``); PostgreSQL is told here, since telling it
    loads all that SQLAlchemy knows of PostgreSQL.
    """
    for table in SQLModel.metadata.tables.values():
        for index in table.indexes:
            if (rows := index.dialect_kwargs.get("sqlite_where")) is not None:
                index.dialect_kwargs["postgresql_where"] = rows
    return SQLModel.metadata


def key() -> Any:
    """A 64-bit key that the database counts up; SQLite counts only plain INTEGER columns."""
    return Field(default=None, primary_key=True, sa_type=BigKey)


def big(**options: Any) -> Any:
    """A 64-bit integer column: Telegram's ids do not fit in 32 bits."""
    return Field(sa_type=BigInteger, **options)


def reference(target: str, **options: Any) -> Any:
    """A 64-bit foreign key to ``table.column``."""
    return Field(sa_type=BigKey, foreign_key=target, **options)


def long_text(**options: Any) -> Any:
    """A text column without a length."""
    return Field(sa_type=Text, **options)
