"""Loads every module that defines tables, so that the metadata is whole."""

from bot import conversation, ownership
from bot.audit import models as audit
from bot.checkin import models as checkin
from bot.inbox import models as inbox
from bot.outbox import models as outbox
from bot.people import models as people
from bot.recurrence import models as recurrence
from bot.timetable import models as timetable

__all__ = ["audit", "checkin", "conversation", "inbox", "outbox", "ownership", "people", "recurrence", "timetable"]
