"""Files of questions that nobody should send, and the buttons of those who did: a clear no, or whole questions only."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from bot.banks.checks import check
from bot.banks.findings import Reading
from bot.banks.models import BankQuestion
from bot.banks.recognising import read_questions
from bot.sheets.unreadable import UnreadableFile
from tests.hostile.buttons import tampered
from tests.hostile.camp import COORDINATOR, STRANGER, TRAINEE, Feeder, Row, open_camp, press
from tests.support.house import buttons_of, close_houses

SIGNS = "~=#{}:\\n%[]->/*AB.、．（）()【】答案解析：ANSWER:正确 1２\n\t<>&;\"'?"
GIFT = "Sun?{=East ~West}\n\nEven?{~%50%2 ~%50%4 ~%-100%5}\n\nBad?{~a ~b}"
ENCODINGS = ("utf-8", "gb18030", "utf-16")


def read(content: bytes) -> Reading | None:
    try:
        return read_questions(content)
    except UnreadableFile:
        return None


@settings(max_examples=300, deadline=None)
@given(st.text(SIGNS, max_size=200), st.sampled_from(ENCODINGS))
@example("{" * 5000, "utf-8")
@example("::" * 5000, "utf-8")
@example("答案：" * 3000, "utf-8")
@example("A. " * 3000, "utf-8")
@example("1. " * 3000 + "答案：A", "utf-8")
@example("<quiz>" + "<question>" * 50, "utf-8")
@example("ANSWER: A\n" * 1000, "utf-8")
def test_whatever_text_comes_gives_whole_questions_or_none(text: str, encoding: str) -> None:
    reading = read(text.encode(encoding))

    found = reading.found if reading else ()
    assert not any(finding.is_fault for one in found for finding in check(one.question, one.line))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_whatever_bytes_come_are_refused_or_read(content: bytes) -> None:
    reading = read(content)

    assert reading is None or isinstance(reading, Reading)


async def staged(folder: Path) -> tuple[Feeder, list[str]]:
    """A camp with a bank and a file on its way in, and every button that its sender was shown."""
    feeder = Feeder(await open_camp(folder))
    coordinator = feeder.house.person(COORDINATOR)
    await coordinator.say("/start")
    await coordinator.send_file("one.gift", GIFT.encode())
    shown = [coordinator.chat]
    for label in ("✔ 确认导入", "打开题库", "📖", "1. "):
        await coordinator.press(label)
        shown.append(coordinator.chat)
    await coordinator.press("✏️ 答案")
    shown.append(coordinator.chat)
    await coordinator.send_file("two.gift", GIFT.replace("West", "North").encode())
    shown.append(coordinator.chat)
    for label in ("👀", "下一题"):
        await coordinator.press(label)
        shown.append(coordinator.chat)
    messages = [message for chat in shown for message in chat]
    data = {
        button["callback_data"] for message in messages for button in buttons_of(message) if "callback_data" in button
    }
    return feeder, sorted(one for one in data if one.startswith("banks:"))


def contents(session: Session) -> list[str]:
    return list(session.exec(select(BankQuestion.content)))


@pytest.mark.parametrize("person_id", [STRANGER, TRAINEE, COORDINATOR], ids=["stranger", "trainee", "coordinator"])
def test_the_buttons_of_banks_tampered_with_by_anybody_are_dealt_with(tmp_path: Path, person_id: int) -> None:
    with asyncio.Runner() as runner:
        feeder, known = runner.run(staged(tmp_path))
        presses = [press(person_id, data) for button in known for data in tampered(button)]
        before = feeder.house.read(contents)

        rows = runner.run(feeder.feed(*presses))

        wrong = [
            (fed["callback_query"]["data"], row)
            for fed, row in zip(presses, rows, strict=True)
            if row != Row("done", None)
        ]
        assert wrong == []
        assert len(known) > 12
        assert person_id == COORDINATOR or feeder.house.read(contents) == before
        assert runner.run(feeder.is_somebody_else_served())
    close_houses()
