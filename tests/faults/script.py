"""Fifty deeds of a dozen people, always the same, that touch every part of the engine."""

from collections.abc import Callable

from bot.buttons import pack
from bot.sandbox.core import Sandbox
from bot.sandbox.params import Upload
from tests.faults.rebirth import OPERATOR

FIRST = 5000
PEOPLE = 13
A_FEW = 5

Deed = Callable[[Sandbox], object]


def people_of(sandbox: Sandbox) -> None:
    """Let everybody be there who does something."""
    for person_id in (*range(FIRST, FIRST + PEOPLE), OPERATOR):
        sandbox.add_person(f"P{person_id}", person_id=person_id, started=True)


def deeds(numbers: dict[int, int]) -> list[Deed]:
    """The script; ``numbers`` is told which number is said in which chat."""
    dialogue = [_say(FIRST, text) for text in ("/ask", "小王", "not a number", "27")]
    others = [
        _say(FIRST + 1, "/refuse"),
        _say(FIRST + 2, "/fail"),
        _press(FIRST + 3, "press"),
        _press(FIRST + 4, "quiet"),
        _file(FIRST + 5),
        _say(OPERATOR, f"/notice {A_FEW} {FIRST}"),
        _say(OPERATOR, f"/plan {A_FEW} {FIRST + A_FEW}"),
        _say(FIRST + 6, "/start"),
        _unknown,
        _say_and_block(FIRST + 12),
    ]
    counted = []
    for number in range(36):
        numbers[number] = FIRST + number % 12
        counted.append(_say(numbers[number], f"n{number}"))
    mixed: list[Deed] = []
    for number, deed in enumerate(counted):
        mixed.append(deed)
        if number % 3 == 0 and (rest := dialogue or others):
            mixed.append(rest.pop(0))
    return mixed + dialogue + others


def _say(person_id: int, text: str) -> Deed:
    return lambda sandbox: sandbox.say(person_id, text)


def _press(person_id: int, button: str) -> Deed:
    user = {"id": person_id, "is_bot": False, "first_name": "P"}
    chat = {"id": person_id, "type": "private"}
    query = {
        "id": f"1{person_id}",
        "from": user,
        "chat_instance": "1",
        "data": pack("rehearsal", button),
        "message": {"message_id": 1, "date": 1, "chat": chat, "text": "a button"},
    }
    return lambda sandbox: sandbox.inject({"callback_query": query})


def _file(person_id: int) -> Deed:
    return lambda sandbox: sandbox.send_file(person_id, Upload("list.txt", b"12345"))


def _say_and_block(person_id: int) -> Deed:
    def work(sandbox: Sandbox) -> None:
        sandbox.say(person_id, "good-bye")
        sandbox.block(person_id)

    return work


def _unknown(sandbox: Sandbox) -> None:
    sandbox.inject({"subscription": {"anything": [1, 2]}})
