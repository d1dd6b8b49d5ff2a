import pytest

from bot.sandbox.core import Sandbox
from bot.sandbox.flood import FloodGuard, FloodLimits, Window
from tests.bot.sandbox.calling import SetClock, refusal, result
from tests.bot.sandbox.conftest import LIN


def _guard(limits: FloodLimits) -> FloodGuard:
    return FloodGuard(limits)


def test_no_window_of_a_second_holds_more_than_the_limit() -> None:
    guard = _guard(FloodLimits(overall=Window(30)))
    accepted = [at / 100 for at in range(500) if guard.admit(at, 1, paid=False, now=at / 100) == 0]

    busiest = max(sum(start <= at < start + 1 for at in accepted) for start in accepted)

    assert busiest == 30


def test_violations_are_counted_without_refusing_when_told_so() -> None:
    guard = _guard(FloodLimits(overall=Window(2), enforce=False))

    waits = [guard.admit(chat, 1, paid=False, now=0.0) for chat in range(5)]

    assert (waits, guard.violations) == ([0] * 5, 3)


def test_a_paid_broadcast_has_its_own_limit() -> None:
    guard = _guard(FloodLimits(overall=Window(1), paid=Window(3)))

    assert [guard.admit(chat, 1, paid=True, now=0.0) for chat in range(4)] == [0, 0, 0, 1]


@pytest.mark.parametrize(("chat", "passed"), [(-5, 20), (5, 25)])
def test_a_group_takes_20_messages_a_minute(chat: int, passed: int) -> None:
    guard = _guard(FloodLimits(overall=Window(1000), chat=None))

    waits = [guard.admit(chat, 1, paid=False, now=float(second)) for second in range(25)]

    assert waits.count(0) == passed


def test_an_album_counts_each_item() -> None:
    guard = _guard(FloodLimits(overall=Window(5)))
    guard.admit(1, 3, paid=False, now=0.0)

    assert guard.admit(2, 3, paid=False, now=0.5) == 1


def test_too_many_messages_are_refused_and_pass_later(clock: SetClock) -> None:
    sandbox = Sandbox(clock=clock, flood=FloodLimits(overall=Window(1)))
    sandbox.add_person("Lin", person_id=LIN, started=True)
    result(sandbox, "sendMessage", chat_id=LIN, text="x")

    refused = refusal(sandbox, "sendMessage", chat_id=LIN, text="x")
    clock.advance(1)

    assert refused == "429 Too Many Requests: retry after 1"
    assert result(sandbox, "sendMessage", chat_id=LIN, text="x")["text"] == "x"
    assert sandbox.flood.violations == 1
