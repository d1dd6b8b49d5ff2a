"""Numbered messages from many people to a bot that is being killed, and the verdict afterwards."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.database import Database
from tests.faults.evidence import collect, count_in_flight, count_open, first_waiting, judge
from tests.faults.nursery import Nursery
from tests.faults.places import ForkedBot, ForkedEmulator, forked_camp
from tests.support.processes import wait_until

FIRST_PERSON = 5000
PEOPLE = 60
OPERATOR = 900
NOTHING = -1


class Storm:
    """One bot, one emulator, and an account of everything said to the bot."""

    def __init__(self, emulator: ForkedEmulator, bot: ForkedBot, database_url: str) -> None:
        self.emulator = emulator
        self.bot = bot
        self.database = Database(database_url)
        self.said: dict[int, int] = {}
        self.expected: list[tuple[int, str]] = []
        self.in_flight = 0
        self._stuck_at = NOTHING
        emulator.do("people", count=PEOPLE, first=FIRST_PERSON)
        emulator.do("people", count=1, first=OPERATOR)

    def say(self, count: int) -> None:
        """Let the people say the next numbers, one after the other."""
        begin = len(self.said)
        new = {number: FIRST_PERSON + number % PEOPLE for number in range(begin, begin + count)}
        self.said |= new
        self.emulator.do(
            "act", acts=[["say", {"person_id": chat, "text": f"n{number}"}] for number, chat in new.items()]
        )

    def order(self, command: str, word: str, count: int) -> None:
        """Let somebody order a burst to the first ``count`` people: ``/notice`` says "notice", ``/plan`` "push"."""
        self.emulator.act("say", person_id=OPERATOR, text=f"{command} {count} {FIRST_PERSON}")
        self.expected += [(chat, f"{word} {chat}") for chat in range(FIRST_PERSON, FIRST_PERSON + count)]

    def kill(self) -> None:
        """Kill the bot and note what it had in its hands."""
        self.bot.kill()
        self.note_crash()

    def await_progress(self) -> None:
        """Wait until the row that came first when the bot was killed last is done (see docs/faults.md)."""
        wait_until(lambda: self.database.read_now(first_waiting) != self._stuck_at, what="progress")

    def note_crash(self) -> None:
        """Count what the dead bot had claimed and not marked."""
        self.in_flight += self.database.read_now(count_in_flight)
        self._stuck_at = self.database.read_now(first_waiting) or NOTHING

    def settle(self, seconds: float = 30.0) -> None:
        """Wait until Telegram has nothing to hand out and nothing waits any more."""
        wait_until(self._is_quiet, seconds, "quiet")

    def verdict(self) -> list[str]:
        """Everything that is wrong now."""
        calls = self.emulator.ask("calls", method="sendMessage")
        evidence = self.database.read_now(lambda session: collect(session, calls))
        return judge(evidence, self.said, self.expected, self.in_flight)

    def _is_quiet(self) -> bool:
        time.sleep(0.05)
        is_confirmed = self.emulator.ask("summary")["pending_updates"] == 0
        return is_confirmed and not self.database.read_now(count_open)


@contextmanager
def storm(
    nursery: Nursery,
    folder: Path,
    database_url: str,
    *,
    webhook: bool = False,
    options: tuple[str, ...] = (),
    kind: str = "rehearsal",
    **settings: str,
) -> Iterator[Storm]:
    """A storm about to begin; the bot is not started."""
    camp = forked_camp(nursery, folder, database_url, kind=kind, webhook=webhook, options=options, **settings)
    with camp as (emulator, bot):
        begun = Storm(emulator, bot, database_url)
        try:
            yield begun
        finally:
            begun.database.close()
