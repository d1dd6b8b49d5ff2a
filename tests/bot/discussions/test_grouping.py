"""The groups: drawn again from their seed, changed by hand, latecomers."""

import pytest
from sqlmodel import Session, select

from bot.audit.models import Change
from bot.discussions import candidates, queries, service
from bot.discussions.models import Grouping, Stage, Who
from bot.discussions.outcomes import Circle
from bot.discussions.refusals import CheckInFirst, LastOfGroup, NobodyThere, NoOwnGroups, NotYourGroup, Over, Underway
from bot.errors import Gone, NotAllowed, NotLinked
from bot.people.models import Membership, Role
from bot.people.service import Speaker
from tests.support.discussion_camp import AUDITOR, NOON, DiscussionCamp


def seated(camp: DiscussionCamp) -> list[list[int]]:
    return [sorted(one.person_id for one in circle.members) for circle in camp.circles]


def everybody(camp: DiscussionCamp) -> list[int]:
    return [person for group in seated(camp) for person in group]


def draw(camp: DiscussionCamp) -> None:
    camp.do(lambda s: service.grouping.draw(s, speaker=camp.coordinator, discussion_id=camp.discussion, now=NOON))


def move(camp: DiscussionCamp, who: Speaker, to: Circle, by: Speaker | None = None) -> None:
    camp.do(
        lambda s: service.moving.move(
            s, speaker=by or camp.coordinator, person_id=who.person_id, group_id=to.id, now=NOON
        )
    )


def take_out(camp: DiscussionCamp, who: Speaker) -> None:
    def work(session: Session) -> None:
        membership = session.exec(select(Membership).where(Membership.person_id == who.person_id)).one()
        membership.left_at = NOON
        session.add(membership)

    camp.do(work)


def test_everybody_sits_in_one_group_with_a_leader_and_another_who_records(camp: DiscussionCamp) -> None:
    camp.create()

    assert sorted(everybody(camp)) == [one.person_id for one in camp.trainees]
    for circle in camp.circles:
        assert circle.leader is not None
        assert circle.recorder is not None
        assert circle.leader != circle.recorder


def test_people_of_one_unit_are_parted(camp: DiscussionCamp) -> None:
    camp.create()

    assert all(len({one.unit for one in circle.members}) == 4 for circle in camp.circles)


def test_anybody_can_draw_the_same_groups_again_from_the_seed(camp: DiscussionCamp) -> None:
    camp.create(announce=False)
    draw(camp)

    def again(session: Session) -> list[list[int]]:
        discussion = queries.require_discussion(session, camp.discussion)
        people = candidates.eligible(session, discussion)
        return [sorted(ids) for _, ids in service.grouping.divide(session, discussion, people, discussion.seed)]

    assert camp.discussed().seed == f"{camp.discussion}-2"
    assert camp.see(again) == seated(camp)


def test_groups_of_a_size_are_as_many_as_that_needs(camp: DiscussionCamp) -> None:
    camp.create(grouping=Grouping.SIZE, amount=3)

    assert sorted(map(len, seated(camp))) == [2, 3, 3]


def test_the_groups_of_the_roster_keep_their_names_and_leaders(camp: DiscussionCamp) -> None:
    for number, group in ((20, "一组"), (21, "一组"), (22, "二组"), (23, "二组")):
        camp.add_trainee(number, group=group)
    leader = camp.trainees[-1]

    def make_leader(session: Session) -> None:
        row = Membership(
            cohort_id=camp.cohort,
            person_id=leader.person_id,
            role=Role.GROUP_LEADER,
            group_name="二组",
            joined_at=NOON,
        )
        session.add(row)

    camp.do(make_leader)
    camp.create(grouping=Grouping.OWN, amount=1)

    assert [circle.group.name for circle in camp.circles] == ["一组", "二组"]
    assert camp.circle(2).group.leader_id == leader.person_id
    assert camp.circle(2).recorder is not None
    assert len(camp.circle(1).members) + len(camp.circle(2).members) == 12


def test_a_roster_without_groups_is_said(camp: DiscussionCamp) -> None:
    with pytest.raises(NoOwnGroups):
        camp.create(grouping=Grouping.OWN)


def test_only_those_present_are_drawn_where_that_is_wanted(camp: DiscussionCamp) -> None:
    camp.attend(0, 1, 2, 3, 4)

    camp.create(who=Who.PRESENT)

    assert sorted(everybody(camp)) == [one.person_id for one in camp.trainees[:5]]


