import tracemalloc
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import literal, select
from sqlmodel import Session

from bot.checkin import attendance, queries
from bot.checkin import service as checkin
from bot.checkin.rules import Status
from bot.people.models import Person
from tests.support.checkin_camp import START, Camp

MINUTE = timedelta(minutes=1)


def test_arrivals_marks_and_excuses_are_records_and_mere_absence_is_none(camp: Camp) -> None:
    camp.open()
    late = START + 30 * MINUTE
    camp.type(camp.code(late), late)
    actor, excused = camp.coordinator.actor, camp.trainees[1].person_id
    camp.do(
        lambda s: checkin.excuse(
            s, activity_id=camp.lecture, person_id=excused, actor=actor, now=START, reference="leave:7"
        )
    )

    found = camp.see(lambda s: list(checkin.attendance_of(s, camp.cohort)))

    assert [(one.status, one.minutes, one.method, one.reference) for one in found] == [
        (Status.LATE, 90, "code", None),
        (Status.EXCUSED, 0, "", "leave:7"),
    ]


def test_whoever_came_although_excused_is_present_and_has_one_record(camp: Camp) -> None:
    camp.open()
    actor, who = camp.coordinator.actor, camp.trainees[0]
    camp.do(lambda s: checkin.excuse(s, activity_id=camp.lecture, person_id=who.person_id, actor=actor, now=START))
    camp.type(camp.code(START), START)

    (found,) = camp.see(lambda s: list(checkin.attendance_of(s, camp.cohort, person_ids=[who.person_id])))

    assert (found.status, found.reference, found.minutes) == (Status.PRESENT, "", 120)


def test_excusing_twice_and_withdrawing_twice_change_something_once(camp: Camp) -> None:
    actor, who = camp.coordinator.actor, camp.trainees[0].person_id

    def do(use_case: Callable[..., bool]) -> bool:
        return camp.do(lambda s: use_case(s, activity_id=camp.lecture, person_id=who, actor=actor, now=START))

    assert [do(checkin.excuse), do(checkin.excuse)] == [True, False]
    assert camp.see(lambda s: checkin.counts(s, camp.lecture)).expected == 2
    assert [do(checkin.withdraw_excuse), do(checkin.withdraw_excuse)] == [True, False]
    assert len(camp.changes("excuse")) == len(camp.changes("withdraw_excuse")) == 1


def test_the_stretch_asked_for_bounds_the_activities(camp: Camp) -> None:
    camp.open()
    camp.type(camp.code(START), START)

    def count(**stretch: object) -> int:
        return camp.see(lambda s: len(list(checkin.attendance_of(s, camp.cohort, **stretch))))  # type: ignore[arg-type]

    assert [count(since=START), count(until=START), count(activity_ids=[camp.visit]), count(activity_ids=[])] == [
        1,
        0,
        0,
        0,
    ]


def test_a_cancelled_activity_is_left_out(camp: Camp) -> None:
    camp.open()
    camp.type(camp.code(START), START)
    camp.change_activity(camp.lecture, cancelled_at=START)

    assert camp.see(lambda s: list(checkin.attendance_of(s, camp.cohort))) == []
    assert camp.see(lambda s: checkin.record_of(s, camp.lecture, camp.trainees[0].person_id)) is not None


def test_ten_thousand_records_are_read_in_little_memory(camp: Camp) -> None:
    camp.do(lambda s: _fill(s, camp, 10_000))

    def walk(session: Session) -> tuple[int, int]:
        tracemalloc.start()
        count = sum(1 for _ in attendance.attendance_of(session, camp.cohort))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return count, peak

    count, peak = camp.see(walk)
    assert count == 10_000
    assert peak < 5_000_000


def _fill(session: Session, camp: Camp, many: int) -> None:
    organisation = session.get_one(Person, camp.trainees[0].person_id).organisation_id
    rows = [{"organisation_id": organisation, "name": f"P{n}", "language": ""} for n in range(many)]
    session.connection().execute(queries.PERSON.insert(), rows)
    people = select(literal(camp.lecture), queries.PERSON.c.id, literal(START), literal("scan"), literal(START))
    columns = ["activity_id", "person_id", "arrived_at", "method", "recorded_at"]
    chosen = people.where(queries.PERSON.c.name.startswith("P"))
    session.connection().execute(queries.ATTENDANCE.insert().from_select(columns, chosen))
