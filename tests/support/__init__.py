"""What tests stand on: databases, browsers and the like. Nothing here asserts anything about the bot."""

import os
from typing import NoReturn

import pytest


class Missing(Exception):
    """Something outside the project is not there; the text says how to get it."""


def in_ci() -> bool:
    """Return whether this run may skip nothing, because all that the tests need was installed before."""
    return os.environ.get("CI") == "true"


def do_without(what: Missing | str) -> NoReturn:
    """Skip the test for want of something outside the project; in CI fail instead."""
    if in_ci():
        pytest.fail(str(what), pytrace=False)
    pytest.skip(str(what))
