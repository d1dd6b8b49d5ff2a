import json

import pytest

from bot.sandbox.core import Sandbox
from bot.sandbox.files import DOWNLOAD_LIMIT, UPLOAD_LIMIT
from bot.sandbox.params import Upload
from tests.bot.sandbox.calling import refusal, result
from tests.bot.sandbox.conftest import LIN
from tests.bot.sandbox.test_contract import picture


def test_a_file_of_more_than_20_mb_cannot_be_downloaded(sandbox: Sandbox) -> None:
    sent = sandbox.send_file(LIN, Upload("big.xlsx", b"x"), size=DOWNLOAD_LIMIT + 1)

    assert refusal(sandbox, "getFile", file_id=sent["document"]["file_id"]) == "400 Bad Request: file is too big"


@pytest.mark.parametrize(
    ("file_id", "description"),
    [
        ("", "400 Bad Request: file_id not specified"),
        ("BQAC", "400 Bad Request: invalid file_id"),
    ],
)
def test_an_unknown_file_is_refused(sandbox: Sandbox, file_id: str, description: str) -> None:
    assert refusal(sandbox, "getFile", file_id=file_id) == description


def test_a_file_sent_by_a_person_can_be_downloaded_and_sent_again(sandbox: Sandbox) -> None:
    file_id = sandbox.send_file(LIN, Upload("名册.csv", b"a,b"))["document"]["file_id"]

    path = result(sandbox, "getFile", file_id=file_id)["file_path"]
    again = result(sandbox, "sendDocument", chat_id=LIN, document=file_id)

    assert (sandbox.download(path), again["document"]["file_name"]) == (b"a,b", "名册.csv")


@pytest.mark.parametrize(
    ("document", "description"),
    [
        ("", "400 Bad Request: there is no document in the request"),
        ("attach://x", "400 Bad Request: there is no document in the request"),
        ("unknown", "400 Bad Request: wrong file identifier/HTTP URL specified"),
        ("https://example.org/a.pdf", "400 Bad Request: failed to get HTTP URL content"),
    ],
)
def test_a_document_that_is_not_there_is_refused(sandbox: Sandbox, document: str, description: str) -> None:
    assert refusal(sandbox, "sendDocument", chat_id=LIN, document=document) == description


def test_an_upload_of_more_than_50_mb_is_refused(sandbox: Sandbox) -> None:
    file = {"document": Upload("a.bin", bytes(UPLOAD_LIMIT + 1))}

    assert refusal(sandbox, "sendDocument", file, chat_id=LIN) == "413 Request Entity Too Large"


def test_a_caption_has_at_most_1024_characters(sandbox: Sandbox) -> None:
    file = {"document": Upload("a.txt", b"a")}

    assert refusal(sandbox, "sendDocument", file, chat_id=LIN, caption="x" * 1025) == (
        "400 Bad Request: message caption is too long"
    )


@pytest.mark.parametrize(
    ("content", "description"),
    [
        (b"not a picture", "400 Bad Request: IMAGE_PROCESS_FAILED"),
        (picture(9000, 1001), "400 Bad Request: PHOTO_INVALID_DIMENSIONS"),
        (picture(42, 2), "400 Bad Request: PHOTO_INVALID_DIMENSIONS"),
    ],
)
def test_a_photo_must_be_a_picture_of_usual_shape(sandbox: Sandbox, content: bytes, description: str) -> None:
    assert refusal(sandbox, "sendPhoto", {"photo": Upload("a.png", content)}, chat_id=LIN) == description


def _album(*kinds: str) -> str:
    return json.dumps([{"type": kind, "media": f"attach://{number}"} for number, kind in enumerate(kinds)])


@pytest.mark.parametrize(
    ("media", "description"),
    [
        (_album(*["document"] * 11), "400 Bad Request: too many messages to send as an album"),
        (_album("document", "photo"), "400 Bad Request: document can't be mixed with other media types"),
        (_album("document", "document"), "400 Bad Request: there is no document in the request"),
    ],
)
def test_a_wrong_album_is_refused(sandbox: Sandbox, media: str, description: str) -> None:
    assert refusal(sandbox, "sendMediaGroup", chat_id=LIN, media=media) == description
