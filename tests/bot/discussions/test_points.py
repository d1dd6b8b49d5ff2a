"""Numbering, putting together and apart, the vote, causes and measures."""

import pytest

from bot.discussions import service
from bot.discussions.models import Kind, Stage
from bot.discussions.outcomes import Dotted, Kept
from bot.discussions.refusals import NotNow, NotYourGroup, OnlyRecorder
from bot.errors import Gone
from bot.people.service import Speaker
from tests.support.discussion_camp import NOON, DiscussionCamp

merging, voting, finding = service.merging, service.voting, service.finding


@pytest.fixture
def numbered(camp: DiscussionCamp) -> DiscussionCamp:
    """Group 1 has written five texts, two of them alike, and numbers them."""
    camp.create()
    camp.go(Stage.GATHERING)
    leader, recorder, one, other = camp.speakers()
    camp.write(leader, "- Noise\n- Parking")
    camp.write(recorder, "noise.")
    camp.write(one, "No lift")
    camp.write(other, "Young people work", question=2)
    camp.go(Stage.WRITING)
    return camp


def shape(camp: DiscussionCamp, question: int = 1) -> list[tuple[int, tuple[str, ...]]]:
    return [(one.number, one.texts) for one in camp.points(question=question)]


def merge(camp: DiscussionCamp, first: int, second: int, by: Speaker | None = None) -> bool:
    points = {one.number: one.id for one in camp.points(question=1)}
    leader = by or camp.speakers()[0]
    return camp.do(
        lambda s: merging.merge(s, speaker=leader, point_id=points[first], other_id=points.get(second, 0), now=NOON)[2]
    )


def test_points_are_numbered_a_question_and_what_reads_the_same_is_one(numbered: DiscussionCamp) -> None:
    assert shape(numbered) == [(1, ("Noise", "noise.")), (2, ("Parking",)), (3, ("No lift",))]
    assert shape(numbered, question=2) == [(1, ("Young people work",))]


def test_going_on_says_how_many_were_put_together(camp: DiscussionCamp) -> None:
    camp.create()
    camp.go(Stage.GATHERING)
    for who in camp.speakers():
        camp.write(who, "Noise")

    assert camp.go(Stage.WRITING).merged == 3


def test_two_points_are_put_together_and_the_other_number_is_free(numbered: DiscussionCamp) -> None:
    assert merge(numbered, 1, 3) is True

    assert shape(numbered) == [(1, ("Noise", "noise.", "No lift")), (2, ("Parking",))]


def test_putting_together_twice_is_the_same_as_once(numbered: DiscussionCamp) -> None:
    merge(numbered, 1, 3)
    before = shape(numbered)

    assert merge(numbered, 1, 3) is False
    assert merge(numbered, 1, 1) is False
    assert shape(numbered) == before


def test_a_wording_taken_apart_has_the_next_number_and_takes_its_likes_along(numbered: DiscussionCamp) -> None:
    merge(numbered, 2, 1)
    note = next(one for one in numbered.notes() if one.text == "Noise")

    numbered.do(lambda s: merging.split(s, speaker=numbered.speakers()[1], note_id=note.id or 0))

    assert shape(numbered) == [(2, ("Parking",)), (3, ("No lift",)), (4, ("Noise", "noise."))]


def test_texts_that_read_the_same_can_still_be_parted(numbered: DiscussionCamp) -> None:
    note = next(one for one in numbered.notes() if one.text == "noise.")

    numbered.do(lambda s: merging.split(s, speaker=numbered.speakers()[0], note_id=note.id or 0))
    numbered.do(lambda s: merging.split(s, speaker=numbered.speakers()[0], note_id=note.id or 0))

    assert shape(numbered) == [(1, ("Noise",)), (2, ("Parking",)), (3, ("No lift",)), (4, ("noise.",))]


def test_only_leader_and_recorder_put_points_together(numbered: DiscussionCamp) -> None:
    for speaker, error in ((numbered.speakers()[2], OnlyRecorder), (numbered.speakers(2)[0], NotYourGroup)):
        with pytest.raises(error):
            merge(numbered, 1, 2, by=speaker)
    assert merge(numbered, 1, 2, by=numbered.speakers()[1]) is True


def test_points_of_two_questions_stay_apart(numbered: DiscussionCamp) -> None:
    first, other = numbered.points(question=1)[0], numbered.points(question=2)[0]

    with pytest.raises(Gone):
        numbered.do(
            lambda s: merging.merge(s, speaker=numbered.speakers()[0], point_id=first.id, other_id=other.id, now=NOON)
        )


def test_nothing_is_put_together_once_the_group_votes(numbered: DiscussionCamp) -> None:
    numbered.go(Stage.MERGING)

    with pytest.raises(NotNow):
        merge(numbered, 1, 2)


def test_a_dot_is_placed_and_taken_back_and_pressing_twice_is_pressing_once(numbered: DiscussionCamp) -> None:
    numbered.go(Stage.MERGING)
    who, point = numbered.speakers()[2], numbered.points()[0].id

    outcomes = [numbered.dot(who, point, is_on=on) for on in (True, True, False, False, True)]

    assert [one.dotted for one in outcomes] == [
        Dotted.PLACED,
        Dotted.SAME,
        Dotted.TAKEN,
        Dotted.SAME,
        Dotted.PLACED,
    ]
    assert [one.left for one in outcomes] == [2, 2, 3, 3, 2]
    assert numbered.points()[0].dots == 1


