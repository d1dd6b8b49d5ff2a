import json
from typing import Any

import pytest

from bot.sandbox.core import Sandbox
from bot.sandbox.person_side import CannotDo
from tests.bot.sandbox.calling import pending, refusal, result
from tests.bot.sandbox.conftest import LIN

OPTIONS = json.dumps([{"text": "Monday"}, {"text": "Tuesday"}])


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"question": "x" * 301}, "poll question length must not exceed 300"),
        ({"options": "[]"}, "poll must have at least one answer option"),
        ({"options": json.dumps(["x"] * 13)}, "poll can't have more than 12 options"),
        ({"options": json.dumps(["x" * 101])}, "poll options length must not exceed 100"),
        ({"options": json.dumps([""])}, "poll option must be non-empty"),
        ({"type": "survey"}, "unsupported poll type specified"),
        ({"type": "quiz"}, "correct quiz option list must be non-empty"),
        ({"type": "quiz", "correct_option_ids": "[1,0]"}, "correct quiz option list must be increasing"),
        ({"type": "quiz", "correct_option_ids": "[2]"}, "wrong quiz correct_option_id"),
    ],
)
def test_a_wrong_poll_is_refused(sandbox: Sandbox, params: dict[str, Any], description: str) -> None:
    given = {"chat_id": LIN, "question": "When?", "options": OPTIONS} | params

    assert refusal(sandbox, "sendPoll", **given) == f"400 Bad Request: {description}"


def test_a_vote_in_an_open_poll_tells_who_and_what(sandbox: Sandbox) -> None:
    poll = result(sandbox, "sendPoll", chat_id=LIN, question="When?", options=OPTIONS, is_anonymous=False)["poll"]

    sandbox.vote(LIN, poll["id"], [1])

    counted, answered = pending(sandbox)
    assert [option["voter_count"] for option in counted["poll"]["options"]] == [0, 1]
    assert (answered["poll_answer"]["user"]["id"], answered["poll_answer"]["option_ids"]) == (LIN, [1])


def test_a_vote_in_an_anonymous_poll_tells_no_name(sandbox: Sandbox) -> None:
    poll = result(sandbox, "sendPoll", chat_id=LIN, question="When?", options=OPTIONS)["poll"]

    sandbox.vote(LIN, poll["id"], [0])

    assert [update.keys() - {"update_id"} for update in pending(sandbox)] == [{"poll"}]


def test_a_quiz_is_answered_once(sandbox: Sandbox) -> None:
    quiz = {"type": "quiz", "correct_option_id": 0}
    poll = result(sandbox, "sendPoll", chat_id=LIN, question="When?", options=OPTIONS, **quiz)["poll"]
    sandbox.vote(LIN, poll["id"], [1])

    with pytest.raises(CannotDo, match="cannot be changed"):
        sandbox.vote(LIN, poll["id"], [0])


def test_a_stopped_poll_takes_no_votes(sandbox: Sandbox) -> None:
    sent = result(sandbox, "sendPoll", chat_id=LIN, question="When?", options=OPTIONS)
    result(sandbox, "stopPoll", chat_id=LIN, message_id=sent["message_id"])

    with pytest.raises(CannotDo, match="not open"):
        sandbox.vote(LIN, sent["poll"]["id"], [0])


def test_a_poll_is_stopped_once(sandbox: Sandbox) -> None:
    sent = result(sandbox, "sendPoll", chat_id=LIN, question="When?", options=OPTIONS)
    result(sandbox, "stopPoll", chat_id=LIN, message_id=sent["message_id"])

    assert refusal(sandbox, "stopPoll", chat_id=LIN, message_id=sent["message_id"]) == (
        "400 Bad Request: poll has already been closed"
    )
