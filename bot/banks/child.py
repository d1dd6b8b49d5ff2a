"""The child process that reads one untrusted file of questions: `python -m bot.banks.child PATH`.

It answers with a dumped reading, or with one word where the file is for another reader. It must import nothing of the
bot but the pure parts of this package and of `bot.sheets`: it starts anew for every file, and knows no secret.
"""

from pathlib import Path

from bot.banks.findings import dump_reading
from bot.banks.recognising import read_questions
from bot.sheets.confinement import answer_confined, read_bounded

ELSEWHERE = "elsewhere"


def main() -> None:
    """Answer with what the file holds."""
    answer_confined(_read)


def _read(path: Path) -> str:
    reading = read_questions(read_bounded(path))
    return ELSEWHERE if reading is None else dump_reading(reading)


if __name__ == "__main__":
    main()
