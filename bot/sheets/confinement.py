"""What a child process that reads an untrusted file gives up before it does, and how it says no."""

import contextlib
import json
import sys
from collections.abc import Callable
from pathlib import Path

from bot.sheets.limits import FILE_BYTES, MEMORY_BYTES, SECONDS
from bot.sheets.unreadable import Reason, UnreadableFile

if sys.platform != "win32":
    import resource


def answer_confined(read: Callable[[Path], str]) -> None:
    """Read the file named by the only argument, and print the answer or the reason why there is none."""
    limit_resources()
    try:
        answer = read(Path(sys.argv[1]))
    except MemoryError:
        answer = refusal(UnreadableFile(Reason.BOMB))
    except UnreadableFile as unreadable:
        answer = refusal(unreadable)
    sys.stdout.write(answer)


def read_bounded(path: Path) -> bytes:
    """Return the content of the file; raises `UnreadableFile` where it is too large."""
    with path.open("rb") as file:
        content = file.read(FILE_BYTES + 1)
    if len(content) > FILE_BYTES:
        raise UnreadableFile(Reason.TOO_BIG, found=path.stat().st_size, limit=FILE_BYTES)
    return content


def refusal(unreadable: UnreadableFile) -> str:
    """Say in the answer why the file is not read."""
    return json.dumps({"reason": unreadable.reason, "found": unreadable.found, "limit": unreadable.limit})


def limit_resources() -> None:
    """Give up memory and time beyond what a file may cost."""
    if sys.platform == "win32":
        return
    for kind, wanted in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        _, most = resource.getrlimit(kind)
        value = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        # Some systems (macOS) refuse a limit on memory; the limits on the file and on time still hold there.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (value, value))
