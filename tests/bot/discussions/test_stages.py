"""A group's way: who drives, what each stage needs, back and on, consent, the clock."""

from datetime import timedelta

import pytest

from bot.discussions import service
from bot.discussions.models import Stage, Status
from bot.discussions.refusals import (
    Cancelled,
    KeepsFindings,
    NothingVoted,
    NothingWritten,
    NotNow,
    NotYourGroup,
    OnlyLeader,
    Over,
)
from bot.errors import NotAllowed, NotLinked
from bot.timetable.models import Activity
from tests.support.discussion_camp import AUDITOR, MINUTE, NOON, DiscussionCamp

stages = service.stages


def test_the_leader_takes_the_group_through_every_stage(camp: DiscussionCamp) -> None:
    camp.create()

    camp.bring_to(Stage.MINUTES)

    assert camp.circle(1).stage is Stage.MINUTES
    assert camp.circle(2).stage is Stage.GATHERING


def test_going_on_twice_from_one_stage_goes_on_once(camp: DiscussionCamp) -> None:
    camp.create()

    moved = [camp.go(Stage.GATHERING) for _ in range(2)]

    assert [one.is_news for one in moved] == [True, False]
    assert camp.circle(1).stage is Stage.WRITING


@pytest.mark.parametrize("who", ["member", "recorder", "auditor", "other group", "nobody"])
def test_nobody_else_drives(camp: DiscussionCamp, who: str) -> None:
    camp.create()
    speakers = camp.speakers(1)
    known = {
        "member": (speakers[3], OnlyLeader),
        "recorder": (speakers[1], OnlyLeader),
        "auditor": (camp.staff[AUDITOR], NotYourGroup),
        "other group": (camp.speakers(2)[0], NotYourGroup),
        "nobody": (None, NotLinked),
    }
    speaker, error = known[who]
    group_id = camp.circle(1).id

    with pytest.raises(error):
        camp.do(lambda s: stages.go_on(s, speaker=speaker, group_id=group_id, stage=Stage.GATHERING, now=NOON))
    assert camp.circle(1).stage is Stage.GATHERING


def test_a_coordinator_may_push_any_group_and_start_all(camp: DiscussionCamp) -> None:
    camp.create()
    camp.go(Stage.GATHERING, 2, by=camp.coordinator)

    moved = camp.do(lambda s: stages.start_all(s, speaker=camp.coordinator, discussion_id=camp.discussion, now=NOON))

    assert [one.circle.group.number for one in moved] == [1]
    assert {circle.stage for circle in camp.circles} == {Stage.WRITING}


def test_where_nobody_has_written_there_is_nothing_to_number(camp: DiscussionCamp) -> None:
    camp.create()
    camp.go(Stage.GATHERING)

    with pytest.raises(NothingWritten):
        camp.go(Stage.WRITING)


def test_where_nobody_has_voted_there_is_nothing_to_go_on_with(camp: DiscussionCamp) -> None:
    camp.create()
    camp.bring_to(Stage.VOTING)

    with pytest.raises(NothingVoted):
        camp.go(Stage.VOTING)


def test_minutes_end_only_by_being_confirmed(camp: DiscussionCamp) -> None:
    camp.create()
    camp.bring_to(Stage.MINUTES)

    with pytest.raises(NotNow):
        camp.go(Stage.MINUTES, by=camp.coordinator)


def test_writing_opens_again_with_everything_that_was_written(camp: DiscussionCamp) -> None:
    camp.create()
    camp.bring_to(Stage.MERGING)
    before = [note.text for note in camp.notes()]

    camp.back(Stage.MERGING)

    assert camp.circle(1).stage is Stage.WRITING
    assert [note.text for note in camp.notes()] == before
    assert camp.points() == []


def test_writing_stays_closed_once_causes_have_been_named(camp: DiscussionCamp) -> None:
    camp.create()
    camp.bring_to(Stage.CAUSES)
    camp.find(camp.speakers()[0])
    camp.back(Stage.CAUSES)
    camp.back(Stage.VOTING)

    with pytest.raises(KeepsFindings):
        camp.back(Stage.MERGING)
    assert camp.circle(1).stage is Stage.MERGING


def test_nobody_goes_back_from_writing(camp: DiscussionCamp) -> None:
    camp.create()
    camp.go(Stage.GATHERING)

    with pytest.raises(NotNow):
        camp.back(Stage.WRITING)


def test_dots_stay_when_a_group_goes_back_to_put_points_together(camp: DiscussionCamp) -> None:
    camp.create()
    camp.bring_to(Stage.CAUSES)

    camp.back(Stage.CAUSES)
    camp.back(Stage.VOTING)

    assert camp.points()[0].dots == 4


def test_what_is_over_goes_nowhere_until_a_coordinator_opens_it_again(camp: DiscussionCamp) -> None:
    camp.create()
    everything = {"speaker": camp.coordinator, "discussion_id": camp.discussion, "now": NOON}
    camp.do(lambda s: service.setting_up.end(s, **everything))  # type: ignore[arg-type]

    with pytest.raises(Over):
        camp.go(Stage.GATHERING)
    opened = [camp.do(lambda s: stages.reopen(s, **everything)) for _ in range(2)]  # type: ignore[arg-type]

    assert opened == [True, False]
    assert camp.go(Stage.GATHERING).is_news


