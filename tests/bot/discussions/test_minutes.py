"""The minutes: drafted, edited by the recorder, confirmed by both, names only by consent; and the documents."""

import io
import zipfile

import pytest

from bot.banks.formats.docx import read_docx
from bot.discussions import paper, queries, service
from bot.discussions.models import Entry, Kind, Stage, Status
from bot.discussions.outcomes import Confirmed, Kept, Paper
from bot.discussions.refusals import NotNow, NotYourGroup, OnlyRecorder, ReadAgain, RecorderWrites
from bot.errors import Gone, NotAllowed
from bot.people.service import Speaker
from tests.support.discussion_camp import AUDITOR, NOON, DiscussionCamp

minutes = service.minutes


@pytest.fixture
def drafted(camp: DiscussionCamp) -> DiscussionCamp:
    camp.create()
    camp.bring_to(Stage.MINUTES)
    return camp


def read(camp: DiscussionCamp, number: int = 1) -> Paper:
    return camp.see(lambda s: minutes.paper_of(s, queries.circle_of(s, camp.circle(number).id)))


def confirm(camp: DiscussionCamp, who: Speaker, number: int = 1, version: int | None = None) -> Confirmed:
    circle = camp.circle(number)
    read_version = circle.group.version if version is None else version
    return camp.do(lambda s: minutes.confirm(s, speaker=who, group_id=circle.id, version=read_version, now=NOON))


def reword(camp: DiscussionCamp, text: str, line: int = 0, by: Speaker | None = None) -> Kept:
    line_id, who = read(camp).lines[line].id, by or camp.speakers()[1]
    return camp.do(lambda s: minutes.change_line(s, speaker=who, line_id=line_id, text=text)[1])


def agree(camp: DiscussionCamp, who: Speaker) -> None:
    group_id = camp.group_of(who)
    camp.do(lambda s: service.stages.set_consent(s, speaker=who, group_id=group_id, may_name=True))


def document(camp: DiscussionCamp, language: str = "en", number: int = 1) -> str:
    group_id = camp.circle(number).id
    return read_docx(camp.see(lambda s: paper.render_minutes(s, group_id=group_id, language=language)).content)


def joint(camp: DiscussionCamp) -> str:
    return read_docx(camp.see(lambda s: paper.render_joint(s, discussion_id=camp.discussion, language="en")).content)


def test_the_draft_has_the_leading_points_first_with_causes_and_measures(drafted: DiscussionCamp) -> None:
    lines = [(one.entry, one.text, one.dots, one.is_top) for one in read(drafted).lines]

    assert lines == [
        (Entry.POINT, "Point 1", 4, True),
        (Entry.CAUSE, "Meetings are at noon", 0, True),
        (Entry.MEASURE, "Meet in the evening", 0, True),
        (Entry.POINT, "Point 2", 0, False),
        (Entry.POINT, "Point 3", 0, False),
        (Entry.POINT, "Point 4", 0, False),
    ]


def test_before_the_draft_there_is_nothing_to_read(camp: DiscussionCamp) -> None:
    camp.create()
    group_id = camp.circle().id

    with pytest.raises(NotNow):
        camp.see(lambda s: minutes.show(s, speaker=camp.speakers()[0], group_id=group_id))


def test_the_minutes_are_read_by_the_group_and_the_readers_of_the_camp_only(drafted: DiscussionCamp) -> None:
    group_id = drafted.circle().id
    for speaker in (drafted.speakers()[3], drafted.coordinator, drafted.staff[AUDITOR]):
        shown, _ = drafted.see(lambda s, by=speaker: minutes.show(s, speaker=by, group_id=group_id))  # type: ignore[misc]
        assert len(shown.lines) == 6

    for stranger in (drafted.speakers(2)[0], None):
        with pytest.raises(NotAllowed):
            drafted.see(lambda s, by=stranger: minutes.show(s, speaker=by, group_id=group_id))  # type: ignore[misc]


def test_the_recorder_rewords_leaves_out_and_adds_lines(drafted: DiscussionCamp) -> None:
    recorder, group_id = drafted.speakers()[1], drafted.circle().id
    assert reword(drafted, "Point one, better said") is Kept.KEPT
    last = read(drafted).lines[-1].id

    drafted.do(lambda s: minutes.drop_line(s, speaker=recorder, line_id=last))
    drafted.do(
        lambda s: minutes.add_remark(
            s, speaker=recorder, group_id=group_id, question_id=drafted.question(2), text="Nobody had time"
        )
    )

    texts = [one.text for one in read(drafted).lines]
    assert texts[0] == "Point one, better said"
    assert texts[-1] == "Nobody had time"
    assert "Point 4" not in texts
    assert drafted.circle().group.version == 4


