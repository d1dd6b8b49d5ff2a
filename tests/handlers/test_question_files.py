from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bot.banks.models import Bank, BankQuestion
from bot.banks.wire import load_question
from bot.people.models import Import, ImportStatus, Role
from tests.support.camp import add_person, callback_answers, forge_press, make_camp
from tests.support.house import MONDAY, OPERATOR, TestHouse
from tests.support.house import Person as Phone

pytestmark = pytest.mark.anyio

DATA = Path(__file__).parent.parent / "data"
COORDINATOR, TEACHER, TRAINEE, AUDITOR = 6, 7, 8, 9
ROLES = {
    COORDINATOR: Role.COORDINATOR,
    TEACHER: Role.TEACHER,
    TRAINEE: Role.TRAINEE,
    AUDITOR: Role.AUDITOR,
}
GOOD = "::Q1::Sun?{=East ~West}\n\n::Q2::Sky is blue.{T}\n\n::Q3::Even?{~%50%2 ~%50%4 ~%-100%5}"
BAD = "Q1?{=a ~b}\n\nQ2?{~a ~b}\n\nQ3?{~%50%a ~%20%b}"


def staffed(house: TestHouse, camps: int = 1) -> None:
    def work(session: Session) -> None:
        for number in range(camps):
            cohort_id = make_camp(session, f"Camp {number + 1}")
            for account, role in ROLES.items():
                if number == 0:
                    add_person(session, cohort_id, role.value, role, telegram_id=account, linked_at=MONDAY)

    house.write(work)


async def phone(house: TestHouse, account: int = TEACHER, camps: int = 1) -> Phone:
    staffed(house, camps)
    one = house.person(account)
    await one.say("/help")
    return one


def stems(house: TestHouse) -> list[str]:
    query = select(BankQuestion.content).order_by(col(BankQuestion.id))
    contents: list[str] = house.read(lambda s: list(s.exec(query)))
    return [load_question(content).stem.text for content in contents]


def statuses(house: TestHouse) -> list[str]:
    found: list[str] = house.read(lambda s: list(s.exec(select(Import.status).order_by(col(Import.id)))))
    return found


async def test_a_teacher_sends_a_file_looks_at_the_report_and_confirms(house: TestHouse) -> None:
    teacher = await phone(house)

    await teacher.send_file("Physics.gift", GOOD.encode())
    report, before = teacher.last, stems(house)
    await teacher.press("Confirm")

    assert "3 questions can be taken" in report
    assert "Single choice 1 · Multiple choice 1 · True or false 1" in report
    assert "Into a new bank Physics" in report
    assert before == []
    assert stems(house) == ["Sun?", "Sky is blue.", "Even?"]
    assert "3 questions are now in the bank Physics" in teacher.last


@pytest.mark.parametrize("name", ["questions.gift", "questions.txt", "questions.xlsx"])
async def test_the_camps_own_files_come_in_whole(house: TestHouse, name: str) -> None:
    teacher = await phone(house)

    await teacher.send_file(name, (DATA / "camp" / name).read_bytes())
    await teacher.press("Confirm: 8")

    assert len(stems(house)) == 8


async def test_the_same_file_twice_changes_nothing(house: TestHouse) -> None:
    teacher = await phone(house)
    await teacher.send_file("Physics.gift", GOOD.encode())
    await teacher.press("Confirm")

    await teacher.send_file("Physics.gift", GOOD.encode())

    assert "Nothing to change" in teacher.last
    assert not any("Confirm" in label for label in teacher.labels)
    assert len(stems(house)) == 3


async def test_two_presses_on_confirm_import_once(house: TestHouse) -> None:
    teacher = await phone(house)
    await teacher.send_file("Physics.gift", GOOD.encode())
    message_id, data = house.find_button(TEACHER, "Confirm")
    await teacher.press_data(message_id, data)

    await forge_press(house, TEACHER, message_id, data)

    assert len(stems(house)) == 3
    assert "already imported" in str(callback_answers(house)[-1])


async def test_all_faults_are_listed_and_only_whole_questions_are_taken(house: TestHouse) -> None:
    teacher = await phone(house)

    await teacher.send_file("bad.gift", BAD.encode())
    report = teacher.last
    await teacher.press("All faults (2)")
    faults = teacher.last
    await teacher.press("Back to the report")
    await teacher.press("Confirm: 1")

    assert "1 question can be taken · 2 cannot" in report
    assert "line 3: Q2? — no right answer is given" in faults
    assert "line 5: Q3? — the right answers are worth 70% together, not 100%" in faults
    assert stems(house) == ["Q1?"]


