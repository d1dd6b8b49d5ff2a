"""Making what leaves this feature: the file for the chat, the address in words, the feed. Writes nothing."""

import importlib
from datetime import datetime
from types import ModuleType

from sqlmodel import Session

from bot import i18n
from bot.calendars import service
from bot.calendars.messages import render_address
from bot.calendars.models import CalendarFeed
from bot.calendars.rules import Agenda
from bot.calendars.service import AlarmsOf, usual_alarms
from bot.errors import Gone
from bot.outbox.calls import Message
from bot.outbox.delivery import Rendered
from bot.people import service as people

PATH = "/calendar"


def render_calendar_file(
    session: Session,
    *,
    person_id: int,
    cohort_id: int,
    language: str,
    at: str,
    alarms_of: AlarmsOf = usual_alarms,
) -> Rendered:
    """A person's calendar of one camp as a file; ``at`` is when it was asked for."""
    t = i18n.translator(language)
    agenda = service.agenda_of(
        session,
        person_id=person_id,
        language=language,
        now=datetime.fromisoformat(at),
        cohort_id=cohort_id,
        alarms_of=alarms_of,
    )
    file = _loaded()
    return Rendered(file.file_name(agenda, t), file.write_calendar(agenda, service.installation_key(session), t))


def render_calendar_address(session: Session, *, feed_id: int, language: str, public_url: str) -> Message:
    """The words that hand over an address; the courier makes them, so that no address waits in the outbox."""
    feed = session.get(CalendarFeed, feed_id)
    if feed is None or feed.revoked_at is not None:
        raise Gone
    url = f"{public_url.rstrip('/')}{PATH}/{service.token_of(session, feed_id)}.ics"
    return render_address(url, i18n.translator(language), is_public=url.startswith("https://"))


def write_feed(
    session: Session, feed: CalendarFeed, now: datetime, alarms_of: AlarmsOf = usual_alarms
) -> tuple[Agenda, bytes]:
    """What can be read at a person's address."""
    person = people.get_person(session, feed.person_id)
    t = i18n.translator(person.language or feed.language)
    agenda = service.agenda_of(session, person_id=feed.person_id, language=t.language, now=now, alarms_of=alarms_of)
    return agenda, _loaded().write_calendar(agenda, service.installation_key(session), t)


def _loaded() -> ModuleType:
    """What writes the file: its library is loaded with the first, for which a start need not wait."""
    return importlib.import_module("bot.calendars.messages.file")
