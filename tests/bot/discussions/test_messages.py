"""Wording: that every screen fits a message and a button, in both languages, however much there is to say."""

import html
import re

import pytest

from bot.buttons import LIMIT
from bot.discussions.drawing import Balance
from bot.discussions.messages import announcing, desk, finding, groups, minutes, place, points, writing
from bot.discussions.models import Discussion, Entry, Finding, Group, Kind, Note, Question, Stage, Status
from bot.discussions.outcomes import (
    Ballot,
    Board,
    Circle,
    Division,
    Kept,
    Line,
    Member,
    NumberedPoint,
    Occasion,
    Paper,
    Place,
    PointPage,
)
from bot.i18n import LANGUAGES, Translator, translator
from bot.outbox.calls import Message
from tests.support.discussion_camp import NOON

LONG = "<b>长</b> & " * 60
TELEGRAM = 4096


def occasion(status: Status = Status.ANNOUNCED) -> Occasion:
    discussion = Discussion(id=1, cohort_id=1, activity_id=1, made_by=1, created_at=NOON, status=status, seed="1-1")
    questions = tuple(Question(id=n, discussion_id=1, position=n, text=LONG[:300]) for n in range(1, 6))
    return Occasion(discussion, LONG, NOON, LONG, "Asia/Shanghai", "en", "第四期", False, questions)


def circle(stage: Stage, people: int = 77, status: Status = Status.ANNOUNCED) -> Circle:
    members = tuple(Member(n, f"欧阳学员<{n}>", "东街道", "网格员", chat_id=n) for n in range(1, people + 1))
    group = Group(id=1, discussion_id=1, number=1, stage=stage, stage_at=NOON, leader_id=1, recorder_id=2)
    return Circle(occasion(status), group, members)


def numbered(count: int = 40) -> list[NumberedPoint]:
    return [
        NumberedPoint(n, 1 + n % 5, n, (LONG[:500], "another", "one more"), (n, n + 100, n + 200), n, n < 6)
        for n in range(1, count)
    ]


def paper(stage: Stage) -> Paper:
    lines = tuple(Line(n, 1 + n % 5, entry, LONG[:500], n, 3, is_top=True) for n, entry in enumerate([*Entry] * 10, 1))
    return Paper(circle(stage), lines, tuple(f"欧阳学员<{n}>" for n in range(1, 78)), ("王<小>明",))


def visible(message: Message) -> str:
    """What is left of a message once Telegram has parsed it."""
    return html.unescape(re.sub(r"</?[a-z][^>]*>", "", str(message.text)))


def screens(t: Translator) -> dict[str, Message]:
    """Every screen at its fullest."""
    found = numbered()
    at = {stage: Place(circle(stage), circle(stage).members[0], 3, 2) for stage in Stage}
    notes = [Note(id=n, group_id=1, question_id=1, person_id=1, text=LONG[:500], written_at=NOON) for n in range(10)]
    said = tuple(
        Finding(id=n, point_id=1, person_id=1, kind=kind, text=LONG[:500], written_at=NOON)
        for n, kind in enumerate([*Kind] * 10)
    )
    page = PointPage(circle(Stage.CAUSES), found[0], said)
    member = circle(Stage.WRITING).members[0]
    division = Division(occasion(Status.DRAFT), (circle(Stage.GATHERING),) * 12, Balance(1, 2, 3), waiting=4)
    many = tuple(
        Circle(occasion(), Group(id=n, discussion_id=1, number=n, stage=Stage.WRITING, stage_at=NOON), ())
        for n in range(1, 41)
    )
    return {
        **{f"place {stage}": place.render_place(one, NOON, t, found[:5]) for stage, one in at.items()},
        "ask on": place.render_ask_on(at[Stage.WRITING], t),
        "writing": writing.render_writing(at[Stage.WRITING], 1, notes, t, Kept.KEPT),
        "note": writing.render_note(notes[0], at[Stage.WRITING], t),
        "points": points.render_points(circle(Stage.CAUSES), found, 1, t),
        "list": points.render_list(circle(Stage.MERGING), 1, found, 0, t),
        "point": points.render_point(circle(Stage.MERGING), found[0], found, 0, t),
        "ballot": points.render_ballot(Ballot(at[Stage.VOTING], 1, tuple(found), frozenset({1}), 2), 0, t),
        "finding": finding.render_point(page, at[Stage.CAUSES], t, Kept.KEPT),
        "ask finding": finding.render_ask(page, Kind.MEASURE, t),
        "paper": minutes.render_paper(paper(Stage.MINUTES), at[Stage.MINUTES], 0, t, Kept.KEPT),
        "line": minutes.render_line(paper(Stage.MINUTES), paper(Stage.MINUTES).lines[0], t),
        "sheet": desk.render_sheet(occasion(Status.DRAFT), 8, t, may_change=True),
        "questions": desk.render_questions(occasion(Status.DRAFT), t),
        "clocks": desk.render_clocks(occasion(Status.DRAFT), t),
        "manner": desk.render_manner(occasion(Status.DRAFT), t),
        "division": groups.render_division(division, 0, t, may_change=True),
        "group": groups.render_circle(circle(Stage.WRITING), 3, NOON, t, may_change=True),
        "person": groups.render_person(circle(Stage.WRITING), member, many, t),
        "board": groups.render_board(Board(occasion(), many, {n: n for n in range(1, 41)}), NOON, t, may_change=True),
        "nudge": announcing.render_nudge(circle(Stage.WRITING), t),
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_fits_a_message_and_its_buttons_fit_telegram(language: str) -> None:
    for name, message in screens(translator(language)).items():
        assert len(visible(message).encode("utf-16-le")) // 2 <= TELEGRAM, name
        buttons = [one for row in (message.keyboard.inline_keyboard if message.keyboard else ()) for one in row]
        assert len(buttons) <= 100, name
        assert all(len(str(one.callback_data).encode()) <= LIMIT and one.text for one in buttons), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_that_people_wrote_can_break_the_marks(language: str) -> None:
    for name, message in screens(translator(language)).items():
        assert "<b>长" not in str(message.text), name


def test_a_screen_in_chinese_has_no_english_sentence_left() -> None:
    for name, message in screens(translator("zh")).items():
        plain = visible(message).replace("another", "").replace("one more", "")
        assert list(re.findall("[A-Za-z]{4,}", plain)) == [], name


def test_where_a_group_stands_is_said_in_signs_and_words() -> None:
    shown = str(
        place.render_place(
            Place(circle(Stage.VOTING, 3), circle(Stage.VOTING, 3).members[2]), NOON, translator("en")
        ).text
    )

    assert "● ● 🔵 ○ ○" in shown
    assert "Now: vote with dots" in shown
    assert "until about 12:03" in shown


def test_a_leader_can_go_on_and_a_member_cannot() -> None:
    here = circle(Stage.VOTING, 3)
    shown = [place.render_place(Place(here, here.members[number]), NOON, translator("en")) for number in (0, 2)]

    labels = [
        [one.text for row in (message.keyboard.inline_keyboard if message.keyboard else ()) for one in row]
        for message in shown
    ]
    assert [any("Go on" in label for label in some) for some in labels] == [True, False]


def test_a_ballot_shows_no_counts_while_people_vote() -> None:
    here = Place(circle(Stage.VOTING, 3), circle(Stage.VOTING, 3).members[2])

    shown = points.render_ballot(Ballot(here, 1, tuple(numbered(9)), frozenset(), 3), 0, translator("en"))

    assert "●" not in str(shown.text)
