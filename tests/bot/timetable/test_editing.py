import json
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.audit.models import Change
from bot.errors import Gone, NotAllowed
from bot.ids import PersonId
from bot.people.models import Cohort, Person, Role
from bot.people.service import Speaker
from bot.timetable import editing, versions
from bot.timetable.clashes import ClashKind
from bot.timetable.editing import CannotSwap, EndsBeforeItBegins, NothingToChange, Plan, TooLong, Wish
from bot.timetable.importing import TimetableMoved
from bot.timetable.models import Activity
from tests.support.camps import MONDAY, SUNDAY_NOON, TUESDAY, Camps, local


def speaker_of(person: Person) -> Speaker:
    return Speaker(PersonId(person.id or 0), person.telegram_id or 0, person.name, "en")


@dataclass
class Desk:
    camps: Camps
    cohort: Cohort
    speaker: Speaker

    def activity(self, hour: int, title: str = "Lecture", **more: object) -> int:
        made = self.camps.activity(self.cohort, MONDAY, (hour, 0), (hour + 1, 0), title, **more)
        return made.id or 0

    def plan(self, wish: Wish) -> Plan:
        return self.camps.see(lambda s: editing.plan(s, wish=wish, speaker=self.speaker, now=SUNDAY_NOON))

    def save(self, wish: Wish, seen: str | None = None) -> Plan:
        known = seen or self.plan(wish).fingerprint
        return self.camps.do(lambda s: editing.save(s, wish=wish, seen=known, speaker=self.speaker, now=SUNDAY_NOON))

    def kinds(self, wish: Wish) -> list[ClashKind]:
        return [clash.kind for _, clash in self.plan(wish).clashes]

    def one(self, number: int) -> Activity:
        return self.camps.see(lambda s: s.get_one(Activity, number))


@pytest.fixture
def desk(camps: Camps) -> Desk:
    cohort = camps.cohort()
    return Desk(camps, cohort, speaker_of(camps.person(cohort, role=Role.COORDINATOR)))


def test_a_move_keeps_the_length_and_counts_as_one_change(desk: Desk) -> None:
    number = desk.activity(9)

    desk.save(Wish(number, starts_at=local(TUESDAY, 14)))

    moved = desk.one(number)
    assert (moved.starts_at, moved.ends_at, moved.version) == (local(TUESDAY, 14), local(TUESDAY, 15), 1)


def test_a_plan_writes_nothing(desk: Desk) -> None:
    number = desk.activity(9)

    desk.plan(Wish(number, starts_at=local(TUESDAY, 14)))

    assert (desk.one(number).starts_at, desk.one(number).version) == (local(MONDAY, 9), 0)


def test_an_activity_is_shortened_by_its_end(desk: Desk) -> None:
    number = desk.activity(9)

    desk.save(Wish(number, ends_at=local(MONDAY, 9, 30)))

    assert (desk.one(number).starts_at, desk.one(number).ends_at) == (local(MONDAY, 9), local(MONDAY, 9, 30))


def test_room_and_speaker_are_changed_and_may_be_left_open(desk: Desk) -> None:
    number = desk.activity(9, place="301", speaker="王芳")

    desk.save(Wish(number, place="  302  教室 ", speaker=""))

    assert (desk.one(number).place, desk.one(number).speaker) == ("302 教室", "")


def test_a_cancelled_activity_can_be_restored(desk: Desk) -> None:
    number = desk.activity(9)

    desk.save(Wish(number, cancel=True))
    cancelled = desk.one(number).cancelled_at
    desk.save(Wish(number, cancel=False))

    assert cancelled == SUNDAY_NOON
    assert (desk.one(number).cancelled_at, desk.one(number).version) == (None, 2)


