"""Makes the copies of a notice for many readers: what several read alike is worded once. Writes nothing."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot import i18n
from bot.notices import rules
from bot.notices.messages import copies
from bot.notices.messages.copies import Reader
from bot.notices.models import Notice
from bot.notices.outlook import NOTHING, known_of_people, versions_of
from bot.notices.rules import Known
from bot.outbox.calls import Call
from bot.outbox.copies import NOBODY, address

PAGE = 100
PAGE_WITH_FIELDS = 50
"""So many copies are made in one transaction: about ten milliseconds' work, so that replies need not wait for it."""


Addressee = Any
"""A row with ``person_id``, ``telegram_id`` and ``language``."""


class Printer:
    """The versions of a notice as they stand, for the length of one transaction."""

    def __init__(self, session: Session, notice: Notice, now: datetime) -> None:
        self.versions = versions_of(session, notice)
        self._session = session
        self._notice = notice
        self._now = now
        every = [part for parts in self.versions.values() for part in parts]
        self._has_fields = any(rules.fields_in(part.text) for part in every)

    @property
    def page(self) -> int:
        """How many copies fit into one transaction."""
        return PAGE_WITH_FIELDS if self._has_fields else PAGE

    def readers(self, page: Sequence[Addressee]) -> list[Reader]:
        """Who these recipients are, with what their fields are filled with."""
        ids = [one.person_id for one in page]
        known = known_of_people(self._session, self._notice, ids, self._now) if self._has_fields and ids else {}
        return [
            Reader(one.telegram_id, i18n.translator(one.language), known.get(one.person_id, NOTHING)) for one in page
        ]

    def print_copies(self, page: Sequence[Addressee]) -> Iterator[tuple[Addressee, list[Call]]]:
        """The calls of each recipient's copy."""
        patterns: dict[tuple[str, Known], list[Call]] = {}
        for one, reader in zip(page, self.readers(page), strict=True):
            alike = (one.language, reader.known)
            if alike not in patterns:
                pattern = Reader(NOBODY, reader.t, reader.known)
                patterns[alike] = copies.render_copy(self._notice, self.versions[one.language], pattern)
            yield one, [address(call, reader.chat_id) for call in patterns[alike]]
