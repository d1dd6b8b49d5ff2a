import pytest
from sqlmodel import Session, col, select

from bot.audit.models import Change
from bot.banks import importing, service
from bot.banks.findings import Format
from bot.banks.importing import Imported, Plan
from bot.banks.models import BankQuestion, QuestionVersion
from bot.banks.questions import Difficulty, Kind, Question, Text
from tests.bot.banks.conftest import Banks
from tests.bot.banks.questions import multiple, short, single, true_false
from tests.support.banks import fill_bank, summary_of

A = single("a", "b", stem="First?", category="c/d", name="Q1", explanation=Text("Because."))
B = multiple(("a", 50.0), ("b", 50.0), ("c", -25.0), stem="Second?")


def plan(
    banks: Banks, *questions: Question, form: Format = Format.GIFT, name: str = "Bank", replaces: bool = False
) -> Plan:
    def work(session: Session) -> Plan:
        target = importing.target_for(session, banks.cohort_id, name)
        return importing.make_plan(
            session, cohort_id=banks.cohort_id, summary=summary_of(questions, form), target=target, replaces=replaces
        )

    return banks.camps.see(work)


def imported(banks: Banks, *questions: Question, **more: object) -> Imported:
    return banks.camps.do(
        lambda session: fill_bank(session, banks.cohort_id, questions, banks.camps.now, **more)  # type: ignore[arg-type]
    )


def rows(banks: Banks) -> int:
    return banks.camps.see(lambda s: len(s.exec(select(BankQuestion)).all()))


def test_a_new_bank_holds_what_the_file_said(banks: Banks) -> None:
    done = imported(banks, A, B)

    assert [one.question for one in banks.kept(done.bank_id)] == [A, B]
    assert (done.added, dict(done.kinds)) == (2, {Kind.SINGLE: 1, Kind.MULTIPLE: 1})


def test_the_columns_say_what_the_question_says(banks: Banks) -> None:
    imported(banks, single("a", "b", difficulty=Difficulty.HARD, category="x", idnumber="7"))

    (row,) = banks.camps.see(lambda s: s.exec(select(BankQuestion)).all())
    assert (row.kind, row.category, row.difficulty, row.idnumber, row.number) == ("single", "x", "hard", "7", 1)


def test_importing_twice_changes_nothing(banks: Banks) -> None:
    imported(banks, A, B)
    before = rows(banks)

    again = plan(banks, A, B)
    imported(banks, A, B)

    assert (again.added, again.same, again.differing, again.changes_something) == ((), 2, (), False)
    assert rows(banks) == before


def test_planning_writes_nothing(banks: Banks) -> None:
    plan(banks, A, B)

    assert rows(banks) == 0


def test_only_what_is_new_is_added(banks: Banks) -> None:
    first = imported(banks, A)

    second = imported(banks, A, B)

    assert (second.bank_id, second.added) == (first.bank_id, 1)
    assert [one.number for one in banks.kept(first.bank_id)] == [1, 2]


def test_another_key_for_the_same_question_is_left_alone_unless_said(banks: Banks) -> None:
    bank_id = imported(banks, single("a", "b", right=0)).bank_id

    seen = plan(banks, single("a", "b", right=1))
    imported(banks, single("a", "b", right=1))

    assert (len(seen.differing), seen.added, seen.changes_something) == (1, (), False)
    assert [one.question for one in banks.kept(bank_id)] == [single("a", "b", right=0)]


def test_another_key_is_taken_over_as_a_correction_where_the_sender_says_so(banks: Banks) -> None:
    bank_id = imported(banks, single("a", "b", right=0)).bank_id

    done = imported(banks, single("a", "b", right=1), replaces=True)

    (kept,) = banks.kept(bank_id)
    assert (kept.question, kept.version) == (single("a", "b", right=1), 2)
    assert [one.key_changed for one in done.corrected] == [True]
    assert banks.camps.see(lambda s: s.exec(select(QuestionVersion.version)).all()) == [1]


