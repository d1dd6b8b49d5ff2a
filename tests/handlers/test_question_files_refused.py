import pytest

from tests.bot.banks.formats.test_moodle_xml import BOMB
from tests.handlers.test_question_files import AUDITOR, COORDINATOR, GOOD, TEACHER, TRAINEE, phone, statuses, stems
from tests.support.camp import callback_answers, forge_press
from tests.support.house import TestHouse

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("account", [TRAINEE, AUDITOR])
async def test_trainees_and_auditors_send_no_banks(house: TestHouse, account: int) -> None:
    person = await phone(house, account)

    await person.send_file("Physics.gift", GOOD.encode())

    assert stems(house) == []
    assert statuses(house) == []


@pytest.mark.parametrize("label", ["Try the questions", "Into another bank", "Confirm"])
async def test_the_buttons_of_a_file_are_its_senders_alone(house: TestHouse, label: str) -> None:
    teacher = await phone(house)
    coordinator = house.person(COORDINATOR)
    await coordinator.say("/help")
    await teacher.send_file("Physics.gift", GOOD.encode())

    message_id, data = house.find_button(TEACHER, label)
    await forge_press(house, COORDINATOR, message_id, data)

    assert stems(house) == []
    assert "Somebody else sent this file" in str(callback_answers(house)[-1])


async def test_a_teacher_who_has_left_confirms_nothing(house: TestHouse) -> None:
    teacher = await phone(house)
    await teacher.send_file("Physics.gift", GOOD.encode())
    message_id, data = house.find_button(TEACHER, "Confirm")
    house.write(
        lambda s: s.connection().exec_driver_sql("update membership set role = 'trainee' where role = 'teacher'")
    )

    await forge_press(house, TEACHER, message_id, data)

    assert stems(house) == []


@pytest.mark.parametrize(
    "data",
    [
        "banks:try:1:99",
        "banks:try:1:-1",
        "banks:tick:1:0",
        "banks:guess:1:0:-5",
        "banks:into:1:999",
        "banks:faults:x:0",
        "banks:show:77:0",
    ],
)
async def test_a_forged_button_does_nothing(house: TestHouse, data: str) -> None:
    teacher = await phone(house)
    await teacher.send_file("Physics.gift", GOOD.encode())
    message_id, _ = house.find_button(TEACHER, "Confirm")

    await forge_press(house, TEACHER, message_id, data)

    assert "no longer exists" in str(callback_answers(house)[-1])
    assert stems(house) == []


async def test_a_dropped_file_leaves_everything_as_it_is(house: TestHouse) -> None:
    teacher = await phone(house)
    await teacher.send_file("Physics.gift", GOOD.encode())
    message_id, data = house.find_button(TEACHER, "Try the questions")

    await teacher.press("Cancel")
    await forge_press(house, TEACHER, message_id, data)

    assert stems(house) == []
    assert "already imported or dropped" in str(callback_answers(house)[-1])


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("bomb.xml", BOMB.encode(), "entities"),
        ("broken.xml", b"<quiz>\n<question>", "line 2"),
        ("empty.gift", b"", "empty"),
        ("noise.gift", bytes(range(256)) * 3, "not imported"),
        ("words.gift", b"just words", "not imported"),
    ],
)
async def test_a_file_that_cannot_be_read_gets_a_clear_line(
    house: TestHouse, name: str, content: bytes, line: str
) -> None:
    teacher = await phone(house)

    await teacher.send_file(name, content)

    assert line in teacher.last
    assert stems(house) == []


async def test_a_file_of_fifty_megabytes_is_not_even_fetched(house: TestHouse) -> None:
    teacher = await phone(house)

    await teacher.send_file("huge.gift", b"x" * 50 * 1024 * 1024)

    assert "too large" in teacher.last
    assert statuses(house) == []


async def test_html_in_a_question_is_shown_as_words_and_breaks_no_message(house: TestHouse) -> None:
    teacher = await phone(house)

    await teacher.send_file(
        "html.gift", b"[html]<p>Is <b>1 &lt; 2</b>? <script>x</script></p>{=[html]<i>yes</i> & so ~&lt;no&gt;}"
    )
    await teacher.press("Try the questions")

    assert "Is 1 < 2?" in teacher.last
    assert "A. yes & so\nB. <no>" in teacher.last
