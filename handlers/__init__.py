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


def register(application: CohortApplication) -> None:
    """Add every handler."""
    forum_signup.register_first(application)
    start.register(application)
    checkin.register(application)
    appeals.register(application)
    language.register(application)
    cohorts.register(application)
    people.register(application)
    groups.register(application)
    roles.register(application)
    records.register(application)
    notices.register(application)
    hours.register(application)
    leave.register(application)
    leave_desk.register(application)
    makeup.register(application)
    closing.register(application)
    forum.register(application)
    forum_seats.register(application)
    forum_desk.register(application)
    forum_rooms.register(application)
    invitations.register(application)
    lectures.register(application)
    forum_stage.register(application)
    imports.register(application)
    banks.register(application)
    timetable.register(application)
    timetable_editing.register(application)
    timetable_programme.register(application)
    timetable_versions.register(application)
    calendars.register(application)
    workdays.register(application)
    loadmap.register(application)
    quarters.register(application)
    preferences.register(application)
    quiz.register(application)
    discussions.register(application)
    reminders.register(application)
    changes.register(application)
    notice_replies.register_last(application)
    checkin.register_last(application)
    start.register_last(application)
    fallback.register(application)
