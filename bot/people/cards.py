"""Making what carries a code: the sheet of seat cards, and a one-time link. Called by the courier; writes nothing.

The document is laid out by typst from ``seat_cards.typ``; data go in as JSON and are never part of the template.
"""

import io
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import segno
import typst
from msgspec import Struct
from pylopdf_fonts_zh_cn import sans_path, serif_path
from sqlalchemy import select
from sqlmodel import Session

from bot import i18n
from bot.errors import Gone
from bot.outbox.calls import Message
from bot.outbox.delivery import Rendered
from bot.people import linking, listing, service
from bot.people.messages import cards as words
from bot.people.messages import linking as link_words
from bot.people.models import Card, Cohort, Person, Role
from bot.people.service import MEMBERSHIP, PERSON

TEMPLATE = Path(__file__).parent / "seat_cards.typ"


class SeatCard(Struct, frozen=True):
    """What is printed on one card. ``code`` is the one-time code in clear: for the paper only."""

    name: str
    group: str
    unit: str
    code: str


def render_seat_cards(session: Session, *, cohort_id: int, language: str, bot_username: str) -> Rendered:
    """A PDF with a card for every trainee of the cohort who has no account linked and whose card still links."""
    cohort = service.get_cohort(session, cohort_id)
    cards = seat_cards(session, cohort_id)
    content = draw_seat_cards(cohort, cards, language=language, bot_username=bot_username)
    return Rendered(words.file_name(cohort, i18n.translator(language)), content)


def render_card_link(session: Session, *, card_id: int, language: str, bot_username: str) -> Message:
    """The words that hand over one card in the chat: its link and its code."""
    card = session.get(Card, card_id)
    person = session.get(Person, card.person_id) if card else None
    if card is None or person is None:
        raise Gone
    cohort = service.get_cohort(session, card.cohort_id)
    profile = listing.profile(session, card.cohort_id, card.person_id)
    role = next(role for role in (Role.TRAINEE, Role.COORDINATOR, *Role) if role in profile.roles)
    code = linking.code_of(session, card_id)
    url = deep_link(bot_username, code)
    return link_words.render_secret(person, cohort, role, code=code, url=url, t=i18n.translator(language))


def deep_link(bot_username: str, code: str) -> str:
    """The address that opens the bot with the code."""
    return f"https://t.me/{bot_username}?start={code}"


def seat_cards(session: Session, cohort_id: int) -> list[SeatCard]:
    """The cards to print, by group and then in the roster's order."""
    unlinked = set(linking.unlinked_trainees(session, cohort_id))
    cards = [card for card in linking.valid_cards(session, cohort_id) if card.person_id in unlinked]
    newest = {card.person_id: card.id or 0 for card in cards}
    query = (
        select(PERSON.c.id, PERSON.c.name, PERSON.c.unit, MEMBERSHIP.c.group_name)
        .join(MEMBERSHIP, MEMBERSHIP.c.person_id == PERSON.c.id)
        .where(
            MEMBERSHIP.c.cohort_id == cohort_id,
            MEMBERSHIP.c.role == Role.TRAINEE,
            MEMBERSHIP.c.left_at.is_(None),
        )
        .order_by(*listing.roster_order(session, cohort_id))
    )
    rows = [row for row in session.connection().execute(query) if row.id in newest]
    return [
        SeatCard(row.name, row.group_name or "", row.unit or "", linking.code_of(session, newest[row.id]))
        for row in rows
    ]


def draw_seat_cards(cohort: Cohort, cards: Sequence[SeatCard], *, language: str, bot_username: str) -> bytes:
    """Lay the cards out on A4 pages, eight a page with lines to cut along."""
    t = i18n.translator(language)
    data = words.sheet(cohort, t) | {"cards": [_drawn(card, bot_username) for card in cards]}
    result = _compiler().compile(format="pdf", sys_inputs={"data": json.dumps(data, ensure_ascii=False)})
    assert isinstance(result, bytes)  # noqa: S101 - one file is asked for
    return result


def _drawn(card: SeatCard, bot_username: str) -> dict[str, Any]:
    return {
        "name": card.name,
        "group": card.group,
        "unit": card.unit,
        "code": link_words.grouped(card.code),
        "qr": _qr(deep_link(bot_username, card.code)),
    }


def _qr(url: str) -> str:
    drawing = io.BytesIO()
    segno.make(url, error="m", micro=False).save(drawing, kind="svg", border=0, xmldecl=False)
    return drawing.getvalue().decode()


@cache
def _compiler() -> typst.Compiler:
    folders = sorted({str(Path(path()).parent) for path in (sans_path, serif_path)})
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    return typst.Compiler(str(TEMPLATE), font_paths=fonts)