def test_two_activities_change_places(desk: Desk) -> None:
    first, second = desk.activity(9, "One", place="301"), desk.activity(14, "Two", place="302")

    done = desk.save(Wish(first, swap_with=second))

    assert (desk.one(first).starts_at, desk.one(second).starts_at) == (local(MONDAY, 14), local(MONDAY, 9))
    assert (desk.one(first).place, len(done.edits)) == ("301", 2)


def test_an_activity_cannot_be_swapped_with_itself_a_cancelled_one_or_one_of_another_camp(desk: Desk) -> None:
    number = desk.activity(9)
    cancelled = desk.activity(14, cancelled_at=SUNDAY_NOON)
    foreign = desk.camps.activity(desk.camps.cohort("Other"), MONDAY).id

    for other in (number, cancelled, foreign, 999):
        with pytest.raises(CannotSwap):
            desk.plan(Wish(number, swap_with=other))


def test_an_end_before_the_beginning_is_refused(desk: Desk) -> None:
    number = desk.activity(9)

    with pytest.raises(EndsBeforeItBegins):
        desk.plan(Wish(number, ends_at=local(MONDAY, 8)))
    with pytest.raises(TooLong):
        desk.plan(Wish(number, ends_at=local(TUESDAY, 8)))


def test_what_stands_already_is_no_change(desk: Desk) -> None:
    number = desk.activity(9, place="301")

    with pytest.raises(NothingToChange):
        desk.plan(Wish(number, place="301"))


def test_an_overlap_is_shown_before_saving(desk: Desk) -> None:
    number = desk.activity(9, "One")
    desk.activity(14, "Two")

    assert desk.kinds(Wish(number, starts_at=local(MONDAY, 14, 30))) == [ClashKind.OVERLAP]
    assert desk.kinds(Wish(number, starts_at=local(MONDAY, 15))) == []


def test_activities_of_different_groups_may_run_side_by_side(desk: Desk) -> None:
    number = desk.activity(9, "One", group_name="一组")
    desk.activity(14, "Two", group_name="二组")

    assert desk.kinds(Wish(number, starts_at=local(MONDAY, 14))) == []


def test_a_speaker_and_a_room_used_twice_are_shown_also_across_camps(desk: Desk) -> None:
    number = desk.activity(9, speaker="李睿、王芳", place="301 教室")
    other = desk.camps.cohort("Other")
    desk.camps.activity(other, MONDAY, (14, 0), (15, 0), "Theirs", speaker="王芳", place="301教室")

    found = desk.plan(Wish(number, starts_at=local(MONDAY, 14))).clashes

    assert [(clash.kind, clash.what) for _, clash in found] == [
        (ClashKind.SPEAKER, "王芳"),
        (ClashKind.PLACE, "301 教室"),
    ]
    assert {clash.other.camp for _, clash in found if clash.other} == {"Other"}


def test_a_visit_without_its_site_is_shown(desk: Desk) -> None:
    number = desk.activity(9, "红山街道", kind="现场教学", place="红山街道")

    assert desk.kinds(Wish(number, place="")) == [ClashKind.NO_SITE]


def test_a_time_outside_the_camp_and_one_that_is_over_are_shown(desk: Desk) -> None:
    number = desk.activity(9)

    assert desk.kinds(Wish(number, starts_at=local(MONDAY + timedelta(days=9), 9))) == [ClashKind.OUTSIDE]
    assert desk.kinds(Wish(number, starts_at=SUNDAY_NOON - timedelta(hours=3))) == [ClashKind.PAST, ClashKind.OUTSIDE]


def test_the_two_of_a_swap_are_not_in_each_others_way(desk: Desk) -> None:
    first, second = desk.activity(9, "One"), desk.activity(10, "Two")

    assert desk.kinds(Wish(first, swap_with=second)) == []


def test_what_moved_since_it_was_shown_is_not_saved(desk: Desk) -> None:
    number = desk.activity(9)
    wish = Wish(number, place="302")
    seen = desk.plan(wish).fingerprint
    desk.save(Wish(number, speaker="王芳"))

    with pytest.raises(TimetableMoved):
        desk.save(wish, seen)

    assert desk.one(number).place == ""


