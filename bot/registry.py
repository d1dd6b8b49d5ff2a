"""Which file renderers and file readings the courier has, by the names that stand in the outbox."""

from collections.abc import Mapping
from functools import partial

from bot.context import Installation
from bot.outbox.delivery import Reading, Renderer
from bot.people.cards import render_card_link, render_seat_cards
from bot.people.reading import read_import

READINGS: Mapping[str, Reading] = {"import": read_import}


def renderers(installation: Installation) -> Mapping[str, Renderer]:
    """Every renderer, bound to what it must know of the installation."""
    return {
        "seat_cards": partial(render_seat_cards, bot_username=installation.bot_username),
        "card_link": partial(render_card_link, bot_username=installation.bot_username),
    }
