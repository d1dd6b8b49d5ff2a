from collections.abc import Callable

import pytest
from sqlmodel import Session

from bot.banks import browsing, deleting, service
from bot.banks.questions import Description, Difficulty, Kind, Question, Text
from bot.banks.service import NotYourBanks
from bot.errors import Gone
from bot.people.models import Role
from bot.people.service import Speaker
from tests.bot.banks.conftest import Banks
from tests.bot.banks.questions import short, single, true_false

EASY = single("a", "b", stem="1", category="law", difficulty=Difficulty.EASY)
HARD = single("a", "b", stem="2", category="law/new", difficulty=Difficulty.HARD)
STATEMENT = true_false(stem="3")
WORD = short("x", stem="4")
NOTE = Question(Text("Note"), Description())


def drawn(banks: Banks, bank_id: int, **wanted: object) -> list[str]:
    def work(session: Session) -> list[str]:
        ids = service.draw(session, bank_id, **({"count": 99, "seed": 1} | wanted))  # type: ignore[arg-type]
        found = service.questions(session, ids)
        return sorted(found[one].question.stem.text for one in ids)

    return banks.camps.see(work)


@pytest.fixture
def bank_id(banks: Banks) -> int:
    return banks.fill(EASY, HARD, STATEMENT, WORD, NOTE)


def test_a_draw_leaves_out_what_cannot_be_asked(banks: Banks, bank_id: int) -> None:
    assert drawn(banks, bank_id) == ["1", "2", "3", "4"]


def test_a_draw_is_by_category_and_what_lies_under_it_difficulty_and_kind(banks: Banks, bank_id: int) -> None:
    assert drawn(banks, bank_id, categories=["law"]) == ["1", "2"]
    assert drawn(banks, bank_id, categories=["law/new"]) == ["2"]
    assert drawn(banks, bank_id, difficulties=[Difficulty.EASY]) == ["1"]
    assert drawn(banks, bank_id, kinds=[Kind.SHORT, Kind.DESCRIPTION]) == ["4"]


def test_the_same_seed_draws_the_same_in_the_same_order(banks: Banks, bank_id: int) -> None:
    def draw(seed: int) -> list[int]:
        return banks.camps.see(lambda session: service.draw(session, bank_id, count=3, seed=seed))

    draws = [draw(seed) for seed in (5, 5, 6, 7, 8, 9)]

    assert draws[0] == draws[1]
    assert len(draws[0]) == 3
    assert any(draw != draws[0] for draw in draws[2:])


def test_the_next_question_is_one_that_was_not_asked_until_all_were(banks: Banks, bank_id: int) -> None:
    asked: list[int] = []

    def pick(day: int) -> int | None:
        return banks.camps.see(lambda session: service.pick_next(session, bank_id, seed=day, asked=asked))

    for day in range(4):
        found = pick(day)
        assert found is not None
        assert found not in asked
        asked.append(found)

    assert pick(9) is None


def test_what_there_is_of_each_kind_is_counted(banks: Banks, bank_id: int) -> None:
    assert banks.camps.see(lambda s: service.categories(s, bank_id)) == [("", 2), ("law", 1), ("law/new", 1)]
    counts = banks.camps.see(lambda s: service.count_by(s, bank_id))
    assert counts["law", Difficulty.EASY, Kind.SINGLE] == 1
    (line,) = banks.camps.see(lambda s: service.banks_of(s, banks.cohort_id))
    assert (line.name, line.size, line.asked) == ("Bank", 5, 4)


def test_what_never_was_is_gone(banks: Banks, bank_id: int) -> None:
    for work in (
        lambda s: service.question(s, 999_999),
        lambda s: service.question_at(s, 999_999, 1),
        lambda s: service.find_bank(s, 999_999),
    ):
        with pytest.raises(Gone):
            banks.camps.see(work)


