"""Door one: people speak. The whole order of registration, readable top to bottom; the first that fits takes it.

``/start`` and ``/cancel`` come first, so that they leave any dialogue; signing up says itself what it keeps. Check-in
is next: a whole room does it at once, and each handler before it would be asked every time. Bare codes come after every
conversation, so that they never take an answer that a dialogue waits for. The last two say so when nothing fits.
"""

from bot.context import CohortApplication
from handlers import (
    appeals,
    banks,
    calendars,
    changes,
    checkin,
    closing,
    cohorts,
    discussions,
    fallback,
    forum,
    forum_desk,
    forum_rooms,
    forum_seats,
    forum_signup,
    forum_stage,
    groups,
    hours,
    imports,
    invitations,
    language,
    leave,
    leave_desk,
    lectures,
    loadmap,
    makeup,
    notice_replies,
    notices,
    people,
    preferences,
    quarters,
    quiz,
    records,
    reminders,
    roles,
    start,
    timetable,
    timetable_editing,
    timetable_programme,
    timetable_versions,
    workdays,
)

IN_ORDER = (
    start,
    checkin,
    appeals,
    language,
    cohorts,
    people,
    groups,
    roles,
    records,
    notices,
    hours,
    leave,
    leave_desk,
    makeup,
    closing,
    forum,
    forum_seats,
    forum_desk,
    forum_rooms,
    invitations,
    lectures,
    forum_stage,
    imports,
    banks,
    timetable,
    timetable_editing,
    timetable_programme,
    timetable_versions,
    calendars,
    workdays,
    loadmap,
    quarters,
    preferences,
    quiz,
    discussions,
    reminders,
    changes,
)


def register(application: CohortApplication) -> None:
    """Add every handler."""
    forum_signup.register_first(application)
    for module in IN_ORDER:
        module.register(application)
    for module in (notice_replies, checkin, start):
        module.register_last(application)
    fallback.register(application)
