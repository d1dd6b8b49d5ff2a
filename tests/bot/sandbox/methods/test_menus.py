import json
from typing import Any

import pytest

from bot.sandbox.core import Sandbox
from bot.sandbox.methods.menus import commands_for
from tests.bot.sandbox.calling import refusal, result
from tests.bot.sandbox.conftest import LIN


def _commands(command: str = "today", description: str = "What is on") -> str:
    return json.dumps([{"command": command, "description": description}])


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"commands": _commands("")}, "command must be non-empty"),
        ({"commands": _commands("x" * 33)}, "command length must not exceed 32"),
        ({"commands": _commands("Today")}, "BOT_COMMAND_INVALID"),
        ({"commands": _commands("today", "")}, "command description must be non-empty"),
        ({"commands": _commands("today", "x" * 257)}, "command description length must not exceed 256"),
        ({"commands": _commands(), "language_code": "zh-CN"}, "invalid language code specified"),
        (
            {"commands": _commands(), "scope": '{"type":"moon"}'},
            "can't parse BotCommandScope: Unsupported type specified",
        ),
        ({"commands": _commands(), "scope": '{"type":"chat","chat_id":7}'}, "chat not found"),
        (
            {"commands": _commands(), "scope": json.dumps({"type": "chat_administrators", "chat_id": LIN})},
            "can't use specified scope in private chats",
        ),
    ],
)
def test_a_wrong_menu_is_refused(sandbox: Sandbox, params: dict[str, Any], description: str) -> None:
    assert refusal(sandbox, "setMyCommands", **params) == f"400 Bad Request: {description}"


def test_a_list_of_one_scope_and_language_does_not_stand_in_for_another(sandbox: Sandbox) -> None:
    result(sandbox, "setMyCommands", commands=_commands(), language_code="zh")

    assert result(sandbox, "getMyCommands", language_code="en") == []


def test_a_client_shows_the_narrowest_list(sandbox: Sandbox) -> None:
    scope = json.dumps({"type": "chat", "chat_id": LIN})
    result(sandbox, "setMyCommands", commands=_commands("everyone"))
    result(sandbox, "setMyCommands", commands=_commands("chinese"), language_code="zh")
    before = commands_for(sandbox.world, LIN)
    result(sandbox, "setMyCommands", commands=_commands("own"), scope=scope)

    after = commands_for(sandbox.world, LIN)

    assert [before[0]["command"], after[0]["command"]] == ["chinese", "own"]
