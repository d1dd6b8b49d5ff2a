from datetime import timedelta

import pytest

from bot.reminders.rules import LONG_AHEAD, USUAL, Leads, Reason, judge, parse_minutes
from tests.support.camps import MONDAY, local

NINE = local(MONDAY, 9)


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("20", 20),
        ("２０", 20),
        (" 40分钟 ", 40),
        ("提前30分钟", 30),
        ("30 min", 30),
        ("45 minutes before", 45),
        ("半小时", 30),
        ("half an hour", 30),
        ("1 hour", 60),
        ("一小时", 60),
        ("一个半小时", 90),
        ("2小时", 120),
        ("两个小时", 120),
        ("an hour", 60),
        ("0", 0),
        ("off", 0),
        ("不提醒", 0),
        ("240", 240),
        ("四十分钟", 40),
        ("十五分", 15),
        ("提前两分钟", 2),
        ("一刻钟", 15),
    ],
)
def test_a_lead_is_read_as_people_write_it(typed: str, minutes: int) -> None:
    assert parse_minutes(typed) == minutes


@pytest.mark.parametrize("typed", ["", "soon", "-5", "241", "5 hours", "9999999", "15-20", "1.5", "8:30", "十足"])
def test_what_is_no_lead_is_refused(typed: str) -> None:
    assert parse_minutes(typed) is None


def test_a_bus_is_announced_longer_ahead_than_a_lecture() -> None:
    assert [Leads().fixed(kind) for kind in ("乘车", "Bus transfer", "讲座", "", "business")] == [
        LONG_AHEAD,
        LONG_AHEAD,
        None,
        None,
        None,
    ]


def test_the_cohorts_own_rule_for_a_kind_counts_whatever_its_case_and_width() -> None:
    leads = Leads(by_kind={"bus": 25, "讲座": 10})

    assert [leads.fixed(kind) for kind in ("BUS", "Ｂus ", "讲座", "讨论")] == [25, 25, 10, None]


def test_where_each_may_choose_every_chosen_lead_is_wanted() -> None:
    leads = Leads(usual=20, by_kind={"test": 0, "bus": 40})

    assert leads.wanted("lecture", [5, 60]) == {5, 20, 60}
    assert leads.wanted("bus", [5, 60]) == {40}
    assert leads.wanted("test", [5]) == set()
    assert Leads(usual=0).wanted("lecture", []) == set()


@pytest.mark.parametrize(
    ("moved", "later", "is_cancelled", "reason"),
    [
        (0, 0, False, None),
        (0, USUAL - 1, False, None),
        (0, USUAL, False, Reason.TOO_LATE),
        (60, 0, False, Reason.MOVED),
        (60, 0, True, Reason.CANCELLED),
    ],
)
def test_a_reminder_is_left_out_where_it_would_be_wrong_or_too_late(
    moved: int, later: int, is_cancelled: bool, reason: Reason | None
) -> None:
    now = NINE - timedelta(minutes=USUAL - later)

    assert judge(NINE + timedelta(minutes=moved), NINE, now, is_cancelled=is_cancelled) == reason
