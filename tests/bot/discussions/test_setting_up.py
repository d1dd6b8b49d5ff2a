"""Setting a discussion up: who may, what is refused, what the change log keeps."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from bot.audit.models import Change
from bot.discussions import queries, service
from bot.discussions.models import Discussion, Grouping, Stage, Status, Who
from bot.discussions.refusals import (
    AlreadyDiscussed,
    Cancelled,
    NoGroups,
    NoQuestions,
    NoRoomForMore,
    Underway,
)
from bot.errors import Gone, NotAllowed
from bot.timetable.models import Activity
from tests.support.discussion_camp import AUDITOR, NOON, DiscussionCamp

setting_up = service.setting_up


def deeds(camp: DiscussionCamp) -> list[str]:
    def work(session: Session) -> list[str]:
        rows = session.exec(select(Change).where(Change.subject == "discussion").order_by(Change.id))  # type: ignore[arg-type]
        return [row.action for row in rows]

    return camp.see(work)


def cancel(camp: DiscussionCamp, number: int = 0) -> None:
    def work(session: Session) -> None:
        activity = session.get_one(Activity, camp.activities[number])
        activity.cancelled_at = NOON
        session.add(activity)

    camp.do(work)


def test_a_discussion_is_about_one_activity_and_says_when_and_where_it_is(camp: DiscussionCamp) -> None:
    camp.create(draw=False)

    occasion = camp.see(lambda s: setting_up.show(s, speaker=camp.coordinator, discussion_id=camp.discussion))

    assert (occasion.title, occasion.place, occasion.starts_at) == ("分组研讨", "Room 3", NOON + timedelta(hours=2))
    assert occasion.questions[0].text == "What keeps residents from taking part?"


def test_an_activity_that_moves_takes_its_discussion_along(camp: DiscussionCamp) -> None:
    camp.create()

    def move(session: Session) -> None:
        activity = session.get_one(Activity, camp.activities[0])
        activity.place, activity.starts_at = "Hall", NOON + timedelta(minutes=30)
        session.add(activity)

    camp.do(move)

    assert camp.circle().occasion.place == "Hall"
    assert camp.circle().occasion.starts_at == NOON + timedelta(minutes=30)


def test_only_a_coordinator_makes_one_and_an_auditor_reads_it(camp: DiscussionCamp) -> None:
    camp.create(draw=False)
    auditor, trainee = camp.staff[AUDITOR], camp.trainees[0]

    for speaker in (auditor, trainee, None):
        with pytest.raises(NotAllowed):
            camp.do(lambda s, by=speaker: setting_up.create(s, speaker=by, activity_id=camp.activities[1], now=NOON))  # type: ignore[misc]

    listed = camp.see(lambda s: setting_up.list_discussions(s, speaker=auditor, cohort_id=camp.cohort))
    assert [one.id for one in listed] == [camp.discussion]
    with pytest.raises(NotAllowed):
        camp.see(lambda s: setting_up.list_discussions(s, speaker=trainee, cohort_id=camp.cohort))


def test_an_activity_has_one_discussion_at_a_time(camp: DiscussionCamp) -> None:
    camp.create(draw=False)

    with pytest.raises(AlreadyDiscussed):
        camp.create(draw=False)
    free = camp.see(lambda s: setting_up.list_activities(s, speaker=camp.coordinator, cohort_id=camp.cohort, now=NOON))
    assert [one.id for one in free] == [camp.activities[1]]


def test_a_deleted_draft_frees_its_activity_and_is_gone(camp: DiscussionCamp) -> None:
    first = camp.create(draw=False)
    camp.do(lambda s: setting_up.delete_draft(s, speaker=camp.coordinator, discussion_id=first, now=NOON))

    second = camp.create(draw=False)

    assert second != first
    with pytest.raises(Gone):
        camp.see(lambda s: setting_up.show(s, speaker=camp.coordinator, discussion_id=first))


def test_an_activity_that_is_over_or_cancelled_is_not_offered(camp: DiscussionCamp) -> None:
    cancel(camp, 1)
    later = NOON + timedelta(hours=4)

    offered = camp.see(
        lambda s: setting_up.list_activities(s, speaker=camp.coordinator, cohort_id=camp.cohort, now=later)
    )

    assert offered == []
    with pytest.raises(Cancelled):
        camp.create(activity=1)


@pytest.mark.parametrize("text", ["", "   \n ", "x" * 301, "长" * 4096])
def test_a_question_that_does_not_fit_is_not_kept(camp: DiscussionCamp, text: str) -> None:
    camp.create(draw=False, questions=())

    kept = camp.do(
        lambda s: setting_up.add_question(
            s, speaker=camp.coordinator, discussion_id=camp.discussion, text=text, now=NOON
        )
    )

    assert kept is None
    assert camp.see(lambda s: queries.questions_of(s, camp.discussion)) == []


def test_a_sixth_question_is_refused(camp: DiscussionCamp) -> None:
    with pytest.raises(NoRoomForMore):
        camp.create(questions=[f"Question {n}?" for n in range(6)])


def test_questions_close_up_when_one_is_taken_away(camp: DiscussionCamp) -> None:
    camp.create(draw=False, questions=("A?", "B?", "C?"))
    first = camp.see(lambda s: queries.questions_of(s, camp.discussion))[0]

    camp.do(lambda s: setting_up.drop_question(s, speaker=camp.coordinator, question_id=first.id or 0, now=NOON))

    left = camp.see(lambda s: queries.questions_of(s, camp.discussion))
    assert [(one.position, one.text) for one in left] == [(1, "B?"), (2, "C?")]


def test_a_question_is_worded_anew_until_the_groups_are_announced(camp: DiscussionCamp) -> None:
    camp.create(announce=False)
    change = {"speaker": camp.coordinator, "question_id": camp.question(1), "text": " Why <b>not</b>? ", "now": NOON}
    camp.do(lambda s: setting_up.change_question(s, **change))  # type: ignore[arg-type]
    camp.do(lambda s: setting_up.announce(s, speaker=camp.coordinator, discussion_id=camp.discussion, now=NOON))

    assert camp.circle().occasion.questions[0].text == "Why <b>not</b>?"
    with pytest.raises(Underway):
        camp.do(lambda s: setting_up.change_question(s, **change))  # type: ignore[arg-type]


def test_announcing_needs_questions_and_groups(camp: DiscussionCamp) -> None:
    camp.create(draw=False)
    announce = {"speaker": camp.coordinator, "discussion_id": camp.discussion, "now": NOON}
    with pytest.raises(NoGroups):
        camp.do(lambda s: setting_up.announce(s, **announce))  # type: ignore[arg-type]

    def without_questions(session: Session) -> None:
        for question in queries.questions_of(session, camp.discussion):
            setting_up.drop_question(session, speaker=camp.coordinator, question_id=question.id or 0, now=NOON)

    camp.do(without_questions)
    with pytest.raises(NoQuestions):
        camp.do(lambda s: setting_up.announce(s, **announce))  # type: ignore[arg-type]


def test_a_discussion_of_a_cancelled_activity_is_not_announced(camp: DiscussionCamp) -> None:
    camp.create(announce=False)
    cancel(camp)

    with pytest.raises(Cancelled):
        camp.do(lambda s: setting_up.announce(s, speaker=camp.coordinator, discussion_id=camp.discussion, now=NOON))


def test_announcing_twice_tells_nobody_again(camp: DiscussionCamp) -> None:
    camp.create()

    again = camp.do(lambda s: setting_up.announce(s, speaker=camp.coordinator, discussion_id=camp.discussion, now=NOON))

    assert again == ()


def test_another_way_of_making_groups_takes_back_what_was_drawn(camp: DiscussionCamp) -> None:
    camp.create(announce=False)

    camp.do(
        lambda s: setting_up.change_grouping(
            s,
            speaker=camp.coordinator,
            discussion_id=camp.discussion,
            now=NOON,
            grouping_by=Grouping.SIZE,
            amount=4,
        )
    )

    stored = camp.discussed()
    assert (stored.grouping, stored.amount) == ("size", 4)
    assert camp.circles == ()


def test_choosing_what_holds_already_keeps_the_groups(camp: DiscussionCamp) -> None:
    camp.create(announce=False)

    camp.do(
        lambda s: setting_up.change_grouping(
            s, speaker=camp.coordinator, discussion_id=camp.discussion, now=NOON, who=Who.ROSTER
        )
    )

    assert len(camp.circles) == 2


def test_the_clock_is_set_within_bounds_and_also_while_groups_are_at_work(camp: DiscussionCamp) -> None:
    camp.create()

    def set_to(minutes: int) -> Discussion:
        return camp.do(
            lambda s: setting_up.set_minutes(
                s,
                speaker=camp.coordinator,
                discussion_id=camp.discussion,
                stage=Stage.WRITING,
                minutes=minutes,
                now=NOON,
            )
        )

    assert [set_to(one).writing_minutes for one in (-5, 12, 9999)] == [0, 12, 120]


def test_a_stage_without_a_clock_has_none_to_set(camp: DiscussionCamp) -> None:
    camp.create()

    with pytest.raises(Gone):
        camp.do(
            lambda s: setting_up.set_minutes(
                s, speaker=camp.coordinator, discussion_id=camp.discussion, stage=Stage.DONE, minutes=5, now=NOON
            )
        )


def test_ending_is_news_once_and_keeps_everything(camp: DiscussionCamp) -> None:
    camp.create()
    camp.go(Stage.GATHERING)
    camp.write(camp.speakers()[0], "Kept")
    end = {"speaker": camp.coordinator, "discussion_id": camp.discussion, "now": NOON}

    ended = [camp.do(lambda s: setting_up.end(s, **end)) for _ in range(2)]  # type: ignore[arg-type]

    assert ended == [True, False]
    assert camp.discussed().status == Status.ENDED
    assert [note.text for note in camp.notes()] == ["Kept"]


def test_every_step_of_the_coordinator_stands_in_the_change_log_with_no_word_of_a_trainee(camp: DiscussionCamp) -> None:
    camp.create()
    camp.go(Stage.GATHERING, by=camp.coordinator)
    camp.write(camp.speakers()[0], "Secret thought")
    camp.do(lambda s: setting_up.end(s, speaker=camp.coordinator, discussion_id=camp.discussion, now=NOON))

    assert deeds(camp) == ["create", "ask", "ask", "change", "draw", "announce", "stage", "end"]
    logged = camp.see(lambda s: [f"{row.before}{row.after}" for row in s.exec(select(Change))])
    assert not any("Secret" in line for line in logged)
