from collections.abc import Callable
from typing import Any

import pytest

from bot.audit.models import Change
from bot.errors import Gone, NotAllowed
from bot.forum import reordering, running_order
from bot.forum.models import CallStatus
from bot.forum.pools import CALL
from bot.forum.queries import ACTIVITY
from bot.forum.reordering import NotMovable, PlaceHeld, TooManyItems
from bot.forum.running_order import ForumOff, Order
from tests.support.seats_scene import STARTS
from tests.support.stage_scene import MINUTE, StageCamp

CHANGE = Change.__table__  # type: ignore[attr-defined]
EARLIER = STARTS - 600 * MINUTE


def change(scene: StageCamp, work: Callable[..., Any], **arguments: Any) -> Any:
    """Change the order as the coordinator."""
    return scene.camp.do(lambda s: work(s, speaker=scene.camp.coordinator, now=EARLIER, **arguments))


def names(order: Order) -> list[str]:
    return [item.talk.party.name if item.talk else item.piece.label for item in order.items]


def test_the_order_names_speakers_their_topics_and_their_hours(stage: StageCamp) -> None:
    assert stage.lines(EARLIER) == [
        ("14:00", "Opening", "later"),
        ("14:10", "学员0", "later"),
        ("14:20", "学员1", "later"),
        ("14:30", "学员2", "later"),
    ]
    talk = stage.order().items[1].talk
    assert talk is not None
    assert (talk.title, talk.topic) == ("Doors that open", "What makes a neighbourhood?")


def test_speeches_are_numbered_and_breaks_are_not(stage: StageCamp) -> None:
    assert [item.number for item in stage.order().items] == [0, 1, 2, 3]


def test_a_moved_activity_moves_the_whole_order(stage: StageCamp) -> None:
    stage.camp.change(ACTIVITY, starts_at=STARTS + 30 * MINUTE)

    assert [line[0] for line in stage.lines(EARLIER)] == ["14:30", "14:40", "14:50", "15:00"]


@pytest.mark.parametrize(("by", "expected"), [(-1, [0, 2, 1, 3]), (1, [0, 1, 3, 2])])
def test_an_item_moves_by_one_place(stage: StageCamp, by: int, expected: list[int]) -> None:
    before = names(stage.order())

    order = change(stage, reordering.step, slot_id=stage.slot(2), by=by)

    assert names(order) == [before[place] for place in expected]


def test_at_the_end_of_the_order_an_item_stays(stage: StageCamp) -> None:
    before = names(stage.order())

    change(stage, reordering.step, slot_id=stage.slot(0), by=-1)
    change(stage, reordering.step, slot_id=stage.slot(3), by=1)

    assert names(stage.order()) == before


def test_an_item_is_put_before_another_or_at_the_end(stage: StageCamp) -> None:
    first = change(stage, reordering.put_before, slot_id=stage.slot(3), target=stage.slot(1))
    second = change(stage, reordering.put_before, slot_id=stage.slot(1), target=0)

    assert names(first) == ["Opening", "学员2", "学员0", "学员1"]
    assert names(second) == ["Opening", "学员0", "学员1", "学员2"]


def test_an_item_put_before_itself_stays(stage: StageCamp) -> None:
    order = change(stage, reordering.put_before, slot_id=stage.slot(2), target=stage.slot(2))

    assert names(order) == ["Opening", "学员0", "学员1", "学员2"]
    assert stage.rows(CHANGE.select().where(CHANGE.c.subject == "forum_order").subquery()) == []


def test_minutes_move_what_comes_after(stage: StageCamp) -> None:
    order = change(stage, reordering.set_minutes, slot_id=stage.slot(1), minutes=25)

    assert [item.timed.starts_at for item in order.items] == [STARTS + n * MINUTE for n in (0, 10, 35, 45)]


@pytest.mark.parametrize(("asked", "given"), [(0, 1), (-5, 1), (100_000, 240)])
def test_minutes_stay_within_reason(stage: StageCamp, asked: int, given: int) -> None:
    order = change(stage, reordering.set_minutes, slot_id=stage.slot(1), minutes=asked)

    assert order.items[1].piece.minutes == given


def test_a_break_comes_last_and_an_opening_first(stage: StageCamp) -> None:
    order, added = change(stage, reordering.add_item, call_id=stage.call_id, label="Tea", first=False, minutes=15)
    again, opening = change(stage, reordering.add_item, call_id=stage.call_id, label="Welcome", first=True, minutes=5)

    assert names(order)[-1] == "Tea"
    assert order.items[-1].piece.id == added
    assert names(again)[0] == "Welcome"
    assert again.items[0].piece.id == opening
    assert again.items[1].timed.starts_at == STARTS + 5 * MINUTE


