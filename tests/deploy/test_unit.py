import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.support import do_without

DEPLOY = Path(__file__).parents[2] / "deploy"
UNIT = DEPLOY / "cohort-bot.service"
OURS = set(Settings.model_fields)
OF_PYTHON = {"pythondontwritebytecode", "pythonunbuffered", "pip_no_cache_dir", "pip_disable_pip_version_check"}


@pytest.fixture
def systemd_analyze() -> str:
    path = shutil.which("systemd-analyze")
    if path is None:
        do_without("needs systemd-analyze: apt-get install systemd")
    return path


def test_systemd_understands_every_line_of_the_unit(systemd_analyze: str, tmp_path: Path) -> None:
    installed = tmp_path / UNIT.name
    installed.write_text(UNIT.read_text().replace("/opt/cohort-bot/.venv/bin/python", sys.executable))

    done = subprocess.run([systemd_analyze, "verify", installed], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_the_unit_exposes_little_of_the_machine(systemd_analyze: str) -> None:
    command = [systemd_analyze, "security", "--offline=true", "--threshold=20", "--no-pager", str(UNIT)]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout[-200:]


def test_the_unit_restarts_watches_and_stops_the_bot_in_time() -> None:
    lines = UNIT.read_text().splitlines()

    wanted = {"Type=notify", "Restart=always", "StartLimitIntervalSec=0", "WatchdogSec=60", "TimeoutStopSec=15"}
    assert wanted - set(lines) == set()


def test_the_sheet_reader_may_still_limit_itself() -> None:
    denied = re.findall(r"^SystemCallFilter=~(.*)$", UNIT.read_text(), re.MULTILINE)

    assert "@resources" not in " ".join(denied)


def test_the_unit_sets_only_what_the_bot_reads() -> None:
    (assignments,) = re.findall(r"^Environment=(.*)$", UNIT.read_text(), re.MULTILINE)

    assert {word.partition("=")[0].lower() for word in assignments.split()} <= OURS | OF_PYTHON


def test_the_image_sets_only_what_the_bot_reads() -> None:
    lines = re.findall(r"^ENV (.*)$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)

    assert {word.partition("=")[0].lower() for line in lines for word in line.split()} <= OURS | OF_PYTHON


def test_the_image_is_made_from_the_plain_python_image_as_a_user_without_rights() -> None:
    dockerfile = (DEPLOY / "Dockerfile").read_text()

    assert re.findall(r"^(?:FROM|USER) (.*)$", dockerfile, re.MULTILINE) == ["python:3.11-slim", "cohort"]
