"""The preview quiz: the sender answers the file's own questions before they are taken, and is told at once."""

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.banks.findings import Summary
from bot.banks.grading import Answer, Chosen, Grade, Judged, Verdict
from bot.banks.messages.report import place_of
from bot.banks.messages.wording import KINDS, act, aside_of, clip, letter, options_of, stem_of, truth
from bot.banks.plain import plain
from bot.banks.questions import Choices, Description, Question, TrueFalse
from bot.i18n import Translator
from bot.outbox.calls import Message
from bot.people.messages.wording import lines, paragraphs

WIDTH = 4
_VERDICTS = {Verdict.RIGHT: "✅", Verdict.PARTLY: "◐", Verdict.WRONG: "❌"}


def render_question(
    number: int, place: int, summary: Summary, question: Question, ticked: int, t: Translator
) -> Message:
    """One question to answer; ``ticked`` has a bit for each option that is chosen so far."""
    text = paragraphs(_head(place, summary, question, t), stem_of(question), options_of(question, t, with_key=False))
    return Message(
        text, buttons.keyboard(*_answers(number, place, question, ticked, t), _moves(number, place, summary, t))
    )


def render_told(
    number: int,
    place: int,
    summary: Summary,
    question: Question,
    answer: Answer | None,
    grade: Grade | None,
    t: Translator,
) -> Message:
    """What the answer was worth, and the whole key; without an answer only the key."""
    feedback = [Markup("💬 {}").format(clip(plain(text), 300)) for text in (grade.feedback if grade else ())]
    text = paragraphs(
        _head(place, summary, question, t),
        stem_of(question),
        options_of(question, t, with_key=True) or None,
        _verdict(answer, grade, t),
        lines(*feedback) or None,
        aside_of(question, t) or None,
    )
    return Message(text, buttons.keyboard(_moves(number, place, summary, t)))


def _verdict(answer: Answer | None, grade: Grade | None, t: Translator) -> Markup | None:
    if grade is None or grade.worth is None:
        return None
    words = {Verdict.RIGHT: t("Right!"), Verdict.PARTLY: t("Partly right"), Verdict.WRONG: t("Not quite")}
    mark, verdict = _VERDICTS[grade.verdict], words[grade.verdict]
    return t("{mark} <b>{verdict}</b> You chose: {answer}", mark=mark, verdict=verdict, answer=_said(answer, t))


def _head(place: int, summary: Summary, question: Question, t: Translator) -> Markup:
    return t(
        "👀 Trial {n} of {all} · {kind} · {where}",
        n=place + 1,
        all=len(summary.lines),
        kind=t(KINDS[question.kind]),
        where=place_of(summary.entries[place].line, summary.format, t),
    )


def _answers(
    number: int, place: int, question: Question, ticked: int, t: Translator
) -> list[list[InlineKeyboardButton]]:
    body = question.body
    show = [act(t.plain("Show the answer"), "show", number, place)]
    if isinstance(body, TrueFalse):
        return [[act(str(truth(one, t)), "guess", number, place, int(one)) for one in (True, False)]]
    if isinstance(body, Choices) and body.several:
        ticks = [_tick(number, place, one, ticked) for one in range(len(body.choices))]
        done = [act(t.plain("✔ That is my answer"), "guess", number, place, ticked)] if ticked else []
        return [*_rows(ticks), done or show]
    if isinstance(body, Choices):
        return _rows([act(letter(one), "guess", number, place, 1 << one) for one in range(len(body.choices))])
    return [] if isinstance(body, Description) else [show]


def _tick(number: int, place: int, option: int, ticked: int) -> InlineKeyboardButton:
    is_on = ticked >> option & 1
    return act(f"{'☑' if is_on else '☐'} {letter(option)}", "tick", number, place, ticked ^ 1 << option)


def _rows(row: list[InlineKeyboardButton]) -> list[list[InlineKeyboardButton]]:
    return [row[start : start + WIDTH] for start in range(0, len(row), WIDTH)]


def _moves(number: int, place: int, summary: Summary, t: Translator) -> list[InlineKeyboardButton]:
    following = (place + 1) % len(summary.lines)
    onward = [act(t.plain("Next ▶"), "try", number, following)] if len(summary.lines) > 1 else []
    return [act(t.plain("◀ Back to the report"), "report", number), *onward]


def _said(answer: Answer | None, t: Translator) -> Markup | str:
    match answer:
        case Chosen(places):
            return t.join(letter(place) for place in sorted(places))
        case Judged(is_true):
            return truth(is_true, t)
    return ""
