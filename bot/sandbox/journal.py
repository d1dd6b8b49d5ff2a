"""Tables of JSON rows that survive a SIGKILL: each change is one line appended to a journal.

Rows may be changed only through `put` and `drop`. Loading replays the lines and writes the file anew, so that
it does not grow for ever. Without a folder nothing is written.
"""

from __future__ import annotations

import json
import os
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Generic, TypeVar

Key = TypeVar("Key")
Row = TypeVar("Row")


class Journal:
    """The append-only file behind the tables of one sandbox."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._path = None if folder is None else folder / "journal.jsonl"
        self._file: Any = None

    def open(self, tables: dict[str, Table[Any, Any]]) -> None:
        """Replay the file into the tables, then rewrite it without what was superseded."""
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        for name, key, row in self._lines():
            tables[name].replay(key, row)
        self._rewrite(tables)
        self._file = self._path.open("a", encoding="utf-8")

    def write(self, table: str, key: Any, row: Any) -> None:
        """Append one change; it is safe after the next `flush`."""
        if self._file is not None:
            self._file.write(json.dumps([table, key, row], separators=(",", ":")) + "\n")

    def flush(self) -> None:
        """Hand everything written to the operating system, which outlives a killed process."""
        if self._file is not None:
            self._file.flush()

    def close(self) -> None:
        """Close the file; later changes stay in memory."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _lines(self) -> Iterator[tuple[str, Any, Any]]:
        if self._path is None or not self._path.exists():
            return
        with self._path.open(encoding="utf-8") as file:
            for line in file:
                # A kill can leave half a line at the end: it was never acknowledged.
                if line.endswith("\n"):
                    name, key, row = json.loads(line)
                    yield name, key, row

    def _rewrite(self, tables: dict[str, Table[Any, Any]]) -> None:
        assert self._path is not None  # noqa: S101
        fresh = self._path.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as file:
            for name, table in tables.items():
                for key, row in table.stored():
                    file.write(json.dumps([name, key, row], separators=(",", ":")) + "\n")
        os.replace(fresh, self._path)


class Table(Generic[Key, Row]):
    """Rows by key in the order of their arrival."""

    def __init__(self, journal: Journal, name: str) -> None:
        self.name = name
        self.rows: OrderedDict[Key, Row] = OrderedDict()
        self._journal = journal

    def get(self, key: Key) -> Row | None:
        """The row, None when there is none."""
        return self.rows.get(key)

    def put(self, key: Key, row: Row) -> None:
        """Add or replace a row."""
        self.rows[key] = row
        self._journal.write(self.name, key, row)

    def drop(self, key: Key) -> None:
        """Remove a row if it is there."""
        if self.rows.pop(key, None) is not None:
            self._journal.write(self.name, key, None)

    def replay(self, key: Any, row: Any) -> None:
        """Apply a line of the journal; JSON knows no tuples, so lists become keys again."""
        key = tuple(key) if isinstance(key, list) else key
        if row is None:
            self.rows.pop(key, None)
        else:
            self.rows[key] = row

    def stored(self) -> Iterator[tuple[Any, Any]]:
        """What a compacted journal must hold."""
        yield from self.rows.items()
