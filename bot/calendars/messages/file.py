"""A person's calendar as iCalendar text (RFC 5545, with the names of RFC 7986), in the person's language.

The library folds and escapes. Nothing in the text depends on when it is written, so that an unchanged calendar gives
the same bytes and the reader's cache holds.
"""

from collections.abc import Iterable
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vDuration

from bot.calendars.rules import Agenda, Entry
from bot.calendars.zones import spell_zone
from bot.i18n import Translator

PRODUCT = "-//Cohort Bot//Cohort Bot//EN"
REFRESH = timedelta(hours=1)


def write_calendar(agenda: Agenda, key: str, t: Translator) -> bytes:
    """The calendar; ``key`` is the installation's own part of every UID."""
    calendar = Calendar()
    for name, value in _head(agenda, t):
        calendar.add(name, value)
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    for zone in sorted({entry.time_zone for entry in agenda.entries}):
        times = [at for entry in agenda.entries if entry.time_zone == zone for at in (entry.starts_at, entry.ends_at)]
        calendar.add_component(spell_zone(zone, min(times), max(times)))
    for entry in agenda.entries:
        calendar.add_component(_event(entry, key, t))
    return bytes(calendar.to_ical())


def file_name(agenda: Agenda, t: Translator) -> str:
    """What the file is called."""
    return f"{_title(agenda, t)}.ics".replace("/", "-")


def _head(agenda: Agenda, t: Translator) -> Iterable[tuple[str, str]]:
    title = _title(agenda, t)
    yield "prodid", PRODUCT
    yield "version", "2.0"
    yield "calscale", "GREGORIAN"
    yield "method", "PUBLISH"
    yield "name", title
    yield "x-wr-calname", title
    yield "x-published-ttl", "PT1H"


def _title(agenda: Agenda, t: Translator) -> str:
    return agenda.camp or t.plain("Training camp")


def _event(entry: Entry, key: str, t: Translator) -> Event:
    event, zone = Event(), ZoneInfo(entry.time_zone)
    event.add("uid", f"activity-{entry.activity_id}-{key}@cohort-bot")
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("dtstart", entry.starts_at.astimezone(zone))
    event.add("dtend", entry.ends_at.astimezone(zone))
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    for name, value in _texts(entry, t):
        if value:
            event.add(name, value)
    if not entry.is_cancelled and entry.alarm_minutes > 0:
        event.add_component(_alarm(entry))
    return event


def _texts(entry: Entry, t: Translator) -> Iterable[tuple[str, str]]:
    yield "summary", t.plain("Cancelled: {title}", title=entry.title) if entry.is_cancelled else entry.title
    yield "location", entry.place
    speaker = t.plain("Speaker: {name}", name=entry.speaker) if entry.speaker else ""
    yield "description", "\n".join(line for line in (speaker, entry.notes, entry.camp) if line)
    yield "categories", entry.kind
    yield "transp", "TRANSPARENT" if entry.is_cancelled else "OPAQUE"


def _alarm(entry: Entry) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", entry.title)
    alarm.add("trigger", -timedelta(minutes=entry.alarm_minutes))
    return alarm
