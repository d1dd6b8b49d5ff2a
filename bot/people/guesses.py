"""Slowing down whoever types wrong codes. Counts tries; knows no code."""

from datetime import datetime

from sqlmodel import Session

from bot.people.models import Guess
from bot.people.rules import FORGOTTEN_AFTER, wait_until


def next_try(session: Session, *, who: str, what: str, now: datetime) -> datetime | None:
    """When ``who`` may try again; ``None`` where nothing stands in the way now."""
    guess = session.get(Guess, (who, what))
    if guess is None or now - guess.last_at >= FORGOTTEN_AFTER:
        return None
    until = wait_until(guess.failures, guess.last_at)
    return until if until > now else None


def count_failure(session: Session, *, who: str, what: str, now: datetime) -> datetime | None:
    """Count one wrong try; when the next one is allowed, where it must wait."""
    guess = session.get(Guess, (who, what)) or Guess(who=who, what=what, failures=0, last_at=now)
    if now - guess.last_at >= FORGOTTEN_AFTER:
        guess.failures = 0
    guess.failures += 1
    guess.last_at = now
    session.add(guess)
    session.flush()
    return next_try(session, who=who, what=what, now=now)


def forget(session: Session, *, who: str, what: str) -> None:
    """Begin from nothing again, after a success."""
    guess = session.get(Guess, (who, what))
    if guess is not None:
        session.delete(guess)
        session.flush()
