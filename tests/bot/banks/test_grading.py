from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.banks.grading import (
    Answer,
    Chosen,
    Grade,
    Judged,
    Matched,
    Typed,
    Verdict,
    dump_answer,
    grade,
    load_answer,
    parse_number,
    right_places,
    right_words,
)
from bot.banks.questions import (
    Choices,
    Essay,
    Figure,
    Matching,
    Numeric,
    Question,
    ShortAnswer,
    ShortForm,
    Text,
    TrueFalse,
)
from tests.bot.banks.questions import bodies, matching, multiple, numeric, short, single, true_false


def chosen(*places: int) -> Chosen:
    return Chosen(frozenset(places))


def worth(question: Question, answer: Answer) -> float | None:
    return grade(question, answer).worth


def test_one_right_option_is_worth_everything_and_no_other_anything() -> None:
    question = single("a", "b", "c", right=1)

    assert [worth(question, chosen(place)) for place in range(3)] == [0.0, 1.0, 0.0]


def test_choosing_two_where_one_may_be_chosen_is_worth_nothing() -> None:
    assert worth(single("a", "b"), chosen(0, 1)) == 0.0


@pytest.mark.parametrize(
    ("places", "expected"),
    [((0, 1, 2), 1.0), ((0, 1), 0.66667), ((0,), 0.33333), ((0, 1, 2, 3), 0.5), ((3,), 0.0), ((), 0.0)],
)
def test_several_options_add_up_and_never_fall_below_nothing(places: tuple[int, ...], expected: float) -> None:
    question = multiple(("a", 33.33333), ("b", 33.33333), ("c", 33.33333), ("d", -50.0))

    assert worth(question, chosen(*places)) == expected


def test_weights_that_were_rounded_down_are_worth_everything_together() -> None:
    assert worth(multiple(("a", 33.0), ("b", 33.0), ("c", 33.0), ("d", 0.0)), chosen(0, 1, 2)) == 1.0


def test_a_statement_has_feedback_for_either_answer() -> None:
    question = Question(Text("So."), TrueFalse(False, Text("No."), Text("Yes!")))

    assert grade(question, Judged(False)) == Grade(1.0, (Text("Yes!"),))
    assert grade(question, Judged(True)) == Grade(0.0, (Text("No."),))


@pytest.mark.parametrize(
    ("pattern", "typed", "fits"),
    [
        ("Frog", "frog", True),
        ("Frog", "  frog ", True),
        ("a frog", "a   frog", True),
        ("Fr*g", "frooog", True),
        ("Fr*g", "frogs", False),
        ("*", "anything", True),
        ("2\\*3", "2*3", True),
        ("2\\*3", "2x3", False),
        ("30日", "３０日", True),
        ("a.c", "abc", False),
        ("*(ok)*", "it is (OK) so", True),
    ],
)
def test_a_short_answer_fits_as_moodle_matches(pattern: str, typed: str, fits: bool) -> None:
    assert worth(short(pattern), Typed(typed)) == float(fits)


def test_case_counts_only_where_it_matters() -> None:
    assert worth(short("Frog", case_matters=True), Typed("frog")) == 0.0
    assert worth(short("Frog", case_matters=True), Typed("Frog")) == 1.0


def test_the_first_wording_that_fits_decides() -> None:
    forms = (ShortForm("cat", 50.0, Text("Nearly.")), ShortForm("*", 0.0, Text("No.")), ShortForm("frog"))

    assert grade(Question(Text("?"), ShortAnswer(forms)), Typed("cat")) == Grade(0.5, (Text("Nearly."),))
    assert grade(Question(Text("?"), ShortAnswer(forms)), Typed("frog")) == Grade(0.0, (Text("No."),))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("3.14", 1.0),
        ("3,14", 1.0),
        ("3.15", 1.0),
        ("3.1501", 0.0),
        ("３．１４", 1.0),
        ("pi", 0.0),
        ("", 0.0),
        ("1e999", 0.0),
    ],
)
def test_a_number_is_right_within_its_tolerance(typed: str, expected: float) -> None:
    assert worth(numeric("3.14", "0.01"), Typed(typed)) == expected


