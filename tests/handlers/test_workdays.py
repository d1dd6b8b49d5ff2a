import json
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot.people import service
from bot.people.models import Cohort, Role
from bot.workdays.models import Blackout, SpecialDay
from tests.handlers.test_imports import roster, workbook
from tests.support.camp import NOBODY, add_person, callback_answers, forge_press, make_camp
from tests.support.house import MONDAY, OPERATOR, TestHouse
from tests.support.house import Person as Phone

pytestmark = pytest.mark.anyio
COORDINATOR, TRAINEE = 6, 7
TABLE_2026 = (Path(__file__).parent.parent / "data" / "holidays" / "2026.json").read_bytes()


def table_of(year: int) -> bytes:
    table = json.loads(TABLE_2026)
    for day in table["days"]:
        day["date"] = day["date"].replace("2026", str(year))
    return json.dumps(table).encode()


async def coordinator_of(house: TestHouse, language: str = "en", camps: int = 1) -> Phone:
    def work(session: Session) -> None:
        for number in range(camps):
            make_camp(session, f"Camp {number + 1}", language)
        add_person(session, 1, "王老师", Role.COORDINATOR, telegram_id=COORDINATOR, linked_at=MONDAY, language=language)
        add_person(session, 1, "李睿", telegram_id=TRAINEE, linked_at=MONDAY, unit="红山街道")

    house.write(work)
    phone = house.person(COORDINATOR, "王老师", language)
    await phone.say("/start")
    await phone.press("本班次全部功能" if language == "zh" else "All of this camp")
    return phone


async def add_blackout(phone: Phone) -> None:
    await phone.press("Days and blackouts")
    await phone.press("➕ Blackout")
    await phone.press("红山街道")
    await phone.say("2026-12-08 to 2026-12-20")
    await phone.say("换届")


async def test_a_blackout_is_noted_in_four_steps_and_listed(house: TestHouse) -> None:
    phone = await coordinator_of(house)

    await add_blackout(phone)
    noted = phone.last
    (listed,) = await phone.press("◀ Back")

    assert "红山街道 can spare nobody: Dec 8\u2009–\u200920 (换届)" in noted
    assert "✖ 红山街道" in str(listed["reply_markup"])
    assert house.read(lambda s: s.exec(select(Blackout)).one().starts_on) == date(2026, 12, 8)


async def test_bad_days_are_explained_and_asked_again(house: TestHouse) -> None:
    phone = await coordinator_of(house)
    await phone.press("Days and blackouts")
    await phone.press("➕ Blackout")
    await phone.press("红山街道")

    await phone.say("soon")
    unreadable = phone.last
    await phone.say("2026-12-20 to 2026-12-08")
    backwards = phone.last
    await phone.say("2026-12-08")
    await phone.press("No reason")

    assert "cannot read “soon” as dates" in unreadable
    assert "comes before the first" in backwards
    assert house.read(lambda s: s.exec(select(Blackout)).one().ends_on) == date(2026, 12, 8)


async def test_a_blackout_is_taken_back_by_a_button(house: TestHouse) -> None:
    phone = await coordinator_of(house)
    await add_blackout(phone)
    await phone.press("◀ Back")

    await phone.press("✖ 红山街道")

    assert house.read(lambda s: s.exec(select(Blackout)).one().removed_at) == MONDAY


async def test_cancelling_keeps_nothing(house: TestHouse) -> None:
    phone = await coordinator_of(house)
    await phone.press("Days and blackouts")
    await phone.press("➕ Blackout")
    await phone.press("红山街道")

    await phone.press("✖ Cancel")
    await phone.say("2026-12-08")

    assert house.read(lambda s: s.exec(select(Blackout)).all()) == []


@pytest.mark.parametrize(
    "data", ["workdays:show:1", "workdays:add:1", "workdays:remove:1:1", "loadmap:show:1:0", "loadmap:picture:1"]
)
async def test_a_trainee_who_forges_a_button_gets_nothing(house: TestHouse, data: str) -> None:
    await coordinator_of(house)

    await forge_press(house, TRAINEE, 1, data)

    assert callback_answers(house)[-1].startswith("Only a coordinator")


async def test_a_new_camp_over_a_holiday_is_flagged_before_it_is_made(house: TestHouse) -> None:
    operator = house.person(OPERATOR)
    await operator.say("/start")
    await operator.press("New cohort")
    await operator.say("第五期")

    await operator.say("2026-09-30 to 2026-10-02")
    flagged, labels = operator.last, operator.labels
    await operator.press("Other days")
    await operator.say("2026-10-12 to 2026-10-14")

    assert "Holiday: National Day" in flagged
    assert labels[:2] == ["📆 Keep these days", "✏️ Other days"]
    assert "time zone" not in flagged
    assert house.read(lambda s: s.exec(select(Cohort)).all()) == []


async def test_a_flagged_camp_can_be_made_all_the_same(house: TestHouse) -> None:
    house.clock.at = MONDAY.replace(month=9, day=1)
    operator = house.person(OPERATOR)
    await operator.say("/start")
    await operator.press("New cohort")
    await operator.say("第五期")
    await operator.say("2026-10-10 to 2026-10-11")
    flagged = operator.last

    await operator.press("Keep these days")
    await operator.press("Asia/Shanghai")
    await operator.press("中文")

    assert "Make-up working day: Sat, Oct 10" in flagged
    assert "Weekend: Sun, Oct 11" in flagged
    assert house.read(lambda s: s.exec(select(Cohort)).one().starts_on) == date(2026, 10, 10)


