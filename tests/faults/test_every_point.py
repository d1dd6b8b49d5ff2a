"""One script, crashed at its first crash point, at its second, and so on: the end is always the same."""

from collections import Counter

import pytest

from bot.database import Database
from bot.sandbox.core import Sandbox
from tests.faults.evidence import Evidence, collect, count_in_flight, judge
from tests.faults.rebirth import NEVER, Life, empty_database, wipe
from tests.faults.script import deeds, people_of

pytestmark = pytest.mark.anyio
AT_ONCE = 10
ALARM = "⚠️"

Sent = Counter[tuple[int, str]]


async def live_through(database: Database, nth: int) -> tuple[list[str], Sent, int]:
    """Run the script, crash at the ``nth`` point, live again: what is wrong, what was sent, how many points it had."""
    wipe(database)
    sandbox, numbers = Sandbox(), dict[int, int]()
    people_of(sandbox)
    script = deeds(numbers)

    def feed() -> bool:
        fed, script[:AT_ONCE] = script[:AT_ONCE], []
        for deed in fed:
            deed(sandbox)
        return bool(fed)

    life = Life(database, sandbox, nth)
    await life.run(feed)
    in_flight = database.read_now(count_in_flight)
    if life.is_dead:
        await Life(database, sandbox).run(feed)
    evidence = database.read_now(lambda session: collect(session, calls_of(sandbox)))
    others = {one for one in evidence.sent if not one[1].startswith("got ")}
    return judge(evidence, numbers, others, in_flight), without_alarms(evidence), life.reached


def calls_of(sandbox: Sandbox) -> list[dict[str, object]]:
    """The messages that reached Telegram."""
    return [{"params": call.params} for call in sandbox.calls if call.method == "sendMessage"]


def without_alarms(evidence: Evidence) -> Sent:
    """What was sent, without the operators' alarms: they name rows by number."""
    return Counter({one: times for one, times in evidence.sent.items() if not one[1].startswith(ALARM)})


async def crash_everywhere(database_url: str, step: int) -> list[str]:
    """Everything that went wrong, whichever the crash; every ``step``-th point is tried."""
    with empty_database(database_url) as database:
        wrong, whole, points = await live_through(database, NEVER)
        assert wrong == []
        for nth in range(1, points + 1, step):
            found, sent, _ = await live_through(database, nth)
            wrong += [f"crash {nth} of {points}: {line}" for line in found]
            wrong += [f"crash {nth} of {points}: never sent {set(whole) - set(sent)}"] if set(whole) - set(sent) else []
            wrong += [f"crash {nth} of {points}: not owed {set(sent) - set(whole)}"] if set(sent) - set(whole) else []
    return wrong


async def test_a_crash_at_every_third_point_of_a_script_ends_as_if_there_had_been_none(tmp_path_url: str) -> None:
    assert await crash_everywhere(tmp_path_url, step=3) == []


async def test_the_same_at_every_twentyfifth_point_on_postgresql(postgres_url: str) -> None:
    assert await crash_everywhere(postgres_url, step=25) == []


@pytest.mark.long
async def test_the_same_at_every_single_point(database_url: str) -> None:
    assert await crash_everywhere(database_url, step=1) == []
