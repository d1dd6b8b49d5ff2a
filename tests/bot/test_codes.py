import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import codes
from bot.codes import ALPHABET, CARD_LENGTH, CHECKIN_LENGTH


@pytest.mark.parametrize(
    "typed",
    [
        "K7M2QX",
        "k7m2qx",
        " K7M 2QX ",
        "k7m-2qx",
        "K7M_2QX",
        "Ｋ７Ｍ２ＱＸ",
        "k7m\u30002qx",
        "K7M·2QX",
        "K7M.2QX\n",
    ],
)
def test_a_code_is_understood_however_it_is_typed(typed: str) -> None:
    assert codes.normalise(typed) == "K7M2QX"
    assert codes.is_code(typed, CHECKIN_LENGTH)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "K7M2Q",
        "K7M2QXX",
        "K7M2Q0",
        "K7M2Q1",
        "K7M2QO",
        "K7M2QI",
        "K7M2QL",
        "签到码签到码",
        "/start",
    ],
)
def test_other_words_are_no_code(typed: str) -> None:
    assert not codes.is_code(typed, CHECKIN_LENGTH)


def test_the_alphabet_has_no_look_alikes() -> None:
    assert set("01OIL") & set(ALPHABET) == set()
    assert len(set(ALPHABET)) == len(ALPHABET) == 31


@given(st.text(), st.text(), st.sampled_from([CARD_LENGTH, CHECKIN_LENGTH]))
def test_a_derived_code_is_a_code_and_always_the_same(secret: str, purpose: str, length: int) -> None:
    code = codes.derive(secret, purpose, length)

    assert codes.is_code(code, length)
    assert code == codes.derive(secret, purpose, length) == codes.normalise(code)


def test_another_secret_or_purpose_gives_another_code() -> None:
    made = {codes.derive(secret, purpose, CARD_LENGTH) for secret in ("a", "b") for purpose in ("card:1", "card:2")}

    assert len(made) == 4


def test_every_letter_is_about_as_likely() -> None:
    letters = "".join(codes.derive("secret", f"card:{number}", CARD_LENGTH) for number in range(3000))

    assert all(abs(letters.count(letter) - 30_000 / 31) < 150 for letter in ALPHABET)


def test_a_fingerprint_does_not_tell_the_code() -> None:
    fingerprint = codes.fingerprint("ABCDE23456")

    assert (len(fingerprint), "ABCDE" in fingerprint.upper()) == (64, False)
    assert fingerprint != codes.fingerprint("ABCDE23457")


@given(st.integers(0, 2**63))
def test_base_36_is_what_python_reads_back(number: int) -> None:
    assert int(codes.to_base36(number), 36) == number