def test_a_version_that_never_was_is_gone(banks: Banks, bank_id: int) -> None:
    kept = banks.kept(bank_id)[0]

    with pytest.raises(Gone):
        banks.camps.see(lambda s: service.question_at(s, kept.id, 7))


READS: list[Callable[[Session, Speaker, int, int], object]] = [
    lambda s, speaker, cohort_id, bank_id: browsing.view_banks(s, speaker, cohort_id),
    lambda s, speaker, cohort_id, bank_id: browsing.view_bank(s, speaker, bank_id),
    lambda s, speaker, cohort_id, bank_id: browsing.view_questions(s, speaker, bank_id, 0),
    lambda s, speaker, cohort_id, bank_id: browsing.view_question(
        s, speaker, service.draw(s, bank_id, count=1, seed=1)[0]
    ),
]


@pytest.mark.parametrize("read", READS)
def test_staff_and_auditors_read_and_a_trainee_sees_no_key(
    banks: Banks, bank_id: int, read: Callable[[Session, Speaker, int, int], object]
) -> None:
    def read_as(role: Role) -> object:
        return banks.camps.see(lambda session: read(session, banks.speaker(role), banks.cohort_id, bank_id))

    for role in (Role.COORDINATOR, Role.TEACHER, Role.AUDITOR):
        assert read_as(role)

    with pytest.raises(NotYourBanks):
        read_as(Role.TRAINEE)


def test_a_teacher_of_another_camp_reads_nothing_here(banks: Banks, bank_id: int) -> None:
    other = banks.camps.cohort("Other")
    stranger = banks.camps.person(other, role=Role.TEACHER)
    speaker = Speaker(stranger.id or 0, 1, "x", "en")  # type: ignore[arg-type]

    with pytest.raises(NotYourBanks):
        banks.camps.see(lambda s: browsing.view_bank(s, speaker, bank_id))


def test_an_auditor_is_told_not_to_write(banks: Banks, bank_id: int) -> None:
    def may_write(role: Role) -> bool:
        return banks.camps.see(lambda s: browsing.view_bank(s, banks.speaker(role), bank_id)).may_write

    assert [may_write(role) for role in (Role.COORDINATOR, Role.TEACHER, Role.AUDITOR)] == [True, True, False]


def test_pages_hold_eight_and_a_page_beyond_the_last_is_the_last(banks: Banks) -> None:
    bank_id = banks.fill(*(true_false(stem=f"{number}") for number in range(20)))
    teacher = banks.speaker(Role.TEACHER)

    last = banks.camps.see(lambda s: browsing.view_questions(s, teacher, bank_id, 99))

    assert (last.page, last.pages, [one.number for one in last.shown]) == (2, 3, [17, 18, 19, 20])
    view = banks.camps.see(lambda s: browsing.view_question(s, teacher, last.shown[0].id))
    assert view.page == 2


def test_a_deleted_bank_is_gone_from_the_lists_but_its_questions_can_be_read(banks: Banks, bank_id: int) -> None:
    kept = banks.kept(bank_id)[0]

    banks.camps.do(
        lambda s: deleting.delete_bank(s, speaker=banks.speaker(Role.TEACHER), bank_id=bank_id, now=banks.camps.now)
    )

    assert banks.camps.see(lambda s: service.banks_of(s, banks.cohort_id)) == []
    assert banks.camps.see(lambda s: service.question(s, kept.id)) == kept
    with pytest.raises(Gone):
        banks.camps.see(lambda s: browsing.view_bank(s, banks.speaker(Role.TEACHER), bank_id))


def test_an_auditor_deletes_nothing(banks: Banks, bank_id: int) -> None:
    with pytest.raises(NotYourBanks):
        banks.camps.do(
            lambda s: deleting.delete_bank(s, speaker=banks.speaker(Role.AUDITOR), bank_id=bank_id, now=banks.camps.now)
        )

    assert len(banks.camps.see(lambda s: service.banks_of(s, banks.cohort_id))) == 1