def test_pressing_save_twice_changes_once(desk: Desk) -> None:
    number = desk.activity(9)
    wish = Wish(number, starts_at=local(TUESDAY, 9))
    seen = desk.plan(wish).fingerprint
    desk.save(wish, seen)

    with pytest.raises((NothingToChange, TimetableMoved)):
        desk.save(wish, seen)

    assert desk.one(number).version == 1


def test_an_edit_stands_in_the_change_log_with_before_and_after(desk: Desk) -> None:
    number = desk.activity(9, place="301")
    desk.save(Wish(number, place="302"))

    change = desk.camps.see(lambda s: s.exec(select(Change).where(Change.subject == "activity")).one())

    assert (change.action, change.actor_id, change.at) == ("change", desk.speaker.person_id, SUNDAY_NOON)
    assert (json.loads(change.before or ""), json.loads(change.after or "")) == ({"place": "301"}, {"place": "302"})


@pytest.mark.parametrize("role", [Role.TRAINEE, Role.AUDITOR, Role.TEACHER])
def test_only_a_coordinator_of_this_camp_edits(desk: Desk, role: Role) -> None:
    number = desk.activity(9)
    other = desk.camps.person(desk.cohort, role=role)

    with pytest.raises(NotAllowed):
        desk.camps.do(
            lambda s: editing.plan(s, wish=Wish(number, place="1"), speaker=speaker_of(other), now=SUNDAY_NOON)
        )


def test_an_unknown_activity_is_gone(desk: Desk) -> None:
    with pytest.raises(Gone):
        desk.plan(Wish(999, place="1"))


def test_a_wish_survives_being_noted(desk: Desk) -> None:
    wish = Wish(3, starts_at=local(MONDAY, 9), place="", cancel=False)

    assert Wish.from_json(json.loads(json.dumps(wish.to_json()))) == wish


def test_every_save_keeps_a_version_and_the_state_before_the_first(desk: Desk) -> None:
    number = desk.activity(9, place="301")
    desk.save(Wish(number, place="302"))
    desk.save(Wish(number, starts_at=local(MONDAY, 10)))

    shelf = desk.camps.see(
        lambda s: versions.list_versions(s, cohort_id=desk.cohort.id or 0, page=0, speaker=desk.speaker)
    )

    assert [(one.number, one.cause, one.activities[0].place) for one in shelf.versions] == [
        (3, versions.Cause.EDIT, "302"),
        (2, versions.Cause.EDIT, "302"),
        (1, versions.Cause.BEFORE, "301"),
    ]
    assert [one.is_latest for one in shelf.versions] == [True, False, False]


def test_the_programme_opens_at_what_comes_next_and_is_paged(desk: Desk) -> None:
    numbers = [
        desk.camps.activity(desk.cohort, MONDAY, (8, minute), (8, minute + 1), f"{minute:02}").id
        for minute in range(20)
    ]

    later = local(MONDAY, 8, 12)
    found = desk.camps.see(
        lambda s: editing.list_programme(s, cohort_id=desk.cohort.id or 0, page=None, speaker=desk.speaker, now=later)
    )

    assert (found.number, found.pages) == (1, 3)
    assert [one.activity_id for one in found.activities] == numbers[8:16]


def test_rooms_of_the_camp_are_offered_once_each(desk: Desk) -> None:
    number = desk.activity(9, place="301")
    for hour, place in ((10, "302"), (11, "302"), (12, ""), (13, "303")):
        desk.activity(hour, place=place)

    rooms = desk.camps.see(lambda s: [one.place for one in editing.rooms_of(s, number)])

    assert sorted(rooms) == ["302", "303"]
    assert desk.camps.see(lambda s: len(s.exec(select(Activity).where(col(Activity.place) == "302")).all())) == 2
