"""Giving a bank back as GIFT: what is read again is what was written, also where GIFT has no way to say it.

What the format cannot say stands in a comment that other programs pass over.
"""

import json
from collections.abc import Iterable

from bot.banks.formats.gift import read_gift
from bot.banks.formats.gift_writer import write_question
from bot.banks.questions import Question
from bot.banks.wire import dump_question


def write_gift(questions: Iterable[Question]) -> str:
    """All questions as one file, in order, with a line for each change of category."""
    parts: list[str] = []
    category = ""
    for question in questions:
        if question.category != category:
            parts.append(f"$CATEGORY: {question.category}")
            category = question.category
        parts.append(_whole(question))
    return "\n\n".join(parts) + "\n"


def _whole(question: Question) -> str:
    written = write_question(question)
    opening = f"$CATEGORY: {question.category}\n\n" if question.category else ""
    if [one.question for one in read_gift(opening + written).found] == [question]:
        return written
    details = json.dumps(json.loads(dump_question(question)), separators=(",", ":"))
    return f"// details: {details}\n{written}"
