from datetime import timedelta

import pytest

from bot.checkin import service as checkin
from bot.checkin.outcomes import Arrived, Closed, TooEarly
from bot.checkin.policies import RuleView, Scope, Setting
from bot.checkin.rules import USUAL, Status
from bot.errors import Gone, NotAllowed
from bot.people.service import Speaker
from tests.support.checkin_camp import START, Camp

MINUTE = timedelta(minutes=1)


def change(camp: Camp, scope: Scope, setting: Setting, value: int, who: Speaker | None = None) -> RuleView:
    return camp.do(
        lambda s: checkin.change_rule(
            s,
            speaker=who or camp.coordinator,
            activity_id=camp.lecture,
            scope=scope,
            setting=setting,
            value=value,
            now=START,
        )
    )


def show(camp: Camp, scope: Scope, activity_id: int | None = None) -> RuleView:
    return camp.see(
        lambda s: checkin.show_rules(s, speaker=camp.coordinator, activity_id=activity_id or camp.lecture, scope=scope)
    )


def test_without_a_rule_the_usual_ones_hold(camp: Camp) -> None:
    view = show(camp, Scope.ACTIVITY)

    assert (view.policy, view.inherited) == (USUAL, True)


def test_the_narrowest_rule_holds(camp: Camp) -> None:
    change(camp, Scope.COHORT, Setting.LATE, 30)
    change(camp, Scope.KIND, Setting.LATE, 15)
    change(camp, Scope.ACTIVITY, Setting.LATE, 5)

    seen = {scope: show(camp, scope).policy.late_after for scope in Scope}

    assert seen == {Scope.COHORT: 30 * MINUTE, Scope.KIND: 15 * MINUTE, Scope.ACTIVITY: 5 * MINUTE}
    assert show(camp, Scope.ACTIVITY, camp.visit).policy.late_after == 15 * MINUTE


def test_a_dropped_rule_lets_the_wider_one_hold_again(camp: Camp) -> None:
    change(camp, Scope.COHORT, Setting.LATE, 30)
    change(camp, Scope.ACTIVITY, Setting.LATE, 5)

    view = camp.do(
        lambda s: checkin.drop_rule(
            s, speaker=camp.coordinator, activity_id=camp.lecture, scope=Scope.ACTIVITY, now=START
        )
    )

    assert (view.policy.late_after, view.inherited) == (30 * MINUTE, True)
    assert [line.action for line in camp.changes("drop")] == ["drop"]


def test_the_doors_the_lateness_and_the_closing_follow_the_rules(camp: Camp) -> None:
    camp.open(at=START - 60 * MINUTE)
    change(camp, Scope.COHORT, Setting.OPENS, 15)
    change(camp, Scope.COHORT, Setting.LATE, 0)
    change(camp, Scope.COHORT, Setting.CLOSES, 0)
    early, late, over = START - 16 * MINUTE, START + MINUTE, START + 120 * MINUTE

    first = camp.type(camp.code(early), early)
    second = camp.type(camp.code(late), late, camp.trainees[1])
    third = camp.type(camp.code(over), over, camp.trainees[2])

    assert isinstance(first, TooEarly)
    assert first.opens_at == START - 15 * MINUTE
    assert isinstance(second, Arrived)
    assert second.status is Status.LATE
    assert isinstance(third, Closed)


def test_a_change_of_the_rule_re_runs_who_was_late_and_moves_no_arrival(camp: Camp) -> None:
    camp.open()
    at = START + 12 * MINUTE
    camp.type(camp.code(at), at)
    before = camp.see(lambda s: checkin.read_board(s, activity_id=camp.lecture))

    change(camp, Scope.COHORT, Setting.LATE, 15)

    after = camp.see(lambda s: checkin.read_board(s, activity_id=camp.lecture))
    assert (len(before.late), len(after.late), len(after.present)) == (1, 0, 1)
    assert camp.arrivals() == [at]


def test_only_a_coordinator_changes_a_rule_and_only_to_what_is_offered(camp: Camp) -> None:
    _, _, stranger = camp.stranger_cohort()

    for who in (camp.trainees[0], stranger):
        with pytest.raises(NotAllowed):
            change(camp, Scope.COHORT, Setting.LATE, 5, who)
    with pytest.raises(Gone):
        change(camp, Scope.COHORT, Setting.LATE, 7)
    assert show(camp, Scope.COHORT).policy == USUAL


def test_setting_what_holds_already_writes_no_line_in_the_log(camp: Camp) -> None:
    change(camp, Scope.COHORT, Setting.LATE, 10)

    assert camp.changes("change") == []
