import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from bot import invariants
from bot.audit.service import Actor
from bot.changes import roll, service
from bot.changes.messages import announce
from bot.changes.models import Announcement
from bot.changes.reading import Draft
from bot.changes.service import AlreadyGone, NothingToSee, TooSoon
from bot.errors import Gone, NotAllowed
from bot.i18n import translator
from bot.people.models import Cohort, Person, Role
from bot.people.service import Speaker
from bot.preferences import service as preferences
from bot.preferences.models import Topic
from bot.preferences.service import Span
from bot.timetable.models import Activity
from bot.turn import Turn, Turns
from schedules.changes import push_changes
from schedules.reminders import plant, push_befores
from tests.support.camps import MONDAY, TUESDAY, Camps, local
from tests.support.house import HandClock

pytestmark = pytest.mark.anyio
NOW = local(MONDAY, 8)
MINUTE = timedelta(minutes=1)
EN = translator("en")


class Scene:
    """A camp with three trainees, one of them in a group, and somebody who coordinates it."""

    def __init__(self, camps: Camps) -> None:
        self.camps = camps
        self.cohort: Cohort = camps.cohort()
        self.boss = camps.person(self.cohort, role=Role.COORDINATOR)
        self.plain, self.other, self.member = (camps.person(self.cohort) for _ in range(3))
        camps.group(self.member, self.cohort, "一组")
        self.lecture = camps.activity(self.cohort, MONDAY, (9, 0), (10, 0), "Lecture", place="301", speaker="Wang")
        self.talk = camps.activity(self.cohort, MONDAY, (14, 0), (15, 0), "Talk", group_name="一组")
        self.clock = HandClock(NOW)
        self.turns = Turns(camps.database, self.clock)

    @property
    def speaker(self) -> Speaker:
        """The coordinator as whoever presses."""
        return Speaker(self.boss.id or 0, self.boss.telegram_id or 0, "", "")  # type: ignore[arg-type]

    def edit(self, activity: Activity, **values: Any) -> Draft | None:
        """Change an activity as a door does, and note it."""

        def work(turn: Turn) -> Draft | None:
            before = service.stand(turn.session, self.cohort.id or 0)
            row = turn.session.get_one(Activity, activity.id)
            for name, value in values.items():
                setattr(row, name, value)
            turn.session.add(row)
            draft = service.note_change(
                turn.session,
                cohort_id=self.cohort.id or 0,
                before=before,
                actor=Actor(person_id=self.boss.id),
                now=turn.now,
            )
            announce(turn, draft, self.boss.telegram_id, EN)
            return draft

        return self.turns.take_now(work)

    async def at(self, now: datetime) -> None:
        """Let the pass run at an instant."""
        self.clock.at = now
        await push_changes(self.turns)

    def texts(self, person: Person) -> list[str]:
        """The changes that a person is owed."""
        rows = [row for row in self.camps.outbox if row.chat_id == person.telegram_id and row.key.startswith("change:")]
        return [json.loads(row.payload)["text"] for row in rows]

    def announcement(self) -> Announcement:
        """The latest one."""
        latest = select(Announcement).order_by(col(Announcement.id).desc()).limit(1)
        return self.camps.see(lambda s: s.exec(latest).one())


@pytest.fixture
def scene(camps: Camps) -> Scene:
    return Scene(camps)


