"""A file system that is really full, not one that SQLite was told to take for full: mounted small, filled, emptied.

Mounting needs root on Linux, which not every machine of a gate grants, so these belong to the long runs.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.disks import small_file_system
from tests.faults.inside import OPERATOR, living_house
from tests.faults.test_storage_faults import LONG_TEXT, look, make_sandbox, verdict
from tests.support import Missing, do_without
from tests.support.postgres import running_server

pytestmark = [pytest.mark.anyio, pytest.mark.long]

SMALL, FOR_A_SERVER = 24, 160
"""MiB."""


@pytest.fixture
def small(request: pytest.FixtureRequest) -> Iterator[Path]:
    """Return a folder with a small file system of its own."""
    try:
        with small_file_system(getattr(request, "param", SMALL)) as folder:
            yield folder
    except Missing as missing:
        do_without(missing)


def fill(folder: Path) -> Path:
    """Take all the room there is; the file that took it."""
    ballast = folder / "ballast"
    with pytest.raises(OSError, match="No space left"):
        ballast.write_bytes(bytes(shutil.disk_usage(folder).total))
    return ballast


async def test_a_file_system_that_is_full_confirms_nothing_and_is_survived(small: Path) -> None:
    assert await survive(f"sqlite:///{small}/test.db", small) == (2, True, [])


@pytest.mark.parametrize("small", [FOR_A_SERVER], indirect=True)
async def test_the_full_disk_of_postgresql_confirms_nothing_and_is_survived(small: Path) -> None:
    try:
        with running_server(small) as server:
            survived = await survive(server.url.render_as_string(hide_password=False), small)
    except Missing as missing:
        do_without(missing)

    assert survived == (2, True, [])


async def survive(database_url: str, small: Path) -> tuple[int, bool, list[str]]:
    """Live through a full disk: how many updates stayed unconfirmed, whether no loop was hot, what is wrong then."""
    sandbox = make_sandbox()
    async with living_house(sandbox, database_url) as house:
        ballast = fill(small)
        sandbox.say(OPERATOR, LONG_TEXT)
        waiting, asked = await look(sandbox)
        ballast.unlink()
        return waiting, asked <= 5, await verdict(sandbox, house)