def test_where_nobody_is_present_there_is_nobody_to_draw(camp: DiscussionCamp) -> None:
    with pytest.raises(NobodyThere):
        camp.create(who=Who.PRESENT)


def test_those_who_sat_together_before_are_parted_next_time(camp: DiscussionCamp) -> None:
    camp.create(amount=4)
    before = {frozenset(group) for group in seated(camp)}

    camp.create(activity=1, amount=4)

    assert before.isdisjoint({frozenset(group) for group in seated(camp)})


def test_whoever_led_or_recorded_before_is_spared_next_time(camp: DiscussionCamp) -> None:
    camp.create()
    served = {circle.group.leader_id for circle in camp.circles} | {circle.group.recorder_id for circle in camp.circles}

    camp.create(activity=1)

    assert served.isdisjoint(
        {circle.group.leader_id for circle in camp.circles} | {circle.group.recorder_id for circle in camp.circles}
    )


def test_groups_that_were_announced_are_not_drawn_again(camp: DiscussionCamp) -> None:
    camp.create()
    before = seated(camp)

    with pytest.raises(Underway):
        draw(camp)
    assert seated(camp) == before


def test_one_person_is_moved_and_posts_stay_filled(camp: DiscussionCamp) -> None:
    camp.create(announce=False)
    leader = camp.speakers(1)[0]

    move(camp, leader, camp.circle(2))

    one, two = camp.circle(1), camp.circle(2)
    assert (len(one.members), len(two.members)) == (3, 5)
    assert one.leader is not None
    assert one.recorder is not None
    assert one.leader != one.recorder
    assert two.member(leader.person_id) is not None


def test_two_people_are_swapped(camp: DiscussionCamp) -> None:
    camp.create()
    one, two = camp.speakers(1)[3], camp.speakers(2)[3]

    camp.do(
        lambda s: service.moving.swap(
            s,
            speaker=camp.coordinator,
            person_id=one.person_id,
            other_id=two.person_id,
            discussion_id=camp.discussion,
            now=NOON,
        )
    )

    assert camp.circle(2).member(one.person_id) is not None
    assert camp.circle(1).member(two.person_id) is not None
    assert [len(circle.members) for circle in camp.circles] == [4, 4]


def test_the_last_of_a_group_is_not_moved(camp: DiscussionCamp) -> None:
    camp.create(amount=8)

    with pytest.raises(LastOfGroup):
        move(camp, camp.speakers(1)[0], camp.circle(2))


def test_nobody_but_a_coordinator_moves_people(camp: DiscussionCamp) -> None:
    camp.create()
    before = seated(camp)

    for speaker in (camp.staff[AUDITOR], camp.speakers(1)[0]):
        with pytest.raises(NotAllowed):
            move(camp, camp.speakers(1)[3], camp.circle(2), by=speaker)
    assert seated(camp) == before


def test_what_somebody_has_written_goes_with_them_while_everybody_writes(camp: DiscussionCamp) -> None:
    camp.create()
    camp.go(Stage.GATHERING, 1)
    camp.go(Stage.GATHERING, 2)
    mover = camp.speakers(1)[3]
    camp.write(mover, "Mine")

    move(camp, mover, camp.circle(2))

    assert [note.text for note in camp.notes(2)] == ["Mine"]
    assert camp.notes(1) == []


def test_what_has_a_number_stays_with_the_group(camp: DiscussionCamp) -> None:
    camp.create()
    camp.bring_to(Stage.MERGING, 1)
    mover = camp.speakers(1)[3]

    move(camp, mover, camp.circle(2))

    assert len(camp.points(1)) == 4


def test_the_leader_may_be_changed_and_changes_places_with_the_recorder(camp: DiscussionCamp) -> None:
    camp.create()
    leader, recorder, other = camp.speakers(1)[:3]

    def name(who: Speaker) -> tuple[Circle, bool]:
        return camp.do(
            lambda s: service.moving.name_officer(
                s,
                speaker=camp.coordinator,
                group_id=camp.circle(1).id,
                person_id=who.person_id,
                is_leader=True,
                now=NOON,
            )
        )

    circle, is_news = name(recorder)
    assert (circle.group.leader_id, circle.group.recorder_id, is_news) == (recorder.person_id, leader.person_id, True)
    circle, _ = name(other)
    assert (circle.group.leader_id, circle.group.recorder_id) == (other.person_id, leader.person_id)
    assert name(other)[1] is False


