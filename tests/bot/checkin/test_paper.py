from datetime import time, timedelta

import pytest
from sqlmodel import Session

from bot.checkin import paper
from bot.checkin import service as checkin
from bot.checkin.outcomes import ActivityCancelled
from bot.checkin.paper import Line, NothingOnPaper, PaperPlan
from bot.errors import NotAllowed
from tests.support.checkin_camp import START, Camp

EVENING = START + timedelta(hours=9)


def codes(camp: Camp, activity_id: int | None = None) -> list[str]:
    """The codes on the sheet, in the order of the trainees."""

    def work(session: Session) -> list[str]:
        activity = checkin.prepare_sheet(session, speaker=camp.coordinator, activity_id=activity_id or camp.lecture)
        whose = {person: code for code, person in paper.codes_of(session, activity).items()}
        return [whose[one.person_id] for one in camp.trainees]

    return camp.do(work)


def plan(camp: Camp, *lines: Line) -> PaperPlan:
    return camp.do(
        lambda s: checkin.plan_lines(s, speaker=camp.coordinator, activity_id=camp.lecture, lines=lines, now=EVENING)
    )


def keep(camp: Camp, *lines: Line) -> paper.Kept:
    return camp.do(
        lambda s: checkin.keep_lines(s, speaker=camp.coordinator, activity_id=camp.lecture, lines=lines, now=EVENING)
    )


def test_every_row_has_a_code_of_its_own_that_another_sheet_does_not_have(camp: Camp) -> None:
    lecture, visit = codes(camp), codes(camp, camp.visit)

    assert len({*lecture, *visit}) == 6
    assert lecture == codes(camp)


def test_two_people_never_share_a_code_even_when_the_secret_gives_the_same(
    camp: Camp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "LENGTH", 1)

    assert len(set(codes(camp))) == 3


def test_a_line_without_a_time_is_on_time_and_one_with_times_counts_the_minutes(camp: Camp) -> None:
    first, second, _ = codes(camp)

    keep(camp, Line(first), Line(second, time(9, 20), time(10, 40)))

    found = camp.see(lambda s: list(checkin.attendance_of(s, camp.cohort)))
    assert [(one.method, one.status, one.minutes) for one in found] == [
        ("paper", "present", 120),
        ("paper", "late", 80),
    ]


def test_whoever_checked_in_by_code_keeps_that_time(camp: Camp) -> None:
    camp.open()
    camp.type(camp.code(START), START)

    kept = keep(camp, Line(codes(camp)[0], time(10, 0)))

    assert (kept.recorded, kept.known) == (0, 1)
    assert camp.arrivals() == [START]


def test_wrong_codes_other_sheets_and_impossible_times_are_named_and_not_recorded(camp: Camp) -> None:
    own, elsewhere = codes(camp), codes(camp, camp.visit)

    seen = plan(
        camp, Line(own[0], time(15, 0)), Line(own[1], time(10, 0), time(9, 0)), Line("2222"), Line(elsewhere[2])
    )

    assert seen.new == ()
    assert seen.odd == (own[0], own[1])
    assert seen.unknown == ("2222",)
    assert seen.elsewhere == ((elsewhere[2], "Site visit"),)


def test_the_same_sheet_twice_records_once(camp: Camp) -> None:
    lines = [Line(code) for code in codes(camp)]
    keep(camp, *lines)

    again = keep(camp, *lines)

    assert (again.recorded, again.known, len(camp.changes("arrive"))) == (0, 3, 3)


def test_a_sheet_of_nobody_or_of_a_cancelled_activity_or_by_a_trainee_is_refused(camp: Camp) -> None:
    (code, *_) = codes(camp)
    with pytest.raises(NothingOnPaper):
        keep(camp, Line("2222"))
    with pytest.raises(NotAllowed):
        camp.do(lambda s: checkin.prepare_sheet(s, speaker=camp.trainees[0], activity_id=camp.lecture))
    camp.change_activity(camp.lecture, cancelled_at=START)

    with pytest.raises(ActivityCancelled):
        keep(camp, Line(code))
    assert camp.arrivals() == []
