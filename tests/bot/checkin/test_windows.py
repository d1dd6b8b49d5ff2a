from datetime import date, timedelta

import pytest

from bot.checkin import service as checkin
from bot.checkin.boards import Choices, Counts, Projection
from bot.checkin.models import Window
from bot.checkin.outcomes import ActivityCancelled, Arrived, EndedLongAgo
from bot.checkin.queries import MEMBERSHIP, WINDOW
from bot.codes import to_base36
from bot.errors import Gone, NotAllowed
from bot.people.service import Speaker
from tests.support.checkin_camp import START, Camp

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def project(camp: Camp, token: str, at: object = START) -> Projection | None:
    return camp.see(lambda s: checkin.project(s, token=token, now=at))  # type: ignore[arg-type]


def choices(camp: Camp, at: object, on: date | None = None) -> Choices:
    return camp.see(lambda s: checkin.list_choices(s, speaker=camp.coordinator, cohort_id=camp.cohort, now=at, on=on))  # type: ignore[arg-type]


def test_opening_gives_a_projector_and_six_digits(camp: Camp) -> None:
    desk = camp.open()

    assert desk.is_open
    assert len(desk.show_code) == 6
    assert desk.show_code.isdecimal()
    assert desk.counts == Counts(0, 3)
    assert [line.subject_id for line in camp.changes("open")] == [camp.lecture]


def test_opening_twice_changes_nothing(camp: Camp) -> None:
    assert camp.open() == camp.open(at=START)
    assert len(camp.changes("open")) == 1


def test_closing_kills_the_projector_and_the_digits(camp: Camp) -> None:
    desk = camp.open()

    closed = camp.close(at=START + HOUR)

    assert (closed.is_open, closed.closed_at, closed.show_code) == (False, START + HOUR, "")
    shown = project(camp, desk.token, START + HOUR)
    assert shown is not None
    assert (shown.is_open, shown.code, shown.payload) == (False, "", "")
    assert camp.see(lambda s: checkin.find_projector(s, digits=desk.show_code, now=START + HOUR)) is None


def test_closing_twice_keeps_the_first_hour(camp: Camp) -> None:
    camp.open()
    camp.close(at=START + MINUTE)

    assert camp.close(at=START + HOUR).closed_at == START + MINUTE
    assert len(camp.changes("close")) == 1


def test_closing_what_was_never_opened_does_nothing(camp: Camp) -> None:
    assert camp.close().opened_at is None
    assert camp.changes("close") == []


def test_what_was_closed_by_mistake_can_be_opened_again_with_the_same_projector_page(camp: Camp) -> None:
    first = camp.open()
    camp.close(at=START + MINUTE)

    again = camp.open(at=START + 2 * MINUTE)

    assert (again.is_open, again.token) == (True, first.token)
    assert isinstance(camp.type(camp.code(START + 2 * MINUTE), START + 2 * MINUTE), Arrived)


