"""What must always hold of reminders, as queries for the rows for which it does not. Reads only."""

from sqlalchemy import select

from bot.reminders.models import Reminder
from bot.reminders.rules import Outcome

REMINDER = Reminder.__table__  # type: ignore[attr-defined]

WITHOUT_OUTCOME = select(REMINDER.c.id).where(REMINDER.c.settled_at.is_not(None), REMINDER.c.outcome == "")
TOO_EARLY = select(REMINDER.c.id).where(REMINDER.c.settled_at < REMINDER.c.due_at, REMINDER.c.outcome == Outcome.SENT)
WITHOUT_REASON = select(REMINDER.c.id).where(REMINDER.c.outcome == Outcome.SKIPPED, REMINDER.c.reason == "")
