"""One camp day from an empty folder, over real HTTP, the bot killed again and again: nothing lost, nothing twice."""

import json
import re
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from sqlmodel import Session, col, func, select

from bot import schema
from bot.checkin.models import Attendance
from bot.database import Database
from bot.invariants import check
from bot.outbox.models import Outbox, Status
from bot.people import linking
from bot.people.models import Card, Person
from tests.support.processes import BotProcess, Emulator, camp, free_port, wait_until

assert schema  # the tables must be known

T = TypeVar("T")
DATA = Path(__file__).parents[1] / "data" / "camp"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPERATOR, COORDINATOR = 900, 901
TRAINEES = {1001: "杨兰远", 1002: "李睿", 1003: "李静明", 1004: "许涛", 1005: "周子"}
EVE = datetime(2026, 12, 6, 2, 0, tzinfo=UTC)
BEFORE_DAWN = datetime(2026, 12, 6, 23, 29, 54, tzinfo=UTC)
EARLY = datetime(2026, 12, 7, 0, 20, tzinfo=UTC)


class Day:
    """The emulator, the bot, and the hour they both believe in."""

    def __init__(self, emulator: Emulator, bot: BotProcess, folder: Path) -> None:
        self.emulator = emulator
        self.bot = bot
        self._address = f"sqlite:///{folder / 'cohort.sqlite3'}"
        self._offset = 0.0
        self.in_flight: Counter[str] = Counter()

    def begin(self, at: datetime) -> None:
        """Move both clocks and start the bot."""
        offset = (at - datetime.now(UTC)).total_seconds()
        self.emulator.do("advance", seconds=offset - self._offset)
        self._offset = offset
        self.start()

    def start(self) -> None:
        """Start the bot at the story's hour."""
        self.bot.start(COHORT_CLOCK_OFFSET=str(self._offset))

    def kill(self) -> None:
        """Pull the plug, and count by method the calls that the outbox then has in flight."""
        self.bot.kill()
        query = select(Outbox.method).where(Outbox.status == Status.SENDING)
        self.in_flight.update(self.read(lambda session: session.exec(query).all()))

    def kill_and_start(self) -> None:
        """Pull the plug and put it in again."""
        self.kill()
        self.start()

    def say(self, person: int, text: str, answer: str) -> str:
        """Type something and wait for an answer that matches."""
        self.emulator.act("say", person_id=person, text=text)
        return self.heard(person, answer)

    def press(self, person: int, label: str, answer: str) -> str:
        """Press a button and wait for an answer that matches."""
        self.heard_button(person, label)
        self.emulator.press(person, label)
        return self.heard(person, answer)

    def send(self, person: int, name: str, answer: str) -> str:
        """Send a file of the sample camp."""
        upload = {"name": name, "hex": (DATA / name).read_bytes().hex(), "mime_type": SPREADSHEET}
        self.emulator.act("send_file", person_id=person, upload=upload)
        return self.heard(person, answer)

    def heard(self, person: int, answer: str) -> str:
        """Wait until something that the bot has said matches, and return the newest such."""
        found: list[str] = []

        def matches() -> bool:
            found[:] = [text for text in self.emulator.said(person) if re.search(answer, text)]
            return bool(found)

        try:
            wait_until(matches, what=f"{answer!r} to {person}")
        except AssertionError as error:
            raise AssertionError(f"{error}; said: {self.emulator.said(person)[-4:]}") from None
        return found[-1]

    def heard_button(self, person: int, label: str) -> None:
        """Wait until there is such a button."""

        def offered() -> bool:
            return any(
                label in button["text"]
                for message in self.emulator.chat(person)
                for row in message["buttons"] or []
                for button in row
            )

        wait_until(offered, what=f"the button {label!r} for {person}")

    def link(self, person: int, label: str) -> str:
        """The address behind the newest link button with that label."""
        addresses: list[str] = [
            button["url"]
            for message in reversed(self.emulator.chat(person))
            for row in message["buttons"] or []
            for button in row
            if label in button["text"]
        ]
        return addresses[0]

    def read(self, look: Callable[[Session], T]) -> T:
        """Look into the database beside the running bot."""
        database = Database(self._address)
        try:
            return database.read_now(look)
        finally:
            database.close()

    def code_on(self, projector: str) -> str:
        """The code that the projector page shows now."""
        with urllib.request.urlopen(f"{projector}/state", timeout=10) as answer:
            first, second = json.loads(answer.read())["code"]
            return str(first) + str(second)

    def cards(self) -> dict[str, str]:
        """The code on each printed card, by name."""

        def look(session: Session) -> dict[str, str]:
            query = (
                select(Card.id, Person.name)
                .join(Person, col(Person.id) == Card.person_id)
                .where(col(Card.used_at).is_(None), col(Card.revoked_at).is_(None))
            )
            return {name: linking.code_of(session, card_id or 0) for card_id, name in session.exec(query)}

        return self.read(look)


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    with camp(tmp_path, OPERATORS=str(OPERATOR), WEB_PORT=str(free_port())) as (emulator, bot):
        known = {OPERATOR: "Ops", COORDINATOR: "陈老师"} | TRAINEES
        emulator.do(
            "people",
            people=[
                {"person_id": number, "name": name, "language_code": "en", "started": True}
                for number, name in known.items()
            ],
        )
        yield Day(emulator, bot, tmp_path)


