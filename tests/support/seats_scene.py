"""A camp with one forum: a call with places, a running order, a coordinator and as many trainees as are wanted."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import select
from sqlmodel import Session

from bot.database import Database
from bot.forum import seats
from bot.forum.models import Call, CallStatus, Choice, Part, Pool, SignUp, SignUpStatus, Slot
from bot.forum.pools import POOL, SIGNUP, SLOT
from bot.forum.seats import Moved, Standing
from bot.guests import service as guests
from bot.guests.service import Party
from bot.people.models import Role
from bot.people.service import Speaker
from bot.timetable.models import Activity
from tests.support.camp import add_person, make_camp
from tests.support.house import MONDAY
from tests.support.storage import lay_tables

T = TypeVar("T")
STARTS = datetime(2026, 12, 9, 6, 0, tzinfo=UTC)
"""Two days after MONDAY, 14:00 in the camp's zone."""
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
COORDINATOR, FIRST_TRAINEE = 800, 101


@dataclass
class SeatsCamp:
    """The ids of what was made, and short ways to act in it."""

    database: Database
    cohort_id: int = 0
    activity_id: int = 0
    call_id: int = 0
    coordinator: Speaker = field(default_factory=lambda: Speaker(0, 0, "", ""))  # type: ignore[arg-type]
    people: list[int] = field(default_factory=list)

    def do(self, work: Callable[[Session], T]) -> T:
        """Run something in a transaction."""
        return self.database.write_now(work)

    def see(self, work: Callable[[Session], T]) -> T:
        """Read something."""
        return self.database.read_now(work)

    def trainee(self, number: int) -> Speaker:
        """Somebody as who they speak."""
        return Speaker(self.people[number], FIRST_TRAINEE + number, f"T{number}", "en")  # type: ignore[arg-type]

    def sign(self, number: int, *, at: datetime = MONDAY, part: Part = Part.LISTENER, **more: Any) -> Standing:
        """Sign somebody up, or up again."""
        return self.do(lambda s: sign_up(s, self.call_id, self.people[number], at, part, **more))

    def withdraw(self, number: int, *, at: datetime = MONDAY) -> Moved:
        """Let somebody withdraw."""
        signup_id = self.signup(number)
        return self.do(lambda s: seats.withdraw(s, signup_id=signup_id, now=at))

    def signup(self, number: int) -> int:
        """The id of somebody's sign-up."""
        query = select(SIGNUP.c.id).where(SIGNUP.c.call_id == self.call_id, SIGNUP.c.person_id == self.people[number])
        return int(self.see(lambda s: s.connection().execute(query).scalar_one()))

    def standing(self, number: int) -> Standing:
        """How somebody stands."""
        signup_id = self.signup(number)
        return self.see(lambda s: seats.standing(s, signup_id))

    def row(self, number: int) -> Any:
        """Somebody's sign-up as the database has it."""
        query = select(SIGNUP).where(SIGNUP.c.id == self.signup(number))
        return self.see(lambda s: s.connection().execute(query).one())

    def statuses(self, count: int) -> list[SignUpStatus]:
        """How the first so many stand."""
        return [self.standing(number).status for number in range(count)]

    def pool(self, part: Part = Part.LISTENER) -> tuple[int, int, int]:
        """Taken, capacity and wanted of a part."""
        query = select(POOL.c.taken, POOL.c.capacity, POOL.c.wanted)
        found = query.where(POOL.c.call_id == self.call_id, POOL.c.part == part)
        taken, capacity, wanted = self.see(lambda s: s.connection().execute(found).one())
        return taken, capacity, wanted

    def count(self, part: Part = Part.LISTENER) -> Counter[str]:
        """How many stand how."""
        query = select(SIGNUP.c.status).where(SIGNUP.c.call_id == self.call_id, SIGNUP.c.part == part)
        return Counter(self.see(lambda s: s.connection().execute(query).scalars().all()))

    def slots(self) -> list[int | None]:
        """Whose sign-up stands in which slot."""
        query = select(SLOT.c.signup_id).where(SLOT.c.call_id == self.call_id).order_by(SLOT.c.position)
        return list(self.see(lambda s: s.connection().execute(query).scalars().all()))

    def slot_ids(self) -> list[int]:
        """The ids of the running order."""
        query = select(SLOT.c.id).where(SLOT.c.call_id == self.call_id).order_by(SLOT.c.position)
        return list(self.see(lambda s: s.connection().execute(query).scalars().all()))

    def change(self, table: Any, **values: Any) -> None:
        """Change all rows of a table behind everybody's back."""
        self.do(lambda s: s.connection().execute(table.update().values(**values)))


