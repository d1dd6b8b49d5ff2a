from pathlib import Path

import pytest

from bot.database import is_sound_sqlite
from bot.doctor import machine
from bot.doctor.findings import Level
from bot.settings import Settings


@pytest.mark.parametrize(
    ("version", "sound"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
        ((4, 0, 0), True),
    ],
)
def test_a_release_of_sqlite_is_sound_if_it_mends_the_wal_reset_fault(version: tuple[int, ...], sound: bool) -> None:
    assert is_sound_sqlite(version) is sound


def test_an_unsound_sqlite_is_a_problem_that_says_what_to_install() -> None:
    found = machine.examine_sqlite((3, 40, 1))

    assert (found.level, "3.40.1" in found.text, "pip install pysqlite3" in found.text) == (Level.PROBLEM, True, True)


@pytest.mark.parametrize(("version", "level"), [((3, 10, 9), Level.PROBLEM), ((3, 11, 0), Level.OK)])
def test_python_before_3_11_is_a_problem(version: tuple[int, ...], level: Level) -> None:
    assert machine.examine_python(version).level is level


@pytest.mark.parametrize(("version", "level"), [("22.8", Level.OK), ("23.0", Level.PROBLEM)])
def test_another_line_of_the_library_is_a_problem(version: str, level: Level) -> None:
    assert machine.examine_library(version).level is level


def test_a_full_disk_is_a_problem(tmp_path: Path) -> None:
    assert machine.examine_disk(tmp_path, least=2**80).level is Level.PROBLEM


def test_a_data_folder_that_is_not_there_is_noted_and_not_made(tmp_path: Path) -> None:
    found = machine.examine_folder(tmp_path / "a" / "b")

    assert (found.level, list(tmp_path.iterdir())) == (Level.NOTE, [])


def test_a_data_folder_that_cannot_be_written_is_a_problem() -> None:
    assert machine.examine_folder(Path("/proc")).level is Level.PROBLEM


@pytest.mark.parametrize(("count", "level"), [(0, Level.PROBLEM), (597, Level.OK)])
def test_missing_time_zones_are_a_problem(count: int, level: Level) -> None:
    assert machine.examine_zones(count).level is level


def test_a_missing_font_is_a_problem(tmp_path: Path) -> None:
    assert machine.examine_font(tmp_path / "none.otf").level is Level.PROBLEM


def test_the_machine_of_the_tests_is_healthy(tmp_path: Path) -> None:
    findings = list(machine.examine_machine(Settings(data_dir=tmp_path)))

    assert [found for found in findings if found.level not in (Level.OK, Level.NOTE)] == []
    assert [found.subject for found in findings] == [
        "Python",
        "python-telegram-bot",
        "SQLite",
        "data folder",
        "disk",
        "time zones",
        "fonts",
    ]
