"""What reading a file of questions brought: the questions, and everything that has to be said about them. Pure.

A fault keeps its question out; a remark does not. Neither holds words for people: those are in ``messages``.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from msgspec import Struct

from bot.banks.questions import Kind, Question
from bot.banks.wire import digest, dump_question, load_question, matter

LONGEST_EXCERPT = 120
"""Characters of the offending text that are kept."""


class Format(StrEnum):
    """What kind of file it was."""

    GIFT = "gift"
    AIKEN = "aiken"
    MOODLE_XML = "moodle_xml"
    SHEET = "sheet"
    WORDS = "words"


class Fault(StrEnum):
    """Why a question cannot be taken."""

    NO_STEM = "no_stem"
    NO_ANSWER = "no_answer"
    ALL_RIGHT = "all_right"
    WEIGHTS = "weights"
    BAD_WEIGHT = "bad_weight"
    KEY_OUTSIDE = "key_outside"
    KEY_UNREADABLE = "key_unreadable"
    KEY_CONFLICT = "key_conflict"
    KIND_AND_KEY = "kind_and_key"
    UNKNOWN_KIND = "unknown_kind"
    TOO_FEW_OPTIONS = "too_few_options"
    TOO_MANY_OPTIONS = "too_many_options"
    OPTION_GAP = "option_gap"
    OPTION_TWICE = "option_twice"
    OPTION_EMPTY = "option_empty"
    BRACES = "braces"
    TWO_BLOCKS = "two_blocks"
    GLUED_SIGN = "glued_sign"
    BAD_NUMBER = "bad_number"
    BAD_PAIR = "bad_pair"
    MANY_BLANKS = "many_blanks"
    TOO_LONG = "too_long"
    NOT_ASKABLE = "not_askable"
    TOO_MANY = "too_many"


class Remark(StrEnum):
    """What the sender should know of a question that is taken, or of a line that was passed over."""

    PICTURE = "picture"
    EVERY_OPTION = "every_option"
    TWO_RIGHT = "two_right"
    SAME_NAME = "same_name"
    OTHER_KEY = "other_key"
    REPEATED = "repeated"
    AS_SHORT = "as_short"
    AS_ESSAY = "as_essay"
    DESCRIPTION = "description"
    PASSED_OVER = "passed_over"
    NOT_KEPT = "not_kept"


class Finding(Struct, frozen=True):
    """A fault or a remark: where, about which text, and a detail such as a figure or another line's number."""

    what: Fault | Remark
    line: int
    text: str = ""
    detail: str = ""

    @property
    def is_fault(self) -> bool:
        """Whether the question stays out."""
        return isinstance(self.what, Fault)


class Found(Struct, frozen=True):
    """A question and the line or row where it begins, from 1."""

    question: Question
    line: int


class Reading(Struct, frozen=True):
    """What a file holds."""

    format: Format
    found: tuple[Found, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def faults(self) -> tuple[Finding, ...]:
        """The findings that kept a question out, in the order of the file."""
        return tuple(finding for finding in self.findings if finding.is_fault)

    @property
    def remarks(self) -> tuple[Finding, ...]:
        """The findings that did not."""
        return tuple(finding for finding in self.findings if not finding.is_fault)


@dataclass(slots=True)
class Notes:
    """Collects while a file is read."""

    found: list[Found] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def take(self, question: Question, line: int, findings: Iterable[Finding] = ()) -> None:
        """Take a question, unless one of its findings is a fault."""
        said = list(findings)
        self.findings += said
        if not any(finding.is_fault for finding in said):
            self.found.append(Found(question, line))

    def say(self, what: Fault | Remark, line: int, text: str = "", detail: object = "") -> None:
        """Note something that belongs to no question that could be read."""
        self.findings.append(finding(what, line, text, detail))

    def reading(self, form: Format) -> Reading:
        """All of it, in the order of the file."""
        return Reading(form, tuple(self.found), tuple(sorted(self.findings, key=lambda one: one.line)))


def finding(what: Fault | Remark, line: int, text: str = "", detail: object = "") -> Finding:
    """A finding with the text cut to what a message can show."""
    words = " ".join(text.split())
    excerpt = words if len(words) <= LONGEST_EXCERPT else f"{words[: LONGEST_EXCERPT - 1]}…"
    return Finding(what, line, excerpt, f"{detail}")


class Entry(Struct, frozen=True):
    """What must be known of a question to plan its import, without reading the question itself."""

    line: int
    kind: Kind
    category: str
    difficulty: str
    idnumber: str
    digest: str
    matter: str


class Summary(Struct, frozen=True):
    """A dumped reading without its questions; ``lines`` are these, each as ``bot.banks.wire`` dumps it."""

    format: Format
    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]
    lines: tuple[str, ...]

    @property
    def faults(self) -> tuple[Finding, ...]:
        """The findings that kept a question out, in the order of the file."""
        return tuple(finding for finding in self.findings if finding.is_fault)

    @property
    def remarks(self) -> tuple[Finding, ...]:
        """The findings that did not."""
        return tuple(finding for finding in self.findings if not finding.is_fault)


def dump_reading(reading: Reading) -> str:
    """Write it: a first line for the whole, then a line a question, so that one can be read without the others."""
    findings = [[one.is_fault, one.what, one.line, one.text, one.detail] for one in reading.findings]
    entries = [_entry(one) for one in reading.found]
    head = json.dumps({"format": reading.format, "entries": entries, "findings": findings}, ensure_ascii=False)
    return "\n".join([head, *(dump_question(one.question) for one in reading.found)])


def _entry(one: Found) -> list[object]:
    question = one.question
    kept = (question.kind, question.category, question.difficulty, question.idnumber)
    return [one.line, *kept, digest(question), matter(question)]


def load_summary(text: str) -> Summary:
    """Read what ``dump_reading`` wrote, but for the questions. Raises ValueError, KeyError or TypeError otherwise."""
    first, *lines = text.split("\n")
    head = json.loads(first)
    entries = tuple(Entry(line, Kind(kind), *rest) for line, kind, *rest in head["entries"])
    findings = (
        Finding((Fault if is_fault else Remark)(what), line, words, detail)
        for is_fault, what, line, words, detail in head["findings"]
    )
    if len(entries) != len(lines):
        raise ValueError("not as many questions as were announced")
    return Summary(Format(head["format"]), entries, tuple(findings), tuple(lines))


def load_reading(text: str) -> Reading:
    """Read what ``dump_reading`` wrote. Raises ValueError, KeyError or TypeError for anything else."""
    summary = load_summary(text)
    pairs = zip(summary.entries, summary.lines, strict=True)
    found = tuple(Found(load_question(line), entry.line) for entry, line in pairs)
    return Reading(summary.format, found, summary.findings)
