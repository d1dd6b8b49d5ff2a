"""A question of any kind in a chat: its text, its buttons, and what is said of the answer. Knows no place it is put.

The letters that a person sees are of that person's own order; buttons carry the places of the record.
"""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.banks.grading import Chosen, Judged, Matched, Typed, Verdict, right_places, right_words
from bot.banks.plain import plain
from bot.banks.questions import Choices, Essay, Matching, Numeric, Question, ShortAnswer, TrueFalse
from bot.i18n import Translator
from bot.outbox.calls import Message
from bot.people.messages.wording import bold, lines, paragraphs, shorten
from bot.quiz.messages.wording import act, label, parts, rows_of
from bot.quiz.outcomes import Asked

Row = list[InlineKeyboardButton]
WIDTH = 6


def render(
    asked: Asked,
    t: Translator,
    *,
    head: Markup,
    rows: Sequence[Row] = (),
    part: int = 0,
    confirms: bool = True,
    is_open: bool = True,
    foot: Markup | None = None,
) -> Message:
    """The question with its buttons, in parts where it is long; ``confirms``: ticks count once they are confirmed."""
    answering = answer_rows(asked, t, confirms=confirms) if is_open else []
    return _paged(asked, paragraphs(text_of(asked, t), _how(asked, t) if is_open else None), t, head, part, foot,
                  [*answering, *rows])  # fmt: skip


def render_told(
    asked: Asked, t: Translator, *, head: Markup, rows: Sequence[Row] = (), part: int = 0, foot: Markup | None = None
) -> Message:
    """The question with what was answered, what is right, and why."""
    return _paged(asked, paragraphs(text_of(asked, t), verdict(asked, t)), t, head, part, foot, rows)


def render_key(
    asked: Asked, t: Translator, *, head: Markup, rows: Sequence[Row] = (), part: int = 0, foot: Markup | None = None
) -> Message:
    """The question with its key, for those who teach."""
    question = asked.question
    told = paragraphs(
        text_of(asked, t),
        _right(asked, t),
        t("💡 {why}", why=plain(question.explanation)) if question.explanation else None,
        t("📖 {source}", source=question.source) if question.source else None,
    )
    pages = parts(told)
    return Message(paragraphs(head, pages[min(part, len(pages) - 1)], foot), buttons.keyboard(*rows))


def text_of(asked: Asked, t: Translator) -> Markup:
    """What is asked, with the options as this person sees them."""
    return paragraphs(bold(plain(asked.question.stem)), *(lines(*block) for block in _options(asked, t)))


def verdict(asked: Asked, t: Translator) -> Markup:
    """Right or wrong, the right answer, the feedback, the explanation and where it comes from."""
    question = asked.question
    return paragraphs(
        _verdict_line(asked, t),
        _said(asked, t),
        _right(asked, t) if asked.grade is None or asked.grade.verdict is not Verdict.RIGHT else None,
        lines(*(Markup("{}").format(plain(said)) for said in (asked.grade.feedback if asked.grade else ()))),
        t("💡 {why}", why=plain(question.explanation)) if question.explanation else None,
        t("📖 {source}", source=question.source) if question.source else None,
    )


def render_noted(answer: str, t: Translator) -> Message:
    """In place of the question, once an answer to it was typed."""
    return Message(t("✍️ Your answer is noted: {answer}", answer=answer))


def toast(asked: Asked, t: Translator) -> str | None:
    """The verdict over the chat after a tap."""
    if asked.grade is None:
        return None
    return {
        Verdict.RIGHT: t.plain("✅ Right!"),
        Verdict.PARTLY: t.plain("Partly right"),
        Verdict.WRONG: t.plain("Not quite"),
        Verdict.TO_BE_READ: t.plain("Thank you! Your teacher will read it."),
    }[asked.grade.verdict]


def is_typed(question: Question) -> bool:
    """Whether the answer has to be typed."""
    return isinstance(question.body, ShortAnswer | Numeric | Essay)


def answer_rows(asked: Asked, t: Translator, *, confirms: bool) -> list[Row]:
    """The buttons that answer it."""
    done = act(t.plain("✔ That is my answer"), "done", asked.item_id)
    match asked.question.body:
        case Choices() as body:
            found = rows_of(
                [_option_button(asked, body.several, at, place) for at, place in enumerate(asked.order)], WIDTH
            )
            return [*found, [done]] if body.several and confirms and asked.answer else found
        case TrueFalse():
            return [[_truth_button(asked, True, t), _truth_button(asked, False, t)]]
        case Matching() as body:
            return _matching_rows(asked, body, t, done if confirms else None)
        case _:
            return [[act(t.plain("✍️ Write the answer"), "write", asked.item_id)]]


def _paged(
    asked: Asked, text: Markup, t: Translator, head: Markup, part: int, foot: Markup | None, rows: Sequence[Row]
) -> Message:
    pages = parts(text)
    part = min(max(part, 0), len(pages) - 1)
    turning = [act(f"{'• ' if one == part else ''}{t.plain('Text {n}', n=one + 1)}", "part", asked.item_id, one)
               for one in range(len(pages))] if len(pages) > 1 else []  # fmt: skip
    more = t("<i>The text is long: part {n} of {all}.</i>", n=part + 1, all=len(pages)) if turning else None
    body = paragraphs(head, pages[part], more, foot)
    return Message(body, buttons.keyboard(*rows_of(turning, 4), *rows))


