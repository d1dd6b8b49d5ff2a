"""What is decided about leave without looking anything up. Pure: no session, no clock, no Telegram."""

import unicodedata

SHORTEST_REASON = 2
LONGEST = 500
"""Characters of a reason, a line, a task or a note."""
MOST_AT_ONCE = 40
"""Activities of one request."""


def clean(text: str) -> str:
    """A line as it is kept: no control characters, single spaces, no blank ends."""
    plain = "".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in text)
    return " ".join(plain.split())


def is_reason(text: str) -> bool:
    """Whether the text says why, within bounds."""
    return SHORTEST_REASON <= len(clean(text)) <= LONGEST


def speaks(name: str, speaker: str) -> bool:
    """Whether somebody of that name is among an activity's speakers, as the timetable words them."""
    return bool(name) and name in speaker
