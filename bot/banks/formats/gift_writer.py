"""Writing a question as GIFT. Pure. What GIFT cannot say is left to ``gift_export``, which notices."""

from collections.abc import Iterator

from bot.banks.formats.gift_text import escape, needs_weight, write_text
from bot.banks.grading import WHOLE, plain_weight
from bot.banks.questions import (
    Choice,
    Choices,
    Description,
    Essay,
    Figure,
    Form,
    Matching,
    Numeric,
    Question,
    ShortAnswer,
    ShortForm,
    Text,
    TrueFalse,
)
from bot.banks.wire import plain_number


def write_question(question: Question) -> str:
    """The question's lines: what is known of it as comments, its text, its answers."""
    head = f"::{escape(question.name)}::" if question.name else ""
    stem = write_text(question.stem, Form.MOODLE)
    # A line that begins so would be a comment or a category.
    if not head and stem.startswith(("//", "$CATEGORY:", "::")):
        stem = f"[{question.stem.form}]{stem}"
    answers = _answers(question)
    return "\n".join([*_comments(question), f"{head}{stem}{answers}"])


def _comments(question: Question) -> Iterator[str]:
    notes = [("id", question.idnumber), *(("tag", tag) for tag in question.tags)]
    notes += [("difficulty", question.difficulty), ("source", question.source)]
    said = [f"[{key}:{value.replace(']', chr(92) + ']')}]" for key, value in notes if value]
    if said:
        yield f"// {' '.join(' '.join(said).splitlines())}"


def _answers(question: Question) -> str:
    if isinstance(question.body, Description):
        return ""
    lines = list(_lines(question))
    if question.explanation:
        lines.append(f"####{write_text(question.explanation, question.stem.form)}")
    if len(lines) == 1 and not isinstance(question.body, Choices):
        return f" {{{lines[0]}}}"
    return " {" + "".join(f"\n\t{line}" for line in lines) + "\n}" if lines else " {}"


def _lines(question: Question) -> Iterator[str]:
    form = question.stem.form
    match question.body:
        case Choices(choices, several):
            yield from (_choice(choice, several, form) for choice in choices)
        case TrueFalse(is_true, if_wrong, if_right):
            yield _truth(is_true, write_text(if_wrong, form), write_text(if_right, form))
        case ShortAnswer(forms):
            yield from (_short(one, form) for one in forms)
        case Numeric(figures):
            yield "#"
            yield from (_figure(figure, form) for figure in figures)
        case Matching(pairs):
            yield from (f"={write_text(pair.prompt, form)} -> {escape(pair.match)}" for pair in pairs)
        case Essay():
            return


def _choice(choice: Choice, several: bool, form: Form) -> str:
    words = write_text(choice.text, form)
    plain = WHOLE if not several else None
    if choice.weight == plain:
        mark = "=%100%" if needs_weight(words) else "="
    elif choice.weight == 0 and not needs_weight(words):
        mark = "~"
    else:
        mark = f"~%{plain_weight(choice.weight)}%"
    return f"{mark}{words}{_feedback(choice.feedback, form)}"


def _truth(is_true: bool, wrong: str, right: str) -> str:
    word = "TRUE" if is_true else "FALSE"
    if right:
        return f"{word}#{wrong} #{right}"
    return f"{word}#{wrong}" if wrong else word


def _short(one: ShortForm, form: Form) -> str:
    words = write_text(Text(one.pattern, form), form)
    weight = f"%{plain_weight(one.weight)}%" if one.weight != WHOLE or needs_weight(words) else ""
    return f"={weight}{words}{_feedback(one.feedback, form)}"


def _figure(figure: Figure, form: Form) -> str:
    if figure.value is None and figure.weight == 0:
        return f"~{_feedback(figure.feedback, form)}"
    weight = f"%{plain_weight(figure.weight)}%" if figure.weight != WHOLE else ""
    number = "*" if figure.value is None else plain_number(figure.value)
    tolerance = f":{plain_number(figure.tolerance)}" if figure.tolerance else ""
    return f"={weight}{number}{tolerance}{_feedback(figure.feedback, form)}"


def _feedback(feedback: Text, form: Form) -> str:
    return f"#{write_text(feedback, form)}" if feedback else ""
