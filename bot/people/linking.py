"""Cards, and what they open: linking a Telegram account to a person, once. Only digests are stored.

A code is derived from the card's number and a secret of the installation when it is printed, and never kept.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from sqlalchemy import exists, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col
from sqlmodel import select as find

from bot import codes
from bot.audit import service as audit
from bot.audit.service import Actor
from bot.errors import Gone, Refusal
from bot.i18n import guess_language
from bot.ids import PersonId
from bot.people import access, guesses, service
from bot.people.models import Card, Cohort, Membership, Person, Role
from bot.people.rules import card_expiry

SECRET = "cards"  # noqa: S105 - the name of a key
GUESS = "card"


class NotLinkedYet(Refusal):
    """This person has no account linked."""


class LinkFault(StrEnum):
    """Why a code did not link. None of them says whose the card is."""

    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"
    ACCOUNT_TAKEN = "account_taken"
    """The account that speaks already belongs to somebody else."""
    PERSON_TAKEN = "person_taken"
    """The card's person is already linked to another account."""


class Linked(Struct, frozen=True):
    """The account belongs to the person; ``again`` says it already did."""

    person_id: PersonId
    name: str
    language: str
    cohort_id: int
    roles: frozenset[Role]
    again: bool = False


class TooManyTries(Struct, frozen=True):
    """Nothing was looked at: too many wrong codes lately."""

    until: datetime


class NotLinkedBy(Struct, frozen=True):
    """The code did not link; ``until`` where the next try must wait."""

    fault: LinkFault
    until: datetime | None = None


LinkOutcome = Linked | NotLinkedBy | TooManyTries


class Account(Struct, frozen=True):
    """A Telegram account as an update shows it."""

    telegram_id: int
    language_code: str | None = None

    @property
    def who(self) -> str:
        """This account among those who guess."""
        return f"tg:{self.telegram_id}"


def code_of(session: Session, card_id: int) -> str:
    """The code of a card, for printing; never store or log it."""
    return codes.derive(service.secret(session, SECRET), f"card:{card_id}", codes.CARD_LENGTH)


def link_account(session: Session, *, code: str, account: Account, now: datetime) -> LinkOutcome:
    """Link the account to the person whose card bears the code."""
    until = guesses.next_try(session, who=account.who, what=GUESS, now=now)
    if until is not None:
        return TooManyTries(until)
    digest = codes.fingerprint(codes.normalise(code))
    card = session.exec(find(Card).where(Card.digest == digest)).first()
    if card is None:
        wait = guesses.count_failure(session, who=account.who, what=GUESS, now=now)
        return NotLinkedBy(LinkFault.UNKNOWN, wait)
    person = session.get_one(Person, card.person_id)
    if person.telegram_id == account.telegram_id:
        return _linked(session, person, card, again=True)
    fault = _fault(session, card, person, account, now)
    return NotLinkedBy(fault) if fault else _link(session, card, person, account, now)


def unlink(session: Session, *, person_id: int, cohort_id: int, actor: Actor, now: datetime, reason: str = "") -> int:
    """Take a person's account away and make their open cards worthless.

    Returns:
        The Telegram id that was linked.

    Raises:
        NotLinkedYet: there was none.
    """
    person = session.get(Person, person_id)
    if person is None or person.telegram_id is None:
        raise NotLinkedYet
    account, person.telegram_id, person.linked_at, person.unreachable_at = person.telegram_id, None, None, None
    session.add(person)
    session.flush()
    revoke_cards(session, person_id=person_id, now=now)
    audit.record(
        session,
        audit.entry(
            actor=actor,
            now=now,
            action="unlink",
            subject="person",
            subject_id=person_id,
            cohort_id=cohort_id,
            person_id=person_id,
            before={"linked": True},
            after={"linked": False},
            reason=reason,
        ),
    )
    return account


def revoke_cards(session: Session, *, person_id: int, now: datetime) -> None:
    """Make every card of the person that was not used worthless."""
    still_open = (col(Card.person_id) == person_id, col(Card.used_at).is_(None), col(Card.revoked_at).is_(None))
    session.execute(update(Card).where(*still_open).values(revoked_at=now))


def issue_card(session: Session, *, person_id: int, cohort_id: int, actor: Actor, now: datetime) -> Card:
    """Make a new card for one person, and their older ones worthless.

    Raises:
        Gone: the person is not, or no longer, in the cohort.
    """
    roles = access.roles_in(session, person_id, cohort_id)
    if not roles:
        raise Gone
    revoke_cards(session, person_id=person_id, now=now)
    role = Role.TRAINEE if Role.TRAINEE in roles else Role.COORDINATOR
    cohort = service.get_cohort(session, cohort_id)
    return _issue(session, cohort, [person_id], role, actor, now)[0]


