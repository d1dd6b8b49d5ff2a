"""Reading and writing JSON: fast where it can be, and nothing lost where it cannot."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from bot import json_text
from bot.inbox.models import Kind

WORDS, FINITE = st.text(st.characters()), st.floats(allow_nan=False, allow_infinity=False)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | FINITE | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@given(PLAIN)
def test_whatever_python_writes_is_read_back_the_same(value: Any) -> None:
    assert json_text.read(json.dumps(value)) == value
    assert json.loads(json_text.write(value)) == value


@pytest.mark.parametrize("text", ['"\\ud83d"', "12345678901234567890123", "NaN", "1e400", "[" * 99 + "]" * 99])
def test_what_is_out_of_the_ordinary_is_read_as_python_reads_it(text: str) -> None:
    assert repr(json_text.read(text)) == repr(json.loads(text))


@pytest.mark.parametrize("value", ["half a pair: \ud83d", 2**70, {1: "a number for a key"}, [[["deep"]]] * 3])
def test_what_is_out_of_the_ordinary_is_written_as_python_writes_it(value: Any) -> None:
    assert json_text.write(value) == json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def test_markup_and_members_of_enumerations_are_written_as_their_values() -> None:
    assert json_text.write({"text": Markup("<b>水</b>"), "kind": Kind.UPDATE}) == '{"text":"<b>水</b>","kind":"update"}'


def test_what_json_has_no_form_for_is_refused_and_not_guessed() -> None:
    with pytest.raises(TypeError):
        json_text.write({"at": object()})


def test_what_is_too_deep_is_said_to_be() -> None:
    with pytest.raises(RecursionError):
        json_text.read("[" * 5000 + "]" * 5000)


@pytest.mark.parametrize("text", ["", "{", "{'a': 1}", b"\xff\xfe\x00", "[1,]"])
def test_what_is_no_json_is_said_so(text: str | bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        json_text.read(text)


def test_no_number_becomes_nothing() -> None:
    assert math.isnan(json_text.read("[NaN]")[0])
