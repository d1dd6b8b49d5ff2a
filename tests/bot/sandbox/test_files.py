import pytest

from bot.sandbox.files import image_size, new_file
from bot.sandbox.params import Upload
from tests.bot.sandbox.test_contract import picture

JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffc0001108001e002803012200021101031101")


@pytest.mark.parametrize(
    ("content", "size"), [(picture(40, 30), (40, 30)), (JPEG, (40, 30)), (b"GIF89a", (0, 0)), (b"\xff\xd8", (0, 0))]
)
def test_the_size_of_a_picture_is_read_from_its_header(content: bytes, size: tuple[int, int]) -> None:
    assert image_size(content) == size


@pytest.mark.parametrize(
    ("name", "declared", "mime_type"),
    [
        ("a.csv", "", "text/csv"),
        ("a.csv", "application/octet-stream", "text/csv"),
        ("a.csv", "text/plain", "text/plain"),
        ("名册", "", "application/octet-stream"),
    ],
)
def test_the_type_is_guessed_from_the_name_unless_it_is_declared(name: str, declared: str, mime_type: str) -> None:
    assert new_file("document", Upload(name, b"a", declared))["mime_type"] == mime_type


def test_two_files_of_one_name_have_different_ids_and_paths() -> None:
    one, two = (new_file("document", Upload("a.csv", b"a")) for _ in range(2))

    assert len({one["file_id"], two["file_id"], one["path"], two["path"]}) == 4
