import pytest

from bot import i18n
from bot.people.messages.imports import UNREADABLE, render_closed, render_unreadable
from bot.people.models import Import, ImportStatus
from bot.sheets.unreadable import Reason
from tests.support.house import MONDAY

EN = i18n.translator("en")


def an_import(status: ImportStatus = ImportStatus.FETCHING) -> Import:
    return Import(id=3, sender_id=1, chat_id=6, file_name="<b>.xlsx", status=status, created_at=MONDAY)


@pytest.mark.parametrize("reason", [*Reason, "gone"])
def test_every_reason_has_words_of_its_own(reason: str) -> None:
    result = {"unreadable": str(reason), "found": 9, "limit": 5 * 1024 * 1024}

    text = render_unreadable(an_import(), result, EN).text

    assert str(reason) in UNREADABLE
    assert "Nothing was changed" in text
    assert "&lt;b&gt;.xlsx" in text


def test_a_size_is_given_in_megabytes() -> None:
    text = render_unreadable(an_import(), {"unreadable": "too_big", "limit": 5 * 1024 * 1024}, EN).text

    assert "at most 5 MB" in text


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (ImportStatus.DONE, "already imported"),
        (ImportStatus.DROPPED, "cancelled"),
        (ImportStatus.FAILED, "not be read"),
    ],
)
def test_an_import_that_is_over_says_how_it_ended(status: ImportStatus, words: str) -> None:
    assert words in render_closed(an_import(status), EN).text
