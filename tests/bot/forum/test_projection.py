import pytest

from bot.errors import NotAllowed
from bot.forum import projection, questions
from bot.forum.models import CallStatus
from bot.forum.pools import CALL
from bot.forum.projection import Shown
from bot.forum.stage_models import QuestionStatus
from tests.support.seats_scene import STARTS
from tests.support.stage_scene import MINUTE, StageCamp


def token(stage: StageCamp) -> str:
    boss = stage.camp.coordinator
    return stage.camp.do(lambda s: projection.token_for(s, speaker=boss, call_id=stage.call_id, now=STARTS))


def look(stage: StageCamp, of: str, minutes: int = 0) -> Shown | None:
    return stage.camp.see(lambda s: projection.look(s, token=of, now=STARTS + minutes * MINUTE))


def test_the_page_shows_who_speaks_how_long_and_what_comes_next(stage: StageCamp) -> None:
    stage.open()
    stage.next(STARTS)
    stage.next(STARTS + 10 * MINUTE)

    shown = look(stage, token(stage), 14)

    assert shown is not None
    assert shown.current is not None
    assert shown.following is not None
    assert shown.current.talk is not None
    assert shown.following.talk is not None
    assert shown.current.talk.party.name == "学员0"
    assert shown.following.talk.party.name == "学员1"
    assert shown.seconds == (240, 600)


def test_only_released_questions_are_shown(stage: StageCamp) -> None:
    stage.open()
    for text in ("one", "two"):
        stage.camp.do(lambda s, t=text: questions.ask(s, telegram_id=1, call_id=stage.call_id, text=t, now=STARTS))  # type: ignore[misc]
    first = next(one for one in stage.camp.see(lambda s: questions.list_all(s, stage.call_id)) if one.text == "one")
    boss = stage.camp.coordinator
    stage.camp.do(
        lambda s: questions.judge(s, speaker=boss, question_id=first.id, status=QuestionStatus.RELEASED, now=STARTS)
    )

    shown = look(stage, token(stage))

    assert shown is not None
    assert [one.text for one in shown.questions] == ["one"]


def test_before_the_stage_opens_the_page_says_who_will_begin(stage: StageCamp) -> None:
    shown = look(stage, token(stage), -30)

    assert shown is not None
    assert (shown.current, shown.seconds) == (None, (0, 0))
    assert shown.following is not None
    assert shown.following.piece.label == "Opening"


def test_nobody_can_guess_an_address(stage: StageCamp) -> None:
    real = token(stage)
    number, mac = real.split("-")

    for made_up in (
        "",
        "1",
        number,
        f"{number}-",
        f"{number}-{'0' * 32}",
        f"2-{mac}",
        f"{number}-{mac[:-1]}",
        f"{real}x",
    ):
        assert look(stage, made_up) is None
    assert look(stage, real) is not None
    assert len(mac) == 32


def test_an_address_is_not_the_same_as_the_link_for_questions(stage: StageCamp) -> None:
    mac = token(stage).split("-")[1]

    assert not stage.camp.do(lambda s: questions.payload_for(s, stage.call_id)).endswith(mac[:24])


def test_before_any_address_was_given_there_is_none(stage: StageCamp) -> None:
    assert look(stage, f"{stage.call_id}-{'0' * 32}") is None


def test_a_cancelled_forum_has_no_page(stage: StageCamp) -> None:
    real = token(stage)
    stage.camp.change(CALL, status=CallStatus.CANCELLED)

    assert look(stage, real) is None


def test_only_who_keeps_the_stage_gets_the_address(stage: StageCamp) -> None:
    for speaker in (stage.auditor, stage.camp.trainee(0), None):
        with pytest.raises(NotAllowed):
            stage.camp.do(
                lambda s, who=speaker: projection.token_for(s, speaker=who, call_id=stage.call_id, now=STARTS)  # type: ignore[misc]
            )
