from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.database import Database
from bot.forum import drafting, publishing, signing, visiting
from bot.forum.drafting import Sketch
from bot.forum.models import Part, SignUpStatus
from bot.forum.queries import SIGNUP
from bot.forum.signing import Clash, Signed, Unfinished
from bot.forum.visiting import NotMeantForYou, SignUpClosed, SignUpNotOpen, Visitor
from tests.support.forum_scene import FIRST, HOUR, ForumScene, build_forum_scene, speaker_of
from tests.support.house import HandClock
from tests.support.storage import filled

SKETCH = Sketch(part=Part.SPEAKER, title="Neighbours", outline="Two lines.", needs="", may_name=True)


class OnlyDatabase:
    """As much of a house as services need."""

    def __init__(self, database: Database) -> None:
        self.write, self.read, self.clock = database.write_now, database.read_now, HandClock()


@pytest.fixture
def scene(database_url: str) -> Iterator[ForumScene]:
    with filled(database_url) as database:
        yield build_forum_scene(OnlyDatabase(database), trainees=4)  # type: ignore[arg-type]


def visitor(scene: ForumScene, account: int = FIRST) -> Visitor:
    found: Visitor = scene.house.write(
        lambda s: visiting.visitor_of(s, speaker=speaker_of(s, account), telegram_id=account)
    )
    return found


def sign(scene: ForumScene, call_id: int, account: int = FIRST, part: Part = Part.LISTENER) -> Signed | Clash:
    who, sketch = visitor(scene, account), SKETCH if part is Part.SPEAKER else None
    found: Signed | Clash = scene.house.write(
        lambda s: signing.sign_up(
            s, visitor=who, call_id=call_id, part=part, sketch=sketch, at=scene.now, now=scene.now
        )
    )
    return found


def status_of(outcome: Signed | Clash) -> SignUpStatus | None:
    return outcome.own.signup.status if isinstance(outcome, Signed) and outcome.own.signup else None


def test_places_go_in_the_order_of_signing_up(scene: ForumScene) -> None:
    call_id = scene.call("salon", slots=2)

    outcomes = [sign(scene, call_id, FIRST + n, Part.SPEAKER) for n in range(4)]

    assert [status_of(one) for one in outcomes] == ["confirmed", "confirmed", "reserve", "reserve"]
    numbers = [one.own.standing.number for one in outcomes if isinstance(one, Signed) and one.own.standing]
    assert numbers == [0, 0, 1, 2]


def test_the_same_person_twice_is_one_sign_up(scene: ForumScene) -> None:
    call_id = scene.call("salon")

    first, second = sign(scene, call_id), sign(scene, call_id)

    assert [one.is_news for one in (first, second) if isinstance(one, Signed)] == [True, False]
    assert scene.house.read(lambda s: s.execute(select(func.count()).select_from(SIGNUP)).scalar()) == 1


def test_whoever_withdraws_and_comes_back_has_one_row_at_the_end_of_the_list(scene: ForumScene) -> None:
    call_id = scene.call("salon", seats=1)
    sign(scene, call_id)
    sign(scene, call_id, FIRST + 1)
    who = visitor(scene)
    scene.house.write(lambda s: signing.withdraw(s, visitor=who, call_id=call_id, now=scene.now))

    again = sign(scene, call_id)

    assert status_of(again) is SignUpStatus.RESERVE
    assert [one.status for one in scene.signups(call_id)] == [SignUpStatus.RESERVE, SignUpStatus.OFFERED]


def test_a_draft_goes_when_the_sign_up_is_in(scene: ForumScene) -> None:
    call_id = scene.call("salon")
    scene.house.write(lambda s: drafting.write(s, call_id, FIRST, SKETCH, scene.now))
    kept = scene.house.read(lambda s: drafting.read(s, call_id, FIRST))

    sign(scene, call_id, part=Part.SPEAKER)

    assert kept == SKETCH
    assert scene.house.read(lambda s: drafting.read(s, call_id, FIRST)) == Sketch()


def test_a_speaker_who_has_not_said_everything_is_not_signed_up(scene: ForumScene) -> None:
    call_id = scene.call("salon", topics=["Who pays?"])

    with pytest.raises(Unfinished):
        sign(scene, call_id, part=Part.SPEAKER)


def test_before_and_after_the_window_nobody_signs_up(scene: ForumScene) -> None:
    call_id = scene.call("salon", opens_at=scene.now + HOUR, closes_at=scene.now + HOUR * 3)

    with pytest.raises(SignUpNotOpen):
        sign(scene, call_id)
    scene.house.clock.at += timedelta(hours=3)
    with pytest.raises(SignUpClosed):
        sign(scene, call_id)


def test_a_press_that_was_made_in_time_counts_although_it_is_seen_to_late(scene: ForumScene) -> None:
    call_id = scene.call("salon", closes_at=scene.now + HOUR)
    who, pressed = visitor(scene), scene.now + timedelta(minutes=59)

    outcome = scene.house.write(
        lambda s: signing.sign_up(s, visitor=who, call_id=call_id, part=Part.LISTENER, at=pressed, now=pressed + HOUR)
    )

    assert status_of(outcome) is SignUpStatus.CONFIRMED


def test_the_coordinator_is_no_trainee_and_sees_without_signing_up(scene: ForumScene) -> None:
    call_id = scene.call("salon")
    who = visitor(scene, 800)
    scene.house.write(lambda s: visiting.look(s, visitor=who, call_id=call_id, now=scene.now))

    with pytest.raises(NotMeantForYou):
        sign(scene, call_id, 800)


def test_a_clash_names_the_other_and_does_nothing(scene: ForumScene) -> None:
    forum, salon = scene.call("salon", "Forum"), scene.call("salon", "Salon")
    sign(scene, forum)

    outcome = sign(scene, salon)

    assert isinstance(outcome, Clash)
    assert [own.call.id for own in outcome.others] == [forum]
    assert scene.signups(salon) == []


def test_a_cancelled_call_clashes_with_nothing(scene: ForumScene) -> None:
    forum, salon = scene.call("salon", "Forum"), scene.call("salon", "Salon")
    sign(scene, forum)
    scene.house.write(lambda s: publishing.cancel(s, speaker=speaker_of(s, 800), call_id=forum, now=scene.now))

    assert status_of(sign(scene, salon)) is SignUpStatus.CONFIRMED


def test_a_place_that_is_given_up_goes_to_the_next_reserve(scene: ForumScene) -> None:
    call_id = scene.call("salon", seats=1)
    sign(scene, call_id)
    sign(scene, call_id, FIRST + 1)
    who = visitor(scene)

    _, moved = scene.house.write(lambda s: signing.withdraw(s, visitor=who, call_id=call_id, now=scene.now))

    assert [offer.signup_id for offer in moved.offered] == [scene.signups(call_id)[1].id]


def test_what_is_changed_afterwards_leaves_place_and_order(scene: ForumScene) -> None:
    call_id = scene.call("salon", slots=1)
    sign(scene, call_id, part=Part.SPEAKER)
    sign(scene, call_id, FIRST + 1, Part.SPEAKER)
    who = visitor(scene, FIRST + 1)
    other = Sketch(part=Part.SPEAKER, title="Other", outline="O", needs="A board", may_name=False, is_edit=True)

    changed = scene.house.write(lambda s: signing.change(s, visitor=who, call_id=call_id, sketch=other, now=scene.now))

    assert changed.standing.number == 1
    assert (changed.signup.title, changed.signup.needs, changed.signup.may_name) == ("Other", "A board", False)