def test_a_cancelled_activity_stops_its_groups(camp: DiscussionCamp) -> None:
    camp.create()

    def cancel(session: object) -> None:
        activity = session.get_one(Activity, camp.activities[0])  # type: ignore[attr-defined]
        activity.cancelled_at = NOON
        session.add(activity)  # type: ignore[attr-defined]

    camp.do(cancel)

    with pytest.raises(Cancelled):
        camp.go(Stage.GATHERING)


def test_a_member_sees_where_the_group_stands_and_how_many_have_written(camp: DiscussionCamp) -> None:
    camp.create()
    camp.go(Stage.GATHERING, now=NOON)
    member = camp.speakers()[3]
    camp.write(member, "One")
    camp.write(member, "Two", question=2)

    place = camp.place(member)

    assert (place.done, place.mine, place.is_leader, place.is_officer) == (1, 2, False, False)
    assert place.circle.until == NOON + 8 * MINUTE


def test_a_place_is_shown_to_nobody_of_another_group(camp: DiscussionCamp) -> None:
    camp.create()
    group_id = camp.circle(1).id

    for speaker, error in ((camp.speakers(2)[0], NotYourGroup), (camp.coordinator, NotYourGroup), (None, NotLinked)):
        with pytest.raises(error):
            camp.see(lambda s, by=speaker: stages.show_place(s, speaker=by, group_id=group_id))  # type: ignore[misc]


def test_a_draft_is_seen_by_no_trainee(camp: DiscussionCamp) -> None:
    camp.create(announce=False)
    who = camp.trainees[0]

    assert camp.see(lambda s: stages.find_places(s, speaker=who, cohort_id=camp.cohort)) == []
    assert camp.see(lambda s: stages.open_to(s, person_id=who.person_id, cohort_id=camp.cohort)) == []
    assert camp.see(lambda s: stages.is_anything(s, who.person_id, camp.cohort)) is False


def test_a_trainee_finds_the_own_discussion_also_after_it_is_over(camp: DiscussionCamp) -> None:
    camp.create()
    who = camp.trainees[0]
    camp.do(lambda s: service.setting_up.end(s, speaker=camp.coordinator, discussion_id=camp.discussion, now=NOON))

    found = camp.see(lambda s: stages.find_places(s, speaker=who, cohort_id=camp.cohort))

    assert [(occasion.id, occasion.discussion.status) for occasion, _ in found] == [(camp.discussion, Status.ENDED)]
    assert camp.see(lambda s: stages.is_anything(s, who.person_id, camp.cohort)) is True


def test_everybody_decides_on_their_own_name_alone(camp: DiscussionCamp) -> None:
    camp.create()
    one, other = camp.speakers(1)[2:4]
    group_id = camp.circle(1).id

    place = camp.do(lambda s: stages.set_consent(s, speaker=one, group_id=group_id, may_name=True))

    assert place.me.may_name is True
    assert camp.place(other).me.may_name is False
    with pytest.raises(NotYourGroup):
        camp.do(lambda s: stages.set_consent(s, speaker=camp.speakers(2)[0], group_id=group_id, may_name=True))


def test_the_time_of_a_stage_is_said_once(camp: DiscussionCamp) -> None:
    camp.create()
    camp.go(Stage.GATHERING, now=NOON)
    group_id, up = camp.circle(1).id, NOON + 8 * MINUTE

    assert camp.see(lambda s: stages.has_due(s, up - timedelta(seconds=1))) == []
    assert camp.see(lambda s: stages.has_due(s, up)) == [group_id]
    first, second = (camp.do(lambda s: stages.take_due(s, group_id, up)) for _ in range(2))

    assert first is not None
    assert second is None
    assert camp.see(lambda s: stages.has_due(s, up)) == []


def test_the_next_stage_has_its_own_time(camp: DiscussionCamp) -> None:
    camp.create()
    camp.go(Stage.GATHERING, now=NOON)
    group_id = camp.circle(1).id
    camp.do(lambda s: stages.take_due(s, group_id, NOON + 8 * MINUTE))
    camp.write(camp.speakers()[0], "Point")

    camp.go(Stage.WRITING, now=NOON + 10 * MINUTE)

    assert camp.see(lambda s: stages.has_due(s, NOON + 14 * MINUTE)) == []
    assert camp.see(lambda s: stages.has_due(s, NOON + 15 * MINUTE)) == [group_id]


def test_no_clock_runs_where_none_is_set_or_the_discussion_is_over(camp: DiscussionCamp) -> None:
    camp.create()
    camp.go(Stage.GATHERING, now=NOON)
    group_id = camp.circle(1).id
    camp.do(lambda s: service.setting_up.end(s, speaker=camp.coordinator, discussion_id=camp.discussion, now=NOON))

    assert camp.see(lambda s: stages.has_due(s, NOON + 99 * MINUTE)) == []
    assert camp.do(lambda s: stages.take_due(s, group_id, NOON + 99 * MINUTE)) is None


def test_the_board_shows_all_groups_to_readers_only(camp: DiscussionCamp) -> None:
    camp.create()
    camp.go(Stage.GATHERING)
    camp.write(camp.speakers()[0], "Point")

    board = camp.see(lambda s: stages.show_board(s, speaker=camp.staff[AUDITOR], discussion_id=camp.discussion))

    assert [board.done[circle.id] for circle in board.circles] == [1, 0]
    with pytest.raises(NotAllowed):
        camp.see(lambda s: stages.show_board(s, speaker=camp.trainees[0], discussion_id=camp.discussion))
