"""What the first screen and the screen of a camp offer: each feature adds its buttons here, none knows another's.

A button that is offered is no permission: whoever presses it is checked anew.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from msgspec import Struct
from sqlmodel import Session

from bot import buttons
from bot.buttons import Rows
from bot.i18n import Translator
from bot.people.models import Role

WIDTH = 2

Shown = Callable[[Session, int, int, datetime], bool]


def _always(session: Session, person_id: int, cohort_id: int, now: datetime) -> bool:
    return True


class Offer(Struct, frozen=True):
    """One button for people who have one of ``roles`` in a cohort; ``data`` makes its callback data of the cohort's id.

    A trainee finds it on the first screen, everybody else on the screen of the camp, the lowest ``order`` first. What a
    coordinator needs every day (``is_daily``) stands on the first screen too.
    ``is_shown`` takes session, person, cohort and now, and may hide what would lead nowhere.
    """

    order: int
    roles: frozenset[Role]
    label: Callable[[Translator], str]
    data: Callable[[int], str]
    is_shown: Shown = _always
    is_daily: bool = False


class Menu:
    """The offers of all features."""

    def __init__(self) -> None:
        self._offers: list[Offer] = []

    def offer(self, *offers: Offer) -> None:
        """Add buttons."""
        self._offers = sorted([*self._offers, *offers], key=lambda offer: offer.order)

    def rows(
        self,
        session: Session,
        person_id: int,
        cohort_id: int,
        roles: Iterable[Role],
        t: Translator,
        now: datetime,
        *,
        only_daily: bool = False,
    ) -> Rows:
        """The buttons for somebody with these roles in a cohort, two in a row."""
        held = frozenset(roles)
        shown = [
            buttons.button(offer.label(t), offer.data(cohort_id))
            for offer in self._offers
            if offer.roles & held
            and (offer.is_daily or not only_daily)
            and offer.is_shown(session, person_id, cohort_id, now)
        ]
        return [shown[start : start + WIDTH] for start in range(0, len(shown), WIDTH)]
