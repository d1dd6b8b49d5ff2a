"""What notices tell people beyond their copies: previews, progress, the report, colleagues who send the same."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot import i18n
from bot.ids import PersonId
from bot.notices import queries, sending, tally
from bot.notices.drafting import languages_of, parts_of
from bot.notices.messages import copies, progress
from bot.notices.messages.composing import render_twin
from bot.notices.messages.copies import Reader
from bot.notices.messages.progress import Course
from bot.notices.messages.wording import headline
from bot.notices.models import Notice, Status
from bot.notices.outlook import Outlook, known_of_people
from bot.notices.rules import Known
from bot.notices.sending import NotStarted
from bot.outbox.lanes import Lane
from bot.people import access
from bot.people import service as people
from bot.people.models import Role
from bot.people.service import Reader as Person
from bot.people.service import Speaker
from bot.turn import Turn


def course_of(session: Session, notice: Notice, now: datetime) -> Course:
    """How far a notice is."""
    number = notice.id or 0
    return Course(
        notice,
        parts_of(session, number),
        tally.counts(session, number, now),
        people.get_cohort(session, notice.cohort_id).time_zone,
        queries.amendments(session, number) if notice.revision else {},
        queries.answers(session, number),
        queries.posts(session, number),
        queries.count_letters(session, number),
        tally.owed_since(session, number) if notice.status == Status.SENDING else None,
    )


def send_preview(turn: Turn, notice: Notice, speaker: Speaker, chat_id: int) -> None:
    """Send the author what a recipient gets, filled with the author's own values, in each language there is."""
    session, number = turn.session, notice.id or 0
    own = languages_of(session, number)
    usual = people.get_cohort(session, notice.cohort_id).language
    known = known_of_people(session, notice, [speaker.person_id], turn.now).get(speaker.person_id, Known(speaker.name))
    for language in sorted({usual, *own}):
        reader = Reader(chat_id, i18n.translator(language), known)
        for call in copies.render_copy(notice, parts_of(session, number, language), reader, Lane.REPLY):
            turn.record(call)


def tell_twins(turn: Turn, outlook: Outlook, speaker: Speaker) -> None:
    """Tell colleagues who are writing nearly the same that it has just gone."""
    for twin in outlook.twins:
        person = people.get_person(turn.session, twin.author_id)
        if person.telegram_id is None:
            continue
        cohort = people.get_cohort(turn.session, outlook.notice.cohort_id)
        t = i18n.translator(person.language or cohort.language)
        words = headline(list(outlook.parts), t)
        key = f"notice:twin:{outlook.notice.id}:{twin.author_id}"
        turn.send(person.telegram_id, render_twin(words, speaker.name, t), key=key)


def show_progress(turn: Turn, course: Course) -> None:
    """Bring the author's message up to date, as long as the author has a say in the cohort."""
    notice = course.notice
    if notice.progress_id is None or not is_authors(turn.session, notice):
        return
    turn.edit(notice.author_chat, notice.progress_id, progress.render_course(course, author_t(turn, notice), turn.now))


def send_report(turn: Turn, notice: Notice) -> None:
    """Tell the author, or where that is no coordinator any more every other one, how it came out."""
    course = course_of(turn.session, notice, turn.now)
    for reader in _reporting_to(turn.session, notice):
        t = i18n.translator(reader.language)
        key = f"notice:report:{notice.id}:{notice.revision}:{reader.person_id}"
        turn.send(reader.telegram_id, progress.render_course(course, t, turn.now), key=key)


def tell_not_started(turn: Turn, notice: Notice, why: NotStarted) -> None:
    """Tell the coordinators that a scheduled notice did not go."""
    parts = list(parts_of(turn.session, notice.id or 0))
    for reader in people.readers(turn.session, notice.cohort_id, Role.COORDINATOR):
        t = i18n.translator(reader.language)
        key = f"notice:notstarted:{notice.id}:{reader.person_id}"
        turn.send(reader.telegram_id, progress.render_not_started(headline(parts, t), why, t), key=key)


def author_t(turn: Turn, notice: Notice) -> i18n.Translator:
    """The translator for the author."""
    person = people.get_person(turn.session, notice.author_id)
    return i18n.translator(person.language or people.get_cohort(turn.session, notice.cohort_id).language)


def is_authors(session: Session, notice: Notice) -> bool:
    """Whether the author still has a say in the cohort."""
    may = Role.COORDINATOR in access.roles_in(session, notice.author_id, notice.cohort_id)
    return may or sending.is_operators(session, notice)


def _reporting_to(session: Session, notice: Notice) -> Sequence[Person]:
    coordinators = people.readers(session, notice.cohort_id, Role.COORDINATOR)
    author = people.get_person(session, notice.author_id)
    if Role.COORDINATOR in access.roles_in(session, notice.author_id, notice.cohort_id):
        return [one for one in coordinators if one.person_id == notice.author_id]
    if author.telegram_id is not None and sending.is_operators(session, notice):
        cohort = people.get_cohort(session, notice.cohort_id)
        language = author.language or cohort.language
        return [Person(PersonId(notice.author_id), author.telegram_id, author.name, language)]
    return coordinators
