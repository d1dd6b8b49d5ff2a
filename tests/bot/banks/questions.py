"""Questions for tests: a short way to write one, and a strategy that makes any."""

from decimal import Decimal

from hypothesis import strategies as st

from bot.banks.questions import (
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

SIGNS = "aB1 ~=#{}:\\n%[]->/*.\"'甲乙（）：＝\n\t|;&<"
words = st.text(SIGNS, min_size=1, max_size=12).map(str.strip).filter(bool)
line = words.map(lambda text: " ".join(text.split()))
texts = st.builds(Text, words, st.sampled_from(Form))
maybe = st.one_of(st.just(Text()), texts)
weights = st.sampled_from((-100.0, -50.0, -33.33333, 0.0, 12.5, 50.0))
numbers = st.decimals(-10_000, 10_000, allow_nan=False, places=4).map(Decimal.normalize)


def single(*options: str, right: int = 0, stem: str = "Which?", **more: object) -> Question:
    """A question with one right option."""
    choices = tuple(Choice(Text(text), 100.0 if place == right else 0.0) for place, text in enumerate(options))
    return Question(Text(stem), Choices(choices, several=False), **more)  # type: ignore[arg-type]


def multiple(*weighted: tuple[str, float], stem: str = "Which?") -> Question:
    """A question with several right options."""
    choices = tuple(Choice(Text(text), weight) for text, weight in weighted)
    return Question(Text(stem), Choices(choices, several=True))


def true_false(is_true: bool = True, stem: str = "It is so.") -> Question:
    """A statement."""
    return Question(Text(stem), TrueFalse(is_true))


def short(*patterns: str, case_matters: bool = False, stem: str = "Who?") -> Question:
    """A word to type."""
    return Question(Text(stem), ShortAnswer(tuple(map(ShortForm, patterns)), case_matters))


def numeric(value: str, tolerance: str = "0", stem: str = "How many?") -> Question:
    """A number to type."""
    return Question(Text(stem), Numeric((Figure(Decimal(value), Decimal(tolerance)),)))


def matching(*pairs: tuple[str, str], stem: str = "Match!") -> Question:
    """Pairs."""
    return Question(Text(stem), Matching(tuple(Pair(Text(prompt), word) for prompt, word in pairs)))


@st.composite
def choices(draw: st.DrawFn) -> Choices:
    """Options whose weights add up."""
    said = draw(st.lists(words, min_size=2, max_size=5, unique_by=lambda text: "".join(text.split())))
    several = draw(st.booleans())
    rest = [draw(st.sampled_from((-100.0, -50.0, 0.0))) for _ in said[1:]]
    weighted = zip(said, [100.0, *rest], strict=True)
    return Choices(
        tuple(Choice(Text(text, draw(st.sampled_from(Form))), weight, draw(maybe)) for text, weight in weighted),
        several,
    )


bodies = st.one_of(
    choices(),
    st.builds(TrueFalse, st.booleans(), maybe, maybe),
    st.builds(
        lambda first, rest, case: ShortAnswer((first, *rest), case),
        st.builds(ShortForm, words, st.just(100.0), maybe),
        st.lists(st.builds(ShortForm, words, weights, maybe), max_size=2),
        st.booleans(),
    ),
    st.builds(
        lambda first, rest: Numeric((first, *rest)),
        st.builds(Figure, numbers, numbers.map(abs), st.just(100.0), maybe),
        st.lists(st.builds(Figure, st.one_of(st.none(), numbers), numbers.map(abs), weights, maybe), max_size=2),
    ),
    st.builds(
        lambda pairs: Matching(tuple(pairs)),
        st.lists(st.builds(Pair, texts, words), min_size=2, max_size=4, unique_by=(lambda pair: pair.match)),
    ),
    st.builds(Essay, maybe),
    st.just(Description()),
)

questions = st.builds(
    Question,
    texts,
    bodies,
    name=st.one_of(st.just(""), line),
    category=st.one_of(st.just(""), line),
    difficulty=st.sampled_from(Difficulty),
    tags=st.lists(line, max_size=3, unique=True).map(tuple),
    idnumber=st.one_of(st.just(""), line),
    explanation=maybe,
    source=st.one_of(st.just(""), line),
)
"""Any question, with the signs of every format inside its texts."""
