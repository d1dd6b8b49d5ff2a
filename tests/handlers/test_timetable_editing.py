import io
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from sqlmodel import Session, select

from bot.people.models import Role
from bot.timetable.models import Activity, TimetableVersion
from bot.workdays.models import Blackout
from tests.support.camp import add_person, callback_answers, forge_press, make_camp
from tests.support.house import MONDAY, TestHouse
from tests.support.house import Person as Phone

pytestmark = pytest.mark.anyio
COORDINATOR, TRAINEE = 6, 7
NINE = MONDAY + timedelta(hours=1)
"""Nine in the morning in Shanghai."""


def add_activity(session: Session, title: str, at: datetime = NINE, **more: Any) -> None:
    session.add(Activity(cohort_id=1, title=title, starts_at=at, ends_at=at + timedelta(hours=1), **more))


async def coordinator_of(house: TestHouse, language: str = "en") -> Phone:
    def work(session: Session) -> None:
        cohort_id = make_camp(session, language=language)
        add_person(
            session, cohort_id, "王老师", Role.COORDINATOR, telegram_id=COORDINATOR, linked_at=MONDAY, language=language
        )
        add_person(session, cohort_id, "李睿", telegram_id=TRAINEE, linked_at=MONDAY)
        add_activity(session, "开班式", place="报告厅")
        add_activity(session, "专题辅导", NINE + timedelta(hours=5), place="301教室", speaker="王芳")

    house.write(work)
    phone = house.person(COORDINATOR, "王老师", language)
    await phone.say("/start")
    return phone


def activity(house: TestHouse, number: int = 1) -> Activity:
    found: Activity = house.read(lambda s: s.get_one(Activity, number))
    return found


async def open_first(phone: Phone) -> None:
    await phone.press("Edit timetable")
    await phone.press("开班式")


async def test_an_activity_is_moved_by_a_typed_time(house: TestHouse) -> None:
    phone = await coordinator_of(house)
    await open_first(phone)

    await phone.press("Move")
    await phone.say("明天上午10点")
    preview = phone.last
    untouched = activity(house).starts_at
    await phone.press("Save")

    assert "Monday, December 7 09:00–10:00" in preview
    assert "Tuesday, December 8 10:00–11:00" in preview
    assert untouched == NINE
    assert activity(house).starts_at == NINE + timedelta(hours=25)


async def test_without_a_day_the_activitys_own_day_is_meant(house: TestHouse) -> None:
    phone = await coordinator_of(house)
    await open_first(phone)
    await phone.press("Move")

    await phone.say("16:00-17:30")
    await phone.press("Save")

    assert (activity(house).starts_at, activity(house).ends_at) == (
        NINE + timedelta(hours=7),
        NINE + timedelta(hours=8, minutes=30),
    )


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("25:00", "no such time as “25:00”"),
        ("2027年2月29日 9:00", "no such day"),
        ("2020-01-01 09:00", "already over"),
        ("soon", "cannot read “soon”"),
        ("<b>x", "cannot read “&lt;b&gt;x”"),
    ],
)
async def test_a_time_that_cannot_be_is_explained_and_asked_again(house: TestHouse, text: str, answer: str) -> None:
    phone = await coordinator_of(house)
    await open_first(phone)
    await phone.press("Move")

    await phone.say(text)
    explained = phone.last
    await phone.say("16:00")

    assert answer.replace("&lt;", "<").replace("&gt;", ">") in explained
    assert "16:00–17:00" in phone.last
    assert activity(house).version == 0


async def test_an_overlap_is_shown_before_saving_and_may_be_wanted(house: TestHouse) -> None:
    phone = await coordinator_of(house)
    await open_first(phone)
    await phone.press("Move")

    await phone.say("14:30")

    assert "⚠️ At the same time: 14:00–15:00 专题辅导" in phone.last
    assert phone.labels == ["✔ Save all the same", "✖ Leave it"]


async def test_leaving_it_changes_nothing(house: TestHouse) -> None:
    phone = await coordinator_of(house)
    await open_first(phone)
    await phone.press("Move")
    await phone.press("+30")
    await phone.press("Leave it")

    await phone.say("16:00")

    assert activity(house).version == 0


async def test_an_activity_is_moved_and_shortened_by_buttons_alone(house: TestHouse) -> None:
    phone = await coordinator_of(house)
    await open_first(phone)

    await phone.press("Move")
    await phone.press("Next day")
    await phone.press("Save")
    await phone.press("This one again")
    await phone.press("Length")
    await phone.press("−15")
    await phone.press("Save")

    assert (activity(house).starts_at, activity(house).ends_at) == (
        NINE + timedelta(days=1),
        NINE + timedelta(days=1, minutes=45),
    )


