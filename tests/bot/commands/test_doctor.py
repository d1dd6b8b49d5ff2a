import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot import migrations
from bot.commands.doctor import doctor
from bot.database import Database
from bot.doctor.findings import Finding, exit_status, note, ok, problem, unknown

TOKEN = "123456:abcdefghijklmnopqrstuvwxyz0123456789"

app = typer.Typer()
app.command()(doctor)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with the sandbox's database in it, and nothing else in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    for name in ("BOT_TOKEN", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    database = Database(f"sqlite:///{tmp_path}/sandbox.sqlite3")
    migrations.upgrade(database)
    database.close()
    return tmp_path


@pytest.mark.parametrize(
    ("findings", "status"),
    [
        ([ok("a", ""), note("b", "")], 0),
        ([ok("a", ""), unknown("b", "")], 2),
        ([problem("a", ""), unknown("b", "")], 1),
    ],
)
def test_the_status_is_that_of_the_worst_finding(findings: list[Finding], status: int) -> None:
    assert exit_status(findings) == status


@pytest.mark.usefixtures("folder")
def test_a_healthy_installation_ends_with_0_and_plain_lines() -> None:
    result = CliRunner().invoke(app)

    assert (result.exit_code, result.output.splitlines()[-1]) == (0, "Healthy.")
    assert "\x1b" not in result.output


@pytest.mark.usefixtures("folder")
def test_json_is_one_document_with_the_status() -> None:
    result = CliRunner().invoke(app, ["--json"])

    document = json.loads(result.output)
    assert document["status"] == 0
    assert {"level": "ok", "subject": "schema", "text": f"version {migrations.HEAD}"} in document["findings"]


def test_without_a_database_the_status_says_that_it_could_not_be_checked(folder: Path) -> None:
    (folder / "sandbox.sqlite3").unlink()

    result = CliRunner().invoke(app)

    assert (result.exit_code, "there is none yet at" in result.output) == (2, True)
    assert not (folder / "sandbox.sqlite3").exists()


def test_wrong_settings_are_findings_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_PORT", "many")
    monkeypatch.setenv("TIME_ZONE", "Mars/Olympus")

    result = CliRunner().invoke(app)

    assert result.exit_code == 1
    assert [line.split()[:3] for line in result.output.splitlines()[:2]] == [
        ["problem", "settings:", "WEB_PORT:"],
        ["problem", "settings:", "TIME_ZONE:"],
    ]


def test_the_token_is_nowhere_in_the_report(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    monkeypatch.setenv("TELEGRAM_BASE_URL", "http://127.0.0.1:9/bot")

    result = CliRunner().invoke(app)

    assert (result.exit_code, TOKEN in result.output, "does not answer" in result.output) == (2, False, True)
