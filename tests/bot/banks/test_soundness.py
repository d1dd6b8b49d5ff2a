from sqlalchemy import Select

from bot.banks import soundness
from bot.banks.models import Bank
from tests.bot.banks.conftest import Banks
from tests.bot.banks.questions import single
from tests.support.banks import fill_bank


def found(banks: Banks, query: Select[tuple[int]]) -> int:
    return banks.camps.see(lambda session: len(session.connection().execute(query).all()))


def test_a_bank_with_a_correction_is_sound(banks: Banks) -> None:
    banks.fill(single("a", "b"))
    banks.camps.do(lambda s: fill_bank(s, banks.cohort_id, [single("a", "b", right=1)], banks.camps.now, replaces=True))

    assert (found(banks, soundness.WITHOUT_HISTORY), found(banks, soundness.TWO_OF_ONE_NAME)) == (0, 0)


def test_a_correction_that_lost_its_past_is_found(banks: Banks) -> None:
    banks.fill(single("a", "b"))
    banks.camps.do(lambda s: s.connection().exec_driver_sql("update bank_question set version = 2"))

    assert found(banks, soundness.WITHOUT_HISTORY) == 1


def test_two_banks_of_one_name_are_found(banks: Banks) -> None:
    banks.fill(single("a", "b"))
    banks.camps.do(lambda s: s.add(Bank(cohort_id=banks.cohort_id, name="Bank", created_at=banks.camps.now)))

    assert found(banks, soundness.TWO_OF_ONE_NAME) == 1
