import io
from pathlib import Path

import pytest
import xlsxwriter
from sqlmodel import Session, col, select

from bot.audit.models import Change
from bot.people import service
from bot.people.models import Import, ImportStatus, Membership, Person, Role
from bot.timetable.models import Activity
from tests.support.camp import NOBODY, add_person, callback_answers, forge_press, make_camp
from tests.support.house import MONDAY, OPERATOR, TestHouse
from tests.support.house import Person as Phone

pytestmark = pytest.mark.anyio

HEAD = ("序号", "姓名", "手机号", "所属社区", "组别", "职务")
COORDINATOR = 6


def workbook(*rows: tuple[object, ...]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("名单")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return content.getvalue()


def roster(*people: tuple[object, ...]) -> bytes:
    return workbook(("第四期花名册",), HEAD, *((number, *person) for number, person in enumerate(people, 1)))


ROSTER = roster(
    ("李睿", "13900007001", "中央门社区", "第一组", "组长"), ("杨兰", "13900007002", "小桃园社区", "第二组", "")
)
DATA = Path(__file__).parent.parent / "data"


async def coordinator_of(house: TestHouse, camps: int = 1) -> Phone:
    def work(session: Session) -> None:
        for number in range(camps):
            cohort_id = make_camp(session, f"Camp {number + 1}")
            if number == 0:
                person_id = add_person(
                    session, cohort_id, "Ms Wang", Role.COORDINATOR, telegram_id=COORDINATOR, linked_at=MONDAY
                )
            else:
                service.grant(
                    session, person_id=person_id, cohort_id=cohort_id, role=Role.COORDINATOR, actor=NOBODY, now=MONDAY
                )

    house.write(work)
    coordinator = house.person(COORDINATOR)
    await coordinator.say("/help")
    return coordinator


def trainees(house: TestHouse) -> list[str]:
    def work(session: Session) -> list[str]:
        query = select(Person.name).join(Membership)
        return sorted(session.exec(query.where(Membership.role == Role.TRAINEE, col(Membership.left_at).is_(None))))

    names: list[str] = house.read(work)
    return names


async def test_nothing_is_written_before_a_roster_is_confirmed(house: TestHouse) -> None:
    coordinator = await coordinator_of(house)

    await coordinator.send_file("名单.xlsx", ROSTER)
    before = trainees(house)
    await coordinator.press("Confirm")

    assert before == []
    assert trainees(house) == ["李睿", "杨兰"]
    assert "The roster of Camp 1 is in" in coordinator.last
    assert "🪪 Seat cards" in coordinator.labels


async def test_the_preview_replaces_the_message_that_said_reading(house: TestHouse) -> None:
    coordinator = await coordinator_of(house)

    await coordinator.send_file("名单.xlsx", ROSTER)

    texts = [message["text"] for message in coordinator.chat if message["from"]["is_bot"] and "text" in message]
    assert "New: 2" in texts[-1]
    assert not any("Reading" in text for text in texts)


async def test_the_same_file_twice_has_nothing_to_change(house: TestHouse) -> None:
    coordinator = await coordinator_of(house)
    await coordinator.send_file("名单.xlsx", ROSTER)
    await coordinator.press("Confirm")
    changes = house.read(lambda s: len(s.exec(select(Change)).all()))

    await coordinator.send_file("名单.xlsx", ROSTER)

    assert "Nothing to change" in coordinator.last
    assert coordinator.labels == ["✖ Cancel"]
    assert house.read(lambda s: len(s.exec(select(Change)).all())) == changes


async def test_pressing_confirm_twice_imports_once(house: TestHouse) -> None:
    coordinator = await coordinator_of(house)
    await coordinator.send_file("名单.xlsx", ROSTER)
    message_id, data = house.find_button(COORDINATOR, "Confirm")
    await coordinator.press_data(message_id, data)
    changes = house.read(lambda s: len(s.exec(select(Change)).all()))

    await forge_press(house, COORDINATOR, message_id, data)

    assert house.read(lambda s: len(s.exec(select(Change)).all())) == changes
    assert trainees(house) == ["李睿", "杨兰"]


async def test_a_group_leader_named_in_the_file_becomes_one(house: TestHouse) -> None:
    coordinator = await coordinator_of(house)

    await coordinator.send_file("名单.xlsx", ROSTER)
    await coordinator.press("Confirm")

    leaders = house.read(lambda s: s.exec(select(Membership).where(Membership.role == Role.GROUP_LEADER)).all())
    assert [leader.group_name for leader in leaders] == ["第一组"]


async def test_whoever_is_no_longer_in_the_file_stays_unless_that_is_asked_for(house: TestHouse) -> None:
    coordinator = await coordinator_of(house)
    await coordinator.send_file("名单.xlsx", ROSTER)
    await coordinator.press("Confirm")

    await coordinator.send_file("名单.xlsx", roster(("李睿", "13900007001", "中央门社区", "第一组", "组长")))
    kept = coordinator.last
    await coordinator.press("Also mark as left")
    await coordinator.press("Confirm")

    assert "they stay" in kept
    assert trainees(house) == ["李睿"]


async def test_two_people_of_one_name_are_asked_about(house: TestHouse) -> None:
    coordinator = await coordinator_of(house)
    await coordinator.send_file("名单.xlsx", ROSTER)
    await coordinator.press("Confirm")

    await coordinator.send_file(
        "名单.xlsx",
        roster(
            ("李睿", "13811110000", "中央门社区", "第一组", "组长"), ("杨兰", "13900007002", "小桃园社区", "第二组", "")
        ),
    )
    question = coordinator.last
    await coordinator.press("Somebody new")
    await coordinator.press("Confirm")

    assert "Row 3" in question
    assert "another phone" in question
    assert trainees(house) == ["李睿", "李睿", "杨兰"]


async def test_a_row_can_be_left_out(house: TestHouse) -> None:
    coordinator = await coordinator_of(house)
    await coordinator.send_file("名单.xlsx", ROSTER)
    await coordinator.press("Confirm")

    await coordinator.send_file(
        "名单.xlsx",
        roster(
            ("李睿", "13811110000", "中央门社区", "第一组", "组长"), ("杨兰", "13900007002", "小桃园社区", "第三组", "")
        ),
    )
    await coordinator.press("Leave this row out")
    await coordinator.press("Confirm")

    phones = house.read(lambda s: sorted(p.phone for p in s.exec(select(Person)).all() if p.phone))
    assert phones == ["13900007001", "13900007002"]


async def test_with_several_camps_the_camp_is_asked(house: TestHouse) -> None:
    coordinator = await coordinator_of(house, camps=2)

    await coordinator.send_file("名单.xlsx", ROSTER)
    asked = coordinator.last
    await coordinator.press("Camp 2")

    assert asked.startswith("Which camp is")
    assert "Roster for Camp 2" in coordinator.last


async def test_a_timetable_is_recognised_and_goes_the_same_way(house: TestHouse) -> None:
    coordinator = await coordinator_of(house)
    table = workbook(("日期", "开始时间", "结束时间", "课程名称"), ("2026-12-07", "09:00", "10:00", "开班式"))

    await coordinator.send_file("课程表.xlsx", table)
    await coordinator.press("Import")

    assert house.read(lambda s: [activity.title for activity in s.exec(select(Activity)).all()]) == ["开班式"]


async def test_another_coordinators_import_cannot_be_confirmed(house: TestHouse) -> None:
    coordinator = await coordinator_of(house)
    operator = house.person(OPERATOR)
    await operator.say("/start")
    await coordinator.send_file("名单.xlsx", ROSTER)
    message_id, data = house.find_button(COORDINATOR, "Confirm")

    await forge_press(house, OPERATOR, message_id, data)

    assert trainees(house) == []
    assert callback_answers(house)[-1].startswith("Somebody else sent this file.")


async def test_what_changed_since_the_preview_is_shown_again_before_anything_is_written(house: TestHouse) -> None:
    coordinator = await coordinator_of(house)
    await coordinator.send_file("名单.xlsx", ROSTER)
    house.write(lambda s: add_person(s, 1, "杨兰", phone="13900007002", unit="小桃园社区"))

    await coordinator.press("Confirm")

    assert "Something has changed since this preview" in coordinator.last
    assert trainees(house) == ["杨兰"]


async def test_cancel_changes_nothing_and_forgets_what_was_read(house: TestHouse) -> None:
    coordinator = await coordinator_of(house)
    await coordinator.send_file("名单.xlsx", ROSTER)

    await coordinator.press("Cancel")

    import_ = house.read(lambda s: s.exec(select(Import)).one())
    assert (import_.status, import_.content) == (ImportStatus.DROPPED, None)
    assert "was not imported" in coordinator.last


async def test_a_trainee_cannot_import(house: TestHouse) -> None:
    await coordinator_of(house)
    house.write(lambda s: add_person(s, 1, "Li Rui", telegram_id=7, linked_at=MONDAY))
    trainee = house.person(7)

    await trainee.send_file("名单.xlsx", ROSTER)

    assert "Only a coordinator" in trainee.last


@pytest.mark.parametrize(
    ("name", "content", "answer"),
    [
        ("photo.jpg", b"\xff\xd8", "I can import .xlsx, .xls and .csv"),
        ("list.xlsx", b"\x89PNG\r\n\x1a\n\x00\x00", "not a spreadsheet"),
        ("list.csv", b"", "empty"),
        ("list.csv", "甲,乙\n1,2\n".encode(), "no row of headings"),
        ("list.csv", "姓名,手机号\n".encode(), "no people below"),
    ],
)
async def test_a_file_that_cannot_be_used_is_answered_clearly(
    house: TestHouse, name: str, content: bytes, answer: str
) -> None:
    coordinator = await coordinator_of(house)

    await coordinator.send_file(name, content)

    assert answer in coordinator.last
    assert trainees(house) == []


async def test_problems_are_named_with_their_rows_and_the_offending_text(house: TestHouse) -> None:
    coordinator = await coordinator_of(house)

    await coordinator.send_file("名单.xlsx", roster(("李睿", "1390000", "", "", ""), ("", "13900007002", "甲", "", "")))

    assert "row 3: “1390000” is not a phone number" in coordinator.last
    assert "row 4: no name" in coordinator.last


@pytest.mark.parametrize(
    ("file", "people"),
    [
        ("camp/roster.xlsx", 77),
        ("rosters/roster_gb18030.csv", 6),
        ("rosters/roster_utf-8-sig.csv", 6),
    ],
)
async def test_rosters_as_offices_keep_them_go_in(house: TestHouse, file: str, people: int) -> None:
    coordinator = await coordinator_of(house)

    await coordinator.send_file(Path(file).name, (DATA / file).read_bytes())
    await coordinator.press("Confirm")

    assert len(trainees(house)) == people


async def test_a_workbook_with_a_password_says_how_to_take_it_off(house: TestHouse) -> None:
    coordinator = await coordinator_of(house)

    await coordinator.send_file("名单.xlsx", (DATA / "xlsx/calamine_pass_protected.xlsx").read_bytes())

    assert "protected by a password" in coordinator.last


async def test_a_picture_of_a_roster_is_answered_with_how_rosters_are_sent(house: TestHouse) -> None:
    coordinator = await coordinator_of(house)
    picture = house.upload("roster.png", b"\x89PNG")

    await house.after(COORDINATOR, lambda: house.sandbox.send_file(COORDINATOR, picture, kind="photo"))

    assert "I cannot read pictures" in coordinator.last


def timetable(*rows: tuple[object, ...]) -> bytes:
    return workbook(("日期", "时间", "课程", "地点"), *rows)


async def test_the_preview_of_a_timetable_already_says_who_would_be_told_and_how_many_messages_that_is(
    house: TestHouse,
) -> None:
    coordinator = await coordinator_of(house)
    house.write(lambda s: [add_person(s, 1, f"学员{n}", telegram_id=70 + n, linked_at=MONDAY) for n in range(3)])
    await coordinator.send_file("课表.xlsx", timetable(("2026-12-08", "09:00-10:00", "开班式", "报告厅")))
    first = coordinator.last
    await coordinator.press("Import")

    await coordinator.send_file("课表.xlsx", timetable(("2026-12-08", "09:00-10:00", "开班式", "301")))

    assert "📣 Who is told of this" in coordinator.last
    assert "1 change, 3 messages" in coordinator.last
    assert "place: 报告厅 → 301" in coordinator.last
    assert "📣 Who is told of this" in first


async def test_the_preview_of_a_timetable_names_only_the_days_it_uses_and_what_speaks_against_them(
    house: TestHouse,
) -> None:
    coordinator = await coordinator_of(house)

    await coordinator.send_file(
        "课表.xlsx",
        timetable(("2026-12-11", "09:00-10:00", "开班式", "301"), ("2026-12-14", "09:00-10:00", "研讨", "301")),
    )
    plain = coordinator.last
    await coordinator.send_file("课表.xlsx", timetable(("2026-12-12", "09:00-10:00", "开班式", "301")))

    assert "Weekend" not in plain
    assert "⚠️ Weekend: Sat, Dec 12" in coordinator.last


async def test_the_preview_of_a_long_timetable_still_says_what_it_costs(house: TestHouse) -> None:
    coordinator = await coordinator_of(house)
    house.write(lambda s: add_person(s, 1, "学员", telegram_id=70, linked_at=MONDAY))
    rows = [
        (
            f"2026-12-{day:02}",
            f"{hour:02}:00-{hour + 1:02}:00",
            f"第{day}日第{hour}时的社区治理专题研讨与交流",
            "报告厅",
        )
        for day in range(8, 12)
        for hour in range(8, 22)
    ]

    await coordinator.send_file("课表.xlsx", timetable(*rows))

    assert "56 changes, 1 message" in coordinator.last
    assert "… and" in coordinator.last
