from bot.banks.merging import merged
from bot.banks.questions import Choice, Choices, Question, Text, TrueFalse
from tests.bot.banks.questions import multiple, single

WEIGHED = multiple(("a", 60.0), ("b", 40.0), ("c", -25.0))
TYPED = multiple(("a", 50.0), ("b", 50.0), ("c", -100.0))


def test_what_the_file_does_not_say_is_kept() -> None:
    there = single("a", "b", category="c", name="N", tags=("t",), explanation=Text("Old."))

    assert merged(there, single("a", "b", explanation=Text("New.")), weighs=True) == single(
        "a", "b", category="c", name="N", tags=("t",), explanation=Text("New.")
    )


def test_weights_are_kept_where_the_file_could_name_none() -> None:
    assert merged(WEIGHED, TYPED, weighs=False) == WEIGHED
    assert merged(WEIGHED, TYPED, weighs=True) == TYPED


def test_another_key_counts_and_the_feedback_stays() -> None:
    said = Question(Text("Which?"), Choices((Choice(Text("a"), 100.0, Text("Yes")), Choice(Text("b"), 0.0)), False))

    changed = merged(said, single("a", "b", right=1), weighs=False)

    assert changed.body == Choices((Choice(Text("a"), 0.0, Text("Yes")), Choice(Text("b"), 100.0)), False)


def test_the_feedback_of_a_statement_stays_while_its_key_does() -> None:
    there = Question(Text("So."), TrueFalse(True, Text("No"), Text("Yes")))

    assert merged(there, Question(Text("So."), TrueFalse(True)), weighs=False) == there
    assert merged(there, Question(Text("So."), TrueFalse(False)), weighs=False).body == TrueFalse(False)