def test_a_camp_day_from_an_empty_folder_to_the_list_of_who_is_missing(day: Day) -> None:
    prepare_the_camp(day)
    morning_push_reaches_everybody_once(day)
    the_room_checks_in(day)

    assert day.read(check) == []
    # Only an edit that was in flight at a kill may be made again, and it then changes nothing.
    refused = [one for one in day.emulator.ask("refusals") if one["method"] != "sendMessage"]
    again = [one for one in refused if one["method"] == "editMessageText" and "is not modified" in one["error"]]
    assert [one for one in refused if one not in again] == []
    assert len(again) <= day.in_flight["editMessageText"]


def prepare_the_camp(day: Day) -> None:
    """The eve: the operator founds the cohort, the coordinator imports, trainees link. One kill in between."""
    day.begin(EVE)
    day.say(OPERATOR, "/start", "Hello")
    day.press(OPERATOR, "New cohort", "name|called")
    day.say(OPERATOR, "红领青训营第四期", "From when to when")
    day.say(OPERATOR, "2026-12-07 to 2026-12-09", "(?i)zone")
    day.press(OPERATOR, "Asia/Shanghai", "(?i)language")
    day.press(OPERATOR, "English", "The camp is made")
    day.press(OPERATOR, "Add coordinator", "Who coordinates")
    invitation = day.say(OPERATOR, "陈老师", r"start=")
    day.kill()
    found = re.search(r"start=([A-Z0-9]+)", invitation)
    assert found is not None
    day.emulator.act("start", person_id=COORDINATOR, payload=found.group(1))
    day.start()
    day.heard(COORDINATOR, "陈老师")
    import_the_files(day)
    link_the_trainees(day)


def import_the_files(day: Day) -> None:
    day.send(COORDINATOR, "roster.xlsx", "77 people")
    day.press(COORDINATOR, "✔ Confirm", "New: 77")
    day.send(COORDINATOR, "timetable.xlsx", "13 new")
    day.kill_and_start()
    day.press(COORDINATOR, "✔ Import", "The timetable is imported")
    day.send(COORDINATOR, "roster.xlsx", "(?i)nothing to change")
    day.say(COORDINATOR, "/start", "Hello")
    day.press(COORDINATOR, "Seat cards", ".")
    wait_until(
        lambda: any(message["document"] for message in day.emulator.chat(COORDINATOR) if message["from_bot"]),
        what="the seat cards",
    )


def link_the_trainees(day: Day) -> None:
    cards = day.cards()
    for number, name in TRAINEES.items():
        day.emulator.act("start", person_id=number, payload=cards[name])
    day.kill()
    day.start()
    for number, name in TRAINEES.items():
        day.heard(number, name)
    names_left = 76 - len(TRAINEES)  # two of the 77 have one name
    assert len(day.cards()) == names_left


def morning_push_reaches_everybody_once(day: Day) -> None:
    """Dawn: the bot is killed right before and right after the hour."""
    day.kill()
    day.begin(BEFORE_DAWN)
    day.kill_and_start()
    day.heard(1001, "First: ")
    day.kill_and_start()
    for number in (*TRAINEES, COORDINATOR):
        day.heard(number, "First: ")

    pushes = {
        number: Counter("First: " in text for text in day.emulator.said(number))[True]
        for number in (*TRAINEES, COORDINATOR)
    }
    assert all(1 <= count <= 2 for count in pushes.values()), pushes
    twice = sum(pushes.values()) - len(pushes)
    assert twice <= day.in_flight["sendMessage"], "at most the messages in flight at a kill are sent twice"
    assert "72" in day.heard(COORDINATOR, "not linked")


def the_room_checks_in(day: Day) -> None:
    """Half past eight: code, wrong code, twice, by scan; a kill in the middle; the coordinator sees who is missing."""
    day.kill()
    day.begin(EARLY)
    day.say(COORDINATOR, "/start", "Hello")
    day.press(COORDINATOR, "Check-in", "which activity")
    day.press(COORDINATOR, "报到", "Check-in has not been opened")
    day.press(COORDINATOR, "Open check-in", "Check-in is open")
    projector = day.link(COORDINATOR, "Projector page")
    day.say(1001, day.code_on(projector), "Receipt|receipt")
    day.say(1002, "/checkin", "学员报到")
    day.say(1002, "ZZZZZZ", "(?i)not|wrong")
    day.emulator.act("say", person_id=1002, text=day.code_on(projector).lower())
    day.kill_and_start()
    day.heard(1002, "Receipt|receipt")
    day.say(1001, "/checkin", "(?i)already|recorded|checked in")

    count = day.read(lambda session: session.exec(select(func.count()).select_from(Attendance)).one())
    assert count == 2
    day.press(COORDINATOR, "Refresh", "2 / 77")
    summary = day.press(COORDINATOR, "⏹ Close", "Check-in closed")
    assert "75" in summary
    assert "许涛" in summary
