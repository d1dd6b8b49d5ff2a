"""Numbers below a hundred in Chinese figures: 八, 十五, 二十三. Pure; knows nothing of what is counted."""

from typing import Final

SIGN: Final = "[零〇一二两三四五六七八九]"
NUMBER: Final = f"(?:{SIGN}?十{SIGN}?|{SIGN})"
"""A pattern of one such number."""

_VALUES = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


def read_figures(signs: str) -> int:
    """The number that ``NUMBER`` has matched; a leading 零, as in 零五分, is passed over. Raises KeyError."""
    tens, ten, ones = signs.rpartition("十") if "十" in signs else ("", "", signs.lstrip("零〇") or signs)
    return (_VALUES.get(tens, 1) * 10 if ten else 0) + (_VALUES[ones] if ones else 0)
