"""Finding the row of column headings under titles and fillers, whatever the table is about. Pure."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import islice

from msgspec import Struct

from bot.sheets.shapes import Row, Sheet
from bot.sheets.text import narrow, shown

ROWS_SEARCHED = 20
"""How many rows from the top the headings may be among."""

Vocabulary = Mapping[str, tuple[str, ...]]
"""Field -> the headings it goes by, the best first; all in the form that `heading_keys` gives."""

_ASIDE = re.compile(r"[(\[【〔<《].*?[)\]】〕>》]")
_DECORATION = re.compile(r"[\s*:.,;、_'\"“”?？!。-]+")


class Heading(Struct, frozen=True):
    """A column heading as it stands in the file, and the field it was understood as. Columns count from 0."""

    text: str
    field: str
    column: int


class Header(Struct, frozen=True):
    """A row of headings with the rows below it: all its texts by column, what was understood, what is there twice."""

    row: int
    texts: tuple[str, ...]
    headings: tuple[Heading, ...]
    repeated: tuple[str, ...]
    body: tuple[Row, ...]

    @property
    def columns(self) -> dict[str, int]:
        """Return the column (from 0) of every field understood."""
        return {heading.field: heading.column for heading in self.headings}

    def about(self, fields: Collection[str]) -> tuple[Heading, ...]:
        """Return the headings of these fields."""
        return tuple(heading for heading in self.headings if heading.field in fields)

    def unused(self, fields: Collection[str]) -> tuple[str, ...]:
        """Return the texts of all columns that are not about these fields."""
        used = {heading.column for heading in self.about(fields)}
        return tuple(text for column, text in enumerate(self.texts) if text and column not in used)


class HeaderNotFound(Struct, frozen=True):
    """No sheet has a row of headings that fits: what was looked for, and what stands in the likeliest row instead."""

    looked_for: tuple[str, ...]
    seen: tuple[str, ...]


def heading_keys(text: str) -> tuple[str, ...]:
    """Return the forms under which a heading is looked up: whole, without asides, and each part around a slash."""
    lowered = narrow(text).casefold()
    whole = _DECORATION.sub("", lowered)
    plain = _DECORATION.sub("", _ASIDE.sub("", lowered))
    parts = [_DECORATION.sub("", part) for part in re.split(r"[/|\\]", _ASIDE.sub("", lowered))]
    return tuple(dict.fromkeys(key for key in (whole, plain, *parts) if key))


def understand(row: Row, following: Sequence[Row], vocabulary: Vocabulary) -> Header:
    """Read this row as headings. Where two columns mean one field, the one with the better word is taken."""
    ranks = {word: (rank, field) for field, words in vocabulary.items() for rank, word in enumerate(words)}
    texts = tuple(narrow(shown(cell)) for cell in row.cells)
    meant = [
        (rank, Heading(text, field, column))
        for column, text in enumerate(texts)
        for rank, field in _meanings(text, ranks)
    ]
    best: dict[str, Heading] = {}
    for _, heading in sorted(meant, key=lambda pair: pair[0]):
        best.setdefault(heading.field, heading)
    return Header(
        row=row.number,
        texts=texts,
        headings=tuple(sorted(best.values(), key=lambda heading: heading.column)),
        repeated=tuple(heading.text for _, heading in meant if _is_repeated(heading, best[heading.field])),
        body=tuple(following),
    )


def _meanings(text: str, ranks: Mapping[str, tuple[int, str]]) -> list[tuple[int, str]]:
    return [ranks[key] for key in heading_keys(text) if key in ranks][:1]


def _is_repeated(heading: Heading, chosen: Heading) -> bool:
    return heading.column != chosen.column and heading.text == chosen.text


def find_header(sheet: Sheet, vocabulary: Vocabulary, *, fits: Callable[[Header], bool]) -> Header | None:
    """Return the first of the top rows that `fits` accepts as headings, None if there is none."""
    for index, row in enumerate(islice(sheet.rows, ROWS_SEARCHED)):
        header = understand(row, sheet.rows[index + 1 :], vocabulary)
        if header.headings and fits(header):
            return header
    return None


def likeliest_headings(sheets: Sequence[Sheet], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the texts of the row that looks most like headings: most words known, else most cells filled."""
    rows = [row for sheet in sheets for row in sheet.rows[:ROWS_SEARCHED]]
    if not rows:
        return ()
    best = max(rows, key=lambda row: (len(understand(row, (), vocabulary).headings), _texts(row)))
    return tuple(narrow(shown(cell)) for cell in best.cells if cell is not None)


def _texts(row: Row) -> int:
    return sum(isinstance(cell, str) for cell in row.cells)
