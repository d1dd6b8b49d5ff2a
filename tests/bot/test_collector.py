"""The garbage collector: paused while the bot loads, and blind to what was there when it resumes."""

import gc
from collections.abc import Iterator

import pytest

from bot import collector


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    gc.unfreeze()
    gc.enable()


def test_nothing_is_collected_until_it_resumes() -> None:
    collector.pause()
    paused = gc.isenabled()

    collector.resume()

    assert (paused, gc.isenabled()) == (False, True)


def test_what_was_there_when_it_resumes_is_never_looked_at_again() -> None:
    collector.pause()
    ours: list[dict[str, str]] = [{} for _ in range(100)]

    collector.resume()

    assert gc.get_freeze_count() > len(ours)
    assert not any(one is ours for one in gc.get_objects())
