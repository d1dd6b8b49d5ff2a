import pytest
from sqlmodel import Session, select

from bot.audit.models import Change
from bot.banks.models import Bank
from bot.banks.questions import Question
from tests.bot.banks.questions import matching, multiple, numeric, short, single, true_false
from tests.handlers.test_question_files import AUDITOR, COORDINATOR, TEACHER, TRAINEE, staffed
from tests.support.banks import fill_bank
from tests.support.camp import callback_answers, forge_press
from tests.support.house import MONDAY, TestHouse
from tests.support.house import Person as Phone

pytestmark = pytest.mark.anyio

SOME = (
    single("East", "West", stem="Sun?", category="sky"),
    multiple(("2", 50.0), ("4", 50.0), ("5", -100.0), stem="Even?"),
    true_false(stem="Sky is blue."),
    short("Frog", stem="Animal?"),
    numeric("3.14", "0.01", stem="Pi?"),
    matching(("x", "1"), ("y", "2"), stem="Pairs?"),
)


async def phone(house: TestHouse, account: int, *questions: Question) -> Phone:
    staffed(house)
    house.write(lambda s: fill_bank(s, 1, questions or SOME, MONDAY, name="Physics"))
    one = house.person(account)
    await one.say("/start")
    if any("All of this camp" in label for label in one.labels):
        await one.press("All of this camp")
    await one.press("Question banks")
    return one


def names(house: TestHouse) -> list[str]:
    def work(session: Session) -> list[str]:
        return [bank.name for bank in session.exec(select(Bank)).all() if bank.deleted_at is None]

    found: list[str] = house.read(work)
    return found


@pytest.mark.parametrize("account", [COORDINATOR, TEACHER, AUDITOR])
async def test_staff_and_auditors_look_through_a_bank_to_a_question_with_its_key(
    house: TestHouse, account: int
) -> None:
    reader = await phone(house, account)

    await reader.press("Physics · 6")
    bank = reader.last
    await reader.press("Questions")
    await reader.press("1. Sun?")

    assert "6 questions" in bank
    assert "Single choice 1" in bank
    assert "✅ A. East" in reader.last
    assert "Category: sky" in reader.last


@pytest.mark.parametrize(
    "data",
    [
        "banks:list:1:0",
        "banks:bank:1",
        "banks:questions:1:0",
        "banks:question:1",
        "banks:gift:1",
        "banks:sheet:1",
        "banks:key:1:1",
        "banks:keep:1:1:2",
        "banks:words:1:1",
        "banks:delete:1",
        "banks:deleted:1",
    ],
)
async def test_a_trainee_sees_no_key_and_changes_nothing(house: TestHouse, data: str) -> None:
    staffed(house)
    house.write(lambda s: fill_bank(s, 1, SOME, MONDAY, name="Physics"))
    trainee = house.person(TRAINEE)
    await trainee.say("/help")
    before = len(trainee.chat)

    await forge_press(house, TRAINEE, 1, data)

    assert len(trainee.chat) == before
    assert "Only coordinators and teachers" in callback_answers(house)[-1]
    assert names(house) == ["Physics"]


@pytest.mark.parametrize(
    "data", ["banks:key:1:1", "banks:keep:1:1:2", "banks:words:1:1", "banks:delete:1", "banks:deleted:1"]
)
async def test_an_auditor_changes_nothing(house: TestHouse, data: str) -> None:
    staffed(house)
    house.write(lambda s: fill_bank(s, 1, SOME, MONDAY, name="Physics"))
    await house.person(AUDITOR).say("/help")

    await forge_press(house, AUDITOR, 1, data)

    assert "Only coordinators and teachers" in callback_answers(house)[-1]
    assert names(house) == ["Physics"]


async def test_an_auditor_is_offered_nothing_to_change(house: TestHouse) -> None:
    auditor = await phone(house, AUDITOR)

    await auditor.press("Physics")
    labels = auditor.labels
    await auditor.press("Questions")
    await auditor.press("1. Sun?")

    assert labels == ["📖 Questions", "⬇ Excel", "⬇ GIFT", "◀ All banks"]
    assert auditor.labels == ["◀ Back"]


async def test_every_kind_of_question_can_be_looked_at(house: TestHouse) -> None:
    teacher = await phone(house, TEACHER)
    await teacher.press("Physics")
    await teacher.press("Questions")
    seen = []

    for label in ("2. Even?", "3. Sky", "4. Animal?", "5. Pi?", "6. Pairs?"):
        await teacher.press(label)
        seen.append(teacher.last)
        await teacher.press("◀ Back")

    for words, text in zip(
        ("✅ B. 4 50%", "Answer: Right", "Accepted: Frog", "3.14 ± 0.01", "▸ y — 2"), seen, strict=True
    ):
        assert words in text


async def test_a_bank_is_given_back_as_a_workbook_and_as_gift(house: TestHouse) -> None:
    teacher = await phone(house, TEACHER)
    await teacher.press("Physics")

    await teacher.press("Excel")
    await teacher.press("GIFT")

    files = [message["document"]["file_name"] for message in teacher.chat if "document" in message]
    assert files == ["Physics.xlsx", "Physics.gift"]
    assert "keep it from trainees" in teacher.last


async def test_a_bank_is_deleted_after_a_question_and_once(house: TestHouse) -> None:
    teacher = await phone(house, TEACHER)
    await teacher.press("Physics")
    await teacher.press("Delete the bank")
    asked = teacher.last

    await teacher.press("Yes, delete")

    assert "Delete the bank Physics with 6 questions?" in asked
    assert "is deleted" in teacher.last
    assert names(house) == []
    actions = house.read(lambda s: list(s.exec(select(Change.action).where(Change.subject == "bank"))))
    assert actions == ["create", "import", "delete"]


async def test_the_buttons_of_a_deleted_bank_say_that_it_is_gone(house: TestHouse) -> None:
    staffed(house)
    house.write(lambda s: fill_bank(s, 1, SOME, MONDAY, name="Physics"))
    house.write(lambda s: s.connection().exec_driver_sql("update bank set deleted_at = created_at"))
    await house.person(TEACHER).say("/help")

    await forge_press(house, TEACHER, 1, "banks:questions:1:0")

    assert "no longer exists" in callback_answers(house)[-1]
