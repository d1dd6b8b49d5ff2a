import struct
from datetime import date

import pytest

from bot.i18n import translator
from bot.loadmap.picture import draw
from bot.loadmap.rules import Blocked, CallUp, Member, unit_rows, weeks_around
from bot.loadmap.service import LoadMap
from bot.people.models import Cohort
from tests.support.house import MONDAY

FIRST, LAST = date(2026, 12, 7), date(2026, 12, 9)
WEEKS = weeks_around(FIRST, LAST)


def camp(name: str = "第四期") -> Cohort:
    return Cohort(
        id=1, organisation_id=1, name=name, starts_on=FIRST, ends_on=LAST, time_zone="Asia/Shanghai", created_at=MONDAY
    )


def load_map(units: int, *, elsewhere: bool = True, name: str = "第四期") -> LoadMap:
    members = [Member(number, f"学员{number}", f"第{number}街道办事处党群工作部") for number in range(units)]
    calls = tuple(CallUp(member, "第三期", FIRST, LAST) for member in members) if elsewhere else ()
    blocked = [Blocked("第0街道办事处党群工作部", FIRST, LAST)] if elsewhere else []
    return LoadMap(camp(name), WEEKS, unit_rows(members, calls, blocked, WEEKS), calls, units)


def size(picture: bytes) -> tuple[int, int]:
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", picture[16:24])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_picture_is_a_png_that_telegram_takes_as_a_photo(language: str) -> None:
    width, height = size(draw(load_map(77), translator(language)))

    assert width + height <= 10_000
    assert height / width < 20


def test_more_units_make_a_taller_picture_up_to_forty() -> None:
    heights = [size(draw(load_map(units), translator("en")))[1] for units in (2, 40, 77)]

    assert heights[0] < heights[1]
    assert heights[2] - heights[1] < 60


def test_a_camp_of_which_nobody_is_elsewhere_has_a_picture_that_says_so() -> None:
    assert size(draw(load_map(3, elsewhere=False), translator("en")))[1] < size(draw(load_map(9), translator("en")))[1]


def test_names_with_marks_of_the_drawing_language_are_only_names() -> None:
    name = '#import "x" $1/0$ *_`\\ <a> @b "]'

    assert size(draw(load_map(1, name=name), translator("en")))[0] > 0


def test_the_same_map_gives_the_same_picture() -> None:
    assert draw(load_map(3), translator("zh")) == draw(load_map(3), translator("zh"))