@pytest.mark.parametrize(("text", "kept"), [("", Kept.EMPTY), ("长" * 4096, Kept.TOO_LONG), ("<b>😀", Kept.KEPT)])
def test_a_line_that_does_not_fit_changes_nothing(drafted: DiscussionCamp, text: str, kept: Kept) -> None:
    assert reword(drafted, text) is kept
    assert read(drafted).lines[0].text == (text if kept is Kept.KEPT else "Point 1")


def test_nobody_but_the_recorder_edits(drafted: DiscussionCamp) -> None:
    leader, _, member, _ = drafted.speakers()
    for speaker, error in (
        (leader, RecorderWrites),
        (member, RecorderWrites),
        (drafted.speakers(2)[1], NotYourGroup),
        (drafted.coordinator, NotYourGroup),
    ):
        with pytest.raises(error):
            reword(drafted, "Changed", by=speaker)
    assert read(drafted).lines[0].text == "Point 1"


def test_the_group_is_done_once_leader_and_recorder_have_both_confirmed(drafted: DiscussionCamp) -> None:
    leader, recorder = drafted.speakers()[:2]

    first, again, second = confirm(drafted, leader), confirm(drafted, leader), confirm(drafted, recorder)

    assert [(one.is_news, one.is_final) for one in (first, again, second)] == [
        (True, False),
        (False, False),
        (True, True),
    ]
    assert second.is_last is False
    assert drafted.circle().stage is Stage.DONE


def test_confirming_what_is_done_is_no_news(drafted: DiscussionCamp) -> None:
    for who in drafted.speakers()[:2]:
        confirm(drafted, who)

    again = confirm(drafted, drafted.speakers()[0])

    assert (again.is_news, again.is_final) == (False, False)


def test_a_change_after_one_confirmation_asks_both_again(drafted: DiscussionCamp) -> None:
    leader, recorder = drafted.speakers()[:2]
    confirm(drafted, leader)
    version = drafted.circle().group.version

    reword(drafted, "Point one, better said")

    with pytest.raises(ReadAgain):
        confirm(drafted, recorder, version=version)
    assert confirm(drafted, recorder).is_final is False
    assert confirm(drafted, leader).is_final is True


def test_wording_a_line_as_it_is_asks_nobody_again(drafted: DiscussionCamp) -> None:
    confirm(drafted, drafted.speakers()[0])

    reword(drafted, "Point 1")

    assert confirm(drafted, drafted.speakers()[1]).is_final is True


def test_nobody_else_confirms(drafted: DiscussionCamp) -> None:
    for speaker, error in ((drafted.speakers()[2], OnlyRecorder), (drafted.coordinator, NotYourGroup)):
        with pytest.raises(error):
            confirm(drafted, speaker)


def test_a_new_leader_confirms_anew(drafted: DiscussionCamp) -> None:
    leader, recorder, other = drafted.speakers()[:3]
    confirm(drafted, leader)
    drafted.do(
        lambda s: service.moving.name_officer(
            s,
            speaker=drafted.coordinator,
            group_id=drafted.circle().id,
            person_id=other.person_id,
            is_leader=True,
            now=NOON,
        )
    )

    assert confirm(drafted, recorder).is_final is False
    with pytest.raises(OnlyRecorder):
        confirm(drafted, leader)
    assert confirm(drafted, other).is_final is True


def test_a_group_of_one_confirms_with_one_press_and_the_last_group_ends_the_discussion(camp: DiscussionCamp) -> None:
    camp.create(amount=8)
    for number in range(1, 9):
        camp.bring_to(Stage.MINUTES, number)

    confirmed = [confirm(camp, camp.speakers(number)[0], number) for number in range(1, 9)]

    assert all(one.is_final for one in confirmed)
    assert [one.is_last for one in confirmed] == [False] * 7 + [True]
    assert camp.discussed().status == Status.ENDED


