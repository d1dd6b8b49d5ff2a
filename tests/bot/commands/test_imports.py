from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner, Result

from bot import migrations
from bot.banks.models import Bank, BankQuestion
from bot.commands.imports import app
from bot.database import Database
from tests.support.camp import make_camp

GOOD = "Sun?{=East ~West}\n\nMoon?{F}\n\nBad?{~a ~b}"


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """An installation with one camp, in whose folder the command runs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    for name in ("BOT_TOKEN", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    made = Database(f"sqlite:///{tmp_path}/sandbox.sqlite3")
    migrations.upgrade(made)
    made.write_now(lambda session: make_camp(session, "Camp Four"))
    yield made
    made.close()


def run(file: Path, *more: str) -> Result:
    return CliRunner().invoke(app, ["questions", str(file), "--cohort", "Camp Four", *more])


def questions(database: Database) -> int:
    return database.read_now(lambda session: len(session.exec(select(BankQuestion)).all()))


def test_without_yes_the_report_is_shown_and_nothing_written(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "Sky.gift"
    file.write_text(GOOD)

    result = run(file)

    assert "2 questions can be taken · 1 cannot" in result.output
    assert "line 5: Bad? — no right answer is given" in result.output
    assert "Nothing was written" in result.output
    assert questions(database) == 0


def test_with_yes_the_questions_are_in_a_bank_named_like_the_file_and_only_once(
    database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "Sky.gift"
    file.write_text(GOOD)

    first, second = run(file, "--yes"), run(file, "--yes")

    assert "2 questions are now in the bank Sky." in first.output
    assert "Nothing to change" in second.output
    assert questions(database) == 2
    assert database.read_now(lambda session: session.exec(select(Bank.name)).all()) == ["Sky"]


@pytest.mark.parametrize(
    ("content", "line"), [(b"just words", "no questions"), (b"<quiz><question>", "broken document"), (b"", "empty")]
)
def test_a_file_that_holds_no_questions_is_said_to_hold_none(
    database: Database, tmp_path: Path, content: bytes, line: str
) -> None:
    file = tmp_path / "x.xml"
    file.write_bytes(content)

    result = run(file, "--yes")

    assert line in str(result.exception)
    assert questions(database) == 0
