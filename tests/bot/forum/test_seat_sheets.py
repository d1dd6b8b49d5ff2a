from collections.abc import Callable
from io import BytesIO
from typing import Any

from python_calamine import CalamineWorkbook

from bot.forum import drawing, exporting
from bot.forum.models import Choice, Part
from tests.support.house import MONDAY
from tests.support.seats_scene import HOUR, SeatsCamp

Build = Callable[..., SeatsCamp]
CLOSED = MONDAY + 24 * HOUR


def sheets_of(camp: SeatsCamp, language: str = "en") -> dict[str, list[list[Any]]]:
    given: dict[str, Any] = {"call_id": camp.call_id, "language": language, "now": CLOSED.isoformat()}
    file = camp.see(lambda s: exporting.render_list(s, **given))
    book = CalamineWorkbook.from_filelike(BytesIO(file.content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_the_workbook_has_a_sheet_for_each_part_and_a_row_for_each_sign_up(build: Build) -> None:
    camp = build(slots=1, people=4)
    camp.sign(0, part=Part.SPEAKER, title="Lifts", needs="A microphone")
    camp.sign(1, part=Part.SPEAKER, title="Parking")
    camp.sign(2)

    sheets = sheets_of(camp)

    speakers, listeners = sheets["🎤 Speakers"], sheets["💺 Listeners"]
    assert [row[1:5] for row in speakers[1:]] == [
        ["学员0", "East Street", "confirmed", ""],
        ["学员1", "West Street", "on the reserve list", 1],
    ]
    assert speakers[1][8:14] == [1, "14:10", "", "Lifts", "", "A microphone"]
    assert [row[1] for row in listeners[1:]] == ["学员2"]


def test_what_somebody_typed_never_becomes_a_formula(build: Build) -> None:
    camp = build()
    camp.sign(0, part=Part.SPEAKER, title="=1+1", outline="@SUM(A1)")

    row = sheets_of(camp)["🎤 Speakers"][1]

    assert row[11:13] == ["=1+1", "@SUM(A1)"]


def test_after_a_draw_the_list_says_place_and_tickets(build: Build) -> None:
    camp = build(slots=1, people=3, choice=Choice.DRAW)
    for number in range(3):
        camp.sign(number, part=Part.SPEAKER)
    camp.do(lambda s: drawing.hold_draw(s, call_id=camp.call_id, now=CLOSED))

    rows = sheets_of(camp)["🎤 Speakers"]

    assert rows[0][-2:] == ["Place in the draw", "Tickets"]
    assert [row[-2] for row in rows[1:]] == [1, 2, 3]


def test_the_workbook_speaks_chinese(build: Build) -> None:
    camp = build()
    camp.sign(0)

    rows = sheets_of(camp, "zh")["💺 听众"]

    assert rows[0][:4] == ["报名编号", "姓名", "单位", "状态"]
