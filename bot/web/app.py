"""Puts the pages together. A page reads and acts through the features' services, never on tables of its own."""

from collections.abc import Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from bot.context import Installation
from bot.turn import Turns
from bot.web.feed import CalendarPages
from bot.web.forum import ForumPages
from bot.web.live import LivePages
from bot.web.projector import ProjectorPages
from bot.web.show import ShowPages

STATIC = Path(__file__).parent / "static"


def build_web(turns: Turns, installation: Installation, extra_routes: Sequence[BaseRoute] = ()) -> Starlette:
    """The web application: every page, the files they need, and whatever else the house adds."""
    return Starlette(
        routes=[
            *ProjectorPages(turns, installation).routes(),
            *ShowPages(turns).routes(),
            *LivePages(turns, installation).routes(),
            *CalendarPages(turns).routes(),
            *ForumPages(turns, installation).routes(),
            Mount("/static", StaticFiles(directory=STATIC)),
            *extra_routes,
        ]
    )
