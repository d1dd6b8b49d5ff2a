"""The renderers by name: each stands where its name says."""

import inspect

from bot.context import Installation
from bot.registry import find, renderers


def test_every_renderer_stands_where_its_name_says_and_takes_a_session_first() -> None:
    places = [renderer.__qualname__ for renderer in renderers(Installation("camp_bot")).values()]

    first = [next(iter(inspect.signature(find(place)).parameters)) for place in places]

    assert set(first) == {"session"}
