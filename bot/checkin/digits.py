"""The six digits that lead a classroom computer to the projector page. Tries are limited: they are short.

One address has five tries and then waits, a minute first and longer each time. All addresses together are slowed down
after fifty wrong tries in an hour, so that many addresses do not guess what one may not.
"""

import unicodedata
from datetime import datetime, timedelta

from msgspec import Struct
from sqlmodel import Session

from bot.checkin.windows import find_projector
from bot.codes import SHOW_DIGITS
from bot.people import guesses
from bot.people.models import Guess

KIND = "show"
EVERYBODY = "web"
MANY = 50
FORGIVEN_AFTER = timedelta(hours=1)
BETWEEN_MANY = timedelta(seconds=10)


class Shown(Struct, frozen=True):
    """The digits are right; ``token`` ends the projector's address."""

    token: str


class NotDigits(Struct, frozen=True):
    """Not six digits; it counts as no try."""


class WrongDigits(Struct, frozen=True):
    """No open check-in has these digits: mistyped, or closed meanwhile."""


class TooManyTries(Struct, frozen=True):
    """Nothing is looked at before ``until``."""

    until: datetime


Entered = Shown | NotDigits | WrongDigits | TooManyTries


def enter_digits(session: Session, *, address: str, text: str, now: datetime) -> Entered:
    """Find the projector page for what was typed at a network address."""
    digits = "".join(sign for sign in unicodedata.normalize("NFKC", text) if not sign.isspace() and sign != "-")
    if len(digits) != SHOW_DIGITS or not (digits.isascii() and digits.isdecimal()):
        return NotDigits()
    who = f"{EVERYBODY}:{address}"
    until = guesses.next_try(session, who=who, what=KIND, now=now) or _everybody_waits(session, now)
    if until is not None:
        return TooManyTries(until)
    token = find_projector(session, digits=digits, now=now)
    if token is not None:
        guesses.forget(session, who=who, what=KIND)
        return Shown(token)
    guesses.count_failure(session, who=EVERYBODY, what=KIND, now=now)
    until = guesses.count_failure(session, who=who, what=KIND, now=now)
    return TooManyTries(until) if until is not None else WrongDigits()


def _everybody_waits(session: Session, now: datetime) -> datetime | None:
    all_tries = session.get(Guess, (EVERYBODY, KIND))
    if all_tries is None:
        return None
    if now - all_tries.last_at >= FORGIVEN_AFTER:
        guesses.forget(session, who=EVERYBODY, what=KIND)
        return None
    until = all_tries.last_at + BETWEEN_MANY
    return until if all_tries.failures >= MANY and until > now else None
