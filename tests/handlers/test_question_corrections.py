import pytest
from sqlmodel import select

from bot.audit.models import Change
from bot.banks import service
from bot.banks.questions import Question, Text
from bot.banks.service import Kept
from tests.bot.banks.questions import multiple, numeric, short, single, true_false
from tests.handlers.test_banks import phone
from tests.handlers.test_question_files import COORDINATOR, TEACHER
from tests.support.camp import callback_answers
from tests.support.house import Person as Phone
from tests.support.house import TestHouse

pytestmark = pytest.mark.anyio


async def opened(house: TestHouse, question: Question, account: int = TEACHER) -> Phone:
    teacher = await phone(house, account, question)
    await teacher.press("Physics")
    await teacher.press("Questions")
    await teacher.press("1. ")
    return teacher


def kept(house: TestHouse) -> Kept:
    found: Kept = house.read(lambda s: service.question(s, 1))
    return found


async def test_another_key_is_ticked_and_saved(house: TestHouse) -> None:
    teacher = await opened(house, single("a", "b"))

    await teacher.press("✏️ Answer")
    await teacher.press("☑ A")
    await teacher.press("☐ B")
    await teacher.press("Save")

    assert kept(house).question == single("a", "b", right=1)
    assert "The question is corrected." in teacher.last
    assert "scored anew" in teacher.last


async def test_a_statement_is_turned_round_with_one_press(house: TestHouse) -> None:
    teacher = await opened(house, true_false(True))

    await teacher.press("✏️ Answer")
    await teacher.press("Wrong")

    assert kept(house).question == true_false(False)


async def test_the_same_key_again_changes_nothing(house: TestHouse) -> None:
    teacher = await opened(house, multiple(("a", 50.0), ("b", 50.0), ("c", 0.0)))

    await teacher.press("✏️ Answer")
    await teacher.press("Save")

    assert "Nothing was changed" in teacher.last
    assert kept(house).version == 1


async def test_new_words_are_shown_before_they_are_saved(house: TestHouse) -> None:
    teacher = await opened(house, single("a", "b"))

    await teacher.press("✏️ Text")
    await teacher.say("B. <b>better</b>")
    proposal, before = teacher.last, kept(house).version
    await teacher.press("Save")

    assert "B. <b>better</b>" in proposal
    assert before == 1
    assert kept(house).question.body.choices[1].text.text == "<b>better</b>"  # type: ignore[union-attr]
    assert "scored anew" not in teacher.last.split("\n\n")[0]


async def test_an_explanation_is_added(house: TestHouse) -> None:
    teacher = await opened(house, single("a", "b"))

    await teacher.press("✏️ Explanation")
    await teacher.say("Because.")
    await teacher.press("Save")

    assert kept(house).question.explanation == Text("Because.")
    (change,) = house.read(lambda s: s.exec(select(Change).where(Change.subject == "question")).all())
    assert (change.action, change.reason) == ("correct", "chat")


@pytest.mark.parametrize(
    ("question", "typed", "after"),
    [
        (short("Frog"), "Frog\nToad", short("Frog", "Toad")),
        (numeric("3"), "3.14±0.01", numeric("3.14", "0.01")),
    ],
)
async def test_accepted_answers_are_typed_one_a_line(
    house: TestHouse, question: Question, typed: str, after: Question
) -> None:
    teacher = await opened(house, question)

    await teacher.press("✏️ Answer")
    await teacher.say(typed)
    await teacher.press("Save")

    assert kept(house).question == after


async def test_words_that_would_spoil_the_question_are_refused_and_may_be_sent_again(house: TestHouse) -> None:
    teacher = await opened(house, single("a", "b"))

    await teacher.press("✏️ Text")
    await teacher.say("B. a")
    refused = teacher.last
    await teacher.say("B. c")
    await teacher.press("Save")

    assert "no longer be complete" in refused
    assert kept(house).question == single("a", "c")


async def test_cancel_leaves_the_question_as_it_is(house: TestHouse) -> None:
    teacher = await opened(house, single("a", "b"))

    await teacher.press("✏️ Text")
    await teacher.say("New words")
    await teacher.press("Cancel")
    await teacher.say("more words")

    assert kept(house).version == 1
    assert "This is how it would be" not in teacher.last


async def test_of_two_who_correct_at_once_the_second_is_told(house: TestHouse) -> None:
    teacher = await opened(house, true_false(True))
    await teacher.press("✏️ Answer")
    message_id, data = house.find_button(TEACHER, "Wrong")
    coordinator = house.person(COORDINATOR)
    await coordinator.say("/help")
    await teacher.press_data(message_id, data)

    await teacher.press("Back to the question")
    house.write(lambda s: s.connection().exec_driver_sql("update bank_question set version = 3"))
    await teacher.press("✏️ Answer")

    assert "corrected this question meanwhile" in callback_answers(house)[-1]
