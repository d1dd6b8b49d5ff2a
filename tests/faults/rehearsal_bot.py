"""``python -m tests.faults.rehearsal_bot``: the bot as it is, with the doors of the fault tests instead of its own."""

from typing import Any

from bot import database
from bot.commands import run

DOORS = ("tests.faults.doors.handlers", "tests.faults.doors.schedules")


def main() -> None:
    """Run it until a signal."""
    run.DOORS = DOORS
    run.run_bot()


def main_without_waiting() -> None:
    """Run one that does not wait for its disk."""
    prepare = database._prepare_writer  # noqa: SLF001 - what it is told is taken back

    def prepare_heedlessly(connection: Any, _: object) -> None:
        prepare(connection, _)
        connection.execute("PRAGMA synchronous=OFF")

    database._prepare_writer = prepare_heedlessly  # noqa: SLF001
    main()


if __name__ == "__main__":
    main()
