"""The matrix in docs/faults.md names every crash point of the code, and only tests that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MATRIX = (ROOT / "docs" / "faults.md").read_text()
NAMED = re.compile(r"`((?:F|tests)/[\w/]+\.py)?::(test_\w+)`")
REACHED = re.compile(r'reach\("([\w:-]+)"')
ALTERNATIVE = re.compile(r'reach\("[\w:-]+" if .* else "([\w:-]+)"')


def named_tests() -> list[tuple[str, str]]:
    """Path and name of each test; where only the name stands, it is in the file named before."""
    found, path = [], ""
    for given, name in NAMED.findall(MATRIX):
        path = given.replace("F/", "tests/faults/", 1) if given else path
        found.append((path, name))
    return found


def crash_points() -> set[str]:
    """Every place that the code names."""
    sources = [
        path.read_text() for folder in ("bot", "handlers", "schedules") for path in (ROOT / folder).rglob("*.py")
    ]
    return {place for text in sources for pattern in (REACHED, ALTERNATIVE) for place in pattern.findall(text)}


@pytest.mark.parametrize(("path", "name"), named_tests())
def test_a_test_that_the_matrix_names_exists(path: str, name: str) -> None:
    assert f"def {name}(" in (ROOT / path).read_text()


def test_every_crash_point_of_the_code_is_listed() -> None:
    assert sorted(place for place in crash_points() if f"`{place}`" not in MATRIX) == []


def test_every_row_of_the_matrix_is_there() -> None:
    rows = re.findall(r"^\| C(\d+) \|", MATRIX, re.MULTILINE)

    assert rows == [str(number) for number in range(1, 29)]
