import pytest

from bot.sandbox.entities import detect_entities, read_text
from bot.sandbox.errors import ApiError
from bot.sandbox.params import Params


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start ABC", [("bot_command", 0, 6)]),
        ("😀 /checkin@camp_bot now", [("bot_command", 3, 17)]),
        ("and/or 1/2", []),
        ("https://t.me/camp_bot?start=A-1.", [("url", 0, 31)]),
        ("see t.me/camp_bot", [("url", 4, 13)]),
        ("ask @lin_mei or lin@example.org", [("mention", 4, 8), ("email", 16, 15)]),
        ("#第一天 #2", [("hashtag", 0, 4)]),
    ],
)
def test_entities_are_found_in_plain_text(text: str, found: list[tuple[str, int, int]]) -> None:
    entities = detect_entities(text)

    assert [(entity["type"], entity["offset"], entity["length"]) for entity in entities] == found


def test_blanks_at_the_ends_go_and_entities_move() -> None:
    formatted = read_text(Params({"text": "\n <b> x </b> \n", "parse_mode": "HTML"}))

    assert (formatted.text, formatted.entities) == ("x", [{"type": "bold", "offset": 0, "length": 1}])


def test_nothing_is_detected_inside_code() -> None:
    formatted = read_text(Params({"text": "<code>/start</code> /help", "parse_mode": "HTML"}))

    assert [entity["type"] for entity in formatted.entities] == ["code", "bot_command"]


@pytest.mark.parametrize("bounds", [(0, 3), (-1, 1), (2, 1), (0, 0)])
def test_given_entities_must_lie_in_the_text(bounds: tuple[int, int]) -> None:
    entities = [{"type": "bold", "offset": bounds[0], "length": bounds[1]}]

    with pytest.raises(ApiError, match="ENTITY_BOUNDS_INVALID"):
        read_text(Params({"text": "😀", "entities": entities}))


def test_at_most_100_entities_are_kept() -> None:
    formatted = read_text(Params({"text": "<b>x</b> " * 120, "parse_mode": "HTML"}))

    assert len(formatted.entities) == 100
