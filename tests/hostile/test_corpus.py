"""The hostile corpus, from Telegram's side: whatever comes, its chat goes on and no other chat waits."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select
from sqlmodel import Session

from bot.audit.models import Change
from tests.hostile.buttons import buttons_of_everybody, tampered
from tests.hostile.camp import COORDINATOR, STRANGER, TRAINEE, Feeder, Row, message, open_camp, press
from tests.hostile.corpus import BROKEN, VALID
from tests.support.house import close_houses

pytestmark = pytest.mark.filterwarnings("ignore:.*of type `InaccessibleMessage`:telegram.warnings.PTBUserWarning")
CHANGE = Change.__table__  # type: ignore[attr-defined]
EVERYTHING = VALID | BROKEN


@dataclass(frozen=True)
class Outcome:
    """What became of the updates, and of those who came after them."""

    rows: list[Row]
    others_served: bool
    sender_served: bool


async def suffer(feeder: Feeder, name: str) -> Outcome:
    """Feed one entry, then a probe of somebody else's and one of the hostile person's own."""
    rows = await feeder.feed(*EVERYTHING[name])
    others = await feeder.is_somebody_else_served()
    own = await feeder.feed(message(STRANGER, "/start"), message(TRAINEE, "/start"))
    return Outcome(rows, others, [row.status for row in own] == ["done", "done"])


def count_changes(session: Session) -> int:
    """How many lines the change log has."""
    return session.connection().execute(select(func.count()).select_from(CHANGE)).scalar_one()


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    """Return an event loop for the whole module."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def feeder(runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Feeder]:
    """Return one camp for the whole corpus, so that what one entry breaks shows in the next."""
    yield Feeder(runner.run(open_camp(tmp_path_factory.mktemp("corpus"))))
    close_houses()


@pytest.mark.parametrize("name", VALID)
def test_what_telegram_may_send_is_dealt_with_and_stops_nobody(
    runner: asyncio.Runner, feeder: Feeder, name: str
) -> None:
    outcome = runner.run(suffer(feeder, name))

    assert {(row.status, row.error) for row in outcome.rows} == {("done", None)}
    assert (outcome.others_served, outcome.sender_served) == (True, True)


@pytest.mark.parametrize("name", BROKEN)
def test_what_telegram_may_not_send_stops_nobody(runner: asyncio.Runner, feeder: Feeder, name: str) -> None:
    outcome = runner.run(suffer(feeder, name))

    assert {row.status for row in outcome.rows} <= {"done", "parked"}
    assert (outcome.others_served, outcome.sender_served) == (True, True)


@pytest.mark.parametrize("person_id", [STRANGER, TRAINEE, COORDINATOR], ids=["stranger", "trainee", "coordinator"])
def test_anybodys_buttons_pressed_tampered_with_or_cut_off_by_anybody_are_dealt_with(
    runner: asyncio.Runner, feeder: Feeder, person_id: int
) -> None:
    known = runner.run(buttons_of_everybody(feeder.house))
    presses = [press(person_id, data) for button in known for data in tampered(button)]

    before = feeder.house.read(count_changes)
    rows = runner.run(feeder.feed(*presses))

    assert person_id != STRANGER or feeder.house.read(count_changes) == before
    assert len(known) > 10
    assert [
        (fed["callback_query"]["data"], row) for fed, row in zip(presses, rows, strict=True) if row != Row("done", None)
    ] == []
    assert runner.run(feeder.is_somebody_else_served())
