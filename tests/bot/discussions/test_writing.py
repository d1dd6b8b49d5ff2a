"""Writing in silence: what is kept, what is refused, who sees it."""

import pytest

from bot.discussions import service
from bot.discussions.models import Stage
from bot.discussions.outcomes import Kept
from bot.discussions.refusals import NotNow, NotYourGroup
from bot.errors import Gone
from tests.support.discussion_camp import DiscussionCamp

writing = service.writing


@pytest.fixture
def open_camp(camp: DiscussionCamp) -> DiscussionCamp:
    camp.create()
    camp.go(Stage.GATHERING, 1)
    camp.go(Stage.GATHERING, 2)
    return camp


def test_a_message_is_a_point_and_a_list_is_several(open_camp: DiscussionCamp) -> None:
    who = open_camp.speakers()[2]

    counts = [open_camp.write(who, text).count for text in ("Noise", "- Parking\n- No lift")]

    assert counts == [1, 2]
    assert [note.text for note in open_camp.notes()] == ["Noise", "Parking", "No lift"]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", Kept.EMPTY),
        (" \n ", Kept.EMPTY),
        ("x" * 500, Kept.KEPT),
        ("x" * 501, Kept.TOO_LONG),
        ("长" * 4096, Kept.TOO_LONG),
        ("- fine\n- " + "x" * 501, Kept.TOO_LONG),
        ("😀🎉", Kept.KEPT),
        ("<b>bold</b> & <script>", Kept.KEPT),
        ("\n".join(f"- {n}" for n in range(11)), Kept.FULL),
    ],
)
def test_what_fits_is_kept_whole_or_not_at_all(open_camp: DiscussionCamp, text: str, kept: Kept) -> None:
    written = open_camp.write(open_camp.speakers()[0], text)

    assert written.kept is kept
    assert [note.text for note in open_camp.notes()] == ([text] if kept is Kept.KEPT else [])


def test_the_same_words_are_kept_once_a_person_and_question(open_camp: DiscussionCamp) -> None:
    one, other = open_camp.speakers()[:2]

    kept = [
        open_camp.write(one, "Noise").kept,
        open_camp.write(one, " noise. ").kept,
        open_camp.write(other, "Noise").kept,
        open_camp.write(one, "Noise", question=2).kept,
    ]

    assert kept == [Kept.KEPT, Kept.SAME, Kept.KEPT, Kept.KEPT]


def test_an_eleventh_point_is_too_many(open_camp: DiscussionCamp) -> None:
    who = open_camp.speakers()[0]
    for number in range(10):
        open_camp.write(who, f"Point {number}")

    assert open_camp.write(who, "One more").kept is Kept.FULL
    assert open_camp.write(who, "Elsewhere", question=2).kept is Kept.KEPT


def test_nobody_sees_what_others_wrote_before_all_go_on(open_camp: DiscussionCamp) -> None:
    one, other = open_camp.speakers()[:2]
    open_camp.write(one, "Mine alone")
    group_id = open_camp.circle().id

    place, notes = open_camp.see(lambda s: writing.show_mine(s, speaker=other, group_id=group_id))

    assert (place.done, list(notes)) == (1, [])
    with pytest.raises(NotNow):
        open_camp.see(lambda s: service.merging.show_points(s, speaker=other, group_id=group_id))


def test_somebody_else_s_point_can_be_neither_read_nor_changed(open_camp: DiscussionCamp) -> None:
    one, other = open_camp.speakers()[:2]
    open_camp.write(one, "Mine alone")
    note_id = open_camp.notes()[0].id or 0

    for act in (writing.require_own, writing.drop):
        with pytest.raises(Gone):
            open_camp.do(lambda s, act=act: act(s, speaker=other, note_id=note_id))  # type: ignore[misc]
    with pytest.raises(Gone):
        open_camp.do(lambda s: writing.change(s, speaker=other, note_id=note_id, text="Theirs"))
    assert [note.text for note in open_camp.notes()] == ["Mine alone"]


def test_one_s_own_point_is_worded_anew_and_taken_back(open_camp: DiscussionCamp) -> None:
    who = open_camp.speakers()[2]
    open_camp.write(who, "- One\n- Two")
    first, second = (note.id or 0 for note in open_camp.notes())

    kept = [
        open_camp.do(lambda s, text=text: writing.change(s, speaker=who, note_id=first, text=text)).kept  # type: ignore[misc]
        for text in ("One, better", "", "x" * 501)
    ]
    open_camp.do(lambda s: writing.drop(s, speaker=who, note_id=second))

    assert kept == [Kept.KEPT, Kept.EMPTY, Kept.TOO_LONG]
    assert [note.text for note in open_camp.notes()] == ["One, better"]


def test_what_comes_after_the_writing_is_too_late_and_changes_nothing(open_camp: DiscussionCamp) -> None:
    who = open_camp.speakers()[3]
    open_camp.write(who, "In time")
    note_id = open_camp.notes()[0].id or 0
    open_camp.go(Stage.WRITING)

    assert open_camp.write(who, "Late").kept is Kept.TOO_LATE
    assert open_camp.do(lambda s: writing.change(s, speaker=who, note_id=note_id, text="Other")).kept is Kept.TOO_LATE
    with pytest.raises(NotNow):
        open_camp.do(lambda s: writing.drop(s, speaker=who, note_id=note_id))
    assert [note.text for note in open_camp.notes()] == ["In time"]


def test_leader_and_recorder_may_add_what_was_forgotten_and_it_has_a_number_at_once(open_camp: DiscussionCamp) -> None:
    leader, recorder = open_camp.speakers()[:2]
    open_camp.write(leader, "First")
    open_camp.go(Stage.WRITING)

    kept = [open_camp.write(recorder, "Forgotten").kept, open_camp.write(recorder, "first.").kept]

    assert kept == [Kept.KEPT, Kept.KEPT]
    assert [(one.number, one.texts) for one in open_camp.points()] == [(1, ("First", "first.")), (2, ("Forgotten",))]


def test_nobody_writes_in_another_group_or_on_another_question(open_camp: DiscussionCamp) -> None:
    who, elsewhere = open_camp.speakers(1)[0], open_camp.circle(2).id

    with pytest.raises(NotYourGroup):
        open_camp.write(who, "Stranger", group=elsewhere)
    with pytest.raises(Gone):
        open_camp.do(
            lambda s: writing.write(
                s,
                speaker=who,
                group_id=open_camp.circle(1).id,
                question_id=999,
                text="Nowhere",
                now=open_camp.circle().occasion.starts_at,
            )
        )
    assert open_camp.notes(1) + open_camp.notes(2) == []
