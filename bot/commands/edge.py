"""The edge of every command: our own errors end it with one clear line and status 1; all others are shown whole."""

import sys
from collections.abc import Callable
from pathlib import Path

from bot.errors import CohortBotError


def run_to_its_end(command: Callable[[], object]) -> None:
    """Run a command with the doors within reach, wherever it was started."""
    sys.path.insert(0, str(Path(__file__).parents[2]))
    try:
        command()
    except CohortBotError as error:
        print(f"{error.__doc__ or ''}\n{error}".strip(), file=sys.stderr)
        raise SystemExit(1) from None
