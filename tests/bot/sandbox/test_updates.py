import pytest

from bot.sandbox.core import Sandbox
from tests.bot.sandbox.calling import SetClock, pending
from tests.bot.sandbox.conftest import LIN


def _take(sandbox: Sandbox, offset: int = 0, limit: int = 100) -> list[int]:
    return [update["update_id"] for update in sandbox.world.queue.take(offset, limit, sandbox.world.now())]


@pytest.fixture
def ids(sandbox: Sandbox) -> list[int]:
    for number in range(5):
        sandbox.say(LIN, f"message {number}")
    return [update["update_id"] for update in pending(sandbox)]


def test_ids_increase_by_one(ids: list[int]) -> None:
    assert ids == list(range(ids[0], ids[0] + 5))


def test_unconfirmed_updates_come_again(sandbox: Sandbox, ids: list[int]) -> None:
    assert [_take(sandbox), _take(sandbox)] == [ids, ids]


def test_a_higher_offset_confirms(sandbox: Sandbox, ids: list[int]) -> None:
    _take(sandbox, ids[2])

    assert _take(sandbox) == ids[2:]


def test_a_limit_confirms_nothing(sandbox: Sandbox, ids: list[int]) -> None:
    assert [_take(sandbox, 0, 2), _take(sandbox)] == [ids[:2], ids]


def test_a_negative_offset_counts_from_the_end_and_forgets_the_rest(sandbox: Sandbox, ids: list[int]) -> None:
    assert [_take(sandbox, -2), _take(sandbox)] == [ids[-2:], ids[-2:]]


def test_an_update_lives_24_hours_and_a_press_150_seconds(sandbox: Sandbox, clock: SetClock, ids: list[int]) -> None:
    sandbox.press_unchecked(LIN, 1, "go")

    clock.advance(150)
    after_the_press = _take(sandbox)
    clock.advance(24 * 3600)

    assert [after_the_press, _take(sandbox)] == [ids, []]


def test_a_raw_update_keeps_its_id_and_later_ones_go_on_from_there(sandbox: Sandbox, ids: list[int]) -> None:
    far = sandbox.inject({"update_id": ids[-1] + 1000, "message": None})
    sandbox.say(LIN, "later")

    assert _take(sandbox)[-2:] == [far, far + 1]


def test_a_raw_update_with_an_old_id_is_confirmed_with_the_others(sandbox: Sandbox, ids: list[int]) -> None:
    sandbox.inject({"update_id": 5, "weird": {}})

    before = _take(sandbox)
    after = _take(sandbox, ids[-1] + 1)

    assert [before, after, pending(sandbox)] == [[*ids, 5], [], []]


def test_a_raw_update_without_an_id_gets_one(sandbox: Sandbox, ids: list[int]) -> None:
    sandbox.inject({"message": {"text": "half"}})

    assert pending(sandbox)[-1] == {"update_id": ids[-1] + 1, "message": {"text": "half"}}
