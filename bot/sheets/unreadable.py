"""Why a file could not be read. The wording is elsewhere: this module only names reasons and figures."""

from enum import StrEnum

from bot.errors import CohortBotError


class Reason(StrEnum):
    """What was wrong with the file as a whole."""

    TOO_BIG = "too_big"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    PASSWORD = "password"  # noqa: S105 - the name of a reason, no secret
    NOT_A_SPREADSHEET = "not_a_spreadsheet"
    BOMB = "bomb"
    EMPTY = "empty"
    TOOK_TOO_LONG = "took_too_long"
    ENCODING = "encoding"
    BROKEN_DOCUMENT = "broken_document"
    ENTITIES = "entities"


class UnreadableFile(CohortBotError):
    """The file could not be read as a spreadsheet.

    `found` and `limit` are in the reason's own unit: bytes for TOO_BIG, rows, columns, seconds for TOOK_TOO_LONG, a
    line for BROKEN_DOCUMENT; 0 where a figure says nothing. `name` is what the sender called the file.
    """

    def __init__(self, reason: Reason, *, name: str = "", found: int = 0, limit: int = 0) -> None:
        super().__init__(f"{reason}: found {found}, limit {limit}")
        self.reason = reason
        self.name = name
        self.found = found
        self.limit = limit
