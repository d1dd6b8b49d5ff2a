"""Whatever the Bot API's type table allows: an answer, a refusal or a parked row, and everybody else is served."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.hostile.camp import Feeder, open_camp
from tests.hostile.generated import updates
from tests.support.house import close_houses

pytestmark = pytest.mark.filterwarnings("ignore:.*of type `InaccessibleMessage`:telegram.warnings.PTBUserWarning")
IN_CI = settings(
    max_examples=150,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
)
LONG = settings(IN_CI, max_examples=5000, derandomize=False, print_blob=True)


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    """Return an event loop for the whole module: what comes in one example finds what the last one left."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def feeder(runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Feeder]:
    """Return a camp with the real handlers."""
    yield Feeder(runner.run(open_camp(tmp_path_factory.mktemp("generated"))))
    close_houses()


def survive(runner: asyncio.Runner, feeder: Feeder, batch: list[dict[str, Any]]) -> None:
    rows = runner.run(feeder.feed(*batch))

    assert {row.status for row in rows} <= {"done", "parked"}
    assert runner.run(feeder.is_somebody_else_served())


@IN_CI
@given(batch=st.lists(updates(), min_size=1, max_size=3))
def test_a_valid_update_of_any_shape_stops_nobody(
    runner: asyncio.Runner, feeder: Feeder, batch: list[dict[str, Any]]
) -> None:
    survive(runner, feeder, batch)


@pytest.mark.long
@LONG
@given(batch=st.lists(updates(), min_size=1, max_size=3))
def test_thousands_of_valid_updates_stop_nobody(
    runner: asyncio.Runner, feeder: Feeder, batch: list[dict[str, Any]]
) -> None:
    survive(runner, feeder, batch)
