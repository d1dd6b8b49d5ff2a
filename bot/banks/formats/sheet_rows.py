"""A question as the cells of a row, by field: what an export writes, and what a reading compares details with. Pure."""

from bot.banks.formats import sheet_words as words
from bot.banks.grading import WHOLE, right_places
from bot.banks.questions import (
    Choices,
    Description,
    Essay,
    Figure,
    Matching,
    Numeric,
    Question,
    ShortAnswer,
    TrueFalse,
)
from bot.banks.wire import plain_number

Cells = dict[str, str]


def row_of(question: Question, language: str) -> Cells:
    """The cells of a question; what they cannot say goes into the details."""
    cells = {
        words.KIND: words.KIND_NAMES[language][question.kind],
        words.STEM: question.stem.text,
        words.EXPLANATION: question.explanation.text,
        words.DIFFICULTY: words.DIFFICULTY_NAMES[language][question.difficulty],
        words.CATEGORY: question.category,
        words.TAGS: ("、" if language == "zh" else ", ").join(question.tags),
        words.SOURCE: question.source,
        words.NAME: question.name,
        words.IDNUMBER: question.idnumber,
    }
    return cells | _answers(question, language)


def _answers(question: Question, language: str) -> Cells:
    match question.body:
        case Choices() as body:
            letters = "".join(words.LETTERS[place] for place in right_places(body)[: len(words.LETTERS)])
            return _options([choice.text.text for choice in body.choices]) | {words.KEY: letters}
        case TrueFalse(is_true):
            return {words.KEY: words.TRUTH_NAMES[language][is_true]}
        case ShortAnswer(forms):
            right = [form.pattern.replace("\\*", "*") for form in forms if form.weight == WHOLE]
            return {words.KEY: "|".join(right)}
        case Numeric(figures):
            return {words.KEY: "|".join(_figure(figure) for figure in figures if figure.weight == WHOLE)}
        case Matching(pairs):
            return _options([f"{pair.prompt.text} -> {pair.match}" for pair in pairs])
        case Essay(notes):
            return {words.KEY: notes.text}
        case Description():
            return {}


def _options(texts: list[str]) -> Cells:
    return {f"option_{letter}": text for letter, text in zip(words.LETTERS, texts, strict=False)}


def _figure(figure: Figure) -> str:
    value = "*" if figure.value is None else plain_number(figure.value)
    return f"{value}±{plain_number(figure.tolerance)}" if figure.tolerance else value
