import json

import pytest
from sqlmodel import select

from bot.audit.models import Change
from bot.banks import correcting, service
from bot.banks.correcting import Corrected, CorrectedMeanwhile, OtherShape
from bot.banks.questions import Question, Text
from bot.banks.service import NotYourBanks
from bot.people.models import Role
from tests.bot.banks.conftest import Banks
from tests.bot.banks.questions import matching, single, true_false


def correct(
    banks: Banks, question_id: int, replacement: Question, version: int = 1, role: Role = Role.TEACHER
) -> Corrected | None:
    return banks.camps.do(
        lambda session: correcting.correct(
            session,
            speaker=banks.speaker(role),
            question_id=question_id,
            version=version,
            replacement=replacement,
            reason="chat",
            now=banks.camps.now,
        )
    )


@pytest.fixture
def question_id(banks: Banks) -> int:
    return banks.kept(banks.fill(single("a", "b", "c")))[0].id


def test_the_old_version_can_still_be_read(banks: Banks, question_id: int) -> None:
    done = correct(banks, question_id, single("a", "b", "c", right=1))

    assert done is not None
    assert (done.key_changed, done.after.version) == (True, 2)
    now = banks.camps.see(lambda s: service.question(s, question_id))
    before = banks.camps.see(lambda s: service.question_at(s, question_id, 1))
    assert now.question == single("a", "b", "c", right=1)
    assert before.question == single("a", "b", "c")
    assert banks.camps.see(lambda s: service.question_at(s, question_id, 2)) == now


def test_who_changed_what_from_what_to_what_stands_in_the_log(banks: Banks, question_id: int) -> None:
    correct(banks, question_id, single("a", "x", "c"))

    (change,) = banks.camps.see(lambda s: s.exec(select(Change).where(Change.subject == "question")).all())
    assert (change.action, change.actor_id, change.subject_id) == (
        "correct",
        banks.people[Role.TEACHER].id,
        question_id,
    )
    assert json.loads(json.loads(change.before or ""))["choices"][1][0] == "b"
    assert json.loads(json.loads(change.after or ""))["choices"][1][0] == "x"


def test_other_words_for_an_option_change_no_score(banks: Banks, question_id: int) -> None:
    done = correct(banks, question_id, single("a", "x", "c"))

    assert done is not None
    assert not done.key_changed


def test_a_correction_that_changes_nothing_leaves_no_trace(banks: Banks, question_id: int) -> None:
    assert correct(banks, question_id, single("a", "b", "c")) is None
    assert banks.camps.see(lambda s: service.question(s, question_id)).version == 1


@pytest.mark.parametrize("other", [single("a", "b"), true_false(), matching(("x", "1"), ("y", "2"))])
def test_another_question_is_no_correction(banks: Banks, question_id: int, other: Question) -> None:
    with pytest.raises(OtherShape):
        correct(banks, question_id, other)


def test_two_who_correct_at_once_do_not_overwrite_each_other(banks: Banks, question_id: int) -> None:
    correct(banks, question_id, single("a", "b", "c", right=1))

    with pytest.raises(CorrectedMeanwhile):
        correct(banks, question_id, single("a", "b", "c", right=2), version=1)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.TRAINEE])
def test_only_coordinators_and_teachers_correct(banks: Banks, question_id: int, role: Role) -> None:
    with pytest.raises(NotYourBanks):
        correct(banks, question_id, single("a", "b", "c", right=1), role=role)

    assert banks.camps.see(lambda s: service.question(s, question_id)).version == 1


def test_a_pair_that_now_belongs_elsewhere_changes_the_key() -> None:
    one, other = matching(("x", "1"), ("y", "2")), matching(("x", "2"), ("y", "1"))

    assert correcting.has_same_shape(one, other)
    assert correcting.in_order_of(one, other) == other


def test_options_of_the_same_words_are_put_in_the_order_that_was() -> None:
    assert correcting.in_order_of(single("a", "b"), single("b", "a", right=0)) == single("a", "b", right=1)
    assert correcting.in_order_of(single("a", "b"), single("b", "c")) == single("b", "c")
    assert correcting.in_order_of(single("a", "b"), Question(Text("?"), true_false().body)).body == true_false().body
