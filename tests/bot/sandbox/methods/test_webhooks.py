from typing import Any

import pytest

from bot.sandbox.core import Sandbox
from tests.bot.sandbox.calling import SetClock, pending, refusal, result
from tests.bot.sandbox.conftest import LIN


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"url": "http://camp.example.org/"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        (
            {"url": "https://camp.example.org:8080/"},
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        ({"url": "https://10.0.0.1/"}, "bad webhook: IP address 10.0.0.1 is reserved"),
        ({"url": "https://"}, "invalid webhook URL specified"),
        ({"url": "https://camp.example.org/", "secret_token": "x" * 257}, "secret token is too long"),
        ({"url": "https://camp.example.org/", "secret_token": "a b"}, "secret token contains unallowed characters"),
    ],
)
def test_a_wrong_webhook_is_refused(sandbox: Sandbox, params: dict[str, Any], description: str) -> None:
    assert refusal(sandbox, "setWebhook", **params) == f"400 Bad Request: {description}"


def test_a_local_webhook_is_accepted_when_told_so(clock: SetClock) -> None:
    sandbox = Sandbox(clock=clock, insecure_webhooks=True)

    assert result(sandbox, "getWebhookInfo")["url"] == ""
    assert refusal(sandbox, "setWebhook", url="http:///nowhere") == "400 Bad Request: invalid webhook URL specified"


def test_pending_updates_can_be_dropped(sandbox: Sandbox) -> None:
    sandbox.say(LIN, "hello")

    result(sandbox, "deleteWebhook", drop_pending_updates=True)

    assert pending(sandbox) == []


def test_only_the_wanted_kinds_of_updates_are_made(sandbox: Sandbox) -> None:
    result(sandbox, "setWebhook", url="", allowed_updates='["callback_query"]')

    sandbox.say(LIN, "hello")

    assert pending(sandbox) == []
