import pytest
from msgspec.structs import replace

from bot import i18n
from bot.ids import PersonId
from bot.people.enrolling import Plan
from bot.people.messages.roster import preview_text, render_preview, render_question
from bot.people.messages.wording import LIMIT, plain_text
from bot.people.models import Import
from bot.people.roster_diff import Doubt, FieldChange, Match, Question, RosterDiff
from bot.people.roster_shapes import Field, KnownPerson, Problem, ProblemKind, Roster, RosterEntry
from tests.support.house import MONDAY

EN = i18n.translator("en")
IMPORT = Import(id=3, sender_id=1, chat_id=6, file_name="名单.xlsx", created_at=MONDAY)
LI = RosterEntry(3, "李睿", "13900007001", "中央门社区", "第一组")
KNOWN = KnownPerson(PersonId(8), "李睿", "13800000000", "小桃园社区", "第二组")


def plan_of(diff: RosterDiff, problems: tuple[Problem, ...] = (), entries: int = 1) -> Plan:
    roster = Roster("Sheet1", (LI,) * entries, problems, (), ("性别", "备注"))
    return Plan(1, "Camp <4>", roster, diff, fingerprint="abc")


def buttons_of(message: object) -> list[tuple[str, object]]:
    return [
        (button.text, button.callback_data)
        for row in message.keyboard.inline_keyboard  # type: ignore[attr-defined]
        for button in row
    ]


def test_a_preview_counts_and_names_and_carries_what_it_confirms() -> None:
    message = render_preview(IMPORT, plan_of(RosterDiff(new=(LI,))), EN)

    assert "Camp &lt;4&gt;" in message.text
    assert "New: 1 · known from another camp: 0 · changed: 0 · unchanged: 0" in message.text
    assert buttons_of(message) == [("✔ Confirm", "people:confirm:3:abc"), ("✖ Cancel", "people:drop:3")]


def test_an_ignored_column_is_named() -> None:
    assert "Columns not used: 性别, 备注" in preview_text(plan_of(RosterDiff(new=(LI,))), EN)


def test_a_question_offers_the_candidates_somebody_new_and_leaving_the_row_out() -> None:
    diff = RosterDiff(questions=(Question(LI, (KNOWN,), Doubt.PHONE_DIFFERS),))

    message = render_question(IMPORT, plan_of(diff), EN)

    assert buttons_of(message) == [
        ("李睿 · 第二组 · 小桃园社区 · 138****0000", "people:who:3:3:8"),
        ("➕ Somebody new", "people:who:3:3:0"),
        ("Leave this row out", "people:who:3:3:-1"),
        ("✖ Cancel", "people:drop:3"),
    ]


def test_the_problems_after_the_fifteenth_are_counted() -> None:
    problems = tuple(Problem(row, ProblemKind.BAD_PHONE, "1390000") for row in range(3, 23))

    text = preview_text(plan_of(RosterDiff(new=(LI,)), problems), EN)

    assert "20 problems" in text
    assert "row 17:" in text
    assert "row 18:" not in text
    assert "… and 5 more" in text


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_worst_preview_still_fits_one_message(language: str) -> None:
    long = "&" * 100
    entry = replace(LI, name=long, group=long, unit=long, post=long)
    person = replace(KNOWN, name=long, group=long, unit=long)
    changes = tuple(FieldChange(field, long, long) for field in Field)
    match = Match(person, entry, changes)
    diff = RosterDiff(new=(entry,) * 99, returning=(match,) * 99, changed=(match,) * 99, missing=(person,) * 99)
    problems = tuple(Problem(row, ProblemKind.SAME_NAME_UNCLEAR, long, (1, 2, 3, 4, 5)) for row in range(99))
    plan = plan_of(diff, problems)

    text = plain_text(render_preview(IMPORT, plan, i18n.translator(language)))

    assert len(text) <= LIMIT


def test_a_terminal_gets_the_preview_without_marks() -> None:
    message = render_preview(IMPORT, plan_of(RosterDiff(new=(LI,))), EN)

    assert plain_text(message).startswith("📋 Roster for Camp <4>: 1 person in the file")
