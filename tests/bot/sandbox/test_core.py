import json

import pytest

from bot.sandbox.core import Answer, Sandbox
from bot.sandbox.errors import ApiError, ConnectionCut
from bot.sandbox.faults import Fault
from tests.bot.sandbox.calling import START, refusal, result
from tests.bot.sandbox.conftest import LIN

pytestmark = pytest.mark.anyio

HELLO = {"chat_id": str(LIN), "text": "hello"}


def _texts(sandbox: Sandbox) -> list[str]:
    return [message["text"] for message in sandbox.messages(LIN)]


@pytest.mark.parametrize("token", ["nothing", "0123:abc", "1:" + "x" * 80, "abc:def", "12:"])
def test_a_malformed_token_is_refused(sandbox: Sandbox, token: str) -> None:
    with pytest.raises(ApiError) as caught:
        sandbox.check_token(token)

    assert (caught.value.status, caught.value.description) == (401, "Unauthorized: invalid token specified")


def test_another_bots_token_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(ApiError) as caught:
        sandbox.check_token("123:other")

    assert (caught.value.status, caught.value.description) == (401, "Unauthorized")


def test_an_unknown_method_is_not_found(sandbox: Sandbox) -> None:
    assert refusal(sandbox, "sendNothing") == "404 Not Found: method not found"


def test_a_method_that_exists_but_is_not_offered_does_not_look_like_a_wrong_token(sandbox: Sandbox) -> None:
    assert refusal(sandbox, "sendDice") == "400 Bad Request: the sandbox does not offer the method sendDice"


def test_methods_are_found_in_any_case(sandbox: Sandbox) -> None:
    assert result(sandbox, "SENDMESSAGE", **HELLO)["text"] == "hello"


def test_what_changed_something_is_logged(sandbox: Sandbox) -> None:
    sent = result(sandbox, "sendMessage", **HELLO)
    result(sandbox, "getMe")
    refusal(sandbox, "sendMessage", chat_id=LIN, text="")

    (call,) = sandbox.calls
    assert (call.method, call.chat_id, call.message_id, call.at) == ("sendMessage", LIN, sent["message_id"], START)
    assert [refused.error for refused in sandbox.refusals] == ["Bad Request: message text is empty"]


async def test_an_answer_is_telegrams_json(sandbox: Sandbox) -> None:
    answer = await sandbox.call("sendMessage", {"chat_id": "99", "text": "x"})

    assert (answer.status, json.loads(answer.body)) == (
        400,
        {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"},
    )


async def test_a_refusal_by_flood_names_the_seconds_twice(sandbox: Sandbox) -> None:
    sandbox.fail_next("sendMessage", Fault(status=429, description="Too Many Requests: retry after 7", retry_after=7))

    answer = await sandbox.call("sendMessage", HELLO)

    assert (answer.status, answer.headers["retry-after"]) == (429, "7")
    assert json.loads(answer.body)["parameters"] == {"retry_after": 7}


@pytest.mark.parametrize(("apply", "texts"), [(False, []), (True, ["hello"])])
async def test_a_cut_connection_comes_before_or_after_the_effect(
    sandbox: Sandbox, apply: bool, texts: list[str]
) -> None:
    sandbox.fail_next("sendMessage", Fault(cut=True, apply=apply))

    with pytest.raises(ConnectionCut):
        await sandbox.call("sendMessage", HELLO)

    assert _texts(sandbox) == texts


@pytest.mark.parametrize("body", [b"<html>Bad Gateway</html>", b'{"ok":true,"resu', b"\xff\xfe", b""])
async def test_a_raw_body_is_sent_as_it_is(sandbox: Sandbox, body: bytes) -> None:
    sandbox.fail_next("sendMessage", Fault(status=502, body=body))

    answer = await sandbox.call("sendMessage", HELLO)

    assert (answer.status, answer.body) == (502, body)


async def test_a_fault_is_used_up_after_its_times(sandbox: Sandbox) -> None:
    sandbox.fail_next("*", Fault(status=500, description="Internal Server Error"), times=2)

    answers: list[Answer] = [await sandbox.call("sendMessage", HELLO) for _ in range(3)]

    assert [answer.status for answer in answers] == [500, 500, 200]
    assert _texts(sandbox) == ["hello"]


async def test_a_late_answer_is_the_ordinary_one(sandbox: Sandbox) -> None:
    sandbox.fail_next("sendMessage", Fault(delay=0.01))

    answer = await sandbox.call("sendMessage", HELLO)

    assert (answer.status, _texts(sandbox)) == (200, ["hello"])


async def test_faults_can_be_forgotten(sandbox: Sandbox) -> None:
    sandbox.fail_next("sendMessage", Fault(status=500))

    sandbox.clear_faults()

    assert (await sandbox.call("sendMessage", HELLO)).status == 200
