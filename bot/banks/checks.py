"""What must be true of any question before it is taken, whatever file it came from; and of all of a file together."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from bot.banks.findings import Fault, Finding, Found, Reading, Remark, finding
from bot.banks.grading import SLACK, WHOLE, plain_weight
from bot.banks.plain import has_picture, plain
from bot.banks.questions import (
    Choices,
    Description,
    Matching,
    Numeric,
    Question,
    ShortAnswer,
    Text,
)
from bot.banks.wire import digest, matter, same_key

LONGEST_TEXT = 12_000
"""Characters of a stem or an explanation: three full messages."""
LONGEST_OPTION = 2_000
MOST_OPTIONS = 26
"""One for each letter."""
MOST_PAIRS = 20
MOST_QUESTIONS = 20_000


def check(question: Question, line: int) -> Iterator[Finding]:
    """Everything that is wrong or odd about one question."""
    words = plain(question.stem)
    text = words or question.name
    if not words:
        yield finding(Fault.NO_STEM, line, question.name)
    if len(words) > LONGEST_TEXT or len(plain(question.explanation)) > LONGEST_TEXT:
        yield finding(Fault.TOO_LONG, line, text, LONGEST_TEXT)
    for what, offending, detail in _about_body(question):
        yield finding(what, line, offending or text, detail)
    if any(has_picture(one) for one in _texts(question)):
        yield finding(Remark.PICTURE, line, text)
    if isinstance(question.body, Description):
        yield finding(Remark.DESCRIPTION, line, text)


def survey(reading: Reading) -> Reading:
    """The reading with what only shows when all questions are seen: repeats, names used twice, keys that differ."""
    kept: list[Found] = []
    findings: list[Finding] = []
    said: dict[str, int] = {}
    names: dict[str, int] = {}
    asked: dict[str, Found] = {}
    for one in reading.found:
        print_ = digest(one.question)
        text = plain(one.question.stem)
        if print_ in said:
            findings.append(finding(Remark.REPEATED, one.line, text, said[print_]))
            continue
        if len(kept) == MOST_QUESTIONS:
            findings.append(finding(Fault.TOO_MANY, one.line, text, MOST_QUESTIONS))
            break
        said[print_] = one.line
        kept.append(one)
        findings += _beside_others(one, names, asked)
    both = sorted((*reading.findings, *findings), key=lambda each: each.line)
    return replace(reading, found=tuple(kept), findings=tuple(both))


def _beside_others(one: Found, names: dict[str, int], asked: dict[str, Found]) -> Iterator[Finding]:
    name = one.question.name.strip()
    if name and names.setdefault(name, one.line) != one.line:
        yield finding(Remark.SAME_NAME, one.line, name, names[name])
    other = asked.setdefault(matter(one.question), one)
    if other is not one and not same_key(other.question, one.question):
        yield finding(Remark.OTHER_KEY, one.line, plain(one.question.stem), other.line)


_Flaw = tuple[Fault | Remark, str, object]


def _about_body(question: Question) -> Iterator[_Flaw]:
    match question.body:
        case Choices() as body:
            yield from _about_choices(body)
        case ShortAnswer(forms):
            yield from _about_weights([form.weight for form in forms])
            if any(not form.pattern.strip() for form in forms):
                yield Fault.OPTION_EMPTY, "", ""
        case Numeric(figures):
            yield from _about_weights([figure.weight for figure in figures])
        case Matching() as body:
            yield from _about_pairs(body)


def _about_choices(body: Choices) -> Iterator[_Flaw]:
    texts = [plain(choice.text) for choice in body.choices]
    if len(texts) < 2:
        yield Fault.TOO_FEW_OPTIONS, "", len(texts)
    if len(texts) > MOST_OPTIONS:
        yield Fault.TOO_MANY_OPTIONS, "", MOST_OPTIONS
    if not all(texts):
        yield Fault.OPTION_EMPTY, "", chr(ord("A") + texts.index("")) if "" in texts[:MOST_OPTIONS] else ""
    yield from ((Fault.TOO_LONG, text, LONGEST_OPTION) for text in texts if len(text) > LONGEST_OPTION)
    yield from ((Fault.OPTION_TWICE, text, "") for text in _twice(texts))
    yield from _about_several(body) if body.several else _about_one(body)


def _twice(texts: Sequence[str]) -> list[str]:
    level = ["".join(text.split()) for text in texts]
    return [text for place, text in enumerate(texts) if text and level[place] in level[:place]]


def _about_one(body: Choices) -> Iterator[_Flaw]:
    weights = [choice.weight for choice in body.choices]
    yield from _about_weights(weights)
    right = [weight for weight in weights if weight >= WHOLE - SLACK]
    if len(right) == len(weights) > 1:
        yield Fault.ALL_RIGHT, "", ""
    elif len(right) > 1:
        yield Remark.TWO_RIGHT, "", len(right)


def _about_several(body: Choices) -> Iterator[_Flaw]:
    weights = [choice.weight for choice in body.choices]
    yield from _out_of_bounds(weights)
    total = sum(weight for weight in weights if weight > 0)
    if total == 0:
        yield Fault.NO_ANSWER, "", ""
    elif abs(total - WHOLE) > SLACK:
        yield Fault.WEIGHTS, "", plain_weight(total)
    elif all(weight > 0 for weight in weights):
        yield Remark.EVERY_OPTION, "", ""


def _about_weights(weights: Sequence[float]) -> Iterator[_Flaw]:
    """One right answer is enough, and it must be worth everything."""
    yield from _out_of_bounds(weights)
    most = max(weights, default=0.0)
    if most <= 0:
        yield Fault.NO_ANSWER, "", ""
    elif most < WHOLE - SLACK:
        yield Fault.WEIGHTS, "", plain_weight(most)


def _out_of_bounds(weights: Sequence[float]) -> Iterator[_Flaw]:
    yield from ((Fault.BAD_WEIGHT, f"{plain_weight(one)}%", "") for one in weights if not -WHOLE <= one <= WHOLE)


def _about_pairs(body: Matching) -> Iterator[_Flaw]:
    if len(body.prompts) < 2 or len(body.words) < 2:
        yield Fault.TOO_FEW_OPTIONS, "", len(body.prompts)
    if len(body.pairs) > MOST_PAIRS:
        yield Fault.TOO_MANY_OPTIONS, "", MOST_PAIRS
    if any(not pair.match.strip() for pair in body.pairs):
        yield Fault.OPTION_EMPTY, "", ""
    yield from ((Fault.OPTION_TWICE, text, "") for text in _twice([plain(pair.prompt) for pair in body.prompts]))


def _texts(question: Question) -> Iterator[Text]:
    yield from (question.stem, question.explanation)
    match question.body:
        case Choices(choices):
            yield from (choice.text for choice in choices)
        case Matching(pairs):
            yield from (pair.prompt for pair in pairs)
