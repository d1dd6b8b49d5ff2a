from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.database import Database
from bot.people import retention
from bot.people.models import Guess, Import, ImportStatus
from tests.support.camps import SUNDAY_NOON, Camps, build_camps

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def camps(database_url: str) -> Iterator[Camps]:
    database = Database(database_url)
    yield build_camps(database)
    database.close()


def test_a_guess_is_forgotten_after_a_day_and_not_before(camps: Camps) -> None:
    for who, age in (("old", DAY + SECOND), ("young", DAY)):
        camps.do(lambda s, who=who, age=age: s.add(Guess(who=who, what="card", last_at=SUNDAY_NOON - age)))  # type: ignore[misc]

    count = camps.do(lambda s: retention.forget_guesses(s, SUNDAY_NOON))

    assert count == 1
    assert camps.see(lambda s: list(s.scalars(select(Guess.__table__.c.who)))) == ["young"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("status", "age", "after", "content"),
    [
        (ImportStatus.PREVIEWED, DAY + SECOND, ImportStatus.DROPPED, None),
        (ImportStatus.CHOOSING, DAY + SECOND, ImportStatus.DROPPED, None),
        (ImportStatus.FETCHING, DAY + SECOND, ImportStatus.DROPPED, None),
        (ImportStatus.PREVIEWED, DAY, ImportStatus.PREVIEWED, "names"),
        (ImportStatus.DONE, DAY + SECOND, ImportStatus.DONE, None),
    ],
)
def test_an_import_that_nobody_confirmed_is_dropped_after_a_day(
    camps: Camps, status: ImportStatus, age: timedelta, after: ImportStatus, content: str | None
) -> None:
    sender = camps.person(camps.cohort())
    camps.do(
        lambda s: s.add(
            Import(
                sender_id=sender.id or 0,
                chat_id=1,
                file_name="a.xlsx",
                content="names",
                answers='{"1": 2}',
                status=status,
                created_at=SUNDAY_NOON - age,
            )
        )
    )

    camps.do(lambda s: retention.drop_old_imports(s, SUNDAY_NOON))

    left = camps.see(lambda s: s.get_one(Import, 1))
    assert (left.status, left.content, left.answers) == (after, content, '{"1": 2}' if content else "{}")
