from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from bot.errors import Gone
from bot.people.models import Cohort, Person
from bot.preferences import service
from bot.preferences.models import Topic
from bot.preferences.rules import QuietHours
from bot.preferences.service import NotYourCamp, Span
from tests.support.camps import MONDAY, Camps, local

NOW = local(MONDAY, 8)
DAY = timedelta(days=1)


class Scene:
    """A trainee of a camp, and short ways to pause."""

    def __init__(self, camps: Camps) -> None:
        self.camps = camps
        self.cohort = camps.cohort()
        self.person = camps.person(self.cohort)

    def pause(self, span: Span, topic: Topic = Topic.MORNING) -> service.Paused:
        """Pause a topic."""
        return self.camps.do(lambda s: service.pause(s, **self.who(), topic=topic, span=span, now=NOW))

    def is_paused(self, cohort: Cohort | None = None, topic: Topic = Topic.MORNING, after: timedelta = DAY * 0) -> bool:
        """Whether it is paused then."""
        who = self.who() | ({"cohort_id": cohort.id or 0} if cohort else {})
        return self.camps.see(lambda s: service.is_paused(s, **who, topic=topic, now=NOW + after))

    def who(self) -> dict[str, int]:
        """The ids of the person and the camp."""
        return {"person_id": self.person.id or 0, "cohort_id": self.cohort.id or 0}


@pytest.fixture
def scene(camps: Camps) -> Scene:
    return Scene(camps)


def test_nothing_is_paused_to_begin_with(scene: Scene) -> None:
    choices = scene.camps.see(lambda s: service.choices_of(s, **scene.who(), now=NOW))

    assert choices == service.Choices()


def test_a_pause_for_today_lasts_until_the_camps_midnight(scene: Scene) -> None:
    done = scene.pause(Span.TODAY)

    assert done.until == local(MONDAY + DAY, 0)
    assert [scene.is_paused(after=timedelta(hours=hours)) for hours in (0, 15, 16)] == [True, True, False]


def test_a_pause_in_this_camp_does_not_hold_in_another(scene: Scene) -> None:
    other = scene.camps.cohort("Other")

    scene.pause(Span.CAMP)

    assert [scene.is_paused(after=DAY * 99), scene.is_paused(other)] == [True, False]


def test_a_pause_until_resumed_holds_in_every_camp(scene: Scene) -> None:
    other = scene.camps.cohort("Other")

    scene.pause(Span.UNTIL_RESUMED)

    assert [scene.is_paused(after=DAY * 999), scene.is_paused(other)] == [True, True]


def test_a_pause_is_of_one_topic(scene: Scene) -> None:
    scene.pause(Span.CAMP)

    assert not scene.is_paused(topic=Topic.EVENING)


def test_the_last_choice_counts_and_twice_is_once(scene: Scene) -> None:
    for span in (Span.UNTIL_RESUMED, Span.UNTIL_RESUMED, Span.TODAY):
        scene.pause(span)

    choices = scene.camps.see(lambda s: service.choices_of(s, **scene.who(), now=NOW))

    assert [one.span for one in choices.paused] == [Span.TODAY]
    assert not scene.is_paused(after=DAY)


@pytest.mark.parametrize("span", list(Span))
def test_resuming_ends_any_pause(scene: Scene, span: Span) -> None:
    scene.pause(span)

    was = scene.camps.do(lambda s: service.resume(s, **scene.who(), topic=Topic.MORNING, now=NOW))
    again = scene.camps.do(lambda s: service.resume(s, **scene.who(), topic=Topic.MORNING, now=NOW))

    assert (was, again, scene.is_paused()) == (True, False, False)


def test_many_are_found_at_once(scene: Scene) -> None:
    others = [scene.camps.person(scene.cohort) for _ in range(3)]
    for person, span in zip(others, Span, strict=True):
        who = {"person_id": person.id or 0, "cohort_id": scene.cohort.id or 0}
        scene.camps.do(lambda s, who=who, span=span: service.pause(s, **who, topic=Topic.RECALL, span=span, now=NOW))  # type: ignore[misc]

    def found(session: Session) -> set[int]:
        return set(session.scalars(service.paused(scene.cohort.id or 0, Topic.RECALL, NOW)))

    assert scene.camps.see(found) == {person.id for person in others}


def test_only_somebody_in_the_camp_can_pause_it(scene: Scene) -> None:
    elsewhere: Person = scene.camps.person(scene.camps.cohort("Other"))
    who = {"person_id": elsewhere.id or 0, "cohort_id": scene.cohort.id or 0}

    with pytest.raises(NotYourCamp):
        scene.camps.do(lambda s: service.pause(s, **who, topic=Topic.MORNING, span=Span.CAMP, now=NOW))
    with pytest.raises(Gone):
        scene.camps.do(lambda s: service.resume(s, person_id=1, cohort_id=999, topic=Topic.MORNING, now=NOW))


def test_quiet_hours_sound_and_lead_are_kept_and_taken_back(scene: Scene) -> None:
    person_id = scene.person.id or 0
    scene.camps.do(lambda s: service.set_quiet_hours(s, person_id=person_id, hours=QuietHours(1320, 420)))
    scene.camps.do(lambda s: service.set_silent(s, person_id=person_id, is_silent=True))
    scene.camps.do(lambda s: service.set_before(s, person_id=person_id, minutes=30))
    kept = scene.camps.see(lambda s: service.choices_of(s, **scene.who(), now=NOW))
    zone, night = ZoneInfo("Asia/Shanghai"), local(MONDAY, 23)
    quiet = scene.camps.see(lambda s: service.quiet_until(s, person_id=person_id, zone=zone, now=night))

    scene.camps.do(lambda s: service.set_quiet_hours(s, person_id=person_id, hours=None))
    scene.camps.do(lambda s: service.set_before(s, person_id=person_id, minutes=None))

    assert kept == service.Choices((), QuietHours(1320, 420), True, 30)
    assert quiet == local(MONDAY + DAY, 7)
    left = scene.camps.see(lambda s: service.choices_of(s, **scene.who(), now=NOW))
    assert left == service.Choices((), None, True, None)


@pytest.mark.parametrize("minutes", [0, -5, 241])
def test_a_lead_without_sense_is_refused(scene: Scene, minutes: int) -> None:
    with pytest.raises(ValueError, match=str(minutes)):
        scene.camps.do(lambda s: service.set_before(s, person_id=scene.person.id or 0, minutes=minutes))
