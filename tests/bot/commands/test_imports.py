from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from sqlmodel import Session, select
from typer.testing import CliRunner, Result

from bot import migrations
from bot.banks.models import Bank, BankQuestion
from bot.commands.imports import app
from bot.database import Database
from tests.support.camp import add_person, make_camp

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


def make_timetable(file: Path, on: str) -> None:
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("日期", "时间", "课程", "地点"))
        sheet.write_row(1, 0, (on, "09:00-10:00", "开班式", "报告厅"))


def test_a_timetable_on_a_weekend_is_flagged_as_in_the_chat_with_what_telling_it_costs(
    database: Database, tmp_path: Path
) -> None:
    saturday = datetime.now(UTC).date() + timedelta(days=2)
    saturday += timedelta(days=(5 - saturday.weekday()) % 7)
    file = tmp_path / "课表.xlsx"
    make_timetable(file, saturday.isoformat())

    result = CliRunner().invoke(app, ["timetable", str(file), "--cohort", "Camp Four"])

    assert f"Weekend: {saturday:%a, %b} {saturday.day}" in result.output
    assert "Nobody gets a message about this." in result.output
    assert "Nothing was written" in result.output


def test_a_roster_with_somebody_who_is_elsewhere_on_these_days_says_so(database: Database, tmp_path: Path) -> None:
    def call_up(session: Session) -> None:
        add_person(session, make_camp(session, "Camp Five"), "李睿", phone="13900007001", unit="中央门社区")

    database.write_now(call_up)
    file = tmp_path / "名单.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("姓名", "手机号", "所属社区"))
        sheet.write_row(1, 0, ("李睿", "13900007001", "中央门社区"))

    result = CliRunner().invoke(app, ["roster", str(file), "--cohort", "Camp Four"])

    assert "1 person is in another camp on these very days: 李睿 (Camp Five)" in result.output
