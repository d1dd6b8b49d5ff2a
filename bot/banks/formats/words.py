"""Reading questions as staff type them in Word: ``1. 题干 A. … B. … 答案：AB 解析：…`` and its many variants. Pure."""

import re
from collections.abc import Iterator

from bot.banks.checks import check
from bot.banks.findings import Fault, Finding, Format, Notes, Reading, Remark, finding
from bot.banks.formats.difficulty import read_difficulty
from bot.banks.formats.key_words import read_letters, read_truth
from bot.banks.formats.keyed import Unkeyed, understand
from bot.banks.formats.kind_words import read_kind
from bot.banks.formats.words_chunks import Chunk, chunks
from bot.banks.formats.words_labels import Labelled, cut, has_answer
from bot.banks.formats.words_options import Split, split_options
from bot.banks.questions import Kind, Question, Text

GAP = "（　　）"
_INSIDE = re.compile(
    r"[（(]\s*(?P<key>[A-HＡ-Ｈ](?:[\s、,，]*[A-HＡ-Ｈ])*|√|×|✓|✗|✔|✘|对|错|正确|错误|T|F)\s*[)）](?P<after>\s*[。.？?：:，,；;、]*\s*$)?"
)
_MARKED = re.compile(
    r"^\s*[【\[（(]\s*(?P<word>[\u4e00-\u9fff]{2,6})\s*[】\])）]\s*|[【\[（(](?P<last>[单多]选题?)[】\])）]\s*$"
)
_BLANKS = re.compile(r"_{2,}|＿{2,}|[（(][\s\u3000]{2,}[)）]")
_OPTIONS = re.compile(r"^\s*[（(【]?[A-DＡ-Ｄ][.．、)）】:：]", re.MULTILINE)


def looks_like_words(text: str) -> bool:
    """Whether there are answers with a label, or options under numbers."""
    return has_answer(text) or len(_OPTIONS.findall(text)) > 1


def read_words(text: str) -> Reading:
    """Read a whole document."""
    notes = Notes()
    for chunk in chunks(text, notes):
        _read_chunk(chunk, notes)
    return notes.reading(Format.WORDS)


def _read_chunk(chunk: Chunk, notes: Notes) -> None:
    labelled = cut(chunk.text)
    split = split_options(labelled.head)
    if split.gap:
        notes.say(Fault.OPTION_GAP, chunk.line, split.stem, split.gap)
        return
    try:
        question, remarks = _question(chunk, labelled, split)
    except Unkeyed as error:
        notes.say(error.fault, chunk.line, error.text or split.stem or chunk.text, error.detail)
        return
    notes.take(question, chunk.line, [*remarks, *check(question, chunk.line)])


def _question(chunk: Chunk, labelled: Labelled, split: Split) -> tuple[Question, list[Finding]]:
    stem, kind = _kind_of(split.stem, labelled, chunk.kind)
    answer, explanation = _answer_of(labelled, kind)
    stem, key = _key_of(stem, answer or chunk.key)
    if kind is Kind.SHORT and len(_BLANKS.findall(stem)) > 1:
        raise Unkeyed(Fault.MANY_BLANKS, stem)
    keyed = understand(kind, split.options, key)
    difficulty = read_difficulty(labelled.get("difficulty"))
    question = Question(
        Text(stem),
        keyed.body,
        category=_line(labelled.get("category")),
        difficulty=difficulty,
        tags=tuple(word for word in re.split(r"[\s、,，;；]+", labelled.get("tags")) if word),
        explanation=Text(explanation),
        source=_line(labelled.get("source")),
    )
    return question, list(_remarks(chunk, stem, keyed.remark, labelled, question))


def _remarks(
    chunk: Chunk, stem: str, remark: Remark | None, labelled: Labelled, question: Question
) -> Iterator[Finding]:
    if remark is not None:
        yield finding(remark, chunk.line, stem)
    if labelled.get("difficulty") and not question.difficulty:
        yield finding(Remark.NOT_KEPT, chunk.line, labelled.get("difficulty"))


def _kind_of(stem: str, labelled: Labelled, section: Kind | None) -> tuple[str, Kind | None]:
    """The stem without the mark of its kind, and the kind: by its own mark, its label, or its section."""
    for found in _MARKED.finditer(stem):
        try:
            kind = read_kind(found["word"] or found["last"])
        except KeyError:
            continue
        return (stem[: found.start()] + stem[found.end() :]).strip(), kind or section
    try:
        return stem, read_kind(labelled.get("kind")) or section
    except KeyError:
        raise Unkeyed(Fault.UNKNOWN_KIND, labelled.get("kind")) from None


def _answer_of(labelled: Labelled, kind: Kind | None) -> tuple[str, str]:
    """Key and explanation; lines under a key that is only letters explain it."""
    answer, explanation = labelled.get("answer"), labelled.get("explanation")
    first, _, rest = answer.partition("\n")
    if rest.strip() and kind is not Kind.ESSAY and (read_letters(first) is not None or read_truth(first) is not None):
        return first, "\n".join(part for part in (rest.strip(), explanation) if part)
    return answer, explanation


def _key_of(stem: str, answer: str) -> tuple[str, str]:
    """The stem with its own key taken out, and the key, wherever it stood."""
    found = list(_INSIDE.finditer(stem))
    if len(found) != 1:
        return stem, answer
    inside = found[0]
    cleared = f"{stem[: inside.start()]}{GAP}{stem[inside.end('key') :].lstrip().lstrip(')）')}"
    if not answer.strip():
        return cleared, inside["key"]
    if _meaning(inside["key"]) == _meaning(answer):
        return cleared, answer
    if inside["after"] is not None and _meaning(answer) != (None, None):
        raise Unkeyed(Fault.KEY_CONFLICT, inside[0], answer)
    return stem, answer


def _meaning(key: str) -> tuple[tuple[int, ...] | None, bool | None]:
    return read_letters(key), read_truth(key)


def _line(text: str) -> str:
    return " ".join(text.split())
