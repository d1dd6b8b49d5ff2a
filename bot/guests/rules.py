"""What a guest may say of themselves, and how it is written down. Pure."""

from enum import StrEnum

from bot.people.roster_cells import TEXT_LIMIT, clean_name, is_name, read_phone, read_text


class Unfit(StrEnum):
    """Why an answer was not taken."""

    NAME = "name"
    UNIT = "unit"
    PHONE = "phone"


def read_name(text: str) -> str | Unfit:
    """A name as rosters keep it."""
    name = clean_name(text)
    return name if name and is_name(name) else Unfit.NAME


def read_unit(text: str) -> str | Unfit:
    """Where somebody works, on one line."""
    unit = read_text(text) or ""
    return unit if unit and len(unit) <= TEXT_LIMIT else Unfit.UNIT


def read_number(text: str) -> str | Unfit:
    """A phone number as rosters keep it."""
    number = read_phone(text)
    return number if isinstance(number, str) and number[-1:].isdigit() else Unfit.PHONE
