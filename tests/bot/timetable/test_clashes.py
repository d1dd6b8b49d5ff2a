from datetime import timedelta

import pytest

from bot.timetable.clashes import ClashKind, Slot, find_clashes, lacks_site, same_place, speakers
from tests.support.house import MONDAY

HOUR = timedelta(hours=1)


def slot(start: int, length: int = 1, **more: str | None) -> Slot:
    return Slot("One", MONDAY + start * HOUR, MONDAY + (start + length) * HOUR, **more)  # type: ignore[arg-type]


def kinds(one: Slot, other: Slot) -> list[ClashKind]:
    return [clash.kind for clash in find_clashes(one, [other])]


def test_activities_that_touch_are_not_in_each_others_way() -> None:
    assert kinds(slot(9), slot(10)) == []


def test_activities_that_share_a_minute_overlap() -> None:
    assert kinds(slot(9, 2), slot(10)) == [ClashKind.OVERLAP]


def test_two_groups_may_meet_at_one_time_but_not_in_one_room_or_with_one_speaker() -> None:
    one, other = (slot(9, group_name=name, speaker="王芳", place="301") for name in ("甲", "乙"))

    assert kinds(one, other) == [ClashKind.SPEAKER, ClashKind.PLACE]


def test_another_camp_is_only_in_the_way_of_speakers_and_rooms() -> None:
    assert kinds(slot(9), slot(9, camp="Other")) == []
    assert kinds(slot(9, place="301"), slot(9, place="３０１", camp="Other")) == [ClashKind.PLACE]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("李睿、王芳", {"李睿", "王芳"}),
        ("Li Rui; Wang Fang and Zhou", {"li rui", "wang fang", "zhou"}),
        ("各组组长", set()),
        ("待定", set()),
        ("陈和平", {"陈和平"}),
        ("", set()),
    ],
)
def test_the_names_in_the_column_of_speakers(text: str, names: set[str]) -> None:
    assert speakers(text) == names


@pytest.mark.parametrize(
    ("one", "other", "same"), [("301 教室", "301教室", True), ("线上", "线上", False), ("", "", False)]
)
def test_a_room_is_known_again_and_no_room_is_none(one: str, other: str, same: bool) -> None:
    assert same_place(one, other) is same


@pytest.mark.parametrize(
    ("kind", "title", "place", "lacks"),
    [
        ("现场教学", "红山街道", "", True),
        ("现场教学", "红山街道", "红山街道", False),
        ("", "Site visit to Riverside", "", True),
        ("专题辅导", "参观学习的方法", "", False),
    ],
)
def test_a_visit_needs_its_site(kind: str, title: str, place: str, lacks: bool) -> None:
    assert lacks_site(kind, title, place) is lacks
