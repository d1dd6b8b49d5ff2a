"""Who is told what of a test: that it opens, how an attempt ended by the clock, that answers are released, corrections.

Each in their own language, each once.
"""

from bot import i18n
from bot.i18n import Translator
from bot.outbox.lanes import Lane
from bot.people.service import Reader
from bot.quiz.messages import taking
from bot.quiz.models import Exam
from bot.quiz.openings import Opening
from bot.quiz.outcomes import Correction, Finished
from bot.turn import Turn


def announce_opening(turn: Turn, opening: Opening) -> None:
    """Owe this page of the cohort the news that a test is open."""
    for language, chats in opening.audience.chats.items():
        message = taking.render_open(opening.exam, opening.time_zone, opening.questions, i18n.translator(language))
        turn.send_copies(message, chats, lane=Lane.REMINDER, prefix=f"test:{opening.exam.id}:open:")


def announce_end(turn: Turn, finished: Finished) -> None:
    """Tell somebody whose time ran out how it came out."""
    if finished.reader is not None:
        message = taking.render_finished(finished, i18n.translator(finished.reader.language))
        turn.send(finished.reader.telegram_id, message, key=result_key(finished))


def announce_late_answer(turn: Turn, finished: Finished, chat_id: int, t: Translator) -> None:
    """Mend a result that was told before an answer given in time had been processed."""
    turn.edit(chat_id, result_key(finished), taking.render_finished(finished, t))


def announce_release(turn: Turn, exam: Exam, took: list[tuple[Reader, int]]) -> None:
    """Tell everybody who took a test that the answers can be looked at."""
    for reader, attempt_id in took:
        message = taking.render_released(exam, attempt_id, i18n.translator(reader.language))
        key = f"test:{exam.id}:released:{reader.person_id}"
        turn.send(reader.telegram_id, message, lane=Lane.NOTICE, key=key)


def announce_nudge(turn: Turn, exam: Exam, time_zone: str, readers: list[Reader]) -> None:
    """Remind those who have not handed in, at most once an hour."""
    for reader in readers:
        message = taking.render_nudge(exam, time_zone, i18n.translator(reader.language))
        key = f"test:{exam.id}:nudge:{turn.now:%Y%m%d%H}:{reader.person_id}"
        turn.send(reader.telegram_id, message, lane=Lane.NOTICE, key=key)


def announce_correction(turn: Turn, correction: Correction) -> None:
    """Tell everybody whose result changed."""
    for finished, before in correction.changed:
        if finished.reader is not None and finished.standing.score != before:
            t = i18n.translator(finished.reader.language)
            key = f"test:{finished.attempt_id}:rescored:{turn.now:%Y%m%d%H%M%S}:{correction.question_id}"
            turn.send(
                finished.reader.telegram_id, taking.render_rescored(finished, before, t), lane=Lane.NOTICE, key=key
            )


def result_key(finished: Finished) -> str:
    """The outbox key of the message that says how an attempt ended by the clock."""
    return f"test:result:{finished.attempt_id}"
