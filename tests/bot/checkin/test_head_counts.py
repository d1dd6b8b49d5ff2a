from datetime import timedelta

import pytest

from bot.checkin import service as checkin
from bot.checkin.head_counts import HeadCountView, TooEarlyToCount
from bot.errors import Gone, NotAllowed
from bot.people.service import Speaker
from tests.support.checkin_camp import START, Camp


def count(camp: Camp, counted: int, group: str | None = None, who: Speaker | None = None) -> HeadCountView:
    return camp.do(
        lambda s: checkin.count_heads(
            s, speaker=who or camp.coordinator, activity_id=camp.lecture, counted=counted, now=START, group=group
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