def test_a_fourth_dot_on_a_question_is_none(camp: DiscussionCamp) -> None:
    camp.create()
    camp.go(Stage.GATHERING)
    who = camp.speakers()[0]
    camp.write(who, "- A\n- B\n- C\n- D")
    camp.write(who, "Elsewhere", question=2)
    camp.go(Stage.WRITING)
    camp.go(Stage.MERGING)

    dotted = [camp.dot(who, point.id).dotted for point in camp.points()]

    assert dotted == [*[Dotted.PLACED] * 3, Dotted.NONE_LEFT, Dotted.PLACED]


def test_others_dots_are_not_on_a_ballot(numbered: DiscussionCamp) -> None:
    numbered.go(Stage.MERGING)
    one, other = numbered.speakers()[:2]
    point = numbered.points()[0].id
    numbered.dot(one, point)

    ballot = numbered.see(
        lambda s: voting.show_ballot(s, speaker=other, group_id=numbered.circle().id, question_id=numbered.question())
    )

    assert (ballot.mine, ballot.left) == (frozenset(), 3)


def test_nobody_votes_in_another_group_or_at_another_stage(numbered: DiscussionCamp) -> None:
    point = numbered.points()[0].id
    with pytest.raises(NotNow):
        numbered.dot(numbered.speakers()[0], point)
    numbered.go(Stage.MERGING)

    with pytest.raises(NotYourGroup):
        numbered.dot(numbered.speakers(2)[0], point)
    with pytest.raises(Gone):
        numbered.dot(numbered.speakers()[0], 999)


def test_dots_on_two_points_put_together_are_one_a_person(numbered: DiscussionCamp) -> None:
    numbered.go(Stage.MERGING)
    one, other = numbered.speakers()[:2]
    first, second, _ = (point.id for point in numbered.points(question=1))
    for who, point in ((one, first), (one, second), (other, second)):
        numbered.dot(who, point)
    numbered.back(Stage.VOTING)

    merge(numbered, 1, 2)

    assert [(point.number, point.dots) for point in numbered.points(question=1)] == [(1, 2), (3, 0)]


@pytest.fixture
def leading(numbered: DiscussionCamp) -> DiscussionCamp:
    """Group 1 has given its dots to the first point and looks for causes."""
    numbered.go(Stage.MERGING)
    numbered.dot(numbered.speakers()[0], numbered.points()[0].id)
    numbered.go(Stage.VOTING)
    return numbered


def add(camp: DiscussionCamp, who: Speaker, text: str, kind: Kind = Kind.CAUSE, point: int = 0) -> Kept:
    point_id = camp.points()[point].id
    written, _ = camp.do(lambda s: finding.add(s, speaker=who, point_id=point_id, kind=kind, text=text, now=NOON))
    return written.kept


def test_everybody_adds_causes_and_measures_to_leading_points(leading: DiscussionCamp) -> None:
    one, other = leading.speakers()[2:]

    kept = [
        add(leading, one, "- Thin walls\n- Late hours"),
        add(leading, other, "Quiet hours", Kind.MEASURE),
        add(leading, other, "thin walls."),
        add(leading, other, ""),
        add(leading, other, "x" * 501),
    ]

    assert kept == [Kept.KEPT, Kept.KEPT, Kept.SAME, Kept.EMPTY, Kept.TOO_LONG]
    point = leading.points()[0].id
    page, _ = leading.see(lambda s: finding.show_point(s, speaker=one, point_id=point))
    assert [(one.kind, one.text) for one in page.findings] == [
        ("cause", "Thin walls"),
        ("cause", "Late hours"),
        ("measure", "Quiet hours"),
    ]


def test_a_point_takes_twenty_findings_and_no_more(leading: DiscussionCamp) -> None:
    who = leading.speakers()[2]
    for start in (0, 10):
        add(leading, who, "\n".join(f"- Cause {n}" for n in range(start, start + 10)))

    assert add(leading, who, "One more") is Kept.FULL


def test_a_point_that_does_not_lead_takes_none(leading: DiscussionCamp) -> None:
    with pytest.raises(NotNow):
        add(leading, leading.speakers()[2], "Cause", point=1)


def test_a_finding_is_taken_away_by_its_author_the_leader_or_the_recorder(leading: DiscussionCamp) -> None:
    leader, _, one, other = leading.speakers()
    add(leading, one, "- First\n- Second")
    point = leading.points()[0].id
    page, _ = leading.see(lambda s: finding.show_point(s, speaker=one, point_id=point))
    first, second = (found.id or 0 for found in page.findings)

    with pytest.raises(NotYourGroup):
        leading.do(lambda s: finding.drop(s, speaker=other, finding_id=first))
    leading.do(lambda s: finding.drop(s, speaker=one, finding_id=first))
    left = leading.do(lambda s: finding.drop(s, speaker=leader, finding_id=second))

    assert left.findings == ()


def test_a_cause_that_comes_after_the_stage_is_too_late(leading: DiscussionCamp) -> None:
    leading.go(Stage.CAUSES)

    assert add(leading, leading.speakers()[2], "Late") is Kept.TOO_LATE
