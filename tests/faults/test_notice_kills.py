"""A notice under kills: real processes, the real courier, a bot that dies while the copies go out."""

import random
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlmodel import Session

from bot import invariants
from bot.database import Database
from bot.notices import drafting, pieces, sending
from bot.notices.models import Kind, Recipient
from bot.notices.pieces import Piece
from bot.people.models import Membership, Person
from bot.people.service import Speaker
from tests.benchmarks.seeding import FIRST_ACCOUNT, seed_camp
from tests.faults.evidence import count_in_flight
from tests.support.processes import BotProcess, camp

AUTHOR = 5
TEXT = "The bus leaves at 8:20."
RECIPIENT = Recipient.__table__  # type: ignore[attr-defined]


def start_notice(url: str) -> None:
    """A notice to the whole camp, started as a coordinator's press would start it."""
    database = Database(url)
    try:
        database.write_now(_start)
    finally:
        database.close()


def _start(session: Session) -> None:
    now = datetime.now(UTC)
    author = Person(id=900_001, organisation_id=1, name="林老师", telegram_id=AUTHOR, language="en", linked_at=now)
    session.add(author)
    session.flush()
    session.add(Membership(id=900_001, cohort_id=1, person_id=author.id or 0, role="coordinator", joined_at=now))
    session.flush()
    speaker = Speaker(author.id or 0, AUTHOR, author.name, "en")  # type: ignore[arg-type]
    notice = drafting.open_draft(session, cohort_id=1, speaker=speaker, chat_id=AUTHOR, now=now)
    pieces.add_piece(session, notice, Piece(Kind.TEXT, TEXT), now)
    sending.send_now(session, notice, speaker, now)


def states(url: str) -> Counter[str]:
    """How many copies are in each state."""
    query = select(RECIPIENT.c.state, func.count()).group_by(RECIPIENT.c.state)
    database = Database(url)
    try:
        rows = database.read_now(lambda s: s.connection().execute(query).all())
        return Counter({row[0]: row[1] for row in rows})
    finally:
        database.close()


def violations(url: str) -> Sequence[object]:
    """What does not hold in the database."""
    database = Database(url)
    try:
        return database.read_now(invariants.check)
    finally:
        database.close()


def in_flight(url: str) -> int:
    """How many calls the killed bot had claimed and not marked: each of them may be made a second time."""
    database = Database(url)
    try:
        return database.read_now(count_in_flight)
    finally:
        database.close()


def rage(bot: BotProcess, url: str, people: int, kills: int, seed: int) -> int:
    """Kill the bot at random moments, so many times, and let it finish then; how much was in flight at the kills."""
    chance, flying = random.Random(seed), 0
    for _ in range(kills):
        reached = states(url)["sent"]
        bot.start()
        deadline = time.monotonic() + 20
        while states(url)["sent"] <= reached and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(chance.uniform(0.0, 0.6))
        bot.kill()
        flying += in_flight(url)
    bot.start()
    deadline = time.monotonic() + 60 + people / 20
    while (left := states(url)) and (left["waiting"] or left["queued"]) and time.monotonic() < deadline:
        time.sleep(0.2)
    return flying


def run(
    folder: Path, url: str, people: int, kills: int, rate: int, seed: int
) -> tuple[Counter[str], Counter[int], int]:
    """One storm: the states in the end, how often the server got a copy for each chat, and what was in flight."""
    with camp(folder, "--latency", "0.05", DATABASE_URL=url, BULK_RATE=str(rate)) as (emulator, bot):
        seed_camp(url, people)
        emulator.do("people", first=FIRST_ACCOUNT, count=people, language_code="zh-hans")
        emulator.do("people", first=AUTHOR, count=1, language_code="en")
        emulator.do("configure", rate=rate * 2, latency=0.05)
        start_notice(url)
        flying = rage(bot, url, people, kills, seed)
        sent = emulator.ask("calls", method="sendMessage")
        return states(url), Counter(call["chat_id"] for call in sent if call["chat_id"] >= FIRST_ACCOUNT), flying


@pytest.mark.parametrize("seed", [1])
def test_a_notice_that_is_killed_misses_nobody_and_doubles_only_what_was_in_flight(
    tmp_path: Path, database_url: str, seed: int
) -> None:
    people, kills = 240, 3

    left, received, flying = run(tmp_path, database_url, people, kills, rate=100, seed=seed)

    assert left == {"sent": people}
    assert len(received) == people
    assert sum(received.values()) - people <= flying
    assert max(received.values()) <= 1 + kills
    assert violations(database_url) == []


@pytest.mark.long
def test_thirty_thousand_copies_survive_ten_kills(tmp_path: Path, database_url: str) -> None:
    people, kills = 30_000, 10

    left, received, flying = run(tmp_path, database_url, people, kills, rate=1000, seed=7)

    assert left == {"sent": people}
    assert len(received) == people
    assert sum(received.values()) - people <= flying
    print(f"doubled {sum(received.values()) - people}, in flight at the kills {flying}")