async def test_a_camp_in_a_year_without_a_table_says_so_loudly(house: TestHouse) -> None:
    operator = house.person(OPERATOR)
    await operator.say("/start")
    await operator.press("New cohort")
    await operator.say("第五期")

    await operator.say("2027-03-01 to 2027-03-03")

    assert "❗ The table of holidays for 2027 is missing." in operator.last


async def test_a_camp_over_a_blackout_of_a_unit_is_flagged_before_it_is_made(house: TestHouse) -> None:
    await add_blackout(await coordinator_of(house))
    operator = house.person(OPERATOR)
    await operator.say("/start")
    await operator.press("New cohort")
    await operator.say("第五期")

    await operator.say("2026-12-14 to 2026-12-16")

    assert "红山街道 can spare nobody" in operator.last


async def test_days_that_are_over_are_flagged(house: TestHouse) -> None:
    operator = house.person(OPERATOR)
    await operator.say("/start")
    await operator.press("New cohort")
    await operator.say("第五期")

    await operator.say("2026-03-02 to 2026-03-04")

    assert "already over" in operator.last


async def test_a_roster_with_a_blacked_out_unit_is_flagged_in_its_preview(house: TestHouse) -> None:
    phone = await coordinator_of(house)
    await add_blackout(phone)

    await phone.send_file("名单.xlsx", roster(("杨兰", "13900007002", "红山街道", "第二组", "")))

    assert "红山街道 can spare nobody" in phone.last
    assert any("Confirm" in label for label in phone.labels)


async def test_a_roster_with_people_who_are_elsewhere_on_these_days_names_them(house: TestHouse) -> None:
    phone = await coordinator_of(house, camps=2)
    house.write(lambda s: add_person(s, 2, "杨兰", phone="13900007002", unit="小桃园社区"))

    await phone.send_file("名单.xlsx", roster(("杨兰", "13900007002", "小桃园社区", "第二组", "")))

    assert "in another camp on these very days: 杨兰 (Camp 2)" in phone.last


async def test_a_timetable_over_a_holiday_is_flagged_in_its_preview(house: TestHouse) -> None:
    phone = await coordinator_of(house)
    head = ("日期", "开始时间", "结束时间", "课程名称")

    await phone.send_file("课程表.xlsx", workbook(head, ("2026-12-12", "09:00", "10:00", "开班式")))

    assert "⚠️ Weekend: Sat, Dec 12" in phone.last


@pytest.mark.parametrize("name", ["2027.json", "放假安排.xlsx"])
async def test_next_years_table_is_imported_as_json_or_as_a_sheet(house: TestHouse, name: str) -> None:
    phone = await coordinator_of(house, camps=2)
    days = json.loads(table_of(2027))["days"]
    rows = [(day["date"], day["name"], "放假" if day["isOffDay"] else "上班") for day in days]
    content = table_of(2027) if name.endswith("json") else workbook(("日期", "节日", "放假安排"), *rows)

    await phone.send_file(name, content)
    preview = phone.last
    before = house.read(lambda s: s.exec(select(SpecialDay)).all())
    await phone.press("Import")

    assert "For 2027: 33 days off, 6 make-up working days." in preview
    assert before == []
    assert house.read(lambda s: len(s.exec(select(SpecialDay)).all())) == 39


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        (b"{}", "was not imported. Nothing was changed."),
        (
            b'{"days": [{"date": "2027-01-01", "isOffDay": true, "name": "x"}]}',
            "fewer days off than there are holidays",
        ),
        (b'{"days": [{"date": "2027-02-30", "isOffDay": true, "name": "x"}]}', "Row 2: “2027-02-30” is not a date"),
    ],
)
async def test_a_table_that_is_none_is_refused_clearly(house: TestHouse, content: bytes, answer: str) -> None:
    phone = await coordinator_of(house)

    await phone.send_file("2027.json", content)

    assert answer in phone.last
    assert house.read(lambda s: s.exec(select(SpecialDay)).all()) == []


async def test_a_trainee_cannot_import_a_table(house: TestHouse) -> None:
    await coordinator_of(house)
    trainee = house.person(TRAINEE)

    await trainee.send_file("2027.json", table_of(2027))

    assert house.read(lambda s: s.exec(select(SpecialDay)).all()) == []


async def test_the_load_map_is_a_list_and_a_picture(house: TestHouse) -> None:
    phone = await coordinator_of(house, camps=2)

    def also_there(session: Session) -> None:
        for number in range(10):
            person_id = add_person(session, 1, f"学员{number}", unit="秦虹街道")
            add_person_to(session, person_id)

    house.write(also_there)
    await phone.press("Days and blackouts")

    (first,) = await phone.press("Load map")
    (second,) = await phone.press("▶")
    await phone.press("As a picture")

    assert "10 of 11 are called up elsewhere" in first["text"]
    assert "⚠️ 学员0 · Camp 2, Dec 7\u2009–\u20099" in first["text"]
    assert "学员9" in second["text"]
    assert any("photo" in message for message in phone.chat)


def add_person_to(session: Session, person_id: int) -> None:
    service.grant(session, person_id=person_id, cohort_id=2, role=Role.TRAINEE, actor=NOBODY, now=MONDAY)


async def test_a_chinese_coordinator_reads_it_in_chinese(house: TestHouse) -> None:
    phone = await coordinator_of(house, "zh")

    (shown,) = await phone.press("不便时段")

    assert "还没有 2027 年的放假安排" in shown["text"]
