"""Who speaks, asked for a whole batch at once."""

from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from bot.people import service as people

NOW = datetime(2026, 12, 7, tzinfo=UTC)


@pytest.fixture
def account(session: Session) -> int:
    people.open_operator(session, 501, "林", NOW)
    return 501


def test_expected_speakers_are_the_same_as_those_asked_for_one_by_one(session: Session, account: int) -> None:
    alone = [people.find_speaker(session, one) for one in (account, 777)]

    people.expect_speakers(session, [account, account, 777])

    assert [people.find_speaker(session, one) for one in (account, 777)] == alone
    assert alone[1] is None


def test_what_the_first_update_of_a_batch_changed_is_seen_by_the_second(session: Session, account: int) -> None:
    people.expect_speakers(session, [account])

    first = people.find_speaker(session, account)
    assert first is not None
    people.set_language(session, first.person_id, "zh")
    second = people.find_speaker(session, account)

    assert second is not None
    assert (first.language, second.language) == ("", "zh")


def test_nobody_expected_is_no_question(session: Session, account: int) -> None:
    people.expect_speakers(session, [])

    assert people.find_speaker(session, account) is not None