async def test_an_end_is_typed(house: TestHouse) -> None:
    phone = await coordinator_of(house)
    await open_first(phone)
    await phone.press("Length")

    await phone.say("8点")
    refused = phone.last
    await phone.say("11点半")
    await phone.press("Save")

    assert "ends before it begins" in refused
    assert activity(house).ends_at == NINE + timedelta(hours=2, minutes=30)


async def test_a_room_is_chosen_among_those_of_the_camp_or_typed(house: TestHouse) -> None:
    phone = await coordinator_of(house)
    await open_first(phone)

    await phone.press("Room")
    await phone.press("301教室")
    await phone.press("Save")
    chosen = activity(house).place
    await phone.press("This one again")
    await phone.press("Room")
    await phone.say("礼堂")
    await phone.press("Save")

    assert (chosen, activity(house).place) == ("301教室", "礼堂")


async def test_a_speaker_is_typed_or_left_open(house: TestHouse) -> None:
    phone = await coordinator_of(house)
    await phone.press("Edit timetable")
    await phone.press("专题辅导")

    await phone.press("Speaker")
    await phone.press("Nobody yet")
    await phone.press("Save")

    assert activity(house, 2).speaker == ""


async def test_two_activities_change_places(house: TestHouse) -> None:
    phone = await coordinator_of(house)
    await open_first(phone)

    await phone.press("Swap")
    await phone.press("专题辅导")
    await phone.press("Save")

    assert (activity(house, 1).starts_at, activity(house, 2).starts_at) == (NINE + timedelta(hours=5), NINE)


async def test_an_activity_is_cancelled_and_restored(house: TestHouse) -> None:
    phone = await coordinator_of(house)
    await open_first(phone)

    await phone.press("Cancel it")
    await phone.press("Save")
    cancelled = activity(house).cancelled_at
    await phone.press("This one again")
    await phone.press("Restore")
    await phone.press("Save")

    assert cancelled is not None
    assert activity(house).cancelled_at is None


async def test_a_plan_survives_a_restart(house: TestHouse) -> None:
    phone = await coordinator_of(house)
    await open_first(phone)
    await phone.press("Move")
    await phone.say("16:00")
    house.application.dialogues._places.clear()  # noqa: SLF001 - what a new process would begin with

    await phone.press("Save")

    assert activity(house).starts_at == NINE + timedelta(hours=7)


async def test_what_somebody_else_changed_meanwhile_is_shown_again(house: TestHouse) -> None:
    phone = await coordinator_of(house)
    await open_first(phone)
    await phone.press("Room")
    await phone.say("礼堂")

    def meddle(session: Session) -> None:
        one = session.get_one(Activity, 1)
        one.version += 1
        session.add(one)

    house.write(meddle)
    (shown,) = await phone.press("Save")

    assert "has changed meanwhile" in shown["text"]
    assert activity(house).place == "报告厅"


async def test_pressing_save_twice_changes_once(house: TestHouse) -> None:
    phone = await coordinator_of(house)
    await open_first(phone)
    await phone.press("Move")
    await phone.press("+30")
    message_id, data = house.find_button(COORDINATOR, "Save")
    await phone.press_data(message_id, data)

    await forge_press(house, COORDINATOR, message_id, data)

    assert activity(house).version == 1


@pytest.mark.parametrize(
    "data",
    [
        "tedit:days:1", "tedit:one:1", "tedit:move:1", "tedit:shift:1:30", "tedit:cancel:1", "tedit:with:1:2",
        "tedit:export:1", "tedit:versions:1:0", "tedit:save:1:abc", "tedit:nobody:1", "tedit:roomof:1:2",
    ],
)  # fmt: skip
async def test_a_trainee_who_forges_a_button_changes_nothing(house: TestHouse, data: str) -> None:
    await coordinator_of(house)

    await forge_press(house, TRAINEE, 1, data)

    assert activity(house).version == 0
    assert callback_answers(house)[-1] != ""


@pytest.mark.parametrize(
    "data", ["tedit:one:99", "tedit:shift:1:x", "tedit:days:", "tedit:version:1:9", "tedit:compare:1:1"]
)
async def test_a_button_that_was_tampered_with_leads_nowhere(house: TestHouse, data: str) -> None:
    await coordinator_of(house)

    await forge_press(house, COORDINATOR, 1, data)

    assert callback_answers(house)[-1].startswith("This no longer exists")


async def test_the_timetable_goes_to_excel_and_back_and_a_moved_row_is_a_move(house: TestHouse) -> None:
    phone = await coordinator_of(house)
    await phone.press("Edit timetable")
    await phone.press("Excel")
    (sent,) = [message["document"] for message in phone.chat if "document" in message]
    rows = read_file(house, sent)
    same = rows[1][:]
    rows[1][1], rows[1][2], rows[1][4] = "16:00", "17:00", "开班典礼"

    await phone.send_file("课程表.xlsx", workbook(rows))
    preview = phone.last
    await phone.press("Import")

    assert same[4] == "开班式"
    assert "✏️ 1 changed" in preview
    assert "1 new" not in preview
    assert (activity(house).title, activity(house).starts_at) == ("开班典礼", NINE + timedelta(hours=7))


