"""A question as Telegram's own quiz poll."""

from bot.banks.grading import right_places
from bot.banks.plain import plain
from bot.banks.questions import Choices, Question, TrueFalse
from bot.i18n import Translator
from bot.outbox import calls
from bot.outbox.calls import Call, Message
from bot.outbox.lanes import Lane

EXPLANATION, LINES = 200, 3
"""Characters and lines of an explanation (Bot API, sendPoll)."""


def poll(chat_id: int, question: Question, t: Translator, lane: Lane) -> Call:
    """The poll with its key and, where it is short enough, its explanation."""
    options, right = _options(question, t)
    return calls.send_quiz(chat_id, plain(question.stem), options, right, _explanation(question), lane)


def render_none(t: Translator) -> Message:
    """There is no question that fits a poll."""
    return Message(t("I have no further question that fits a poll here. Send me more questions in our private chat."))


def _options(question: Question, t: Translator) -> tuple[list[str], list[int]]:
    match question.body:
        case Choices() as body:
            return [plain(choice.text) for choice in body.choices], list(right_places(body))
        case TrueFalse(is_true):
            return [t.plain("Right"), t.plain("Wrong")], [0 if is_true else 1]
    raise ValueError(question.kind)


def _explanation(question: Question) -> str:
    text = "\n".join(plain(question.explanation).splitlines()[:LINES])
    return text if len(text) <= EXPLANATION else f"{text[: EXPLANATION - 1]}…"
