"""Door one of the fault tests: a number is counted and answered, a notice goes to many, a push is planned."""

import itertools
import re
from datetime import datetime

from sqlmodel import Session
from telegram import Update
from telegram.ext import CommandHandler, MessageHandler, filters

from bot.audit import service as audit
from bot.context import CohortApplication, Context
from bot.outbox.calls import Message
from bot.outbox.lanes import Lane
from bot.people.models import Cohort, Organisation
from bot.recurrence.models import Recurrence
from tests.support import rehearsal

COUNTED = "counted"
PUSH = "rehearsal"
NUMBER = re.compile(r"^n(\d+)$")


def register(application: CohortApplication) -> None:
    """Add the handlers; what they leave over is the rehearsal's."""
    application.add_handler(MessageHandler(filters.Regex(NUMBER), count))
    application.add_handler(CommandHandler("notice", send_notice))
    application.add_handler(CommandHandler("plan", plan_push))
    rehearsal.register(application)


async def count(update: Update, context: Context) -> None:
    """Append one line, with no key that would hide a second one, and answer."""
    assert update.message is not None
    assert update.message.text is not None
    number = int(update.message.text[1:])
    audit.record(
        context.session,
        audit.entry(
            actor=audit.Actor(name="rehearsal"),
            now=context.now,
            action=COUNTED,
            subject="number",
            subject_id=number,
            cohort_id=context.chat_id,
        ),
    )
    context.reply(Message(f"got n{number}"))


async def send_notice(update: Update, context: Context) -> None:
    """``/notice 300 5000``: one message to each of 300 chats from 5000 on, in one transaction."""
    how_many, first = _two_numbers(update)
    for chat_id in range(first, first + how_many):
        context.turn.send(chat_id, Message(f"notice {chat_id}"), lane=Lane.NOTICE)


async def plan_push(update: Update, context: Context) -> None:
    """``/plan 300 5000``: a push to 300 chats from 5000 on that is due at once."""
    how_many, first = _two_numbers(update)
    plan(context.session, how_many, first, context.now)


def plan(session: Session, how_many: int, first: int, now: datetime) -> None:
    """Insert a push that is due; its recipients stand in the name of its cohort."""
    organisation = Organisation(name=f"rehearsal {first}")
    session.add(organisation)
    session.flush()
    today = now.date()
    cohort = Cohort(
        organisation_id=organisation.id or 0,
        name=f"{how_many} {first}",
        starts_on=today,
        ends_on=today,
        time_zone="UTC",
        created_at=now,
    )
    session.add(cohort)
    session.flush()
    session.add(
        Recurrence(
            cohort_id=cohort.id or 0,
            kind=PUSH,
            at=now.time().replace(microsecond=0),
            time_zone="UTC",
            next_on=today,
            until=today,
            due_at=now.replace(microsecond=0),
        )
    )


def _two_numbers(update: Update) -> tuple[int, int]:
    assert update.message is not None
    words = itertools.islice((update.message.text or "").split(), 1, 3)
    how_many, first = (int(word) for word in words)
    return how_many, first
