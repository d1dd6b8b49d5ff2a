"""A thousand seats by link: everybody signs up and comes at once, through two writers, and each seat is given once."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from bot.checkin import rules
from bot.checkin.outcomes import Scanned
from bot.database import Database
from bot.forum import arrivals, calls, publishing, seats, signing, visiting
from bot.forum.models import Part, Pool, SignUpStatus
from bot.forum.pools import SIGNUP
from bot.forum.visits import Account, Came, Moment, NoSeat
from bot.guests import service as guests
from bot.invariants import check
from bot.timetable.models import Activity
from tests.support.checkin_camp import START, Camp, build_camp

SIZES = pytest.mark.parametrize("size", [60, pytest.param(1000, marks=pytest.mark.long)])
"""So many seats; a fifth more guests want one."""
CROWD, TRIES = 20, 10
"""So many are done in one transaction; one that waited too long for the other writer is tried again."""


@pytest.fixture
def camp(database_url: str) -> Any:
    """A camp whose afternoon visit is an open lecture of a thousand seats."""
    database = Database(database_url)
    built = build_camp(database)
    yield built
    database.close()


def open_lecture(camp: Camp, size: int) -> int:
    """Publish the call; its number."""

    def work(session: Session) -> int:
        who: dict[str, Any] = {"speaker": camp.coordinator, "now": START}
        call = calls.draft(session, cohort_id=camp.cohort, template="lecture", activity_id=camp.visit, **who)
        calls.set_places(session, call_id=call.id or 0, part=Part.LISTENER, number=size, **who)
        publishing.publish(session, call_id=call.id or 0, **who)
        return call.id or 0

    return camp.do(work)


def sign_up(session: Session, call_id: int, account: int) -> None:
    """What a guest's last answer does, after the link was opened."""
    visitor = visiting.visitor_of(session, speaker=None, telegram_id=account)
    visiting.open_link(session, visitor=visitor, call_id=call_id, now=START)
    guests.enrol(
        session, organisation_id=1, telegram_id=account, name=f"来宾{account}", unit="社区", phone=None, language="zh",
        now=START,
    )  # fmt: skip
    visitor = visiting.visitor_of(session, speaker=None, telegram_id=account)
    signing.sign_up(session, visitor=visitor, call_id=call_id, part=Part.LISTENER, at=START, now=START)


def sign_up_all(session: Session, call_id: int, accounts: Sequence[int]) -> None:
    """Everybody in one transaction."""
    for account in accounts:
        sign_up(session, call_id, account)


def patiently(database: Database, work: Callable[[Session], list[Any]]) -> list[Any]:
    """Do it as soon as the other writer lets us."""
    for _ in range(TRIES):
        try:
            return database.write_now(work)
        except OperationalError:
            continue
    raise AssertionError("the other writer never let us")


def in_crowds(urls: Sequence[Any], accounts: Sequence[int], act: Callable[[Session, int], Any]) -> list[Any]:
    """Let two writers work through the accounts, some a transaction, at the same time; what each act gave."""
    results: list[Any] = []

    def run(url: Any, share: Sequence[int]) -> None:
        database = Database(url)
        for start in range(0, len(share), CROWD):
            some = share[start : start + CROWD]
            results.extend(patiently(database, lambda s, some=some: [act(s, one) for one in some]))  # type: ignore[misc]
        database.close()

    threads = [threading.Thread(target=run, args=(url, accounts[n::2])) for n, url in enumerate(urls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@SIZES
def test_a_crowd_at_once_gets_every_seat_and_the_rest_their_number(camp: Camp, database_url: str, size: int) -> None:
    call_id, waiting_for = open_lecture(camp, size), size // 5
    accounts = range(9_001, 9_001 + size + waiting_for)

    in_crowds([database_url] * 2, accounts, lambda session, account: sign_up(session, call_id, account))

    rows = camp.see(lambda s: s.connection().execute(select(SIGNUP.c.status, SIGNUP.c.rank)).all())
    waiting = sorted(row.rank for row in rows if row.status == SignUpStatus.RESERVE)
    pool = camp.see(lambda s: s.get_one(Pool, (call_id, Part.LISTENER)))
    assert Counter(row.status for row in rows) == {SignUpStatus.CONFIRMED: size, SignUpStatus.RESERVE: waiting_for}
    assert len(set(waiting)) == waiting_for
    assert (pool.taken, pool.capacity) == (size, size)
    assert camp.see(check) == []


@SIZES
def test_a_crowd_arrives_at_once_and_those_without_a_seat_are_turned_away(
    camp: Camp, database_url: str, size: int
) -> None:
    call_id, extra = open_lecture(camp, size), size // 10
    seated = range(9_001, 9_001 + size - extra)
    walk_ins = range(20_001, 20_001 + 2 * extra)
    camp.do(lambda s: sign_up_all(s, call_id, seated))
    camp.open(camp.visit)
    doors = rules.opens_at(camp.see(lambda s: start_of(s, camp.visit)))
    payload = rules.payload_of(camp.secret(camp.visit), camp.visit, rules.step_of(doors))
    moment = Moment(doors, doors, doors, "in1")

    def come(session: Session, account: int) -> Any:
        who = Account(account, f"路人{account}", "zh")
        return arrivals.arrive(session, account=who, claim=Scanned(payload), moment=moment)

    outcomes = in_crowds([database_url] * 2, [*seated, *walk_ins, *seated[:extra]], come)

    counted = Counter(type(one) for one in outcomes)
    arrived = camp.see(
        lambda s: (
            s.connection().execute(select(SIGNUP.c.guest_id).where(SIGNUP.c.arrived_at.is_not(None))).scalars().all()
        )
    )
    pool = camp.see(lambda s: s.get_one(Pool, (call_id, Part.LISTENER)))
    assert counted[Came] == size
    assert counted[NoSeat] == extra
    assert len(arrived) == len(set(arrived)) == size
    assert (pool.taken, pool.capacity) == (size, size)
    assert camp.see(check) == []


def test_a_seat_that_was_given_up_goes_to_the_waiting_list_and_not_to_the_door(camp: Camp) -> None:
    call_id = open_lecture(camp, 2)
    camp.do(lambda s: crowd_of_two(s, call_id))
    first = camp.see(lambda s: s.connection().execute(select(SIGNUP.c.id).order_by(SIGNUP.c.id)).scalars().first())

    camp.do(lambda s: seats.withdraw(s, signup_id=first or 0, now=START))

    rows = camp.see(lambda s: s.connection().execute(select(SIGNUP.c.status).order_by(SIGNUP.c.id)).scalars().all())
    assert rows == [SignUpStatus.WITHDRAWN, SignUpStatus.OFFERED]


def crowd_of_two(session: Session, call_id: int) -> None:
    """One seat, and two guests for it."""
    table: Any = Pool.__table__  # type: ignore[attr-defined]
    session.connection().execute(table.update().values(capacity=1, wanted=1))
    for account in (9_001, 9_002):
        sign_up(session, call_id, account)


def start_of(session: Session, activity_id: int) -> Any:
    """When an activity begins."""
    return session.get_one(Activity, activity_id).starts_at
