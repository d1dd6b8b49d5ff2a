"""What a notice costs, when it goes, who may still steer it, and what its lists say."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.people.models import Membership
from bot.people.models import Person as PersonRow
from bot.sandbox.faults import Fault
from tests.handlers.test_notice_pieces import ask, begin, finish
from tests.handlers.test_notices import colleague, labels, rest
from tests.support.checkin_camp import COORDINATOR, FIRST_TRAINEE, START
from tests.support.house import Person, TestHouse
from tests.support.notice_scene import NoticeScene, build_notice_scene

pytestmark = pytest.mark.anyio


@pytest.fixture
def scene(house: TestHouse) -> NoticeScene:
    built = build_notice_scene(house)
    house.write(lambda session: session.execute(update(PersonRow).values(language="en")))
    return built


async def fill_the_week(scene: NoticeScene) -> None:
    """One notice a week is enough, and it has gone."""
    coordinator = await scene.open()
    await coordinator.press("Habits")
    for _ in range(4):
        await coordinator.press("fewer")
    await scene.send("First.")


def lose_the_role(scene: NoticeScene) -> None:
    """The coordinator leaves the camp."""
    left = scene.scene.camp.coordinator.person_id
    change = update(Membership).where(Membership.person_id == left)  # type: ignore[arg-type]
    scene.house.write(lambda session: session.execute(change.values(left_at=START)))


def progress_of(person: Person) -> list[str]:
    """What stands under the notices that a coordinator follows."""
    return [m["text"] for m in person.chat if "Notice" in (m.get("text") or "")]


async def test_an_urgent_notice_beyond_the_weeks_measure_needs_a_reason_too(scene: NoticeScene) -> None:
    await fill_the_week(scene)
    coordinator = await scene.write("The hall is flooded.")
    await coordinator.press("Urgent: no")
    await coordinator.press("📨 Send")
    assert not any("Yes" in label for label in labels(coordinator))

    await coordinator.press("Give the reason")
    await coordinator.say("a flood")
    await coordinator.press("Yes, to")
    await scene.pass_by()

    assert scene.trainee().last == "❗️ Urgent\n\nThe hall is flooded."
    assert scene.notice(2).reason == "a flood"


async def test_planning_one_more_in_a_full_week_asks_for_the_reason_and_keeps_the_hour(scene: NoticeScene) -> None:
    await fill_the_week(scene)
    coordinator = await scene.write("Second.")
    await coordinator.press("⏰ Later")
    await coordinator.say("tomorrow 8:00")
    assert coordinator.last.startswith("This week has had enough notices.")

    await coordinator.say("the room has changed")

    assert "⏰ It goes on Tue, Dec 8 08:00." in coordinator.last
    assert scene.notice(2).reason == "the room has changed"


async def test_what_is_planned_counts_towards_the_weeks_measure(scene: NoticeScene) -> None:
    coordinator = await scene.write("Planned.")
    await coordinator.press("⏰ Later")
    await coordinator.say("tomorrow 8:00")

    coordinator = await scene.write("Another.")

    assert "📊 This week: 1 of 5 notices." in coordinator.last


async def test_a_planned_notice_goes_though_the_week_has_filled_up_meanwhile(scene: NoticeScene) -> None:
    coordinator = await scene.write("Planned.")
    await coordinator.press("⏰ Later")
    await coordinator.say("tomorrow 8:00")
    await coordinator.say("/notices")
    await coordinator.press("Habits")
    for _ in range(4):
        await coordinator.press("fewer")

    scene.house.clock.at += timedelta(days=1)
    await scene.pass_by()

    assert scene.trainee().last == "Planned."


async def test_a_planned_notice_that_nobody_would_get_is_kept_and_said_not_to_have_gone(scene: NoticeScene) -> None:
    coordinator = await scene.write("Tomorrow.")
    await coordinator.press("⏰ Later")
    await coordinator.say("tomorrow 8:00")
    change = update(PersonRow).where(PersonRow.telegram_id.in_(range(FIRST_TRAINEE, FIRST_TRAINEE + 3)))  # type: ignore[union-attr]
    scene.house.write(lambda session: session.execute(change.values(unreachable_at=START)))

    scene.house.clock.at += timedelta(days=1)
    await scene.pass_by()

    assert coordinator.last == (
        "⚠️ The scheduled notice “Tomorrow.” was not sent: nobody would have got it. It is kept as a draft."
    )


async def test_quiet_hours_of_people_who_do_not_get_it_are_not_counted(scene: NoticeScene) -> None:
    rest(scene, 1, 8 * 60, 10 * 60)
    coordinator = await scene.write("Group one.")
    assert "🌙 1 of them is in quiet hours" in coordinator.last

    await coordinator.press("Audience")
    await coordinator.press("Groups")
    await coordinator.press("第1组")
    await coordinator.press("« Audience")
    await coordinator.press("« Back")

    assert "🌙" not in coordinator.last


async def test_what_is_typed_after_sending_is_no_longer_part_of_a_notice(scene: NoticeScene) -> None:
    coordinator = await scene.send("Hello")

    await coordinator.say("thanks")

    assert "already been sent" not in coordinator.last


async def test_a_draft_that_was_never_written_is_not_listed(scene: NoticeScene) -> None:
    coordinator = await begin(scene)

    await coordinator.say("/notices")

    assert not any("(empty)" in label for label in labels(coordinator))


async def test_whoever_loses_the_role_while_it_is_sent_sees_no_more_of_it_and_the_others_get_the_report(
    scene: NoticeScene,
) -> None:
    other = colleague(scene)
    await other.say("/start")
    coordinator = await scene.write("Hello")
    await coordinator.press("📨 Send")
    await coordinator.press("Yes, to")
    lose_the_role(scene)
    await scene.pass_by()

    assert progress_of(coordinator)[-1].startswith("📨 Notice on its way")
    assert "✅ Notice sent" in other.last
    await coordinator.press("Refresh")
    assert scene.scene.toast() == "Only a coordinator of this camp can do that."


async def test_who_did_not_get_it_is_said_with_the_reason_in_words(scene: NoticeScene) -> None:
    coordinator = await scene.write("Hello")
    scene.house.sandbox.fail_next("sendMessage", Fault(status=400, description="Bad Request: chat not found"))
    await coordinator.press("📨 Send")
    await coordinator.press("Yes, to")
    await scene.pass_by()

    await coordinator.press("Lists")
    await coordinator.press("failed 1")

    assert "Telegram does not know this chat" in coordinator.last


async def test_only_lists_with_somebody_on_them_are_offered_each_with_its_number(scene: NoticeScene) -> None:
    coordinator = await begin(scene)
    ask(scene, "Are you coming?")
    await scene.house.settle()
    await finish(scene, coordinator)
    await scene.trainee(0).press("yes")

    await coordinator.press("Lists")

    assert labels(coordinator) == ["• sent 3", "not answered yet 2", "phone list", "« Back"]


async def test_a_group_that_migrates_while_it_is_sent_gets_the_notice_in_its_new_chat(scene: NoticeScene) -> None:
    coordinator = await scene.open()
    before = scene.house.sandbox.add_group("群", [COORDINATOR, FIRST_TRAINEE])
    await scene.house.settle()
    await coordinator.press("第一期")
    coordinator = await scene.write("Hello all")
    await coordinator.press("Into groups")
    await coordinator.press("群")
    await coordinator.press("« Back")
    await coordinator.press("📨 Send")
    await coordinator.press("Yes, to")
    after = scene.house.sandbox.upgrade_group(before)
    await scene.pass_by()

    posted = [row["wire"].get("text") for row in scene.house.sandbox.world.messages.of_chat[after].values()]
    assert posted.count("Hello all") == 1
    assert "📢 群: sent" in coordinator.last