def test_another_number_may_be_worth_less() -> None:
    figures = (
        Figure(Decimal(1822)),
        Figure(Decimal(1822), Decimal(2), 50.0),
        Figure(None, weight=0.0, feedback=Text("No")),
    )
    question = Question(Text("?"), Numeric(figures))

    assert [worth(question, Typed(year)) for year in ("1822", "1824", "1825")] == [1.0, 0.5, 0.0]
    assert grade(question, Typed("7")).feedback == (Text("No"),)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1,000", "1000"), ("1,5", "1.5"), ("-2", "-2"), ("−2", "-2"), ("1 000", "1000"), (" 7 ", "7"), (".5", "0.5")],
)
def test_numbers_are_read_as_people_type_them(typed: str, number: str) -> None:
    assert parse_number(typed) == Decimal(number)


@pytest.mark.parametrize("typed", ["", "abc", "1/2", "1..2", "nan", "inf", "1e99999", "9" * 100, "٣"])
def test_what_is_no_number_is_none(typed: str) -> None:
    assert parse_number(typed) is None


def test_each_pair_that_is_right_counts_its_share() -> None:
    question = matching(("x", "1"), ("y", "2"), ("z", "1"), ("", "3"))

    assert isinstance(question.body, Matching)
    assert right_words(question.body) == (0, 1, 0)
    assert worth(question, Matched((0, 1, 0))) == 1.0
    assert worth(question, Matched((0, None, 2))) == 0.33333
    assert worth(question, Matched(())) == 0.0


def test_an_essay_waits_for_its_teacher() -> None:
    given_ = grade(Question(Text("?"), Essay()), Typed("words"))

    assert (given_.worth, given_.verdict) == (None, Verdict.TO_BE_READ)


def test_an_answer_of_another_shape_is_worth_nothing() -> None:
    assert worth(single("a", "b"), Typed("A")) == 0.0
    assert worth(true_false(), chosen(0)) == 0.0


@pytest.mark.parametrize(("value", "verdict"), [(1.0, Verdict.RIGHT), (0.5, Verdict.PARTLY), (0.0, Verdict.WRONG)])
def test_a_worth_in_one_word(value: float, verdict: Verdict) -> None:
    assert Grade(value).verdict is verdict


@pytest.mark.parametrize("answer", [chosen(), chosen(2, 0), Judged(True), Typed('甲\n"乙"'), Matched((0, None))])
def test_an_answer_comes_back_from_the_record(answer: Answer) -> None:
    assert load_answer(dump_answer(answer)) == answer


def test_what_is_no_answer_in_the_record_is_refused() -> None:
    with pytest.raises(ValueError, match="not an answer"):
        load_answer('{"sung": 1}')


answers = st.one_of(
    st.builds(Chosen, st.frozensets(st.integers(0, 6))),
    st.builds(Judged, st.booleans()),
    st.builds(Typed, st.text(max_size=20)),
    st.builds(Matched, st.lists(st.one_of(st.none(), st.integers(-1, 5)), max_size=6).map(tuple)),
)


@given(bodies, answers)
def test_a_worth_lies_between_nothing_and_everything(body: object, answer: Answer) -> None:
    found = grade(Question(Text("?"), body), answer).worth  # type: ignore[arg-type]

    assert found is None or 0.0 <= found <= 1.0


@given(bodies)
def test_the_key_itself_is_always_worth_everything(body: object) -> None:
    question = Question(Text("?"), body)  # type: ignore[arg-type]
    match body:
        case Choices() as choices:
            assert worth(question, Chosen(frozenset(right_places(choices)[: None if choices.several else 1]))) == 1.0
        case TrueFalse(is_true):
            assert worth(question, Judged(is_true)) == 1.0
        case Matching() as pairs if pairs.prompts:
            assert worth(question, Matched(right_words(pairs))) == 1.0
