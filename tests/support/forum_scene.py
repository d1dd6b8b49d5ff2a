"""A camp with forums for tests: a coordinator, an auditor, trainees of two units, a timetable, and short ways."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from bot.forum import calls, publishing, topics
from bot.forum.models import Part, SignUp
from bot.forum.views import CallView, view_of
from bot.people import service as people
from bot.people.models import Person as Row
from bot.people.models import Role
from bot.people.service import Speaker
from bot.timetable.models import Activity
from tests.support.camp import NOBODY
from tests.support.house import Person, TestHouse

SUNDAY = datetime(2026, 12, 6, 4, 0, tzinfo=UTC)
"""Noon in Shanghai on the day before the camp."""
COORDINATOR, AUDITOR, FIRST, STRANGER = 800, 801, 101, 5001
UNITS = ("Street office", "Harbour quarter")
HOUR = timedelta(hours=1)
TUESDAY = datetime(2026, 12, 7, 16, 0, tzinfo=UTC)
"""Midnight in Shanghai at the beginning of the camp's second day."""
PROGRAMME = {"Lecture": 9, "Forum": 14, "Salon": 15, "Evening": 19}
"""What is on the second day, with the local hour at which it begins; each lasts two hours."""


@dataclass
class ForumScene:
    """The house with a camp in it. Trainees have the accounts 101, 102, … and units by turns."""

    house: TestHouse
    cohort_id: int = 0
    activities: dict[str, int] = field(default_factory=dict)
    presses: int = 0

    @property
    def now(self) -> datetime:
        """The hand-moved time."""
        return self.house.clock.at

    @property
    def coordinator(self) -> Speaker:
        """The coordinator as services are given them."""
        return self.speaker(COORDINATOR)

    def speaker(self, account: int) -> Speaker:
        """Whoever is linked to an account."""
        found: Speaker = self.house.write(lambda s: speaker_of(s, account))
        return found

    async def phone(self, account: int, language: str = "en") -> Person:
        """Somebody's phone, with the bot started."""
        person = self.house.person(account, language=language)
        await person.say("/start")
        return person

    def call(self, template: str = "trainees", activity: str = "Forum", **values: Any) -> int:
        """A published call; ``slots``, ``seats`` and ``topics`` are what it has, the rest are its rules."""
        found: int = self.house.write(lambda s: self.make(s, template, activity, **values))
        return found

    def make(self, session: Session, template: str, activity: str, **values: Any) -> int:
        """The same inside a transaction; ``publishes`` false leaves a draft."""
        places = {Part.SPEAKER: values.pop("slots", None), Part.LISTENER: values.pop("seats", None)}
        texts, publishes = values.pop("topics", ()), values.pop("publishes", True)
        who: dict[str, Any] = {"speaker": speaker_of(session, COORDINATOR), "now": self.now}
        activity_id = self.activities[activity]
        call = calls.draft(session, cohort_id=self.cohort_id, template=template, activity_id=activity_id, **who)
        call_id = call.id or 0
        for part, number in places.items():
            if number is not None:
                calls.set_places(session, call_id=call_id, part=part, number=number, **who)
        if texts:
            topics.add(session, call_id=call_id, texts=list(texts), **who)
        calls.change(session, call_id=call_id, **values, **who)
        if publishes:
            publishing.publish(session, call_id=call_id, **who)
        return call_id

    def view(self, call_id: int) -> CallView:
        """A call as it stands."""
        found: CallView = self.house.read(lambda s: view_of(s, call_id, self.now))
        return found

    def signups(self, call_id: int) -> list[SignUp]:
        """All sign-ups of a call, however they stand."""
        query = select(SignUp).where(SignUp.call_id == call_id).order_by(col(SignUp.id))
        found: list[SignUp] = self.house.read(lambda s: list(s.exec(query).all()))
        return found

    async def press(self, account: int, data: str) -> list[dict[str, Any]]:
        """A press of a button that was once shown, or that somebody forged; what is then new in the chat."""
        self.presses += 1
        sender = {"id": account, "is_bot": False, "first_name": "小王", "language_code": "en"}
        chat = {"id": account, "type": "private"}
        newest = max(one["message_id"] for one in self.house.person(account).chat if one["from"]["is_bot"])
        message = {"message_id": newest, "date": int(self.now.timestamp()), "chat": chat}
        query = {"id": f"p{self.presses}", "from": sender, "message": message, "chat_instance": "1", "data": data}
        update = {"update_id": 2_000_000_000 + self.presses, "callback_query": query}
        before = {message["message_id"]: message for message in self.house.person(account).chat}
        await self.house.intake.store([update])
        await self.house.settle()
        chat_now = self.house.person(account).chat
        return [message for message in chat_now if before.get(message["message_id"]) != message]

    async def link(self, call_id: int) -> str:
        """What opens a call for whoever has it, as the coordinator's screen says it."""
        await self.phone(COORDINATOR)
        shown = await self.press(COORDINATOR, f"forum:link:{call_id}")
        text: str = shown[-1]["text"]
        return "/start " + text.split("start=")[1].split()[0]


def build_forum_scene(house: TestHouse, trainees: int = 3, language: str = "en") -> ForumScene:
    """A camp of three days with forums on its second day, on an empty database."""
    house.clock.at = SUNDAY
    scene = ForumScene(house)
    house.write(lambda s: _fill(s, scene, trainees, language))
    return scene


def speaker_of(session: Session, account: int) -> Speaker:
    """Whoever is linked to an account, inside a transaction."""
    found = people.find_speaker(session, account)
    assert found is not None
    return found


def _fill(session: Session, scene: ForumScene, trainees: int, language: str) -> None:
    office = people.open_organisation(session, people.OFFICE)
    cohort = people.create_cohort(
        session,
        organisation_id=office.id or 0,
        name="Camp Four",
        starts_on=date(2026, 12, 7),
        ends_on=date(2026, 12, 9),
        time_zone="Asia/Shanghai",
        language=language,
        actor=NOBODY,
        now=SUNDAY,
    )
    scene.cohort_id = cohort.id or 0
    _join(session, scene.cohort_id, COORDINATOR, "Ms Wang", Role.COORDINATOR)
    _join(session, scene.cohort_id, AUDITOR, "Mr Qian", Role.AUDITOR)
    for number in range(trainees):
        _join(session, scene.cohort_id, FIRST + number, f"学员{number + 1}", Role.TRAINEE, UNITS[number % 2])
    for title, hours in PROGRAMME.items():
        at = TUESDAY + HOUR * hours
        activity = Activity(cohort_id=scene.cohort_id, title=title, starts_at=at, ends_at=at + HOUR * 2, place="Hall 1")
        session.add(activity)
        session.flush()
        scene.activities[title] = activity.id or 0


def _join(session: Session, cohort_id: int, account: int, name: str, role: Role, unit: str | None = None) -> None:
    person = Row(organisation_id=1, name=name, telegram_id=account, unit=unit, linked_at=SUNDAY)
    session.add(person)
    session.flush()
    people.grant(session, person_id=person.id or 0, cohort_id=cohort_id, role=role, actor=NOBODY, now=SUNDAY)