async def test_a_change_is_told_two_minutes_later_with_before_and_after_and_a_seen_button(scene: Scene) -> None:
    scene.edit(scene.lecture, place="305", speaker="Li", starts_at=local(MONDAY, 9, 30), ends_at=local(MONDAY, 10, 30))

    await scene.at(NOW + 2 * MINUTE - timedelta(seconds=1))
    early = scene.texts(scene.plain)
    await scene.at(NOW + 2 * MINUTE)

    assert early == []
    assert scene.texts(scene.plain) == [
        "📣 <b>The timetable has changed</b>\nCamp\n\n✏️ <b>Lecture</b>\n"
        "🕘 <s>Mon, Dec 7 09:00–10:00</s> → <b>Mon, Dec 7 09:30–10:30</b>\n"
        "📍 <s>301</s> → <b>305</b>\n👤 <s>Wang</s> → <b>Li</b>"
    ]
    (row,) = [row for row in scene.camps.outbox if row.chat_id == scene.plain.telegram_id]
    buttons = json.loads(row.payload)["reply_markup"]["inline_keyboard"]
    assert buttons[0][0]["callback_data"] == f"changes:seen:{scene.announcement().id}"


async def test_three_edits_within_two_minutes_are_one_message_from_the_first_state_to_the_last(scene: Scene) -> None:
    for second, place in enumerate(("302", "303", "305")):
        scene.clock.at = NOW + second * 50 * timedelta(seconds=1)
        scene.edit(scene.lecture, place=place)

    await scene.at(NOW + 2 * MINUTE)
    await scene.at(NOW + 5 * MINUTE)

    assert ["<s>301</s> → <b>305</b>" in text for text in scene.texts(scene.plain)] == [True]


async def test_an_edit_undone_in_time_is_told_to_nobody(scene: Scene) -> None:
    scene.edit(scene.lecture, place="305")
    scene.edit(scene.lecture, place="301")

    await scene.at(NOW + 2 * MINUTE)

    assert scene.texts(scene.plain) == []
    assert scene.announcement().outcome == "nothing"


async def test_only_those_whom_it_concerns_are_told(scene: Scene) -> None:
    scene.edit(scene.talk, place="999")

    await scene.at(NOW + 2 * MINUTE)

    assert [len(scene.texts(person)) for person in (scene.plain, scene.member, scene.boss)] == [0, 1, 0]
    assert scene.announcement().told == 1


async def test_a_teacher_is_told_of_the_own_activities_only_whatever_group_they_are_for(scene: Scene) -> None:
    wang, li = (scene.camps.person(scene.cohort, role=Role.TEACHER, name=name) for name in ("Wang", "Li"))
    scene.edit(scene.talk, place="999", speaker="Li")

    draft = scene.edit(scene.lecture, place="305")
    await scene.at(NOW + 2 * MINUTE)

    assert draft is not None
    assert (draft.cost, draft.lecturers) == (5, 2)
    assert ["Talk" in text for text in scene.texts(li)] == [True]
    assert ["Lecture" in text and "Talk" not in text for text in scene.texts(wang)] == [True]
    assert scene.announcement().told == 5
    number = scene.announcement().id or 0
    assert scene.camps.see(lambda s: roll.overview(s, speaker=scene.speaker, announcement_id=number)).concerned == 5


async def test_a_cancelled_activity_is_told_as_cancelled_and_one_that_comes_back_as_new(scene: Scene) -> None:
    scene.edit(scene.lecture, cancelled_at=NOW)
    await scene.at(NOW + 2 * MINUTE)

    scene.edit(scene.lecture, cancelled_at=None)
    await scene.at(NOW + 4 * MINUTE)

    cancelled, back = scene.texts(scene.plain)
    assert "❌ <b>Cancelled: Lecture</b>\n<s>Mon, Dec 7 09:00–10:00</s>" in cancelled
    assert "➕ <b>New: Lecture</b>\n🕘 Mon, Dec 7 09:00–10:00 · 301" in back


