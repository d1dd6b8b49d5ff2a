"""A question as one line of JSON: what the child process answers, what waits for confirmation, what a bank keeps."""

import hashlib
import json
from decimal import Decimal
from typing import Any

from bot.banks.questions import (
    Body,
    Choice,
    Choices,
    Description,
    Difficulty,
    Essay,
    Figure,
    Form,
    Matching,
    Numeric,
    Pair,
    Question,
    ShortAnswer,
    ShortForm,
    Text,
    TrueFalse,
)

_PLAIN = ("name", "category", "idnumber", "source")


def dump_question(question: Question) -> str:
    """Write a question; what is empty is left out, so that equal questions give equal lines."""
    kept: dict[str, Any] = {"stem": _text(question.stem), **_body(question.body)}
    kept |= {field: getattr(question, field) for field in _PLAIN if getattr(question, field)}
    kept |= {"difficulty": question.difficulty.value} if question.difficulty else {}
    kept |= {"tags": list(question.tags)} if question.tags else {}
    kept |= {"explanation": _text(question.explanation)} if question.explanation else {}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def load_question(line: str) -> Question:
    """Read what ``dump_question`` wrote. Raises ValueError, KeyError or TypeError for anything else."""
    kept = json.loads(line)
    return Question(
        stem=_read_text(kept["stem"]),
        body=_read_body(kept),
        **{field: kept.get(field, "") for field in _PLAIN},
        difficulty=Difficulty(kept.get("difficulty", "")),
        tags=tuple(kept.get("tags", ())),
        explanation=_read_text(kept.get("explanation", "")),
    )


def digest(question: Question) -> str:
    """The fingerprint of all that a question says."""
    return _hash(dump_question(question))


def matter(question: Question) -> str:
    """The fingerprint of what is asked: the text and, in any order, what there is to choose from; no key, no name."""
    body = question.body
    offered: list[str] = []
    if isinstance(body, Choices):
        offered = sorted(_level(choice.text.text) for choice in body.choices)
    elif isinstance(body, Matching):
        offered = sorted(_level(pair.prompt.text) for pair in body.pairs)
    shape = "choices" if isinstance(body, Choices) else question.kind.value
    return _hash(json.dumps([shape, _level(question.stem.text), offered], ensure_ascii=False))


def same_key(one: Question, other: Question) -> bool:
    """Whether two questions of the same matter count the same answers, whatever their order and feedback."""
    return bool(_key(one.body) == _key(other.body))


def _key(body: Body) -> Any:
    match body:
        case Choices(choices, _):
            return sorted((_level(choice.text.text), choice.weight) for choice in choices)
        case TrueFalse(is_true):
            return is_true
        case ShortAnswer(forms, case_matters):
            return sorted((form.pattern, form.weight) for form in forms), case_matters
        case Numeric(figures):
            return [_figure(figure)[:3] for figure in figures]
        case Matching(pairs):
            return sorted((_level(pair.prompt.text), pair.match) for pair in pairs)
    return None


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _level(text: str) -> str:
    return "".join(text.split())


def _text(text: Text) -> Any:
    return text.text if text.form is Form.MOODLE else [text.form.value, text.text]


def _read_text(kept: Any) -> Text:
    return Text(kept) if isinstance(kept, str) else Text(kept[1], Form(kept[0]))


def _body(body: Body) -> dict[str, Any]:
    match body:
        case Choices(choices, several):
            kept = [[_text(one.text), one.weight, _text(one.feedback)] for one in choices]
            return {"kind": "multiple" if several else "single", "choices": kept}
        case TrueFalse(is_true, if_wrong, if_right):
            return {"kind": "true_false", "is_true": is_true, "feedback": [_text(if_wrong), _text(if_right)]}
        case ShortAnswer(forms, case_matters):
            kept = [[form.pattern, form.weight, _text(form.feedback)] for form in forms]
            return {"kind": "short", "forms": kept, "case_matters": case_matters}
        case Numeric(figures):
            return {"kind": "numeric", "figures": [_figure(figure) for figure in figures]}
        case Matching(pairs):
            return {"kind": "matching", "pairs": [[_text(pair.prompt), pair.match] for pair in pairs]}
        case Essay(notes):
            return {"kind": "essay", "notes": _text(notes)}
        case Description():
            return {"kind": "description"}


def _figure(figure: Figure) -> list[Any]:
    value = None if figure.value is None else plain_number(figure.value)
    return [value, plain_number(figure.tolerance), figure.weight, _text(figure.feedback)]


def plain_number(number: Decimal) -> str:
    """The number in the shortest digits that say all of it."""
    short = number.normalize()
    return f"{short:f}" if abs(short.adjusted()) < 15 else str(short)


def _read_body(kept: Any) -> Body:
    match kept["kind"]:
        case "single" | "multiple":
            choices = (
                Choice(_read_text(text), float(weight), _read_text(said)) for text, weight, said in kept["choices"]
            )
            return Choices(tuple(choices), kept["kind"] == "multiple")
        case "true_false":
            return TrueFalse(bool(kept["is_true"]), *map(_read_text, kept["feedback"]))
        case "short":
            forms = (ShortForm(pattern, float(weight), _read_text(said)) for pattern, weight, said in kept["forms"])
            return ShortAnswer(tuple(forms), bool(kept["case_matters"]))
        case "numeric":
            return Numeric(tuple(_read_figure(*one) for one in kept["figures"]))
        case "matching":
            return Matching(tuple(Pair(_read_text(prompt), match) for prompt, match in kept["pairs"]))
        case "essay":
            return Essay(_read_text(kept["notes"]))
        case "description":
            return Description()
    raise ValueError(f"not a kind: {kept['kind']}")


def _read_figure(value: str | None, tolerance: str, weight: float, said: Any) -> Figure:
    number = None if value is None else Decimal(value)
    return Figure(number, Decimal(tolerance), float(weight), _read_text(said))
