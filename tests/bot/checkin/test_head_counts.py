from datetime import datetime, timedelta

import pytest

from bot.checkin import service as checkin
from bot.checkin.head_counts import HeadCountView, TooEarlyToCount
from bot.errors import Gone, NotAllowed
from bot.people import groups
from bot.people.service import Speaker
from tests.support.checkin_camp import START, Camp


def count(
    camp: Camp, counted: int, group: str | None = None, who: Speaker | None = None, now: datetime = START
) -> HeadCountView:
    return camp.do(
        lambda s: checkin.count_heads(
            s, speaker=who or camp.coordinator, activity_id=camp.lecture, counted=counted, now=now, group=group
        )
    )


def move(camp: Camp, who: Speaker, group: str, now: datetime) -> None:
    camp.do(
        lambda s: groups.change_group(
            s, speaker=camp.coordinator, cohort_id=camp.cohort, person_id=who.person_id, group=group, now=now
        )
    )


def test_a_count_beside_the_record_gives_the_names_to_look_through(camp: Camp) -> None:
    camp.open()
    camp.type(camp.code(START), START)

    view = count(camp, 2)

    assert (view.difference, [one.name for one in view.waiting]) == (1, ["学员01", "学员02"])
    assert [one.name for one in view.arrived] == ["学员00"]


def test_the_last_count_stands_and_every_count_is_in_the_log(camp: Camp) -> None:
    count(camp, 1, "第2组")
    count(camp, 0, "第2组")
    count(camp, 0, "第2组")

    (row,) = camp.see(lambda s: checkin.head_counts(s, camp.cohort))
    assert (row.group, row.counted, row.arrived, row.expected, row.differs) == ("第2组", 0, 0, 1, False)
    assert len(camp.changes("count")) == 2


def test_a_count_stands_beside_the_group_of_that_day_whatever_group_people_have_now(camp: Camp) -> None:
    camp.open()
    camp.type(camp.code(START), START)
    for group in ("", "第1组", "第2组"):
        count(camp, 1, group)

    move(camp, camp.trainees[0], "第2组", START + timedelta(days=1))

    rows = camp.see(lambda s: checkin.head_counts(s, camp.cohort))
    assert [(row.group, row.arrived, row.expected, row.differs) for row in rows] == [
        ("", 1, 3, False),
        ("第1组", 1, 1, False),
        ("第2组", 0, 1, True),
    ]


def test_a_count_of_a_day_after_the_move_has_people_in_their_new_group(camp: Camp) -> None:
    camp.change_activity(camp.lecture, starts_at=START + timedelta(days=2), ends_at=START + timedelta(days=2, hours=1))
    two_days_on = START + timedelta(days=2)
    for group, counted in (("第1组", 0), ("第2组", 2)):
        count(camp, counted, group, now=two_days_on)

    move(camp, camp.trainees[0], "第2组", START + timedelta(days=1))

    rows = camp.see(lambda s: checkin.head_counts(s, camp.cohort, activity_id=camp.lecture))
    assert [(row.group, row.expected) for row in rows] == [("第1组", 0), ("第2组", 2)]


def test_a_count_of_an_activity_for_one_group_has_who_was_in_it_that_day(camp: Camp) -> None:
    camp.change_activity(camp.lecture, group_name="第1组")
    count(camp, 1, "第1组")

    move(camp, camp.trainees[0], "第3组", START + timedelta(days=1))
    move(camp, camp.trainees[1], "第1组", START + timedelta(days=1))

    (row,) = camp.see(lambda s: checkin.head_counts(s, camp.cohort))
    assert (row.arrived, row.expected) == (0, 1)


def test_a_count_marks_nobody(camp: Camp) -> None:
    count(camp, 3)

    assert camp.arrivals() == []


def test_impossible_counts_strangers_and_early_birds_are_refused(camp: Camp) -> None:
    for counted in (-1, 24):
        with pytest.raises(Gone):
            count(camp, counted)
    with pytest.raises(NotAllowed):
        count(camp, 1, who=camp.trainees[0])
    camp.change_activity(camp.lecture, starts_at=START + timedelta(hours=5), ends_at=START + timedelta(hours=6))
    with pytest.raises(TooEarlyToCount):
        count(camp, 1)
