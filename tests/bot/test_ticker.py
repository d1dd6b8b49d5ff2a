import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial

import pytest

from bot.ticker import Ticker

pytestmark = pytest.mark.anyio

HOUR = 3600.0
PATIENCE = 5


class Hands:
    """Two clocks moved by hand."""

    def __init__(self) -> None:
        self.wall, self.steady = 1_800_000_000.0, 50.0


@asynccontextmanager
async def ticking(ticker: Ticker) -> AsyncIterator[None]:
    task = asyncio.create_task(ticker.run())
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_a_pass_runs_at_once_and_a_failing_one_does_not_stop_the_others() -> None:
    ticker, ran = Ticker(), asyncio.Event()

    async def fail() -> None:
        raise ValueError("this pass fails")

    async def work() -> None:
        ran.set()

    ticker.every(HOUR, "failing", fail)
    ticker.every(HOUR, "working", work)
    async with ticking(ticker):
        await asyncio.wait_for(ran.wait(), PATIENCE)

    assert ran.is_set()


async def test_the_first_round_goes_pass_by_pass_and_is_told_when_it_is_over() -> None:
    seen: list[str] = []
    over = asyncio.Event()
    ticker = Ticker(on_first_round=over.set)

    async def work(name: str) -> None:
        seen.append(f"{name} begins")
        await asyncio.sleep(0)
        seen.append(f"{name} ends")

    for name in ("one", "two"):
        ticker.every(HOUR, name, partial(work, name))
    async with ticking(ticker):
        await asyncio.wait_for(over.wait(), PATIENCE)

    assert seen == ["one begins", "one ends", "two begins", "two ends"]


async def test_a_first_run_that_goes_on_and_on_keeps_the_others_waiting_only_so_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.ticker.FIRST_SECONDS", 0.01)
    over, ran, begun = asyncio.Event(), asyncio.Event(), 0
    ticker = Ticker(on_first_round=over.set)

    async def hang() -> None:
        nonlocal begun
        begun += 1
        await asyncio.Event().wait()

    async def work() -> None:
        ran.set()

    ticker.every(0.01, "hanging", hang)
    ticker.every(0.01, "working", work)
    async with ticking(ticker):
        await asyncio.wait_for(over.wait(), PATIENCE)
        ran.clear()
        await asyncio.wait_for(ran.wait(), PATIENCE)

    assert begun == 1


async def test_a_pass_that_failed_runs_again_at_its_next_turn() -> None:
    ticker, turns, twice = Ticker(), 0, asyncio.Event()

    async def fail() -> None:
        nonlocal turns
        turns += 1
        if turns == 2:
            twice.set()
        raise ValueError("this pass fails")

    ticker.every(0.05, "failing", fail)
    async with ticking(ticker):
        await asyncio.wait_for(twice.wait(), PATIENCE)

    assert turns >= 2


async def test_a_pass_never_runs_twice_at_once() -> None:
    ticker, inside, most, enough = Ticker(), 0, 0, asyncio.Event()

    async def slow() -> None:
        nonlocal inside, most
        inside, most = inside + 1, max(most, inside + 1)
        await asyncio.sleep(0.1)
        inside -= 1
        enough.set()

    ticker.every(0.02, "slow", slow)
    async with ticking(ticker):
        await asyncio.wait_for(enough.wait(), PATIENCE)

    assert most == 1


@pytest.mark.parametrize("step", [-HOUR, HOUR])
async def test_a_step_of_the_clock_arms_every_pass_anew(step: float) -> None:
    hands, again = Hands(), asyncio.Event()
    ticker, turns = Ticker(lambda: hands.wall, lambda: hands.steady), 0

    async def work() -> None:
        nonlocal turns
        turns += 1
        again.set()

    ticker.every(HOUR, "work", work)
    async with ticking(ticker):
        await asyncio.wait_for(again.wait(), PATIENCE)
        again.clear()
        hands.wall += step
        ticker.rearm_if_stepped()
        await asyncio.wait_for(again.wait(), PATIENCE)

    assert turns == 2


@pytest.mark.parametrize(("wall", "stepped"), [(10.0, False), (11.5, False), (12.5, True), (-HOUR, True)])
async def test_only_a_difference_of_more_than_two_seconds_is_a_step(wall: float, stepped: bool) -> None:
    hands = Hands()
    ticker = Ticker(lambda: hands.wall, lambda: hands.steady)

    hands.wall, hands.steady = hands.wall + wall, hands.steady + 10.0

    assert ticker.rearm_if_stepped() is stepped


async def test_a_step_is_acted_on_once() -> None:
    hands = Hands()
    ticker = Ticker(lambda: hands.wall, lambda: hands.steady)

    hands.wall += HOUR

    assert [ticker.rearm_if_stepped(), ticker.rearm_if_stepped()] == [True, False]


async def test_a_pass_that_is_under_way_when_the_bot_stops_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    ticker, under_way = Ticker(), asyncio.Event()

    async def wait() -> None:
        under_way.set()
        await asyncio.Event().wait()

    ticker.every(HOUR, "waiting", wait)
    async with ticking(ticker):
        await asyncio.wait_for(under_way.wait(), PATIENCE)
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []


async def test_turns_left_out_are_no_lines_in_the_log_but_a_long_pass_is_named_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    hands, under_way = Hands(), asyncio.Event()
    ticker = Ticker(lambda: hands.wall, lambda: hands.steady)
    ran, enough = 0, asyncio.Event()

    async def hang() -> None:
        under_way.set()
        await asyncio.Event().wait()

    async def work() -> None:
        nonlocal ran
        ran += 1
        await asyncio.sleep(0.02)
        if ran == 3:
            enough.set()

    ticker.every(0.001, "quick", work)
    ticker.every(HOUR, "hanging", hang)
    async with ticking(ticker):
        await asyncio.wait_for(under_way.wait(), PATIENCE)
        await asyncio.wait_for(enough.wait(), PATIENCE)
        assert caplog.messages == []
        hands.steady += 31
        ticker.name_long_passes()
        ticker.name_long_passes()

    assert [line for line in caplog.messages if "hanging" in line] == [
        "the pass hanging has been at work for more than 30 s"
    ]
