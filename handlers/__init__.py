"""Door one: people speak. The whole order of registration, readable top to bottom; the first that fits takes it.

``/start`` and ``/cancel`` come first, so that they leave any dialogue. Check-in is next: a whole room does it at once,
and each handler before it would be asked every time. Bare codes come after every conversation, so that they never take
an answer that a dialogue waits for. The last two say so when nothing fits.
"""

from bot.context import CohortApplication
from handlers import checkin, cohorts, fallback, imports, language, people, start, timetable


def register(application: CohortApplication) -> None:
    """Add every handler."""
    start.register(application)
    checkin.register(application)
    language.register(application)
    cohorts.register(application)
    people.register(application)
    imports.register(application)
    timetable.register(application)
    checkin.register_last(application)
    start.register_last(application)
    fallback.register(application)
