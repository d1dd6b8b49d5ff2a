"""What reminders decide without looking anything up. Pure: no session, no clock, no Telegram."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum

from msgspec import Struct, field

from bot.figures import read_figures

USUAL = 15
"""Minutes before an activity, where a cohort says nothing else."""

MOST = 240
EVENING_AT = time(20)
EVENING_GRACE = timedelta(hours=3)
"""An evening's reminder that is later than eleven would wake people up."""

SAID_BY_MORNING = timedelta(minutes=20)
"""A morning push so shortly before a reminder of the first activity has said the same."""

LONG_AHEAD = 40
_BY_ROAD = re.compile(r"乘车|发车|班车|大巴|接送|\b(?:bus|coach|transfer|shuttle)\b", re.IGNORECASE)
_HOUR_WORD = r"\s*个?半?\s*(?:小时|钟头|hours?|h)$"
_HOURS = re.compile(rf"^(?:(?P<n>\d{{1,2}})|(?P<word>半|一|两|half an?|an?|one|two)){_HOUR_WORD}", re.IGNORECASE)
_MINUTES = re.compile(r"^(?P<n>\d{1,4})\s*(?:分钟?|min(?:ute)?s?\.?|m)?\s*(?:前|before|ahead)?$", re.IGNORECASE)
_WORDS = {"半": 30, "一": 60, "两": 120, "half a": 30, "half an": 30, "a": 60, "an": 60, "one": 60, "two": 120}
_FIGURES = re.compile(r"[一二两三四五六七八九]?十[一二三四五六七八九]?(?=分)|[一二两三四五六七八九](?=分)")
_QUARTERS = {"一刻钟": 15, "一刻": 15, "三刻钟": 45, "三刻": 45}
_NONE = {"0", "no", "none", "off", "不", "不要", "不用", "无", "不提醒"}


class Outcome(StrEnum):
    """What became of a reminder."""

    SENT = "sent"
    NOTHING = "nothing"
    SKIPPED = "skipped"


class Reason(StrEnum):
    """Why a reminder was not sent."""

    MOVED = "moved"
    """The activity begins at another time now, of which there is another reminder."""
    CANCELLED = "cancelled"
    TOO_LATE = "too_late"
    """The machine was down until the activity had begun."""
    REPLACED = "replaced"
    """The cohort wants reminders of this kind at another time ahead now."""
    TOLD = "told"
    """The change of the activity was announced at this very time."""
    NOBODY = "nobody"
    """Nobody wanted it: paused, or another lead chosen."""
    SUPERSEDED = "superseded"
    """An evening's: the next one was due too."""


class Leads(Struct, frozen=True):
    """How long before its activities a cohort wants reminders; kinds are compared without regard to case."""

    usual: int = USUAL
    by_kind: Mapping[str, int] = field(default_factory=dict)

    def fixed(self, kind: str) -> int | None:
        """What holds for a kind whatever people have chosen; ``None`` where each may choose."""
        given = self.by_kind.get(fold(kind)) if kind else None
        if given is None and _BY_ROAD.search(kind):
            return max(LONG_AHEAD, self.usual)
        return given

    def wanted(self, kind: str, own: Iterable[int]) -> frozenset[int]:
        """Every lead that somebody wants for a kind; ``own`` are those that people have chosen."""
        fixed = self.fixed(kind)
        leads = {self.usual, *own} if fixed is None else {fixed}
        return frozenset(leads - {0})


def fold(kind: str) -> str:
    """A kind as it is compared."""
    return unicodedata.normalize("NFKC", kind).strip().casefold()


def judge(starts_at: datetime, planned: datetime, now: datetime, *, is_cancelled: bool) -> Reason | None:
    """Whether a due reminder must be left out, and why."""
    if is_cancelled:
        return Reason.CANCELLED
    if starts_at != planned:
        return Reason.MOVED
    return Reason.TOO_LATE if starts_at <= now else None


def parse_minutes(typed: str) -> int | None:
    """Read a lead as people write it: ``30``, ``40分钟``, ``半小时``, ``1 hour``, ``off``; ``None`` where unclear."""
    text = unicodedata.normalize("NFKC", typed).strip().casefold().removeprefix("提前").strip()
    text = _FIGURES.sub(lambda found: str(read_figures(found[0])), text)
    if text in _QUARTERS:
        return _QUARTERS[text]
    if text in _NONE:
        return 0
    if found := _HOURS.match(text):
        minutes = int(found["n"]) * 60 if found["n"] else _WORDS[found["word"]]
        minutes += 30 if "个半" in text else 0
    elif found := _MINUTES.match(text):
        minutes = int(found["n"])
    else:
        return None
    return minutes if 0 <= minutes <= MOST else None
