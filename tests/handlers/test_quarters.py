from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from bot.people.models import Cohort, Role
from bot.timetable.models import Activity
from tests.support.camp import add_person, callback_answers, forge_press, make_camp
from tests.support.house import MONDAY, TestHouse
from tests.support.house import Person as Phone

pytestmark = pytest.mark.anyio
COORDINATOR, TRAINEE = 6, 7


async def coordinator_of(house: TestHouse, language: str = "en", name: str = "第四期") -> Phone:
    def work(session: Session) -> None:
        cohort_id = make_camp(session, name, language)
        add_person(
            session, cohort_id, "王老师", Role.COORDINATOR, telegram_id=COORDINATOR, linked_at=MONDAY, language=language
        )
        add_person(session, cohort_id, "李睿", telegram_id=TRAINEE, linked_at=MONDAY)
        for day in range(3):
            at = MONDAY + timedelta(days=day, hours=1)
            session.add(
                Activity(
                    cohort_id=cohort_id,
                    title=f"第{day + 1}讲",
                    starts_at=at,
                    ends_at=at + timedelta(hours=1),
                    speaker="王芳",
                )
            )

    house.write(work)
    phone = house.person(COORDINATOR, "王老师", language)
    await phone.say("/start")
    await phone.press("本班次全部功能" if language == "zh" else "All of this camp")
    return phone


def cohorts(house: TestHouse) -> list[Cohort]:
    found: list[Cohort] = house.read(lambda s: list(s.exec(select(Cohort).order_by(Cohort.__table__.c.id)).all()))  # type: ignore[attr-defined]
    return found


async def test_the_next_quarter_opens_in_three_presses(house: TestHouse) -> None:
    phone = await coordinator_of(house)

    await phone.press("Next quarter")
    (shown,) = await phone.press("Mon, Mar 8, 2027")
    before = len(cohorts(house))
    (done,) = await phone.press("Open it")

    assert "第五期" in shown["text"]
    assert "Tue, Dec 8, 2026 → Tue, Mar 9, 2027" in shown["text"]
    assert "The table of holidays for 2027 is missing" in shown["text"]
    assert "Please ask the speakers whether the new days suit them: 王芳" in shown["text"]
    assert before == 1
    assert "✅ 第五期 is open." in done["text"]
    assert (cohorts(house)[1].starts_on, cohorts(house)[1].ends_on) == (date(2027, 3, 8), date(2027, 3, 10))


async def test_a_typed_day_and_a_name_of_ones_own(house: TestHouse) -> None:
    phone = await coordinator_of(house, name="Green Goose")
    await phone.press("Next quarter")

    await phone.say("2027-03-15")
    await phone.press("Give it a name")
    await phone.say("Red Collar")
    await phone.press("Open it")

    assert [one.name for one in cohorts(house)] == ["Green Goose", "Red Collar"]
    assert cohorts(house)[1].starts_on == date(2027, 3, 15)


@pytest.mark.parametrize(
    ("text", "answer"),
    [("soon", "cannot read “soon” as a day"), ("2026-12-01", "already over"), ("2027年2月29日", "cannot read")],
)
async def test_a_day_that_cannot_be_is_explained_and_asked_again(house: TestHouse, text: str, answer: str) -> None:
    phone = await coordinator_of(house)
    await phone.press("Next quarter")

    await phone.say(text)
    explained = phone.last
    await phone.say("2027-03-15")

    assert answer in explained
    assert "Mar 15" in phone.last


async def test_a_name_that_is_taken_is_explained_and_asked_again(house: TestHouse) -> None:
    phone = await coordinator_of(house)
    await phone.press("Next quarter")
    await phone.press("Mon, Mar 8, 2027")
    await phone.press("Another name")

    await phone.say("第四期")
    explained = phone.last
    await phone.say("第六期")
    await phone.press("Open it")

    assert "already a camp of that name" in explained
    assert cohorts(house)[1].name == "第六期"


async def test_other_days_can_be_looked_at_before_deciding(house: TestHouse) -> None:
    phone = await coordinator_of(house)
    await phone.press("Next quarter")
    await phone.press("Mon, Mar 8, 2027")

    await phone.press("Other days")
    (shown,) = await phone.press("Mon, Mar 15, 2027")

    assert "Mar 15" in shown["text"]
    assert len(cohorts(house)) == 1


async def test_cancelling_makes_nothing(house: TestHouse) -> None:
    phone = await coordinator_of(house)
    await phone.press("Next quarter")
    await phone.press("Mon, Mar 8, 2027")

    (stopped,) = await phone.press("✖ Cancel")

    assert "Nothing was made" in stopped["text"]
    assert len(cohorts(house)) == 1


async def test_pressing_open_twice_makes_one_camp(house: TestHouse) -> None:
    phone = await coordinator_of(house)
    await phone.press("Next quarter")
    await phone.press("Mon, Mar 8, 2027")
    message_id, data = house.find_button(COORDINATOR, "Open it")
    await phone.press_data(message_id, data)

    await forge_press(house, COORDINATOR, message_id, data)

    assert len(cohorts(house)) == 2


async def test_a_trainee_who_forges_the_button_opens_nothing(house: TestHouse) -> None:
    await coordinator_of(house)

    await forge_press(house, TRAINEE, 1, "quarters:begin:1")

    assert callback_answers(house)[-1].startswith("Only a coordinator")


async def test_a_chinese_coordinator_does_it_in_chinese(house: TestHouse) -> None:
    phone = await coordinator_of(house, "zh")
    await phone.press("开下一期")

    (shown,) = await phone.press("2027年3月8日")

    assert "确认之前不会创建" in shown["text"]