def sign_up(
    session: Session, call_id: int, person_id: int, at: datetime, part: Part = Part.LISTENER, **more: Any
) -> Standing:
    """Write a sign-up down, or an old one anew, and settle it."""
    query = select(SIGNUP.c.id).where(SIGNUP.c.call_id == call_id, SIGNUP.c.person_id == person_id)
    signup_id = session.connection().execute(query).scalar()
    signup = session.get(SignUp, signup_id) if signup_id else None
    if signup is None:
        signup = SignUp(call_id=call_id, person_id=person_id, part=part, signed_at=at, **more)
    signup.status, signup.signed_at = SignUpStatus.PENDING, at
    session.add(signup)
    session.flush()
    return seats.settle(session, signup_id=signup.id or 0, now=at)


def sign_guest(camp: SeatsCamp, account: int, name: str, *, at: datetime = MONDAY) -> int:
    """Sign a guest up as a listener; the id of the sign-up."""

    def work(session: Session) -> int:
        party = enrol(session, account, name, at)
        signup = SignUp(call_id=camp.call_id, guest_id=party.guest_id, part=Part.LISTENER, signed_at=at)
        session.add(signup)
        session.flush()
        seats.settle(session, signup_id=signup.id or 0, now=at)
        return signup.id or 0

    return camp.do(work)


def enrol(session: Session, account: int, name: str, at: datetime) -> Party:
    """Write a guest down."""
    return guests.enrol(
        session,
        organisation_id=1,
        telegram_id=account,
        name=name,
        unit="East Street",
        phone=None,
        language="en",
        now=at,
    )


def build_seats_camp(
    database: Database,
    *,
    seats: int = 3,
    slots: int = 3,
    people: int = 8,
    choice: Choice = Choice.FIRST,
    is_linked: bool = True,
    units: tuple[str, ...] = ("East Street", "West Street", "North Street"),
) -> SeatsCamp:
    """Make the tables, the camp, its people and a published call with a running order."""
    lay_tables(database)
    camp = SeatsCamp(database)
    camp.do(lambda s: _fill(s, camp, people, units, is_linked=is_linked))
    camp.do(lambda s: _call(s, camp, seats, slots, choice))
    return camp


def _fill(session: Session, camp: SeatsCamp, people: int, units: tuple[str, ...], *, is_linked: bool) -> None:
    camp.cohort_id = make_camp(session)
    boss = add_person(session, camp.cohort_id, "周老师", Role.COORDINATOR, telegram_id=COORDINATOR, language="en")
    camp.coordinator = Speaker(boss, COORDINATOR, "周老师", "en")  # type: ignore[arg-type]
    for number in range(people):
        account = FIRST_TRAINEE + number if is_linked else None
        unit = units[number % len(units)]
        named: dict[str, Any] = {"unit": unit, "telegram_id": account, "language": "en"}
        camp.people.append(add_person(session, camp.cohort_id, f"学员{number}", **named))


def _call(session: Session, camp: SeatsCamp, seat_count: int, slot_count: int, choice: Choice) -> None:
    activity = Activity(
        cohort_id=camp.cohort_id, starts_at=STARTS, ends_at=STARTS + 2 * HOUR, title="Forum", place="Hall 2"
    )
    session.add(activity)
    session.flush()
    call = Call(
        cohort_id=camp.cohort_id,
        activity_id=activity.id or 0,
        template="trainees",
        title="What holds a street together",
        status=CallStatus.PUBLISHED,
        choice=choice,
        opens_at=MONDAY,
        closes_at=MONDAY + 24 * HOUR,
        made_by=camp.coordinator.person_id,
        created_at=MONDAY,
    )
    session.add(call)
    session.flush()
    camp.activity_id, camp.call_id = activity.id or 0, call.id or 0
    session.add(Pool(call_id=camp.call_id, part=Part.LISTENER, capacity=seat_count, wanted=seat_count))
    session.add(Pool(call_id=camp.call_id, part=Part.SPEAKER, capacity=slot_count, wanted=slot_count))
    session.add(Slot(call_id=camp.call_id, position=0, minutes=10, label="Opening", is_speech=False))
    for position in range(1, slot_count + 1):
        session.add(Slot(call_id=camp.call_id, position=position, minutes=10))
