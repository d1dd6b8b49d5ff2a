"""What cannot be at one time: the same people, speaker or room twice; and a visit without its site. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

_BETWEEN_NAMES = re.compile(r"[、,，;；/／&＆+]|\s{2,}|\band\b")
_NOBODY = frozenset({"", "-", "—", "待定", "全体", "全体学员", "学员", "学员代表", "组长", "各组组长", "班主任",
                     "工作人员", "tbd", "tba", "all", "everybody", "trainees", "group leaders", "staff"})  # fmt: skip
_NOWHERE = frozenset({"", "-", "—", "待定", "线上", "网上", "各教室", "各组教室", "tbd", "tba", "online"})
_VISIT = re.compile(r"参观|考察|现场教学|走访|实地|观摩|研学|\b(?:site )?visits?\b|field trip|excursion", re.IGNORECASE)


class ClashKind(StrEnum):
    """What is wrong with an activity as it would be."""

    OVERLAP = "overlap"
    SPEAKER = "speaker"
    PLACE = "place"
    NO_SITE = "no_site"
    OUTSIDE = "outside"
    PAST = "past"


class Slot(Struct, frozen=True):
    """An activity as far as it can be in another's way. ``camp`` is the other cohort's name, empty for the own one."""

    title: str
    starts_at: datetime
    ends_at: datetime
    speaker: str = ""
    place: str = ""
    group_name: str | None = None
    camp: str = ""


class Clash(Struct, frozen=True):
    """One thing that is wrong; ``what`` is the speaker or room, ``other`` what stands in the way."""

    kind: ClashKind
    what: str = ""
    other: Slot | None = None


def find_clashes(slot: Slot, others: Iterable[Slot]) -> list[Clash]:
    """Everything that stands in the way of an activity; of another camp only its speakers and rooms do."""
    return [clash for other in others if _meet(slot, other) for clash in _between(slot, other)]


def share_people(one: str | None, other: str | None) -> bool:
    """Whether two activities for these groups want the same people."""
    return one is None or other is None or one == other


def speakers(text: str | None) -> frozenset[str]:
    """The names in the column of speakers, without those that are nobody in particular."""
    names = (" ".join(name.split()) for name in _BETWEEN_NAMES.split(_plain(text)))
    return frozenset(name for name in names if name not in _NOBODY)


def same_place(one: str | None, other: str | None) -> bool:
    """Whether both are in one and the same room."""
    first, second = (_plain(text).replace(" ", "") for text in (one, other))
    return first == second and first not in _NOWHERE


def lacks_site(kind: str | None, title: str, place: str | None) -> bool:
    """Whether it is a visit and nobody says where to."""
    return not _plain(place) and _VISIT.search(kind or title) is not None


def _between(slot: Slot, other: Slot) -> Iterable[Clash]:
    if not other.camp and share_people(slot.group_name, other.group_name):
        yield Clash(ClashKind.OVERLAP, other=other)
        return
    for name in sorted(speakers(slot.speaker) & speakers(other.speaker)):
        yield Clash(ClashKind.SPEAKER, name, other)
    if same_place(slot.place, other.place):
        yield Clash(ClashKind.PLACE, slot.place, other)


def _meet(one: Slot, other: Slot) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _plain(text: str | None) -> str:
    return unicodedata.normalize("NFKC", text or "").strip().casefold()