def _how(asked: Asked, t: Translator) -> Markup | None:
    match asked.question.body:
        case Choices(several=True):
            return t("<i>Tick everything that is right.</i>")
        case Matching() as body:
            prompt = _next_prompt(asked, body)
            if prompt is None:
                return None
            return t("Which belongs to <b>{prompt}</b>?", prompt=plain(body.prompts[prompt].prompt))
        case Numeric():
            return t("<i>Send me the number.</i>")
        case ShortAnswer():
            return t("<i>Send me the answer, a word or two.</i>")
        case Essay():
            return t("<i>Send me your thoughts in one message. Your teacher reads them; there is no mark.</i>")
    return None


def _options(asked: Asked, t: Translator) -> list[list[Markup]]:
    """What stands under the question, block by block."""
    match asked.question.body:
        case Choices() as body:
            return [_lettered([plain(body.choices[place].text) for place in asked.order])]
        case Matching() as body:
            chosen = asked.answer.places if isinstance(asked.answer, Matched) else (None,) * len(body.prompts)
            pairs = [
                Markup("▸ {} — {}").format(plain(pair.prompt), "…" if place is None else bold(body.words[place]))
                for pair, place in zip(body.prompts, chosen, strict=False)
            ]
            return [pairs, _lettered([body.words[place] for place in asked.order])]
    if isinstance(asked.answer, Typed) and not asked.is_settled:
        return [[t("Your answer so far: {answer}", answer=asked.answer.text)]]
    return []


def _lettered(texts: Sequence[str]) -> list[Markup]:
    return [Markup("{}. {}").format(label(at), text) for at, text in enumerate(texts)]


def _option_button(asked: Asked, several: bool, at: int, place: int) -> InlineKeyboardButton:
    is_on = isinstance(asked.answer, Chosen) and place in asked.answer.places
    if several:
        return act(f"{'☑' if is_on else '☐'} {label(at)}", "tick", asked.item_id, place, int(not is_on))
    return act(f"✔ {label(at)}" if is_on else label(at), "pick", asked.item_id, place)


def _truth_button(asked: Asked, is_true: bool, t: Translator) -> InlineKeyboardButton:
    words = t.plain("Right") if is_true else t.plain("Wrong")
    is_on = isinstance(asked.answer, Judged) and asked.answer.is_true == is_true
    return act(f"✔ {words}" if is_on else words, "judge", asked.item_id, int(is_true))


def _matching_rows(asked: Asked, body: Matching, t: Translator, done: InlineKeyboardButton | None) -> list[Row]:
    prompt = _next_prompt(asked, body)
    undo = _undo_button(asked, body, t)
    if prompt is None:
        return [[undo, done] if undo and done else [undo or done]] if undo or done else []  # type: ignore[list-item]
    words = [
        act(f"{label(at)}. {shorten(body.words[place], 24)}", "match", asked.item_id, prompt, place)
        for at, place in enumerate(asked.order)
    ]
    return [*rows_of(words, 2), *([[undo]] if undo else [])]


def _undo_button(asked: Asked, body: Matching, t: Translator) -> InlineKeyboardButton | None:
    places = asked.answer.places if isinstance(asked.answer, Matched) else ()
    filled = [prompt for prompt, place in enumerate(places) if place is not None]
    return act(t.plain("↩ One step back"), "match", asked.item_id, filled[-1], -1) if filled else None


def _next_prompt(asked: Asked, body: Matching) -> int | None:
    places = asked.answer.places if isinstance(asked.answer, Matched) else (None,) * len(body.prompts)
    return next((prompt for prompt, place in enumerate(places) if place is None), None)


def _verdict_line(asked: Asked, t: Translator) -> Markup:
    if asked.grade is None:
        return t("<b>No answer</b>")
    return {
        Verdict.RIGHT: t("✅ <b>Right!</b>"),
        Verdict.PARTLY: t("◐ <b>Partly right</b>"),
        Verdict.WRONG: t("❌ <b>Not quite</b>"),
        Verdict.TO_BE_READ: t("✍️ <b>Your teacher reads this; there is no mark.</b>"),
    }[asked.grade.verdict]


def _said(asked: Asked, t: Translator) -> Markup | None:
    match asked.answer:
        case Chosen(places) if places:
            return t("Your answer: {answer}", answer=_letters(asked, sorted(places), t))
        case Judged(is_true):
            return t("Your answer: {answer}", answer=t("Right") if is_true else t("Wrong"))
        case Typed(text):
            return t("Your answer: {answer}", answer=text)
    return None


def _right(asked: Asked, t: Translator) -> Markup | None:
    match asked.question.body:
        case Choices() as body:
            right = [
                Markup("{}. {}").format(label(at), plain(body.choices[place].text))
                for at, place in enumerate(asked.order)
                if place in right_places(body)
            ]
            return t("Right is: {answer}", answer=lines(*right) if len(right) < 2 else Markup("\n") + lines(*right))
        case TrueFalse(is_true):
            return t("Right is: {answer}", answer=t("Right") if is_true else t("Wrong"))
        case ShortAnswer(forms):
            return t("Right is: {answer}", answer=forms[0].pattern) if forms else None
        case Numeric(figures):
            value = next((figure.value for figure in figures if figure.value is not None), None)
            return t("Right is: {answer}", answer=value) if value is not None else None
        case Matching() as body:
            pairs = zip(body.prompts, right_words(body), strict=True)
            said = [Markup("▸ {} — {}").format(plain(pair.prompt), body.words[place]) for pair, place in pairs]
            return t("Right is: {answer}", answer=Markup("\n") + lines(*said))
    return None


def _letters(asked: Asked, places: Sequence[int], t: Translator) -> str:
    return t.join(label(at) for at, place in enumerate(asked.order) if place in places)
