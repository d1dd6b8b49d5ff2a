from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import inspect

from bot.checkin.models import Attendance, Method
from bot.errors import Gone, NotAllowed
from bot.forum import feedback, signals
from bot.forum.feedback import FEEDBACK, GIVEN, TALLY, NotHeldYet, OwnTalk, Result, Taken
from bot.forum.pools import SIGNUP
from bot.forum.questions import NotInTheRoom
from bot.forum.stage_models import FeedbackPart
from bot.people.service import Speaker
from tests.support.seats_scene import STARTS, sign_guest
from tests.support.stage_scene import LISTENER, MINUTE, STRANGER, StageCamp

OVER = STARTS + 45 * MINUTE
CLEAR, USEFUL = FeedbackPart.CLEAR, FeedbackPart.USEFUL


@pytest.fixture
def held(stage: StageCamp) -> StageCamp:
    """The forum has been held."""
    stage.hold()
    return stage


def tap(stage: StageCamp, who: Speaker, part: FeedbackPart, points: int, slot: int = 1, at: datetime = OVER) -> Taken:
    slot_id = stage.slot(slot)
    return stage.camp.do(
        lambda s: feedback.tap(
            s, speaker=who, telegram_id=who.telegram_id, slot_id=slot_id, part=part, points=points, now=at
        )
    )[0]


def say(stage: StageCamp, who: Speaker, text: str, slot: int = 1) -> Taken:
    slot_id = stage.slot(slot)
    return stage.camp.do(
        lambda s: feedback.say(s, speaker=who, telegram_id=who.telegram_id, slot_id=slot_id, text=text, now=OVER)
    )[0]


def result(stage: StageCamp, slot: int = 1) -> Result:
    item = stage.order(OVER).items[slot]
    return stage.camp.see(lambda s: feedback.result_of(s, item))


def test_two_taps_are_kept_each_by_itself(held: StageCamp) -> None:
    who = held.camp.trainee(LISTENER)

    assert (tap(held, who, CLEAR, 4), tap(held, who, USEFUL, 5)) == (Taken.KEPT, Taken.KEPT)

    assert sorted((row.part, row.points, row.sentence) for row in held.rows(FEEDBACK)) == [
        ("clear", 4, ""),
        ("useful", 5, ""),
    ]


def test_a_second_tap_changes_nothing(held: StageCamp) -> None:
    who = held.camp.trainee(LISTENER)
    tap(held, who, CLEAR, 4)

    assert tap(held, who, CLEAR, 1) is Taken.AGAIN
    assert [row.points for row in held.rows(FEEDBACK)] == [4]


def test_nothing_is_shown_below_five_answers(held: StageCamp) -> None:
    for number in range(1, 5):
        tap(held, held.camp.trainee(number), CLEAR, 5)
        say(held, held.camp.trainee(number), "A sentence")

    assert result(held) == Result(held.order(OVER).items[1])
    assert not result(held).is_shown

    tap(held, held.camp.trainee(5), CLEAR, 3)

    assert (result(held).clear.answers, result(held).clear.mean) == (5, 4.6)
    assert result(held).sentences == ("A sentence",) * 4


def test_what_is_shown_moves_on_in_fives_so_that_nobody_shows_in_the_difference(held: StageCamp) -> None:
    for number in range(1, 6):
        tap(held, held.camp.trainee(number), CLEAR, 5)
    five = result(held).clear
    for number in range(6, 10):
        tap(held, held.camp.trainee(number), CLEAR, 1)
    nine = result(held).clear
    tap(held, held.camp.trainee(10), CLEAR, 1)

    assert five == nine
    assert (result(held).clear.answers, result(held).clear.mean) == (10, 3.0)


def test_the_tables_do_not_say_who_said_what(held: StageCamp) -> None:
    columns = {column["name"] for column in inspect(held.camp.database.connect()).get_columns("forum_feedback")}
    tap(held, held.camp.trainee(LISTENER), CLEAR, 4)

    assert columns == {"id", "slot_id", "part", "points", "sentence"}
    assert [(row.telegram_id, row.part) for row in held.rows(GIVEN)] == [
        (held.camp.trainee(LISTENER).telegram_id, "clear")
    ]


def test_the_rows_lie_in_no_order_of_coming(held: StageCamp) -> None:
    for number in range(1, 10):
        tap(held, held.camp.trainee(number), CLEAR, number % 5 + 1)
    order = "rowid" if held.camp.database.is_sqlite else "ctid"

    lying = held.camp.see(
        lambda s: s.connection().exec_driver_sql(f"SELECT id FROM forum_feedback ORDER BY {order}").scalars().all()  # noqa: S608
    )

    assert list(lying) == sorted(lying)


def test_a_sentence_is_one_a_talk_and_of_bounded_length(held: StageCamp) -> None:
    who = held.camp.trainee(LISTENER)

    assert [say(held, who, text) for text in (" \n", "x" * 301, "Good", "Once more")] == [
        Taken.EMPTY,
        Taken.TOO_LONG,
        Taken.KEPT,
        Taken.AGAIN,
    ]


def test_nobody_judges_the_own_talk(held: StageCamp) -> None:
    with pytest.raises(OwnTalk):
        tap(held, held.camp.trainee(0), CLEAR, 5)

    assert tap(held, held.camp.trainee(0), CLEAR, 5, slot=2) is Taken.KEPT


