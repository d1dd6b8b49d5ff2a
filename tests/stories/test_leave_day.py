"""A day of leave over real HTTP: asked, approved, missed, warned, made up, closed; the bot killed on the way."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.checkin import service as checkin
from bot.database import Database
from bot.hours import service as hours
from bot.hours.rules import Standing
from bot.invariants import check
from tests.stories.test_camp_day import Day
from tests.support.hours_camp import COORDINATOR, EVE, FIRST_TRAINEE, HoursCamp, build_hours_camp
from tests.support.processes import camp, free_port

MINUTE = timedelta(minutes=1)
LI, WANG = FIRST_TRAINEE, FIRST_TRAINEE + 1
NINE_IN_THE_EVENING = datetime(2026, 12, 7, 13, 0, tzinfo=EVE.tzinfo)


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    with camp(tmp_path, OPERATORS="900", WEB_PORT=str(free_port())) as (emulator, bot):
        people = [{"person_id": one, "name": str(one), "language_code": "en"} for one in (COORDINATOR, LI, WANG)]
        emulator.do("people", people=[one | {"started": True} for one in people])
        yield Day(emulator, bot, tmp_path)


def test_a_day_of_leave_from_the_request_to_the_close_of_day(day: Day, tmp_path: Path) -> None:
    made = found_the_camp(day, tmp_path)
    leave_is_asked_for_and_approved(day)
    the_check_in_knows_it(day, made)
    absence_is_warned_of_and_made_up(day, made)
    the_day_is_closed(day)

    assert day.read(check) == []


def found_the_camp(day: Day, folder: Path) -> HoursCamp:
    """The bot makes its database; the camp is put into it while it is down."""
    day.begin(EVE)
    day.bot.kill()
    database = Database(f"sqlite:///{folder / 'cohort.sqlite3'}")
    made = build_hours_camp(database, trainees=2)
    database.close()
    day.start()
    return made


def leave_is_asked_for_and_approved(day: Day) -> None:
    """On the eve; the plug is pulled while the request waits."""
    day.say(LI, "/start", "第四期")
    day.press(LI, "📝 Leave", "Leave is asked for by the activity")
    day.press(LI, "Ask for leave", "From which activities")
    day.press(LI, "课程2", "From which activities")
    day.press(LI, "Next", "Why\\?")
    day.kill_and_start()
    day.say(LI, "牙疼", "Why: 牙疼")
    day.press(LI, "Send", "Your request is on its way")
    day.heard(COORDINATOR, "If you approve:")
    day.kill_and_start()
    day.press(COORDINATOR, "✅ Approve", "approved · decided by 陈老师")
    day.heard(LI, "Your leave is approved")


def the_check_in_knows_it(day: Day, made: HoursCamp) -> None:
    """Nobody has to come to what leave was approved from."""
    excused = day.read(lambda session: dict(checkin.excused_from(session, made.activities[1])))
    assert list(excused) == [made.trainees[0].person_id]


def absence_is_warned_of_and_made_up(day: Day, made: HoursCamp) -> None:
    """The first activity is held without Li, and the bot is killed right after its end."""
    day.bot.kill()
    day.begin(made.starts(0) - MINUTE)
    day.say(COORDINATOR, "/start", "第四期")
    day.press(COORDINATOR, "Check-in", "which activity")
    day.press(COORDINATOR, "课程1", "Check-in has not been opened")
    day.press(COORDINATOR, "Open check-in", "Check-in is open")
    day.say(WANG, day.code_on(day.link(COORDINATOR, "Projector page")), "[Rr]eceipt")
    day.bot.kill()
    day.begin(made.ends(0) + MINUTE)
    day.press(COORDINATOR, "⏹ Close", "Check-in closed")
    day.kill_and_start()
    missing = day.heard(COORDINATOR, "missing without leave")
    assert "课程1" in missing
    assert "学员00" in missing
    assert "学员01" not in missing
    warning = day.heard(LI, "you can no longer pass|hours you may miss are used")
    assert "课程1" in warning or "课程2" in warning
    make_it_up(day, made)


def make_it_up(day: Day, made: HoursCamp) -> None:
    day.say(COORDINATOR, "/start", "第四期")
    day.press(COORDINATOR, "All of this camp", "2 trainees")
    day.press(COORDINATOR, "⏳ Hours", "What each may still miss")
    day.press(COORDINATOR, "学员00", "Away without leave: 3 h")
    day.press(COORDINATOR, "By activity", "away without leave")
    day.press(COORDINATOR, "课程1", "Away without leave: 3 h")
    day.press(COORDINATOR, "Let it be made up", "How can it be made up")
    day.say(COORDINATOR, "Read chapter 3", "offered")
    day.press(LI, "I will do it", "To be made up")
    day.kill_and_start()
    day.press(LI, "It is done", "Would you like to add a line")
    day.press(LI, "just say it is done", "has to confirm it")
    day.press(COORDINATOR, "Confirm", "confirmed")
    day.heard(LI, "3 h have come back")

    ledger = day.read(lambda s: hours.account_of(s, made.cohort, made.trainees[0].person_id, made.ends(1)).ledger)
    assert [entry.standing for entry in ledger.entries[:2]] == [Standing.ABSENT, Standing.EXCUSED]
    assert (ledger.sum("made_up"), ledger.left) == (180, 180)


def the_day_is_closed(day: Day) -> None:
    """In the evening, by the clock, once; what was not held is said, whoever was there is not."""
    day.bot.kill()
    day.begin(NINE_IN_THE_EVENING - timedelta(seconds=2))
    closing = day.heard(COORDINATOR, "Close of day, Mon, Dec 7")
    day.kill_and_start()

    assert re.search("No attendance was taken: 14:00 课程2", closing)
    assert re.search("09:00 课程1: 1 missing without leave\n学员00", closing)
    assert "学员01" not in closing
    said = [text for text in day.emulator.said(COORDINATOR) if "Close of day, Mon, Dec 7" in text]
    assert len(said) == 1
