"""Children that read untrusted files: how many at a time."""

import asyncio
from pathlib import Path

import pytest

from bot.sheets import bounded

pytestmark = pytest.mark.anyio


async def test_several_files_at_once_are_read_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, running, most = tmp_path / "file", 0, 0
    path.write_bytes(b"1")

    async def count(*_: object) -> tuple[bytes, int]:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        return b"{}", 0

    monkeypatch.setattr(bounded, "_ask", count)
    answers = await asyncio.gather(*(bounded.ask_child("x", path, name="x") for _ in range(5)))

    assert answers == [b"{}"] * 5
    assert most == bounded.AT_ONCE