def test_six_digits_are_never_those_of_another_open_check_in(camp: Camp, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([7, 7, 8])
    monkeypatch.setattr("secrets.randbelow", lambda _: next(drawn))

    assert (camp.open().show_code, camp.open(camp.visit).show_code) == ("000007", "000008")


def test_only_a_coordinator_of_the_cohort_opens_sees_and_closes(camp: Camp) -> None:
    _, _, foreigner = camp.stranger_cohort()
    for speaker in (None, camp.trainees[0], foreigner):
        for use in (checkin.open_checkin, checkin.close_checkin, checkin.show_desk):
            with pytest.raises(NotAllowed):
                camp.do(lambda s, use=use, who=speaker: use(s, speaker=who, activity_id=camp.lecture, now=START))  # type: ignore[misc]

    assert camp.count(WINDOW) == 0


def test_an_operator_may_open_any_check_in(camp: Camp) -> None:
    operator = Speaker(camp.coordinator.person_id, 1, "Op", "", is_operator=True)

    desk = camp.do(lambda s: checkin.open_checkin(s, speaker=operator, activity_id=camp.lecture, now=START))

    assert desk.is_open


def test_an_unknown_activity_is_gone(camp: Camp) -> None:
    with pytest.raises(Gone):
        camp.open(999)


def test_what_was_cancelled_or_ended_long_ago_is_not_opened(camp: Camp) -> None:
    with pytest.raises(EndedLongAgo):
        camp.open(at=START + 4 * HOUR)
    camp.change_activity(camp.lecture, cancelled_at=START)
    with pytest.raises(ActivityCancelled):
        camp.open()

    assert camp.count(WINDOW) == 0


def test_forgotten_windows_are_closed_as_of_two_hours_after_the_end(camp: Camp) -> None:
    camp.open()
    camp.open(camp.visit)

    early = camp.do(lambda s: checkin.close_stale(s, now=START + 4 * HOUR - SECOND))
    closed = camp.do(lambda s: checkin.close_stale(s, now=START + 6 * HOUR))
    again = camp.do(lambda s: checkin.close_stale(s, now=START + 6 * HOUR))

    assert (early, closed, again) == (0, 1, 0)
    window = camp.see(lambda s: s.get_one(Window, camp.lecture))
    assert (window.closed_at, window.show_code) == (START + 4 * HOUR, None)
    assert [line.actor for line in camp.changes("close")] == ["schedule"]


def test_the_window_of_a_cancelled_activity_is_closed(camp: Camp) -> None:
    camp.open()
    camp.change_activity(camp.lecture, cancelled_at=START)

    assert camp.do(lambda s: checkin.close_stale(s, now=START)) == 1


def test_a_projection_has_the_code_of_its_instant_and_counts(camp: Camp) -> None:
    desk = camp.open()
    camp.type(camp.code(START), START)

    shown = project(camp, desk.token, START + 5 * SECOND)

    assert shown is not None
    assert (shown.code, shown.payload) == (camp.code(START), camp.payload(START))
    assert (shown.counts, shown.left, shown.language) == (Counts(1, 3), 10.0, "zh")


@pytest.mark.parametrize("token", ["", "1", "x", "1-" + "0" * 32, "zzzzzzzzzzzz-" + "0" * 32, "../../etc/passwd"])
def test_an_address_that_never_was_one_shows_nothing(camp: Camp, token: str) -> None:
    camp.open()

    assert project(camp, token) is None


def test_one_activitys_address_does_not_show_another(camp: Camp) -> None:
    camp.open()
    token = camp.open(camp.visit).token

    assert project(camp, f"{to_base36(camp.lecture)}-{token.partition('-')[2]}") is None


def test_six_digits_lead_to_the_projector_until_it_closes_by_itself(camp: Camp) -> None:
    desk = camp.open()

    def find(digits: str, at: object) -> str | None:
        return camp.see(lambda s: checkin.find_projector(s, digits=digits, now=at))  # type: ignore[arg-type]

    assert find(desk.show_code, START) == desk.token
    assert find(desk.show_code, START + 4 * HOUR) is None
    assert find("12345", START) is None


def test_who_left_is_neither_expected_nor_counted(camp: Camp) -> None:
    camp.open()
    camp.type(camp.code(START), START)
    who = camp.trainees[0].person_id
    camp.do(
        lambda s: s.connection().execute(MEMBERSHIP.update().where(MEMBERSHIP.c.person_id == who).values(left_at=START))
    )

    assert camp.see(lambda s: checkin.counts(s, camp.lecture)) == Counts(0, 2)


def test_todays_activities_are_offered_the_nearest_first(camp: Camp) -> None:
    camp.open(camp.visit, at=START)

    offered = choices(camp, START + 2 * HOUR)

    assert [(one.activity.id, one.is_open) for one in offered.offered] == [(camp.visit, True), (camp.lecture, False)]
    assert (offered.day, offered.before, offered.after) == (date(2026, 12, 7), None, None)


def test_on_a_day_without_activities_the_next_one_is_offered(camp: Camp) -> None:
    assert choices(camp, START - 72 * HOUR).day == date(2026, 12, 7)
    assert choices(camp, START + 72 * HOUR).day == date(2026, 12, 7)


def test_other_days_can_be_turned_to(camp: Camp) -> None:
    camp.change_activity(camp.visit, starts_at=START + 24 * HOUR, ends_at=START + 25 * HOUR)

    today, tomorrow = choices(camp, START), choices(camp, START, on=date(2026, 12, 8))

    assert (today.after, tomorrow.before) == (date(2026, 12, 8), date(2026, 12, 7))
    assert [one.activity.id for one in tomorrow.offered] == [camp.visit]


def test_an_empty_timetable_offers_nothing(camp: Camp) -> None:
    for activity in (camp.lecture, camp.visit):
        camp.change_activity(activity, cancelled_at=START)

    assert choices(camp, START).offered == ()
