"""The locked requirements are what `pyproject.toml` asks for, and name no registry."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import do_without

ROOT = Path(__file__).resolve().parents[2]
LOCKS = {"requirements.txt": [], "requirements-dev.txt": ["--group", "dev"]}
OPTIONS = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate", "--quiet"]
UNREACHED = ("Failed to fetch", "network was disabled", "was not found in the package registry", "dns error")


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_is_fresh(lock: str, tmp_path: Path) -> None:
    """Resolving again, held to the versions of the lock, gives the lock."""
    resolved = tmp_path / lock
    command = ["pip", "compile", "pyproject.toml", *LOCKS[lock], *OPTIONS, "-c", lock, "-o", str(resolved)]
    done = subprocess.run(
        [sys.executable, "-m", "uv", *command], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )

    if done.returncode and any(sign in done.stderr for sign in UNREACHED):
        do_without(f"needs a package index that can be reached, to resolve the requirements: {done.stderr}")
    assert done.returncode == 0, done.stderr
    assert resolved.read_text() == (ROOT / lock).read_text(), f"make it again: uv {' '.join(command[:-1])} {lock}"


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_names_no_registry(lock: str) -> None:
    text = (ROOT / lock).read_text()

    assert [sign for sign in ("://", "index-url", "find-links", "@ ") if sign in text] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_pinned_with_hashes(lock: str) -> None:
    blocks = (ROOT / lock).read_text().replace("\\\n", "").splitlines()

    assert [block for block in blocks if "==" not in block or "--hash=sha256:" not in block] == []