async def test_an_export_sent_back_unchanged_changes_nothing(house: TestHouse) -> None:
    phone = await coordinator_of(house)
    house.write(
        lambda s: add_activity(s, "研讨", NINE + timedelta(days=1), group_name="一组", minutes=50, notes="带笔")
    )
    await phone.press("Edit timetable")
    await phone.press("Excel")
    (sent,) = [message["document"] for message in phone.chat if "document" in message]

    await phone.send_file("课程表.xlsx", house.sandbox.world.contents.read(sent["file_unique_id"]))

    assert "This changes nothing" in phone.last


async def test_versions_are_listed_shown_and_compared(house: TestHouse) -> None:
    phone = await coordinator_of(house)
    await open_first(phone)
    await phone.press("Room")
    await phone.press("301教室")
    await phone.press("Save")
    await phone.press("Timetable")

    (listed,) = await phone.press("Versions")
    (shown,) = await phone.press("Version 1")
    (compared,) = await phone.press("± Today")

    assert "edited in the chat" in listed["text"]
    assert "报告厅" in shown["text"]
    assert "报告厅 → 301教室" in compared["text"]
    assert house.read(lambda s: len(s.exec(select(TimetableVersion)).all())) == 2


async def test_the_workbook_of_an_earlier_version_sent_back_brings_that_version_back(house: TestHouse) -> None:
    phone = await coordinator_of(house)
    await open_first(phone)
    await phone.press("Room")
    await phone.press("301教室")
    await phone.press("Save")
    await open_programme(phone, "专题辅导")
    await phone.press("Cancel it")
    await phone.press("Save")
    await phone.press("Timetable")
    await phone.press("Versions")
    (shown,) = await phone.press("Version 1")
    await phone.press("Excel")
    (sent,) = [message["document"] for message in phone.chat if "document" in message]

    await phone.send_file("课程表.xlsx", house.sandbox.world.contents.read(sent["file_unique_id"]))
    await phone.press("Import")

    assert "To go back to it, take its Excel file and send it to me as it is." in shown["text"]
    assert (activity(house).place, activity(house, 2).cancelled_at) == ("报告厅", None)


async def test_an_edit_says_before_it_is_saved_who_would_be_told_and_what_that_costs(house: TestHouse) -> None:
    phone = await coordinator_of(house)
    house.write(lambda s: add_person(s, 1, "杨兰", telegram_id=8, linked_at=MONDAY))
    await open_first(phone)
    await phone.press("Room")

    await phone.press("301教室")
    first = phone.last
    await phone.press("Save")
    await open_programme(phone, "专题辅导")
    await phone.press("Cancel it")

    assert "1 change, 2 messages\nIt goes out two minutes after you confirm" in first
    assert "2 changes, 2 messages\nEarlier changes that have not gone out yet are counted in." in phone.last


async def test_a_move_to_a_weekend_or_into_a_blackout_is_flagged_before_it_is_saved(house: TestHouse) -> None:
    phone = await coordinator_of(house)
    house.write(black_out)
    await open_first(phone)
    await phone.press("Move")
    await phone.say("Dec 12 9am")
    weekend = phone.last
    await phone.press("Leave it")
    await phone.press("Move")

    await phone.say("Dec 9 9am")

    assert "Weekend: Sat, Dec 12" in weekend
    assert "红山街道 can spare nobody" not in weekend
    assert "🚧 红山街道 can spare nobody: Wed, Dec 9" in phone.last


def black_out(session: Session) -> None:
    """A unit of the camp can spare nobody on its last day."""
    add_person(session, 1, "周强", unit="红山街道")
    day = date(2026, 12, 9)
    session.add(Blackout(organisation_id=1, unit="红山街道", starts_on=day, ends_on=day, made_by=1, made_at=MONDAY))


async def open_programme(phone: Phone, title: str) -> None:
    """Open an activity of the timetable anew."""
    await phone.say("/start")
    await phone.press("Edit timetable")
    await phone.press(title)


async def test_a_chinese_coordinator_edits_in_chinese(house: TestHouse) -> None:
    phone = await coordinator_of(house, "zh")
    await phone.press("修改课表")
    await phone.press("开班式")
    await phone.press("改时间")
    await phone.say("下午两点半")

    assert "同一时间" in phone.last
    assert phone.labels[0].startswith("✔")


def read_file(house: TestHouse, document: dict[str, str]) -> list[list[object]]:
    content = house.sandbox.world.contents.read(document["file_unique_id"])
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    return [list(row) for row in sheet.to_python()]


def workbook(rows: list[list[object]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, [str(cell) for cell in row])
    return content.getvalue()