def issue_seat_cards(session: Session, *, cohort_id: int, actor: Actor, now: datetime) -> int:
    """Make cards for all trainees who have neither an account nor a card that still links.

    Returns:
        How many trainees without an account there now are cards for.
    """
    cohort = service.get_cohort(session, cohort_id)
    unlinked = unlinked_trainees(session, cohort_id)
    covered = {card.person_id for card in valid_cards(session, cohort_id, now)}
    without = [person_id for person_id in unlinked if person_id not in covered]
    if without:
        _issue(session, cohort, without, Role.TRAINEE, actor, now)
    return len(unlinked)


def unlinked_trainees(session: Session, cohort_id: int) -> Sequence[int]:
    """The ids of the cohort's trainees who have no account linked.

    Whoever coordinates a cohort is left out: such an account opens more than a seat card may, so an operator links it.
    """
    other = aliased(Membership)
    coordinates = exists().where(
        col(other.person_id) == Person.id, col(other.role) == Role.COORDINATOR, col(other.left_at).is_(None)
    )
    query = (
        find(Person.id)
        .join(Membership, col(Membership.person_id) == Person.id)
        .where(
            Membership.cohort_id == cohort_id,
            Membership.role == Role.TRAINEE,
            col(Membership.left_at).is_(None),
            col(Person.telegram_id).is_(None),
            ~coordinates,
        )
    )
    return [person_id or 0 for person_id in session.exec(query)]


def valid_cards(session: Session, cohort_id: int, now: datetime | None = None) -> Sequence[Card]:
    """The cards of a cohort that were neither used nor revoked, and that have not expired at ``now``."""
    query = find(Card).where(Card.cohort_id == cohort_id, col(Card.used_at).is_(None), col(Card.revoked_at).is_(None))
    if now is not None:
        query = query.where(Card.expires_at > now)
    return session.exec(query.order_by(col(Card.id))).all()


def _issue(
    session: Session, cohort: Cohort, person_ids: Sequence[int], role: Role, actor: Actor, now: datetime
) -> list[Card]:
    expires_at = card_expiry(role, cohort.ends_on, cohort.time_zone, now)
    cards = [
        Card(
            person_id=person_id,
            cohort_id=cohort.id or 0,
            digest=f"new:{secrets.token_hex(16)}",
            issued_at=now,
            expires_at=expires_at,
        )
        for person_id in person_ids
    ]
    session.add_all(cards)
    session.flush()
    for card in cards:
        card.digest = codes.fingerprint(code_of(session, card.id or 0))
    session.flush()
    audit.record(session, *(_issued(card, actor, now) for card in cards))
    return cards


def _issued(card: Card, actor: Actor, now: datetime) -> dict[str, object]:
    return audit.entry(
        actor=actor,
        now=now,
        action="issue",
        subject="card",
        subject_id=card.id or 0,
        cohort_id=card.cohort_id,
        person_id=card.person_id,
        after={"expires_at": card.expires_at},
    )


def _fault(session: Session, card: Card, person: Person, account: Account, now: datetime) -> LinkFault | None:
    if card.revoked_at is not None:
        return LinkFault.REVOKED
    if card.used_at is not None:
        return LinkFault.USED
    if card.expires_at <= now:
        return LinkFault.EXPIRED
    if session.exec(find(Person.id).where(Person.telegram_id == account.telegram_id)).first() is not None:
        return LinkFault.ACCOUNT_TAKEN
    return LinkFault.PERSON_TAKEN if person.telegram_id is not None else None


def _link(session: Session, card: Card, person: Person, account: Account, now: datetime) -> Linked:
    person.telegram_id, person.linked_at, person.unreachable_at = account.telegram_id, now, None
    person.language = person.language or guess_language(account.language_code)
    card.used_at = now
    session.add_all([person, card])
    session.flush()
    revoke_cards(session, person_id=card.person_id, now=now)
    guesses.forget(session, who=account.who, what=GUESS)
    audit.record(
        session,
        audit.entry(
            actor=Actor(person_id=card.person_id),
            now=now,
            action="link",
            subject="person",
            subject_id=card.person_id,
            cohort_id=card.cohort_id,
            person_id=card.person_id,
            before={"linked": False},
            after={"linked": True},
        ),
    )
    return _linked(session, person, card, again=False)


def _linked(session: Session, person: Person, card: Card, *, again: bool) -> Linked:
    person_id = PersonId(person.id or 0)
    roles = access.roles_in(session, person_id, card.cohort_id)
    return Linked(person_id, person.name, person.language, card.cohort_id, roles, again)
