"""What a question is, whatever file it came from. Pure: no session, no clock, no telegram.

The order of choices, answers and pairs is the record's: an answer names them by their place, so it never changes.
Weights are per cent of the question's worth, as Moodle writes them.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeAlias

from msgspec import Struct


class Form(StrEnum):
    """How a text is written; ``MOODLE`` is plain text whose line ends count, Moodle's own default."""

    MOODLE = "moodle"
    PLAIN = "plain"
    HTML = "html"
    MARKDOWN = "markdown"


class Text(Struct, frozen=True):
    """Words with the form they are written in. For what a chat shows of them see ``bot.banks.plain``."""

    text: str = ""
    form: Form = Form.MOODLE

    def __bool__(self) -> bool:
        return bool(self.text)


NO_TEXT: Final = Text()


class Kind(StrEnum):
    """The kinds of questions. A description is none: it is kept and given back, and never asked."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    SHORT = "short"
    NUMERIC = "numeric"
    MATCHING = "matching"
    ESSAY = "essay"
    DESCRIPTION = "description"


ASKED: Final = frozenset(Kind) - {Kind.DESCRIPTION}
"""What can be asked in a chat."""

GRADED: Final = ASKED - {Kind.ESSAY}
"""What is graded at once; an essay is read by a teacher."""


class Difficulty(StrEnum):
    """How hard a question is said to be; nobody need say."""

    UNKNOWN = ""
    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


class Choice(Struct, frozen=True):
    """One option with its weight, from -100 to 100 per cent."""

    text: Text
    weight: float
    feedback: Text = NO_TEXT


class Choices(Struct, frozen=True):
    """Options to choose from: one of them, or ``several``."""

    choices: tuple[Choice, ...]
    several: bool


class TrueFalse(Struct, frozen=True):
    """A statement that is right or wrong."""

    is_true: bool
    if_wrong: Text = NO_TEXT
    if_right: Text = NO_TEXT


class ShortForm(Struct, frozen=True):
    r"""One wording that is accepted; ``*`` in it stands for anything, ``\*`` for an asterisk, as in Moodle."""

    pattern: str
    weight: float = 100.0
    feedback: Text = NO_TEXT


class ShortAnswer(Struct, frozen=True):
    """A word or two to type; the first wording that fits decides."""

    forms: tuple[ShortForm, ...]
    case_matters: bool = False


class Figure(Struct, frozen=True):
    """One number that is accepted within a tolerance; without a number, any other is (Moodle's ``*``)."""

    value: Decimal | None
    tolerance: Decimal = Decimal(0)
    weight: float = 100.0
    feedback: Text = NO_TEXT


class Numeric(Struct, frozen=True):
    """A number to type; the first figure that fits decides."""

    figures: tuple[Figure, ...]


class Pair(Struct, frozen=True):
    """What is asked, and the word that belongs to it; without a prompt the word is only there to mislead."""

    prompt: Text
    match: str


class Matching(Struct, frozen=True):
    """Prompts, each of which has one word that belongs to it."""

    pairs: tuple[Pair, ...]

    @property
    def prompts(self) -> tuple[Pair, ...]:
        """The pairs that are asked, in the order of the record."""
        return tuple(pair for pair in self.pairs if pair.prompt)

    @property
    def words(self) -> tuple[str, ...]:
        """The words to choose from, each once, in the order of the record; an answer names them by their place."""
        return tuple(dict.fromkeys(pair.match for pair in self.pairs))


class Essay(Struct, frozen=True):
    """Something to think and write about; ``notes`` tell the teacher what to look for."""

    notes: Text = NO_TEXT


class Description(Struct, frozen=True):
    """A text between questions."""


Body: TypeAlias = Choices | TrueFalse | ShortAnswer | Numeric | Matching | Essay | Description

_KINDS: Final[dict[type, Kind]] = {
    TrueFalse: Kind.TRUE_FALSE,
    ShortAnswer: Kind.SHORT,
    Numeric: Kind.NUMERIC,
    Matching: Kind.MATCHING,
    Essay: Kind.ESSAY,
    Description: Kind.DESCRIPTION,
}


class Question(Struct, frozen=True):
    """A question with its key. ``explanation`` is what everybody is told afterwards (Moodle's general feedback)."""

    stem: Text
    body: Body
    name: str = ""
    category: str = ""
    difficulty: Difficulty = Difficulty.UNKNOWN
    tags: tuple[str, ...] = ()
    idnumber: str = ""
    explanation: Text = NO_TEXT
    source: str = ""

    @property
    def kind(self) -> Kind:
        """Of which kind it is."""
        if isinstance(self.body, Choices):
            return Kind.MULTIPLE if self.body.several else Kind.SINGLE
        return _KINDS[type(self.body)]
