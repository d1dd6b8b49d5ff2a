import json
from datetime import datetime, timedelta

import pytest

from bot.checkin import service as checkin
from bot.checkin.boards import Board, Counts, Marked
from bot.checkin.models import Method
from bot.checkin.outcomes import AlreadyIn, Arrived
from bot.checkin.queries import PERSON
from bot.checkin.rules import Status
from bot.errors import Gone, NotAllowed
from bot.people.service import Speaker
from tests.support.checkin_camp import START, Camp

MINUTE = timedelta(minutes=1)


def mark(
    camp: Camp,
    to: Status,
    now: datetime = START,
    who: Speaker | None = None,
    by: Speaker | None = None,
) -> Marked:
    person = who or camp.trainees[0]
    return camp.do(
        lambda s: checkin.mark(
            s, speaker=by or camp.coordinator, activity_id=camp.lecture, person_id=person.person_id, to=to, now=now
        )
    )


def board(camp: Camp) -> Board:
    return camp.see(lambda s: checkin.read_board(s, activity_id=camp.lecture))


def test_the_board_has_everybody_in_exactly_one_list(camp: Camp) -> None:
    camp.open()
    camp.type(camp.code(START), START, camp.trainees[1])
    late = START + 11 * MINUTE
    camp.type(camp.code(late), late, camp.trainees[2])

    seen = board(camp)

    assert [[one.name for one in seen.of(status)] for status in Status] == [["学员01"], ["学员02"], ["学员00"], []]
    assert seen.counts == Counts(2, 3)
    assert seen.present[0].group == "第2组"


def test_the_board_lists_the_groups_in_the_order_of_the_roster(camp: Camp) -> None:
    groups = [one.group for one in board(camp).missing]

    assert groups == ["第1组", "第2组", "第3组"]


def test_the_board_says_who_of_the_missing_has_no_account(camp: Camp) -> None:
    who = camp.trainees[0].person_id
    camp.do(lambda s: s.connection().execute(PERSON.update().where(PERSON.c.id == who).values(telegram_id=None)))

    seen = board(camp)

    assert seen.unlinked == 1
    assert [one.linked for one in seen.missing] == [False, True, True]


def test_a_mark_by_hand_puts_somebody_down_without_any_window(camp: Camp) -> None:
    marked = mark(camp, Status.PRESENT, START + 30 * MINUTE)

    assert (marked.changed, marked.before, marked.view.attendee.status) == (True, Status.MISSING, Status.PRESENT)
    row = camp.attendance()
    assert row is not None
    assert (row.arrived_at, row.method, row.marked_by) == (START, Method.HAND, camp.coordinator.person_id)


def test_a_mark_says_who_made_it_and_when(camp: Camp) -> None:
    now = START + 30 * MINUTE

    view = mark(camp, Status.LATE, now).view

    assert (view.marked_by, view.marked_at) == ("林老师", now)


def test_each_mark_is_logged_with_from_and_to(camp: Camp) -> None:
    mark(camp, Status.LATE, START + 20 * MINUTE)
    mark(camp, Status.MISSING, START + 30 * MINUTE)

    first, second = camp.changes("mark")
    assert (first.actor_id, first.person_id, first.at) == (
        camp.coordinator.person_id,
        camp.trainees[0].person_id,
        START + 20 * MINUTE,
    )
    assert json.loads(first.before or "")["status"] == "missing"
    assert json.loads(first.after or "")["status"] == "late"
    assert json.loads(second.before or "")["status"] == "late"
    assert json.loads(second.after or "") == {"status": "missing", "arrived_at": None}


def test_a_mark_that_changes_nothing_writes_nothing(camp: Camp) -> None:
    marked = mark(camp, Status.MISSING)

    assert not marked.changed
    assert camp.attendance() is None
    assert camp.changes("mark") == []


def test_someone_who_checked_in_and_is_confirmed_present_keeps_code_and_time(camp: Camp) -> None:
    camp.open()
    camp.type(camp.code(START), START)

    mark(camp, Status.PRESENT, START + 30 * MINUTE)

    row = camp.attendance()
    assert row is not None
    assert (row.arrived_at, row.method) == (START, Method.CODE)


def test_someone_marked_present_by_hand_hears_that_they_are_in(camp: Camp) -> None:
    camp.open()
    mark(camp, Status.PRESENT)

    assert isinstance(camp.type(camp.code(START), START), AlreadyIn)


def test_someone_whose_mark_is_already_missing_can_still_check_in(camp: Camp) -> None:
    camp.open()
    mark(camp, Status.MISSING)

    assert isinstance(camp.type(camp.code(START), START), Arrived)


def test_the_receipt_a_person_tells_is_the_one_the_coordinator_sees(camp: Camp) -> None:
    camp.open()
    outcome = camp.type(camp.code(START), START)
    assert isinstance(outcome, Arrived)

    view = camp.see(
        lambda s: checkin.show_mark(
            s, speaker=camp.coordinator, activity_id=camp.lecture, person_id=camp.trainees[0].person_id
        )
    )

    assert view.receipt == outcome.receipt
    assert view.marked_at is None


def test_only_a_coordinator_of_the_cohort_marks(camp: Camp) -> None:
    _, _, foreigner = camp.stranger_cohort()

    for by in (camp.trainees[0], foreigner):
        with pytest.raises(NotAllowed):
            mark(camp, Status.PRESENT, by=by)

    assert camp.attendance() is None


def test_nobody_outside_the_cohort_can_be_marked(camp: Camp) -> None:
    with pytest.raises(Gone):
        mark(camp, Status.PRESENT, who=camp.coordinator)


def test_the_board_of_an_unknown_activity_is_gone(camp: Camp) -> None:
    with pytest.raises(Gone):
        camp.see(lambda s: checkin.read_board(s, activity_id=999))