def test_going_back_keeps_what_the_recorder_edited_and_a_new_draft_does_not(drafted: DiscussionCamp) -> None:
    reword(drafted, "Mine")
    drafted.back(Stage.MINUTES)
    drafted.go(Stage.CAUSES)
    kept = read(drafted).lines[0].text

    drafted.do(lambda s: minutes.draft_anew(s, speaker=drafted.speakers()[1], group_id=drafted.circle().id))

    assert kept == "Mine"
    assert read(drafted).lines[0].text == "Point 1"


def test_minutes_that_nobody_edited_take_in_what_was_added_after_going_back(drafted: DiscussionCamp) -> None:
    drafted.back(Stage.MINUTES)
    point = next(one.id for one in drafted.points() if one.is_top)
    drafted.do(
        lambda s: service.finding.add(
            s, speaker=drafted.speakers()[2], point_id=point, kind=Kind.MEASURE, text="Ask them", now=NOON
        )
    )
    drafted.go(Stage.CAUSES)

    assert "Ask them" in [one.text for one in read(drafted).lines]


def test_only_a_coordinator_opens_confirmed_minutes_again(camp: DiscussionCamp) -> None:
    camp.create()
    camp.bring_to(Stage.MINUTES)
    for who in camp.speakers()[:2]:
        confirm(camp, who)

    camp.back(Stage.DONE, by=camp.coordinator)

    assert camp.circle().stage is Stage.MINUTES
    assert confirm(camp, camp.speakers()[0]).is_final is False


def test_a_line_that_is_gone_is_gone(drafted: DiscussionCamp) -> None:
    line = read(drafted).lines[0].id
    drafted.do(lambda s: minutes.drop_line(s, speaker=drafted.speakers()[1], line_id=line))

    with pytest.raises(Gone):
        drafted.do(lambda s: minutes.drop_line(s, speaker=drafted.speakers()[1], line_id=line))


def test_no_name_stands_in_the_document_without_consent(drafted: DiscussionCamp) -> None:
    names = [one.name for one in drafted.circle().members]
    reword(drafted, f"Ask {names[2]}, {names[3]} and {drafted.speakers(2)[0].name}")
    agree(drafted, next(one for one in drafted.trainees if one.name == names[2]))

    text = document(drafted)

    assert names[2] in text
    assert not any(one.name in text for one in drafted.trainees if one.name != names[2])
    assert f"Ask {names[2]}, (a member) and (a member)" in text
    assert "4 people took part; named by their own wish: " + names[2] in text


def test_consent_taken_back_holds_in_every_later_document(drafted: DiscussionCamp) -> None:
    who = drafted.speakers()[2]
    agree(drafted, who)
    assert who.name in document(drafted)

    drafted.do(lambda s: service.stages.set_consent(s, speaker=who, group_id=drafted.circle().id, may_name=False))

    assert who.name not in document(drafted)


def test_the_document_says_whether_both_have_confirmed(drafted: DiscussionCamp) -> None:
    before = document(drafted)
    for who in drafted.speakers()[:2]:
        confirm(drafted, who)

    assert "A draft: leader and recorder have not both confirmed it." in before
    assert "Confirmed by the leader and the recorder of the group." in document(drafted)


def test_the_document_is_in_the_reader_s_language(drafted: DiscussionCamp) -> None:
    assert "分组研讨纪要（第 1 组）" in document(drafted, "zh")
    assert "原因：Meetings are at noon" in document(drafted, "zh")


def test_the_joint_document_has_every_group_and_says_who_came_how_far(drafted: DiscussionCamp) -> None:
    text = joint(drafted)

    assert "Minutes of the group discussion: all groups" in text
    assert "1. Point 1 (4 dots)" in text
    assert "No minutes. The group came as far as: gathering" in text


def test_signs_that_xml_cannot_hold_do_not_break_the_document(drafted: DiscussionCamp) -> None:
    reword(drafted, "a\x0bb <w:p> & \ufffe 😀")

    assert "a b <w:p> &  😀" in document(drafted)


def test_the_document_is_a_sound_archive_with_a_safe_name(drafted: DiscussionCamp) -> None:
    made = drafted.see(lambda s: paper.render_minutes(s, group_id=drafted.circle().id, language="en"))

    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        assert archive.testzip() is None
        assert set(archive.namelist()) >= {"[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/styles.xml"}
    assert made.name == "Minutes 分组研讨 Group 1.docx"
