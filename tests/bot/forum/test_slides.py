from datetime import datetime

import pytest

from bot.errors import Gone, NotAllowed
from bot.forum import slides
from bot.forum.models import CallStatus
from bot.forum.pools import CALL, SIGNUP
from bot.forum.running_order import ForumOff, Item
from bot.forum.slides import Chased, File, NotYourTalk, Own
from bot.people.models import Person
from tests.support.seats_scene import STARTS
from tests.support.stage_scene import LISTENER, MINUTE, StageCamp

PERSON = Person.__table__  # type: ignore[attr-defined]
EVE = STARTS - 600 * MINUTE
SMALL = File("document", "F1", "talk.pptx", 2_000_000, 101, 7)
LARGE = File("document", "F2", "film.mp4", 60 * 1024 * 1024, 102, 8)


def keep(stage: StageCamp, number: int, file: File, whose: int | None = None) -> Own:
    who, signup_id = stage.camp.trainee(number), stage.camp.signup(number if whose is None else whose)
    return stage.camp.do(
        lambda s: slides.keep(s, speaker=who, telegram_id=who.telegram_id, signup_id=signup_id, file=file, now=EVE)
    )


def without(stage: StageCamp, number: int) -> Own:
    who, signup_id = stage.camp.trainee(number), stage.camp.signup(number)
    return stage.camp.do(
        lambda s: slides.do_without(s, speaker=who, telegram_id=who.telegram_id, signup_id=signup_id, now=EVE)
    )


def chase(stage: StageCamp, at: datetime = EVE) -> Chased:
    return stage.camp.do(lambda s: slides.chase(s, speaker=stage.camp.coordinator, call_id=stage.call_id, now=at))


def names(items: tuple[Item, ...]) -> list[str]:
    return [item.talk.party.name for item in items if item.talk]


def test_slides_are_kept_and_a_later_file_takes_their_place(stage: StageCamp) -> None:
    keep(stage, 0, LARGE)

    own = keep(stage, 0, SMALL)

    assert (own.slides, own.has_slides) == ("talk.pptx", True)
    row = stage.camp.row(0)
    assert (row.slides_file_id, row.slides_size, row.slides_chat_id, row.slides_message_id) == ("F1", 2_000_000, 101, 7)


def test_a_file_of_60_megabytes_is_kept_and_known_as_too_large_for_a_bot(stage: StageCamp) -> None:
    keep(stage, 0, SMALL)
    keep(stage, 1, LARGE)

    assert [item.talk.is_large for item in stage.order().talks if item.talk] == [False, True, False]


def test_the_coordinator_sees_who_has_sent_and_who_has_not(stage: StageCamp) -> None:
    keep(stage, 0, SMALL)
    without(stage, 2)

    order = stage.camp.see(
        lambda s: slides.collected(s, speaker=stage.camp.coordinator, call_id=stage.call_id, now=EVE)
    )

    assert (names(slides.sent(order)), names(slides.lacking(order))) == (["学员0"], ["学员1"])


def test_whoever_sends_slides_after_all_no_longer_speaks_without(stage: StageCamp) -> None:
    assert without(stage, 0).no_slides

    own = keep(stage, 0, SMALL)

    assert (own.has_slides, own.no_slides) == (True, False)
    assert without(stage, 0).has_slides


def test_one_press_chases_everybody_whose_slides_are_missing_and_nobody_twice_in_a_row(stage: StageCamp) -> None:
    keep(stage, 0, SMALL)

    first, second, third = chase(stage), chase(stage, EVE + 5 * MINUTE), chase(stage, EVE + 31 * MINUTE)

    assert names(first.now_chased) == ["学员1", "学员2"]
    assert (names(second.now_chased), names(second.lately)) == ([], ["学员1", "学员2"])
    assert names(third.now_chased) == ["学员1", "学员2"]


def test_whoever_cannot_be_reached_is_named_instead(stage: StageCamp) -> None:
    stage.camp.do(
        lambda s: s.execute(PERSON.update().where(PERSON.c.id == stage.camp.people[1]).values(unreachable_at=EVE))
    )

    chased = chase(stage)

    assert names(chased.unreachable) == ["学员1"]
    assert names(chased.now_chased) == ["学员0", "学员2"]


def test_slides_are_sent_by_the_speaker_alone(stage: StageCamp) -> None:
    for number, whose in ((1, 0), (LISTENER, 0)):
        with pytest.raises(NotYourTalk):
            keep(stage, number, SMALL, whose)
    with pytest.raises(Gone):
        stage.camp.see(lambda s: slides.own_talk(s, speaker=None, telegram_id=101, signup_id=10**15, now=EVE))
    stage.camp.withdraw(0)
    with pytest.raises(NotYourTalk):
        keep(stage, 0, SMALL)

    assert [row.slides_file_id for row in stage.rows(SIGNUP)] == [""] * 4


def test_a_reserve_may_send_slides_too(stage: StageCamp) -> None:
    assert keep(stage, 3, SMALL).has_slides


def test_only_a_coordinator_chases(stage: StageCamp) -> None:
    for speaker in (stage.teacher, stage.auditor, stage.camp.trainee(0), None):
        with pytest.raises(NotAllowed):
            stage.camp.do(lambda s, who=speaker: slides.chase(s, speaker=who, call_id=stage.call_id, now=EVE))  # type: ignore[misc]


def test_for_a_cancelled_forum_no_slides_are_taken(stage: StageCamp) -> None:
    stage.camp.change(CALL, status=CallStatus.CANCELLED)

    with pytest.raises(ForumOff):
        keep(stage, 0, SMALL)
    with pytest.raises(ForumOff):
        chase(stage)
