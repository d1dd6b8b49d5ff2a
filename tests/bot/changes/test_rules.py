from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.changes.rules import Altered, Facts, Field, compare, is_worth_telling
from tests.support.camps import MONDAY, local

NOW = local(MONDAY, 8)
HOUR = timedelta(hours=1)
LECTURE = Facts(local(MONDAY, 9), local(MONDAY, 10), "Lecture", "301", "王老师", "携带笔记本")


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({}, ()),
        ({"starts_at": LECTURE.starts_at + HOUR, "ends_at": LECTURE.ends_at + HOUR}, (Field.TIME,)),
        ({"ends_at": LECTURE.ends_at - HOUR / 2}, (Field.TIME,)),
        ({"place": "305"}, (Field.PLACE,)),
        ({"speaker": ""}, (Field.SPEAKER,)),
        ({"title": "Talk", "notes": ""}, (Field.TITLE, Field.NOTES)),
        ({"is_cancelled": True, "place": "305"}, (Field.CANCELLED,)),
    ],
)
def test_what_people_must_hear_of_is_named(values: dict[str, object], fields: tuple[Field, ...]) -> None:
    assert Altered(1, LECTURE, replace(LECTURE, **values)).fields == fields


def test_what_comes_back_and_what_is_new_is_told_and_what_stays_away_is_not() -> None:
    away = replace(LECTURE, is_cancelled=True)

    assert Altered(1, away, LECTURE).fields == (Field.CANCELLED,)
    assert Altered(1, None, LECTURE).fields == (Field.CANCELLED,)
    assert Altered(1, away, replace(away, place="305")).fields == ()
    assert Altered(1, None, away).fields == ()


def test_an_activity_of_one_group_concerns_that_group_only() -> None:
    before = replace(LECTURE, group_name="一组")
    altered = Altered(1, before, replace(before, place="305"))

    assert [altered.is_news_for(group) for group in ("一组", "二组", None)] == [True, False, False]


def test_an_activity_handed_to_another_group_is_gone_for_the_one_and_new_for_the_other() -> None:
    altered = Altered(1, replace(LECTURE, group_name="一组"), replace(LECTURE, group_name="二组"))

    assert [altered.is_news_for(group) for group in ("一组", "二组", "三组")] == [True, True, False]
    assert altered.as_seen_by("一组")[1].is_cancelled
    assert altered.as_seen_by("二组")[0] is None


def test_an_activity_narrowed_to_a_group_is_no_news_for_that_group() -> None:
    altered = Altered(1, LECTURE, replace(LECTURE, group_name="一组"))

    assert [altered.is_news_for(group) for group in ("一组", "二组", None)] == [False, True, True]


@pytest.mark.parametrize(
    ("before", "after", "is_running", "worth"),
    [
        (LECTURE, replace(LECTURE, place="305"), False, True),
        (LECTURE, LECTURE, True, False),
        (None, LECTURE, True, True),
        (None, LECTURE, False, False),
        (LECTURE, replace(LECTURE, group_name="一组"), True, True),
    ],
)
def test_new_activities_are_told_only_while_the_camp_runs(
    before: Facts | None, after: Facts, is_running: bool, worth: bool
) -> None:
    assert is_worth_telling(Altered(1, before, after), NOW, is_running=is_running) == worth


def test_what_is_over_is_not_told_unless_it_was_moved_to_what_is_ahead() -> None:
    over = replace(LECTURE, starts_at=NOW - 3 * HOUR, ends_at=NOW - 2 * HOUR)

    assert not is_worth_telling(Altered(1, over, replace(over, place="305")), NOW, is_running=True)
    assert is_worth_telling(Altered(1, over, LECTURE), NOW, is_running=True)


def test_only_what_differs_is_compared_in_the_order_of_time() -> None:
    later = replace(LECTURE, starts_at=LECTURE.starts_at + HOUR, ends_at=LECTURE.ends_at + HOUR)
    before = {1: later, 2: LECTURE, 3: LECTURE}
    after = {1: replace(later, place="x"), 2: replace(LECTURE, place="x"), 3: LECTURE}

    assert [one.activity_id for one in compare(before, after)] == [2, 1]


def test_facts_survive_being_written_down() -> None:
    facts = replace(LECTURE, group_name="一组", is_cancelled=True)

    assert Facts.from_json(facts.to_json()) == facts