async def test_it_comes_although_reminders_are_paused_and_without_a_sound_in_quiet_hours(scene: Scene) -> None:
    ids = {"person_id": scene.plain.id or 0, "cohort_id": scene.cohort.id or 0}
    for topic in Topic:
        scene.camps.do(
            lambda s, topic=topic: preferences.pause(  # type: ignore[misc]
                s, **ids, topic=topic, span=Span.UNTIL_RESUMED, now=NOW
            )
        )
    hours = preferences.QuietHours(7 * 60, 9 * 60)
    scene.camps.do(lambda s: preferences.set_quiet_hours(s, person_id=scene.plain.id or 0, hours=hours))
    scene.edit(scene.lecture, place="305")

    await scene.at(NOW + 2 * MINUTE)

    silent = {
        row.chat_id: json.loads(row.payload).get("disable_notification", False)
        for row in scene.camps.outbox
        if row.key.startswith("change:")
    }
    assert (silent[scene.plain.telegram_id or 0], silent[scene.other.telegram_id or 0]) == (True, False)


async def test_the_coordinator_sees_beforehand_who_will_be_told_and_what_it_costs(scene: Scene) -> None:
    scene.camps.person(scene.cohort, linked=False)

    draft = scene.edit(scene.lecture, place="305")

    assert draft is not None
    assert (draft.cost, dict(draft.messages), draft.unreached) == (3, {None: 2, "一组": 1}, 1)
    (row,) = scene.camps.outbox
    text = json.loads(row.payload)["text"]
    assert "1 change, 3 messages" in text
    assert "📵 1 person cannot be reached" in text
    assert "It goes out at 08:02:00" in text


async def test_a_change_can_be_held_back_sent_at_once_or_dropped(scene: Scene) -> None:
    draft = scene.edit(scene.lecture, place="305")
    assert draft is not None
    ids: dict[str, Any] = {"speaker": scene.speaker, "announcement_id": draft.announcement_id}
    scene.camps.do(lambda s: service.hold(s, **ids, now=NOW))
    await scene.at(NOW + timedelta(hours=1) / 2)
    held = scene.texts(scene.plain)

    scene.camps.do(lambda s: service.release(s, **ids, now=scene.clock.at))
    await scene.at(scene.clock.at)
    with pytest.raises(AlreadyGone):
        scene.camps.do(lambda s: service.drop(s, **ids, now=scene.clock.at))

    second = scene.edit(scene.lecture, place="306")
    assert second is not None
    scene.camps.do(
        lambda s: service.drop(s, speaker=scene.speaker, announcement_id=second.announcement_id, now=scene.clock.at)
    )
    await scene.at(scene.clock.at + 5 * MINUTE)

    assert (held, len(scene.texts(scene.plain))) == ([], 1)
    assert scene.announcement().outcome == "dropped"


async def test_only_a_coordinator_of_this_camp_decides_about_it(scene: Scene) -> None:
    draft = scene.edit(scene.lecture, place="305")
    assert draft is not None
    elsewhere = scene.camps.person(scene.camps.cohort("Other"), role=Role.COORDINATOR)
    auditor = scene.camps.person(scene.cohort, role=Role.AUDITOR)

    for person in (scene.plain, elsewhere, auditor):
        speaker = Speaker(person.id or 0, person.telegram_id or 0, "", "")  # type: ignore[arg-type]
        for act in (service.hold, service.release, service.drop, service.nudge):
            with pytest.raises(NotAllowed):
                scene.camps.do(
                    lambda s, act=act, speaker=speaker: act(  # type: ignore[misc]
                        s, speaker=speaker, announcement_id=draft.announcement_id, now=NOW
                    )
                )
    with pytest.raises(Gone):
        scene.camps.do(lambda s: service.hold(s, speaker=scene.speaker, announcement_id=999, now=NOW))


