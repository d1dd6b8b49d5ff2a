"""Nothing in the tree that belongs to one person, one machine or one bot."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOKEN = re.compile(r"(?<![0-9])[0-9]{8,10}:[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])")
WORKPLACE = re.compile(r"(?<![\w.])/(?:work|root|home|Users|mnt|opt)/[a-z][\w.-]*")
KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")
ALLOWED = {
    # Where an installed service lives on the machine of whoever runs it.
    "/opt/cohort-bot",
}


def tracked() -> list[Path]:
    """Return the text files under version control."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git tree: an export has nothing to compare")
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:8000]]


def found(pattern: re.Pattern[str]) -> list[str]:
    """Return each match with its file."""
    texts = ((path, path.read_text(encoding="utf-8", errors="replace")) for path in tracked())
    return [f"{path.relative_to(ROOT)}: {match}" for path, text in texts for match in pattern.findall(text)]


def test_no_file_contains_what_looks_like_a_token() -> None:
    assert found(TOKEN) == []


def test_no_file_contains_a_private_key() -> None:
    assert found(KEY) == []


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    assert [line for line in found(WORKPLACE) if line.rpartition(": ")[2] not in ALLOWED] == []


@pytest.mark.parametrize(
    "text", ["token=123456789:" + "A" * 35, "bot1234567890:" + "b_-4" * 8 + "xyz/getMe", "'12345678:" + "0" * 35 + "'"]
)
def test_a_token_is_recognised(text: str) -> None:
    assert TOKEN.search(text)


@pytest.mark.parametrize("text", ["at 12345678:00", "sha256:" + "a" * 64, "123:" + "A" * 35])
def test_what_is_no_token_is_left_alone(text: str) -> None:
    assert not TOKEN.search(text)
