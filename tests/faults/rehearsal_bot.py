"""``python -m tests.faults.rehearsal_bot``: the bot as it is, with the doors of the fault tests instead of its own."""

from bot.commands import run

DOORS = ("tests.faults.doors.handlers", "tests.faults.doors.schedules")


def main() -> None:
    """Run it until a signal."""
    run.DOORS = DOORS
    run.run_bot()


if __name__ == "__main__":
    main()