async def test_who_has_seen_it_and_who_has_not_is_known_and_the_first_time_counts(scene: Scene) -> None:
    unlinked = scene.camps.person(scene.cohort, linked=False, name="无号")
    scene.edit(scene.lecture, place="305")
    await scene.at(NOW + 2 * MINUTE)
    number = scene.announcement().id or 0

    def see(person: Person, at: datetime) -> datetime:
        return scene.camps.do(lambda s: service.see(s, person_id=person.id or 0, announcement_id=number, now=at))

    first, again = see(scene.plain, NOW + 3 * MINUTE), see(scene.plain, NOW + 9 * MINUTE)
    overview = scene.camps.see(lambda s: roll.overview(s, speaker=scene.speaker, announcement_id=number))
    unseen = scene.camps.see(lambda s: roll.unseen_by(s, number))

    assert first == again == NOW + 3 * MINUTE
    assert (overview.concerned, overview.seen, overview.unreached) == (4, 1, 1)
    assert [one.is_reached for one in unseen] == [False, True, True]
    assert unseen[0].name == unlinked.name
    with pytest.raises(NothingToSee):
        see(scene.boss, NOW)


async def test_a_nudge_is_counted_and_not_repeated_at_once(scene: Scene) -> None:
    scene.edit(scene.lecture, place="305")
    await scene.at(NOW + 2 * MINUTE)
    ids: dict[str, Any] = {"speaker": scene.speaker, "announcement_id": scene.announcement().id or 0}

    scene.camps.do(lambda s: service.nudge(s, **ids, now=NOW + 3 * MINUTE))
    with pytest.raises(TooSoon):
        scene.camps.do(lambda s: service.nudge(s, **ids, now=NOW + 12 * MINUTE))
    scene.camps.do(lambda s: service.nudge(s, **ids, now=NOW + 13 * MINUTE))

    assert scene.announcement().nudges == 2


async def test_a_reminder_already_sent_for_the_old_time_is_corrected_and_the_new_one_still_comes(scene: Scene) -> None:
    scene.clock.at = local(MONDAY, 8, 45)
    await plant(scene.turns)
    await push_befores(scene.turns)
    scene.edit(scene.lecture, starts_at=local(MONDAY, 10), ends_at=local(MONDAY, 11))

    await scene.at(local(MONDAY, 8, 47))
    scene.clock.at = local(MONDAY, 9, 45)
    await plant(scene.turns)
    await push_befores(scene.turns)

    mine = [row for row in scene.camps.outbox if row.chat_id == scene.plain.telegram_id]
    assert [row.method for row in mine] == ["sendMessage", "sendMessage", "editMessageText", "sendMessage"]
    assert mine[2].edits_key == mine[0].key
    assert "<s>⏰ 09:00 Lecture</s>\nIt now begins: Mon, Dec 7 10:00–11:00" in json.loads(mine[2].payload)["text"]
    assert "10:00, in 15 minutes" in json.loads(mine[3].payload)["text"]


async def test_a_reminder_that_would_repeat_the_change_at_that_very_moment_is_left_out(scene: Scene) -> None:
    scene.clock.at = local(MONDAY, 8, 43)
    await plant(scene.turns)
    scene.edit(scene.lecture, place="305")

    await scene.at(local(MONDAY, 8, 45))
    await push_befores(scene.turns)

    assert [row.key.split(":")[0] for row in scene.camps.outbox if row.chat_id == scene.plain.telegram_id] == ["change"]


async def test_the_pass_again_and_after_a_restart_tells_nothing_again(scene: Scene) -> None:
    scene.edit(scene.lecture, place="305")
    for minutes in (2, 2, 1, 3, 60):
        await scene.at(NOW + minutes * MINUTE)

    assert len(scene.texts(scene.plain)) == 1
    assert scene.camps.see(invariants.check) == []


async def test_new_activities_of_a_camp_that_has_not_begun_are_told_to_nobody(camps: Camps) -> None:
    scene = Scene(camps)
    later = camps.cohort("Later", starts_on=TUESDAY, ends_on=TUESDAY)
    camps.person(later)
    before = camps.see(lambda s: service.stand(s, later.id or 0))
    camps.activity(later, TUESDAY)

    draft = camps.do(
        lambda s: service.note_change(s, cohort_id=later.id or 0, before=before, actor=Actor(name="x"), now=NOW)
    )

    assert draft is None
    assert scene.camps.outbox == []