def test_only_talks_that_were_held_take_feedback_and_for_two_days(stage: StageCamp) -> None:
    who = stage.camp.trainee(LISTENER)
    with pytest.raises(NotHeldYet):
        tap(stage, who, CLEAR, 5)
    stage.hold()
    with pytest.raises(NotHeldYet):
        tap(stage, who, CLEAR, 5, slot=0)
    assert tap(stage, who, CLEAR, 5, at=OVER + 47 * 60 * MINUTE) is Taken.KEPT
    with pytest.raises(NotHeldYet):
        tap(stage, who, USEFUL, 5, at=OVER + 49 * 60 * MINUTE)


@pytest.mark.parametrize("points", [0, 6, -1, 10**9])
def test_points_that_no_button_has_are_refused(held: StageCamp, points: int) -> None:
    with pytest.raises(Gone):
        tap(held, held.camp.trainee(LISTENER), CLEAR, points)

    assert held.rows(GIVEN) == []


def test_whoever_was_not_in_the_room_says_nothing(held: StageCamp) -> None:
    slot_id = held.slot(1)

    with pytest.raises(NotInTheRoom):
        held.camp.do(
            lambda s: feedback.tap(
                s, speaker=None, telegram_id=STRANGER, slot_id=slot_id, part=CLEAR, points=3, now=OVER
            )
        )
    sign_guest(held.camp, STRANGER, "Guest Gu")
    taken = held.camp.do(
        lambda s: feedback.tap(s, speaker=None, telegram_id=STRANGER, slot_id=slot_id, part=CLEAR, points=3, now=OVER)
    )[0]
    assert taken is Taken.KEPT


def test_results_are_for_staff_in_the_running_order(held: StageCamp) -> None:
    for speaker in (held.camp.coordinator, held.teacher, held.auditor):
        _, found = held.camp.see(
            lambda s, who=speaker: feedback.results(s, speaker=who, call_id=held.call_id, now=OVER)  # type: ignore[misc]
        )
        assert [one.item.talk.party.name for one in found if one.item.talk] == ["学员0", "学员1", "学员2"]
    with pytest.raises(NotAllowed):
        held.camp.see(lambda s: feedback.results(s, speaker=held.camp.trainee(0), call_id=held.call_id, now=OVER))


def attend(stage: StageCamp, number: int, **values: Any) -> None:
    row = Attendance(
        activity_id=stage.camp.activity_id,
        person_id=stage.camp.people[number],
        method=Method.HAND,
        recorded_at=STARTS,
        **values,
    )
    stage.camp.do(lambda s: s.add(row))


def names(stage: StageCamp) -> list[str]:
    order = stage.order(OVER)
    return [party.name for party in stage.camp.see(lambda s: feedback.room(s, order))]


def test_those_who_were_there_are_asked(held: StageCamp) -> None:
    attend(held, 6, arrived_at=STARTS)
    attend(held, 7, arrived_at=None)
    guest = sign_guest(held.camp, STRANGER, "Guest Gu")
    held.camp.do(lambda s: s.execute(SIGNUP.update().where(SIGNUP.c.id == guest).values(arrived_at=STARTS)))
    sign_guest(held.camp, STRANGER + 1, "Guest Absent")

    assert names(held) == ["学员0", "学员1", "学员2", "学员6", "Guest Gu"]


def test_where_nobody_checked_in_those_with_a_place_are_asked(held: StageCamp) -> None:
    held.camp.sign(8)

    assert names(held) == ["学员0", "学员1", "学员2", "学员8"]


def test_the_room_is_asked_once(held: StageCamp) -> None:
    first = held.camp.do(lambda s: feedback.take_end(s, held.call_id, OVER))
    from_now_on = held.camp.see(lambda s: signals.ended_unasked(s))

    assert len(first[1]) == 3
    assert list(from_now_on) == []


def test_a_forum_without_a_talk_asks_nobody(stage: StageCamp) -> None:
    stage.open()
    stage.end(STARTS + MINUTE)

    assert stage.camp.do(lambda s: feedback.take_end(s, stage.call_id, OVER))[1] == []


def test_a_speaker_is_told_the_day_after_and_once(held: StageCamp) -> None:
    for number in range(1, 6):
        tap(held, held.camp.trainee(number), CLEAR, 4)
    day_after = OVER + 21 * 60 * MINUTE

    due = held.camp.see(lambda s: feedback.untold(s, day_after))
    told = [held.camp.do(lambda s, n=slot_id: feedback.take_untold(s, n, day_after))[1] for slot_id in due]  # type: ignore[misc]

    assert held.camp.see(lambda s: feedback.untold(s, OVER)) == []
    assert [one.is_shown for one in told] == [True, False, False]
    assert held.camp.see(lambda s: feedback.untold(s, day_after)) == []


def test_a_full_five_of_one_question_is_counted_by_itself(held: StageCamp) -> None:
    for number in range(1, 6):
        tap(held, held.camp.trainee(number), CLEAR, 4)
    tap(held, held.camp.trainee(1), USEFUL, 1)

    assert [(row.part, row.answers, row.points) for row in held.rows(TALLY)] == [("clear", 5, 20)]
