from datetime import date, timedelta

from bot.loadmap.rules import Blocked, CallUp, Member, unit_rows, weeks_around

MONDAY, WEDNESDAY = date(2026, 12, 7), date(2026, 12, 9)
WEEKS = weeks_around(MONDAY, WEDNESDAY)
LI, YANG, WANG = Member(1, "李睿", "甲"), Member(2, "杨兰", "甲"), Member(3, "王芳", "乙")


def test_a_load_map_looks_three_weeks_around_the_camp_in_whole_weeks() -> None:
    assert (WEEKS[0], WEEKS[-1], len(WEEKS)) == (date(2026, 11, 16), date(2026, 12, 28), 7)
    assert {monday.weekday() for monday in WEEKS} == {0}


def test_people_elsewhere_are_counted_in_every_week_their_camp_touches() -> None:
    calls = [CallUp(LI, "Third", date(2026, 12, 13), date(2026, 12, 14))]

    rows = {row.unit: row for row in unit_rows([LI, YANG, WANG], calls, [], WEEKS)}

    assert rows["甲"].elsewhere == (0, 0, 0, 1, 1, 0, 0)
    assert (rows["甲"].people, rows["乙"].is_free) == (2, True)


def test_somebody_in_two_other_camps_of_a_week_counts_once() -> None:
    calls = [CallUp(LI, "Third", MONDAY, MONDAY), CallUp(LI, "Fifth", WEDNESDAY, WEDNESDAY)]

    (row,) = unit_rows([LI], calls, [], WEEKS)

    assert row.elsewhere[3] == 1


def test_the_most_loaded_unit_comes_first() -> None:
    rows = unit_rows([LI, WANG], [CallUp(WANG, "Third", MONDAY, MONDAY)], [], WEEKS)

    assert [row.unit for row in rows] == ["乙", "甲"]


def test_the_weeks_of_a_blackout_are_marked() -> None:
    (row,) = unit_rows([WANG], [], [Blocked("乙", WEDNESDAY, WEDNESDAY + timedelta(days=6))], WEEKS)

    assert row.blocked == (False, False, False, True, True, False, False)
    assert not row.is_free
