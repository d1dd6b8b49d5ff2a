"""Whoever changes a timetable through a door has the people concerned told: the one place where the two are joined."""

from collections.abc import Callable
from typing import TypeVar

from bot.audit.service import Actor
from bot.changes import service as changes
from bot.changes.messages import announce
from bot.context import Context

T = TypeVar("T")


def tell(context: Context, cohort_id: int, change: Callable[[], T]) -> T:
    """Make the change, note what is different for those concerned, and show whoever made it who will be told."""
    if not cohort_id:
        return change()
    before = changes.stand(context.session, cohort_id)
    done = change()
    actor = context.speaker.actor if context.speaker else Actor(name="system")
    draft = changes.note_change(context.session, cohort_id=cohort_id, before=before, actor=actor, now=context.now)
    announce(context.turn, draft, context.chat_id, context.t)
    return done