async def test_many_faults_are_turned_by_the_page(house: TestHouse) -> None:
    teacher = await phone(house)
    await teacher.send_file("bad.gift", "\n\n".join(f"Q{number}?{{~a ~b}}" for number in range(20)).encode())

    await teacher.press("All faults (20)")
    first = teacher.last
    await teacher.press("▶")

    assert "Q7?" in first
    assert "Q8?" in teacher.last
    assert "2/3" in teacher.labels
    assert not any("Confirm" in label for label in teacher.labels)


async def test_the_preview_quiz_asks_and_tells_at_once(house: TestHouse) -> None:
    teacher = await phone(house)
    await teacher.send_file("Physics.gift", GOOD.encode())

    await teacher.press("Try the questions")
    asked, letters = teacher.last, teacher.labels
    await teacher.press("B")

    assert "Sun?" in asked
    assert "✅" not in asked
    assert letters[:2] == ["A", "B"]
    assert "Not quite" in teacher.last
    assert "✅ A. East" in teacher.last
    assert stems(house) == []


async def test_the_preview_quiz_takes_several_ticks(house: TestHouse) -> None:
    teacher = await phone(house)
    await teacher.send_file("Physics.gift", GOOD.encode())
    await teacher.press("Try the questions")
    await teacher.press("Next")
    await teacher.press("Next")

    for label in ("☐ A", "☐ B", "☐ C", "☑ C", "That is my answer"):
        await teacher.press(label)

    assert "Right! You chose: A, B" in teacher.last


async def test_a_question_to_type_shows_its_answers(house: TestHouse) -> None:
    teacher = await phone(house)
    await teacher.send_file("Words.gift", b"Best animal?{=Frog =%50%Cat}")
    await teacher.press("Try the questions")

    await teacher.press("Show the answer")

    assert "Accepted: Frog / Cat (50%)" in teacher.last


async def test_questions_may_go_into_a_bank_that_is_there(house: TestHouse) -> None:
    teacher = await phone(house)
    await teacher.send_file("Physics.gift", GOOD.encode())
    await teacher.press("Confirm")
    await teacher.send_file("More.gift", b"Moon?{F}")

    await teacher.press("Into another bank")
    await teacher.press("Physics · 3")
    await teacher.press("Confirm: 1")

    assert house.read(lambda s: list(s.exec(select(Bank.name)))) == ["Physics"]
    assert len(stems(house)) == 4


async def test_changed_answers_are_taken_over_only_when_said(house: TestHouse) -> None:
    teacher = await phone(house)
    await teacher.send_file("Physics.gift", GOOD.encode())
    await teacher.press("Confirm")

    await teacher.send_file("Physics.gift", GOOD.replace("{T}", "{F}").encode())
    before = teacher.last
    await teacher.press("☐ Take over the changes: 1")
    await teacher.press("Confirm: 1")

    assert "There with other answers or words: 1 (stay as they are in the bank)" in before
    assert "Corrected: 1" in teacher.last
    versions = house.read(lambda s: list(s.exec(select(BankQuestion.version).order_by(col(BankQuestion.number)))))
    assert versions == [1, 2, 1]


async def test_a_bank_that_changed_meanwhile_is_shown_anew_before_it_is_written(house: TestHouse) -> None:
    teacher = await phone(house)
    await teacher.send_file("Physics.gift", GOOD.encode())
    await teacher.send_file("Physics.gift", GOOD.encode())
    first = next(m for m in teacher.chat if "Confirm" in str(m.get("reply_markup")))
    data = next(
        b["callback_data"] for row in first["reply_markup"]["inline_keyboard"] for b in row if "Confirm" in b["text"]
    )
    await teacher.press("Confirm")

    await teacher.press_data(first["message_id"], data)

    assert len(stems(house)) == 3


async def test_whoever_works_in_two_camps_is_asked_for_which(house: TestHouse) -> None:
    operator = house.person(OPERATOR)
    staffed(house, camps=2)
    await operator.say("/start")

    await operator.send_file("Physics.gift", GOOD.encode())
    question = operator.last
    await operator.press("Camp 2")
    await operator.press("Confirm")

    assert "Which camp" in question
    assert house.read(lambda s: len(s.exec(select(Bank)).all())) == 1


async def test_a_teacher_cannot_import_a_roster(house: TestHouse) -> None:
    teacher = await phone(house)

    await teacher.send_file("名单.csv", "姓名,手机号,单位\n张三,13900007001,某社区\n".encode())

    assert "imported by the coordinator" in teacher.last
    assert statuses(house) == [ImportStatus.FAILED]
