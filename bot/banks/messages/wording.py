"""What all messages about banks share: the names of kinds, letters of options, a question with its key."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.banks.findings import Format
from bot.banks.grading import WHOLE, right_words
from bot.banks.plain import plain
from bot.banks.questions import (
    Choices,
    Difficulty,
    Essay,
    Figure,
    Kind,
    Matching,
    Numeric,
    Question,
    ShortAnswer,
    TrueFalse,
)
from bot.banks.wire import plain_number
from bot.i18n import N_, Translator
from bot.people.messages.wording import lines, paragraphs

FEATURE = "banks"
LONGEST_STEM = 1500
LONGEST_OPTION = 200
LONGEST_EXPLANATION = 600

KINDS = {
    Kind.SINGLE: N_("Single choice"),
    Kind.MULTIPLE: N_("Multiple choice"),
    Kind.TRUE_FALSE: N_("True or false"),
    Kind.SHORT: N_("Short answer"),
    Kind.NUMERIC: N_("Number"),
    Kind.MATCHING: N_("Matching"),
    Kind.ESSAY: N_("Reflection"),
    Kind.DESCRIPTION: N_("Text without a question"),
}
DIFFICULTIES = {Difficulty.EASY: N_("easy"), Difficulty.MEDIUM: N_("medium"), Difficulty.HARD: N_("hard")}
FORMATS = {
    Format.GIFT: N_("GIFT"),
    Format.AIKEN: N_("Aiken"),
    Format.MOODLE_XML: N_("Moodle XML"),
    Format.SHEET: N_("a sheet of questions"),
    Format.WORDS: N_("questions as typed text"),
}


def data(action: str, *ids: int | str) -> str:
    """The callback data of one of this feature's buttons."""
    return buttons.pack(FEATURE, action, *ids)


def act(label: str, action: str, *ids: int | str) -> InlineKeyboardButton:
    """A button of this feature."""
    return buttons.button(label, data(action, *ids))


def pager(action: str, ids: Sequence[int | str], number: int, pages: int) -> list[InlineKeyboardButton]:
    """The row that turns pages, which count from 0; none for a single page."""
    if pages < 2:
        return []
    before, after = (number - 1) % pages, (number + 1) % pages
    return [
        act("◀", action, *ids, before),
        act(f"{number + 1}/{pages}", action, *ids, number),
        act("▶", action, *ids, after),
    ]


def letter(place: int) -> str:
    """The letter of an option, counted from 0."""
    return chr(ord("A") + place)


def clip(text: str, length: int) -> str:
    """The beginning of a long text."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def truth(is_true: bool, t: Translator) -> Markup:
    """Right or wrong, as an answer."""
    return t("Right") if is_true else t("Wrong")


def kinds_line(counts: Iterable[tuple[Kind, int]], t: Translator) -> Markup:
    """How many there are of each kind."""
    order = list(Kind)
    said = sorted(counts, key=lambda pair: order.index(pair[0]))
    return Markup(" · ").join(Markup("{} {}").format(t(KINDS[kind]), count) for kind, count in said)


def stem_of(question: Question) -> Markup:
    """What is asked, cut where a message would not hold it."""
    return Markup("<b>{}</b>").format(clip(plain(question.stem) or question.name, LONGEST_STEM))


def options_of(question: Question, t: Translator, *, with_key: bool) -> Markup:
    """What there is to choose from; with the key, what is right is marked and words to type are shown."""
    body = question.body
    if isinstance(body, Choices):
        return lines(*(_option(place, body, with_key) for place in range(len(body.choices))))
    if isinstance(body, Matching):
        places = right_words(body)
        pairs = (
            Markup("▸ {} — {}").format(plain(pair.prompt), body.words[place] if with_key else "…")
            for pair, place in zip(body.prompts, places, strict=True)
        )
        words = None if with_key else t("Words: {words}", words=t.join(sorted(body.words)))
        return lines(*pairs, words)
    return key_of(question, t) if with_key else Markup("")


def _option(place: int, body: Choices, with_key: bool) -> Markup:
    choice = body.choices[place]
    mark = ("✅ " if choice.weight > 0 else "▫️ ") if with_key else ""
    worth = with_key and choice.weight not in (0, WHOLE) and (body.several or choice.weight > 0)
    weight = Markup(" <i>{}%</i>").format(short_weight(choice.weight)) if worth else Markup("")
    return Markup("{}{}. {}{}").format(mark, letter(place), clip(plain(choice.text), LONGEST_OPTION), weight)


def key_of(question: Question, t: Translator) -> Markup:
    """The answers of a question without options."""
    match question.body:
        case TrueFalse(is_true):
            return t("Answer: {answer}", answer=truth(is_true, t))
        case ShortAnswer(forms):
            said = [_weighted(form.pattern, form.weight) for form in forms]
            return t("Accepted: {answers}", answers=Markup(" / ").join(said))
        case Numeric(figures):
            said = [_weighted(_figure(figure), figure.weight) for figure in figures]
            return t("Accepted: {answers}", answers=Markup(" / ").join(said))
        case Essay(notes):
            return t("For the teacher: {notes}", notes=clip(plain(notes), LONGEST_EXPLANATION)) if notes else Markup("")
    return Markup("")


def short_weight(weight: float) -> str:
    """A weight as people read it."""
    return f"{weight:.1f}".removesuffix(".0")


def _weighted(words: str, weight: float) -> Markup:
    return Markup("{}").format(words) if weight == WHOLE else Markup("{} ({}%)").format(words, short_weight(weight))


def _figure(figure: Figure) -> str:
    value = "*" if figure.value is None else plain_number(figure.value)
    return f"{value} ± {plain_number(figure.tolerance)}" if figure.tolerance else value


def aside_of(question: Question, t: Translator) -> Markup:
    """What belongs to the question beside its key: explanation, source, category, difficulty, tags."""
    said = [
        t("💡 {text}", text=clip(plain(question.explanation), LONGEST_EXPLANATION)) if question.explanation else None,
        t("Source: {text}", text=clip(question.source, 200)) if question.source else None,
        t("Category: {text}", text=category_name(question.category)) if question.category else None,
        t("Difficulty: {text}", text=t(DIFFICULTIES[question.difficulty])) if question.difficulty else None,
        t("Tags: {text}", text=clip(t.join(question.tags), 200)) if question.tags else None,
    ]
    return lines(*said)


def category_name(category: str) -> str:
    """A category as people read it, without what Moodle puts before it."""
    return category.removeprefix("$course$/").removeprefix("top/") or category


def whole(question: Question, t: Translator) -> Markup:
    """A question with its key, as its teacher sees it."""
    return paragraphs(stem_of(question), options_of(question, t, with_key=True) or None, aside_of(question, t) or None)