def test_a_break_is_renamed_and_taken_out(stage: StageCamp) -> None:
    renamed = change(stage, reordering.rename, slot_id=stage.slot(0), label="Words of welcome")
    order = change(stage, reordering.remove, slot_id=stage.slot(0))

    assert names(renamed)[0] == "Words of welcome"
    assert names(order) == ["学员0", "学员1", "学员2"]
    assert order.items[0].timed.starts_at == STARTS


@pytest.mark.parametrize("work", [reordering.rename, reordering.remove])
def test_a_place_of_a_speaker_is_neither_renamed_nor_taken_out_here(stage: StageCamp, work: Callable[..., Any]) -> None:
    more = {"label": "x"} if work is reordering.rename else {}

    with pytest.raises(PlaceHeld):
        change(stage, work, slot_id=stage.slot(1), **more)

    assert len(stage.order().items) == 4


def test_what_is_over_or_on_stage_stays_where_it_is(stage: StageCamp) -> None:
    stage.open()
    stage.next(STARTS)
    stage.next(STARTS + 10 * MINUTE)
    over, on, later = stage.slot(0), stage.slot(1), stage.slot(3)

    for slot_id in (over, on):
        with pytest.raises(NotMovable):
            change(stage, reordering.step, slot_id=slot_id, by=1)
    with pytest.raises(NotMovable):
        change(stage, reordering.put_before, slot_id=later, target=on)

    change(stage, reordering.step, slot_id=stage.slot(2), by=-1)
    assert names(stage.order()) == ["Opening", "学员0", "学员1", "学员2"]


def test_a_running_order_has_an_end(stage: StageCamp) -> None:
    for number in range(reordering.MOST - 4):
        change(stage, reordering.add_item, call_id=stage.call_id, label=str(number), first=False, minutes=1)

    with pytest.raises(TooManyItems):
        change(stage, reordering.add_item, call_id=stage.call_id, label="one more", first=False, minutes=1)


def test_only_a_coordinator_changes_the_order_and_staff_may_read_it(stage: StageCamp) -> None:
    trainee = stage.camp.trainee(0)
    for speaker in (stage.teacher, stage.auditor):
        found = stage.camp.see(
            lambda s, who=speaker: running_order.show(s, speaker=who, call_id=stage.call_id, now=EARLIER)  # type: ignore[misc]
        )
        assert len(found.items) == 4
    for other in (stage.teacher, stage.auditor, trainee, None):
        with pytest.raises(NotAllowed):
            stage.camp.do(
                lambda s, who=other: reordering.step(s, speaker=who, slot_id=stage.slot(1), by=1, now=EARLIER)  # type: ignore[misc]
            )
    with pytest.raises(NotAllowed):
        stage.camp.see(lambda s: running_order.show(s, speaker=trainee, call_id=stage.call_id, now=EARLIER))


def test_items_and_calls_that_are_not_there_are_gone(stage: StageCamp) -> None:
    with pytest.raises(Gone):
        change(stage, reordering.step, slot_id=10**15, by=1)
    with pytest.raises(Gone):
        change(stage, reordering.put_before, slot_id=stage.slot(1), target=10**15)
    with pytest.raises(Gone):
        stage.camp.see(lambda s: running_order.load(s, 10**15, EARLIER))


def test_a_cancelled_forum_is_not_rearranged(stage: StageCamp) -> None:
    stage.camp.change(CALL, status=CallStatus.CANCELLED)

    with pytest.raises(ForumOff):
        change(stage, reordering.step, slot_id=stage.slot(1), by=1)


def test_each_change_stands_in_the_log(stage: StageCamp) -> None:
    change(stage, reordering.step, slot_id=stage.slot(1), by=1)
    change(stage, reordering.set_minutes, slot_id=stage.slot(1), minutes=12)
    change(stage, reordering.add_item, call_id=stage.call_id, label="Tea", first=False, minutes=15)

    lines = stage.rows(CHANGE.select().where(CHANGE.c.subject == "forum_order").order_by(CHANGE.c.id).subquery())

    assert [(line.action, line.before, line.after) for line in lines] == [
        ("move", "2", "3"),
        ("minutes", "10", "12"),
        ("add", None, '{"label":"Tea","minutes":15}'),
    ]
    assert {line.actor_id for line in lines} == {stage.camp.coordinator.person_id}
