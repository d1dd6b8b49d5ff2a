"""Leaving out what could be loaded."""

import importlib
import subprocess
import sys

import pytest

from bot import loading
from tests.support.processes import ROOT

SLOW = ("aiohttp", "alembic", "holidays", "icalendar", "jinja2", "rich", "sqlalchemy.dialects.postgresql", "xlsxwriter")


def test_a_module_left_out_is_missing_and_afterwards_there_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "this", raising=False)

    with loading.without("this"), pytest.raises(ImportError):
        importlib.import_module("this")

    assert "this" not in sys.modules


def test_a_module_that_was_loaded_before_stays() -> None:
    with loading.without("json"):
        found = importlib.import_module("json")

    assert found is sys.modules["json"]


def test_a_start_loads_nothing_that_only_files_and_pages_need() -> None:
    words = "import sys; sys.argv = ['bot']; import bot.__main__, handlers, schedules; print(*sys.modules)"

    loaded = subprocess.run(
        [sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()

    assert [name for name in SLOW if name in loaded] == []
    assert "bot.app" in loaded
