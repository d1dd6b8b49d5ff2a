"""A group discussion over real HTTP, the bot killed between its stages: from the draw to the file in every hand."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.database import Database
from bot.discussions import queries
from bot.discussions.models import Stage
from bot.invariants import check
from tests.stories.test_camp_day import Day
from tests.support.discussion_camp import COORDINATOR, FIRST_TRAINEE, NOON, DiscussionCamp, fill_discussion_camp
from tests.support.processes import camp, free_port

TRAINEES = tuple(FIRST_TRAINEE + number for number in range(6))
MORNING = NOON - timedelta(hours=2)


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    with camp(tmp_path, WEB_PORT=str(free_port())) as (emulator, bot):
        people = [{"person_id": one, "name": str(one), "language_code": "en"} for one in (COORDINATOR, *TRAINEES)]
        emulator.do("people", people=[one | {"started": True} for one in people])
        yield Day(emulator, bot, tmp_path)


def test_a_discussion_from_the_draw_to_the_minutes_in_every_hand(day: Day, tmp_path: Path) -> None:
    made = found_the_camp(day, tmp_path)
    the_coordinator_draws_and_announces(day)
    leader, recorder, member = people_of_the_first_group(day, made)
    they_write_in_silence(day, leader, recorder, member)
    they_number_and_vote(day, leader, recorder, member)
    they_name_causes_and_measures(day, leader, member)
    leader_and_recorder_confirm(day, leader, recorder, member)

    assert day.read(check) == []


def found_the_camp(day: Day, folder: Path) -> DiscussionCamp:
    """The bot makes its database; the camp is put into it while it is down."""
    day.begin(MORNING)
    day.bot.kill()
    made = DiscussionCamp(Database(f"sqlite:///{folder / 'cohort.sqlite3'}"))
    made.do(lambda s: fill_discussion_camp(s, made, len(TRAINEES)))
    made.database.close()
    day.start()
    return made


def the_coordinator_draws_and_announces(day: Day) -> None:
    """By buttons alone; killed before the groups are announced."""
    day.say(COORDINATOR, "/start", "第四期")
    day.press(COORDINATOR, "All of this camp", "6 trainees")
    day.press(COORDINATOR, "Group discussions", "There is none yet")
    day.press(COORDINATOR, "New discussion", "Which activity")
    day.press(COORDINATOR, "分组研讨", "a draft")
    day.press(COORDINATOR, "Questions", "Put one question")
    day.press(COORDINATOR, "Add a question", "Please send the question")
    day.kill_and_start()
    day.say(COORDINATOR, "What keeps residents away?", "1. What keeps residents away")
    day.press(COORDINATOR, "« Back", "Not drawn yet")
    day.press(COORDINATOR, "How groups come about", "A change here")
    day.press(COORDINATOR, "By number", "8 groups")
    day.press(COORDINATOR, "2", "2 groups")
    day.press(COORDINATOR, "« Back", "Not drawn yet")
    day.press(COORDINATOR, "Draw the groups", "6 people in 2 groups")
    day.kill_and_start()
    day.press(COORDINATOR, "« Back", "Drawn: 2 groups")
    day.press(COORDINATOR, "Announce", "Tell 6 people")
    day.press(COORDINATOR, "Yes, tell them", "announced")
    for one in TRAINEES:
        day.heard(one, "Together: ")


def people_of_the_first_group(day: Day, made: DiscussionCamp) -> list[int]:
    """Leader, recorder, and who is neither."""
    circle = day.read(lambda s: queries.circles_of(s, queries.require_discussion(s, 1))[0])
    accounts = {int(one.person_id): one.telegram_id for one in made.trainees}
    order = [circle.group.leader_id or 0, circle.group.recorder_id or 0, *(one.person_id for one in circle.members)]
    return [accounts[one] for one in dict.fromkeys(order)]


def they_write_in_silence(day: Day, leader: int, recorder: int, member: int) -> None:
    """Killed while somebody is about to type."""
    day.press(leader, "Begin", "everybody writes")
    day.heard(member, "everybody writes")
    day.press(member, "✍️ 1", "Send me your points")
    day.kill_and_start()
    day.say(member, "- Meetings are at noon\n- Nobody asks us", "2\\) Nobody asks us")
    day.press(recorder, "✍️ 1", "Send me your points")
    day.say(recorder, "meetings are at noon.", "1\\) meetings are at noon")


def they_number_and_vote(day: Day, leader: int, recorder: int, member: int) -> None:
    """What reads the same is one; dots are placed."""
    day.press(leader, "Go on", "has not done anything")
    day.press(leader, "Yes, go on", "number and put together")
    day.heard(recorder, "Tap a question")
    day.press(recorder, "🔗 1", "Meetings are at noon ×2")
    day.kill_and_start()
    day.press(leader, "Go on", "vote with dots")
    day.heard(member, "3 dots for each question")
    day.press(member, "🔵 1", "You have 3 dots left")
    day.press(member, "1", "You have 2 dots left")


def they_name_causes_and_measures(day: Day, leader: int, member: int) -> None:
    """For the leading point."""
    day.press(leader, "Go on", "have not done anything")
    day.press(leader, "Yes, go on", "causes and measures")
    day.heard(member, "Where does it come from")
    day.press(member, "🔎 1", "Where it comes from")
    day.press(member, "➕ Cause", "Send me the causes")
    day.say(member, "Offices close at five", "– Offices close at five")
    day.press(member, "➕ Measure", "Send me the measures")
    day.kill_and_start()
    day.say(member, "Open in the evening", "– Open in the evening")


def leader_and_recorder_confirm(day: Day, leader: int, recorder: int, member: int) -> None:
    """Killed between the two confirmations; everybody gets the file."""
    day.press(leader, "Go on", "The minutes are drafted")
    day.heard(recorder, "I have drafted the minutes")
    day.press(recorder, "📝 The minutes", "Offices close at five")
    day.press(recorder, "I confirm", "still to come")
    day.kill_and_start()
    day.heard(leader, "wait for your confirmation")
    day.press(leader, "📝 The minutes", "✅ Recorder")
    day.press(leader, "I confirm", "minutes are confirmed")
    for one in (leader, recorder, member, COORDINATOR):
        day.heard(one, "Minutes · Group 1")
    stages = day.read(lambda s: [group.stage for group in queries.groups_of(s, 1)])
    assert stages == [Stage.DONE, Stage.GATHERING]
