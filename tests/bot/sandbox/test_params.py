from typing import Any

import pytest

from bot.sandbox.params import Params


@pytest.mark.parametrize(
    ("given", "read"), [("7", 7), (7, 7), ("-100123", -100123), ("x", 5), ("", 5), (None, 5), (True, 1)]
)
def test_an_integer_reads_the_same_from_forms_and_json(given: Any, read: int) -> None:
    assert Params({"a": given}).integer("a", 5) == read


@pytest.mark.parametrize(
    ("given", "read"),
    [("true", True), ("True", True), ("1", True), (True, True), ("false", False), ("", False), (None, False)],
)
def test_a_flag_reads_the_same_from_forms_and_json(given: Any, read: bool) -> None:
    assert Params({"a": given}).flag("a") is read


@pytest.mark.parametrize("given", ['[{"b": 1}, 2]', [{"b": 1}, 2]])
def test_objects_read_the_same_from_forms_and_json(given: Any) -> None:
    assert Params({"a": given}).objects("a") == [{"b": 1}]


def test_broken_json_has_no_objects() -> None:
    assert Params({"a": "[{"}).objects("a") == []


def test_a_number_out_of_json_reads_as_text() -> None:
    assert Params({"a": 5}).text("a") == "5"