def test_somebody_of_another_group_cannot_be_made_leader(camp: DiscussionCamp) -> None:
    camp.create()

    with pytest.raises(Gone):
        camp.do(
            lambda s: service.moving.name_officer(
                s,
                speaker=camp.coordinator,
                group_id=camp.circle(1).id,
                person_id=camp.speakers(2)[0].person_id,
                is_leader=True,
                now=NOON,
            )
        )


def test_a_leader_who_has_left_the_camp_leads_no_more_and_another_is_named(camp: DiscussionCamp) -> None:
    camp.create()
    leader, recorder, other = camp.speakers(1)[:3]
    take_out(camp, leader)

    assert camp.circle(1).leader is None
    with pytest.raises(NotYourGroup):
        camp.go(Stage.GATHERING, by=leader)
    camp.do(
        lambda s: service.moving.name_officer(
            s,
            speaker=camp.coordinator,
            group_id=camp.circle(1).id,
            person_id=other.person_id,
            is_leader=True,
            now=NOON,
        )
    )

    assert camp.go(Stage.GATHERING, by=other).is_news
    assert camp.circle(1).group.recorder_id == recorder.person_id


def test_a_latecomer_joins_the_smallest_group_once(camp: DiscussionCamp) -> None:
    camp.create()
    move(camp, camp.speakers(2)[3], camp.circle(1))
    late = camp.add_trainee(30)
    join = {"speaker": late, "discussion_id": camp.discussion, "now": NOON}

    joined = [camp.do(lambda s: service.arriving.join(s, **join)) for _ in range(2)]  # type: ignore[arg-type]

    assert [one.is_news for one in joined] == [True, False]
    assert [len(circle.members) for circle in camp.circles] == [5, 4]
    assert camp.circle(2).member(late.person_id) is not None
    logged = camp.see(lambda s: s.exec(select(Change).where(Change.subject == "discussion")).all())
    assert [row.person_id for row in logged if row.action == "join"] == [late.person_id]


def test_a_group_that_is_done_takes_nobody_in(camp: DiscussionCamp) -> None:
    camp.create(amount=2)
    camp.bring_to(Stage.MINUTES, 1)
    for one in camp.speakers(1)[:2]:
        camp.do(
            lambda s, one=one: service.minutes.confirm(  # type: ignore[misc]
                s, speaker=one, group_id=camp.circle(1).id, version=camp.circle(1).group.version, now=NOON
            )
        )
    late = [camp.add_trainee(30 + n) for n in range(2)]

    for one in late:
        camp.do(
            lambda s, one=one: service.arriving.join(s, speaker=one, discussion_id=camp.discussion, now=NOON)  # type: ignore[misc]
        )

    assert [len(circle.members) for circle in camp.circles] == [4, 6]


def test_whoever_is_not_checked_in_is_asked_to_do_that_first(camp: DiscussionCamp) -> None:
    camp.attend(0, 1, 2, 3)
    camp.create(who=Who.PRESENT)
    late = camp.trainees[5]

    with pytest.raises(CheckInFirst):
        camp.do(lambda s: service.arriving.join(s, speaker=late, discussion_id=camp.discussion, now=NOON))
    camp.attend(5)

    assert camp.do(lambda s: service.arriving.join(s, speaker=late, discussion_id=camp.discussion, now=NOON)).is_news


def test_nobody_joins_a_draft_and_no_stranger_anything(camp: DiscussionCamp) -> None:
    camp.create(announce=False)

    for speaker, error in ((camp.trainees[0], Gone), (None, NotLinked)):
        with pytest.raises(error):
            camp.do(
                lambda s, by=speaker: service.arriving.join(s, speaker=by, discussion_id=camp.discussion, now=NOON)  # type: ignore[misc]
            )


def test_a_group_of_one_leads_and_records_itself(camp: DiscussionCamp) -> None:
    camp.create(amount=8)

    circle = camp.circle(1)

    assert circle.group.leader_id == circle.group.recorder_id == circle.members[0].person_id


def test_nothing_is_moved_any_more_once_it_is_over(camp: DiscussionCamp) -> None:
    camp.create()
    camp.do(lambda s: service.setting_up.end(s, speaker=camp.coordinator, discussion_id=camp.discussion, now=NOON))

    with pytest.raises(Over):
        move(camp, camp.speakers(1)[3], camp.circle(2))