def test_a_correction_keeps_the_order_of_the_options(banks: Banks) -> None:
    bank_id = imported(banks, single("a", "b", "c", right=0)).bank_id

    imported(banks, single("c", "a", "b", right=0), replaces=True)

    assert [one.question for one in banks.kept(bank_id)] == [single("a", "b", "c", right=2)]


def test_a_typed_text_takes_nothing_away_that_it_has_no_place_for(banks: Banks) -> None:
    bank_id = imported(banks, A, B).bank_id
    typed_a = single("a", "b", stem="First?")
    typed_b = multiple(("a", 50.0), ("b", 50.0), ("c", -100.0), stem="Second?")

    seen = plan(banks, typed_a, typed_b, form=Format.WORDS)

    assert (seen.added, seen.same, seen.differing) == ((), 2, ())
    assert [one.question for one in banks.kept(bank_id)] == [A, B]


def test_a_question_of_the_same_id_with_another_text_is_the_same_question(banks: Banks) -> None:
    bank_id = imported(
        banks,
        true_false(
            stem="Old",
        ),
    ).bank_id
    imported(banks, short("x", stem="Old"), name="Other")
    named = Question(Text("One"), short("x").body, idnumber="7")
    imported(banks, named)

    imported(banks, Question(Text("Two"), short("x").body, idnumber="7"), replaces=True)

    assert [one.question.stem.text for one in banks.kept(bank_id)] == ["Old", "Two"]


def test_a_question_with_another_number_of_options_is_another_question(banks: Banks) -> None:
    bank_id = imported(banks, single("a", "b", idnumber="7")).bank_id

    imported(banks, single("a", "b", "c", idnumber="7"), replaces=True)

    assert len(banks.kept(bank_id)) == 2


def test_two_that_ask_the_same_in_one_file_are_both_kept(banks: Banks) -> None:
    bank_id = imported(banks, true_false(True), true_false(False)).bank_id

    again = plan(banks, true_false(True), true_false(False))

    assert len(banks.kept(bank_id)) == 2
    assert not again.changes_something


def test_what_another_bank_has_already_is_counted(banks: Banks) -> None:
    imported(banks, A, name="Old")

    assert plan(banks, A, B, name="New").elsewhere == (("Old", 1),)


def test_banks_of_another_cohort_are_neither_found_nor_counted(banks: Banks) -> None:
    other = banks.camps.cohort("Other")
    banks.camps.do(lambda s: fill_bank(s, other.id or 0, [A], banks.camps.now))

    seen = plan(banks, A)

    assert (seen.target.bank_id, seen.elsewhere, len(seen.added)) == (None, (), 1)


def test_the_fingerprint_changes_with_what_confirming_would_do(banks: Banks) -> None:
    before = plan(banks, A)
    imported(banks, B)

    assert plan(banks, A).fingerprint != before.fingerprint
    assert plan(banks, A).fingerprint == plan(banks, A).fingerprint
    assert plan(banks, A).fingerprint != plan(banks, A, name="New").fingerprint


def test_a_new_bank_and_an_import_stand_in_the_log(banks: Banks) -> None:
    imported(banks, A)

    actions = banks.camps.see(
        lambda s: s.exec(select(Change.action).where(Change.subject == "bank").order_by(col(Change.id))).all()
    )
    assert list(actions) == ["create", "import"]


def test_ten_thousand_questions_are_imported_and_counted(banks: Banks) -> None:
    many = [true_false(stem=f"Statement {number}") for number in range(10_000)]

    bank_id = imported(banks, *many).bank_id

    assert banks.camps.see(lambda s: service.banks_of(s, banks.cohort_id))[0].size == 10_000
    assert not plan(banks, *many).changes_something
    assert bank_id


@pytest.mark.parametrize(
    ("file", "name"),
    [("题库.gift", "题库"), ("a.b.xlsx", "a.b"), ("noending", "noending"), (".gift", ".gift"), ("x" * 99, "x" * 60)],
)
def test_a_bank_is_named_after_its_file(file: str, name: str) -> None:
    assert importing.name_for(file) == name
