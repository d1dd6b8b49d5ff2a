"""Codes that people type: an alphabet without look-alikes, forgiving reading, and derivation from a secret.

Cards have 10 characters, check-in codes 6; neither uses 0 O 1 I L. Nothing here keeps or logs a code.
"""

import hashlib
import hmac
import unicodedata

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CARD_LENGTH = 10
CHECKIN_LENGTH = 6
SHOW_DIGITS = 6
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def normalise(typed: str) -> str:
    """What was meant: full-width made plain, spaces and dashes dropped, capitals."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    return "".join(character for character in plain if not character.isspace() and character not in "-_.·")


def is_code(typed: str, length: int) -> bool:
    """Whether the text is, once normalised, of a code's shape."""
    code = normalise(typed)
    return len(code) == length and all(character in ALPHABET for character in code)


def to_base36(number: int) -> str:
    """Write a number that is not negative in the digits and small letters that a deep link may carry."""
    letters = ""
    while number:
        number, digit = divmod(number, 36)
        letters = DIGITS[digit] + letters
    return letters or "0"


def derive(secret: str, purpose: str, length: int) -> str:
    """The code of ``length`` characters that ``secret`` gives for ``purpose``; the same always."""
    return spell(digest(secret, purpose), length)


def spell(number: bytes, length: int) -> str:
    """Write the first bits of ``number`` in our alphabet; the bias of the remainder is below 2**-64."""
    value, letters = int.from_bytes(number), []
    for _ in range(length):
        value, index = divmod(value, len(ALPHABET))
        letters.append(ALPHABET[index])
    return "".join(letters)


def digest(secret: str, purpose: str) -> bytes:
    """HMAC-SHA256 of ``purpose`` under ``secret``."""
    return hmac.digest(secret.encode(), purpose.encode(), "sha256")


def fingerprint(code: str) -> str:
    """What may be stored of a one-time code: enough to find it again, not to know it."""
    return hashlib.sha256(code.encode()).hexdigest()
