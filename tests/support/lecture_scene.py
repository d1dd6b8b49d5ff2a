"""An open lecture in a house: a call by link about an activity on Tuesday at nine, its check-in, its guests."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session

from bot.buttons import button, keyboard
from bot.checkin import rules
from bot.checkin import service as checkin
from bot.checkin.models import Window
from bot.forum import seats
from bot.forum.models import Invitation, Part, Pool, SignUp, SignUpStatus
from bot.guests import service as guests
from bot.outbox.calls import Message
from bot.timetable.models import Activity
from tests.support.forum_scene import ForumScene, build_forum_scene
from tests.support.house import Person, TestHouse

START = datetime(2026, 12, 8, 1, 0, tzinfo=UTC)
"""Nine o'clock in Shanghai on the camp's second day; the beginning of a code's period."""
MINUTE = timedelta(minutes=1)
GUESTS = 5001
SIGNUP: Any = SignUp.__table__  # type: ignore[attr-defined]
ACTIVITY: Any = Activity.__table__  # type: ignore[attr-defined]


@dataclass
class LectureScene:
    """The forum scene with one more activity and a call about it."""

    forum: ForumScene
    activity_id: int
    call_id: int

    @property
    def house(self) -> TestHouse:
        """Where it all happens."""
        return self.forum.house

    def at(self, instant: datetime) -> None:
        """Set the clock."""
        self.house.clock.at = instant

    def open_checkin(self, at: datetime = START - 30 * MINUTE) -> None:
        """Open the activity's check-in and set the clock there."""
        self.at(at)
        speaker = self.forum.coordinator
        self.house.write(lambda s: checkin.open_checkin(s, speaker=speaker, activity_id=self.activity_id, now=at))

    def secret(self) -> str:
        """What the window's codes are made of."""
        found: str = self.house.read(lambda s: s.get_one(Window, self.activity_id).secret)
        return found

    def code(self) -> str:
        """What the projector shows now."""
        return rules.code_of(self.secret(), self.activity_id, rules.step_of(self.house.clock.at))

    def link(self) -> str:
        """What scanning the projector's QR code sends now."""
        return f"/start {rules.payload_of(self.secret(), self.activity_id, rules.step_of(self.house.clock.at))}"

    def guest(self, number: int = 0, name: str = "", phone: str | None = None, status: str = "") -> Person:
        """A guest who has signed up to a seat; the phone they hold."""
        account = GUESTS + number
        name = name or f"来宾{number:04}"

        def work(session: Session) -> None:
            party = guests.enrol(
                session,
                organisation_id=1,
                telegram_id=account,
                name=name,
                unit="社区B",
                phone=phone,
                language="en",
                now=self.house.clock.at,
            )
            signup = SignUp(
                call_id=self.call_id, guest_id=party.guest_id, part=Part.LISTENER, signed_at=self.house.clock.at
            )
            session.add(signup)
            session.flush()
            seats.settle(session, signup_id=signup.id or 0, now=self.house.clock.at)
            if status:
                session.execute(update(SIGNUP).where(SIGNUP.c.id == signup.id).values(status=status))

        self.house.write(work)
        return self.house.person(account, name)

    def visitor(self, number: int, name: str = "路人") -> Person:
        """Somebody of whom nothing is known."""
        return self.house.person(GUESTS + number, name)

    async def forge(self, person: Person, data: str) -> None:
        """Press a button that the person was never sent: the sandbox lets nobody press what is not in the chat."""
        await person.say("/help")
        forged = Message("forged", keyboard([button("forged", data)]))
        self.house.take(lambda turn: turn.send(person.id, forged))
        await self.house.settle()
        await person.press("forged")

    def rows(self) -> list[SignUp]:
        """The sign-ups of the call, in order."""
        query = select(SIGNUP.c.id).where(SIGNUP.c.call_id == self.call_id).order_by(SIGNUP.c.id)
        found: list[SignUp] = self.house.read(
            lambda s: [s.get_one(SignUp, key) for key in s.connection().execute(query).scalars()]
        )
        return found

    def arrivals(self) -> list[tuple[datetime | None, str]]:
        """When and how those have come who hold a place or came without one."""
        return [(row.arrived_at, row.arrived_way) for row in self.rows()]

    def taken(self, part: Part = Part.LISTENER) -> tuple[int, int]:
        """How many places of a part are taken, of how many."""
        pool: Pool = self.house.read(lambda s: s.get_one(Pool, (self.call_id, part)))
        return pool.taken, pool.capacity

    def held(self) -> int:
        """How many sign-ups are confirmed."""
        return sum(row.status == SignUpStatus.CONFIRMED for row in self.rows())

    def change_activity(self, **values: Any) -> None:
        """Move or cancel the activity."""
        changed = update(ACTIVITY).where(ACTIVITY.c.id == self.activity_id).values(**values)
        self.house.write(lambda s: s.connection().execute(changed))

    def invitations(self) -> list[Invitation]:
        """All invitations, in order."""
        table: Any = Invitation.__table__  # type: ignore[attr-defined]
        query = select(table.c.id).order_by(table.c.id)
        found: list[Invitation] = self.house.read(
            lambda s: [s.get_one(Invitation, key) for key in s.connection().execute(query).scalars()]
        )
        return found


def build_lecture_scene(
    house: TestHouse, seats: int = 20, template: str = "lecture", slots: int | None = None, trainees: int = 2
) -> LectureScene:
    """The camp with an open lecture of so many seats, or a forum of another template."""
    forum = build_forum_scene(house, trainees=trainees)
    activity_id = house.write(lambda s: _add_activity(s, forum.cohort_id, "公开课 <b>"))
    forum.activities["Open lecture"] = activity_id
    places: dict[str, Any] = {"seats": seats} | ({"slots": slots} if slots is not None else {})
    call_id = forum.call(template, "Open lecture", **places)
    return LectureScene(forum, activity_id, call_id)


def _add_activity(session: Session, cohort_id: int, title: str) -> int:
    activity = Activity(
        cohort_id=cohort_id, starts_at=START, ends_at=START + timedelta(hours=2), title=title, place="大礼堂"
    )
    session.add(activity)
    session.flush()
    return activity.id or 0
