"""The rules of a discussion: stages, what reads the same, which points lead, whose names may stand."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discussions.models import Discussion, Stage
from bot.discussions.rules import (
    deadline,
    following,
    leading,
    likeness,
    minutes_of,
    page_of,
    points_in,
    preceding,
    smallest,
    tidy,
    without_names,
    wordings,
)
from tests.support.discussion_camp import NOON


def test_the_stages_follow_one_another_and_minutes_end_only_by_being_confirmed() -> None:
    way = [Stage.GATHERING]
    while following(way[-1]) is not way[-1]:
        way.append(following(way[-1]))

    assert way == [Stage.GATHERING, Stage.WRITING, Stage.MERGING, Stage.VOTING, Stage.CAUSES, Stage.MINUTES]
    assert following(Stage.DONE) is Stage.DONE


def test_nobody_goes_back_to_before_the_writing() -> None:
    assert preceding(Stage.WRITING) is Stage.WRITING
    assert preceding(Stage.GATHERING) is Stage.GATHERING
    assert [preceding(stage) for stage in (Stage.MERGING, Stage.DONE)] == [Stage.WRITING, Stage.MINUTES]


def test_a_stage_without_minutes_has_no_deadline() -> None:
    discussion = Discussion(cohort_id=1, activity_id=1, made_by=1, created_at=NOON, voting_minutes=0)

    assert deadline(discussion, Stage.WRITING, NOON) == NOON + timedelta(minutes=8)
    assert deadline(discussion, Stage.VOTING, NOON) is None
    assert deadline(discussion, Stage.WRITING, None) is None
    assert minutes_of(discussion, Stage.GATHERING) == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("停车难", "停车难。"),
        ("停车难", " 停 车 难 "),
        ("Parking", "PARKING"),
        ("ｐａｒｋｉｎｇ", "parking"),
        ("1. Parking", "parking"),
        ("- 停车难", "停车难"),
        ("“停车难”", "停车难"),
        ("12345 热线", "12345热线"),
    ],
)
def test_texts_that_differ_only_in_form_are_the_same(one: str, other: str) -> None:
    assert likeness(one) == likeness(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("不，好", "不好"),
        ("停车难", "停车难？"),
        ("停车难", "停车不难"),
        ("free parking", "freeparking"),
        ("2.5 million", "5 million"),
        ("😀", "😀😀"),
        ("100", "1000"),
    ],
)
def test_texts_that_may_say_something_else_are_not_the_same(one: str, other: str) -> None:
    assert likeness(one) != likeness(other)


@given(st.text(min_size=1))
def test_what_reads_the_same_is_never_nothing_unless_the_text_is(text: str) -> None:
    assert bool(likeness(text)) == bool(tidy(text)) or not tidy(text)
    assert likeness(tidy(text)) == likeness(text)


def test_a_list_is_as_many_points_as_it_has_lines() -> None:
    assert points_in("1. 停车难\n2、噪音\n（3）没有电梯") == ["停车难", "噪音", "没有电梯"]
    assert points_in("- one\n\n• two") == ["one", "two"]


def test_lines_that_are_no_list_are_one_point() -> None:
    assert points_in("停车难\n晚上更难") == ["停车难 晚上更难"]
    assert points_in("- a list\nthat goes on") == ["- a list that goes on"]
    assert points_in("1. alone") == ["1. alone"]
    assert points_in("2.5 million\n3.1 million") == ["2.5 million 3.1 million"]


def test_what_has_no_words_is_no_point() -> None:
    assert points_in(" \n\t ") == []


def test_the_three_with_most_dots_lead_and_ties_come_along_up_to_five() -> None:
    assert leading({1: 1, 2: 4, 3: 2, 4: 3}) == [2, 4, 3]
    assert leading({1: 2, 2: 2, 3: 2, 4: 2}) == [1, 2, 3, 4]
    assert leading(dict.fromkeys(range(1, 9), 1)) == [1, 2, 3, 4, 5]
    assert leading({1: 5, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1}) == [1, 2, 3, 4, 5]


def test_a_point_without_dots_never_leads() -> None:
    assert leading({1: 0, 2: 1, 3: 0}) == [2]
    assert leading({1: 0}) == []


@given(st.dictionaries(st.integers(1, 30), st.integers(0, 9)))
def test_no_point_that_leads_has_fewer_dots_than_one_that_does_not(dots: dict[int, int]) -> None:
    found = leading(dots)

    assert len(found) <= 5
    assert all(dots[one] > 0 for one in found)
    assert len(found) >= min(3, sum(count > 0 for count in dots.values()))
    left_out = [dots[number] for number in dots if number not in found]
    assert not found or not left_out or min(dots[one] for one in found) >= max(left_out)


def test_names_of_those_who_have_not_agreed_are_taken_out() -> None:
    assert without_names("请李睿明天联系王小明", ["李睿", "王小明"], "某") == "请某明天联系某"
    assert without_names("Ann's annual plan, ANN!", ["Ann"], "x") == "x's annual plan, x!"
    assert without_names("李睿明说", ["李睿", "李睿明"], "某") == "某说"


def test_a_name_that_is_empty_or_a_single_sign_takes_nothing_out() -> None:
    assert without_names("一切都好", ["", " ", "一"], "某") == "一切都好"


@given(st.text(max_size=60), st.lists(st.text(alphabet="甲乙丙丁", min_size=2, max_size=4), max_size=4))
def test_no_chinese_name_survives(text: str, names: list[str]) -> None:
    assert not any(name in without_names(text, names, "·") for name in names)


def test_wordings_that_read_the_same_are_counted_together() -> None:
    assert wordings(["Noise", "noise.", "Parking", "NOISE"]) == [(0, 3), (2, 1)]


def test_the_smallest_group_is_the_first_of_those_alike() -> None:
    assert smallest({1: 5, 2: 4, 3: 4}) == 2
    assert smallest({}) is None


def test_a_page_that_does_not_exist_is_the_nearest_that_does() -> None:
    assert page_of(range(20), 9, 8) == (range(16, 20), 2, 3)
    assert page_of([], -1, 8) == ([], 0, 1)
