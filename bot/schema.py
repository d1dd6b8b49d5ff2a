"""Loads every module that defines tables, so that the metadata is whole."""

from bot import conversation, ownership
from bot.audit import guard as audit
from bot.banks import models as banks
from bot.calendars import models as calendars
from bot.changes import models as changes
from bot.checkin import appeal_models as appeals
from bot.checkin import models as checkin
from bot.closing import models as closing
from bot.discussions import models as discussions
from bot.forum import models as forum
from bot.forum import stage_models as forum_stage
from bot.guests import models as guests
from bot.hours import models as hours
from bot.inbox import models as inbox
from bot.leave import models as leave
from bot.notices import models as notices
from bot.outages import models as outages
from bot.outbox import models as outbox
from bot.people import models as people
from bot.preferences import models as preferences
from bot.quiz import models as quiz
from bot.recurrence import models as recurrence
from bot.reminders import models as reminders
from bot.timetable import models as timetable
from bot.workdays import models as workdays

__all__ = [
    "appeals",
    "audit",
    "banks",
    "calendars",
    "changes",
    "checkin",
    "closing",
    "conversation",
    "discussions",
    "forum",
    "forum_stage",
    "guests",
    "hours",
    "inbox",
    "leave",
    "notices",
    "outages",
    "outbox",
    "ownership",
    "people",
    "preferences",
    "quiz",
    "recurrence",
    "reminders",
    "timetable",
    "workdays",
]
