"""Runs the bot until a signal, in the sandbox where no token is set."""

import asyncio
import importlib
import logging
import signal
from collections.abc import Sequence
from dataclasses import dataclass

import typer
from starlette.routing import BaseRoute
from telegram.request import BaseRequest

from bot import crashpoints, logs
from bot.app import Doors, House, build_request
from bot.clock import Clock, MovableClock, SystemClock
from bot.database import Database
from bot.errors import OwnedElsewhere
from bot.sample import SANDBOX_OPERATOR
from bot.settings import Settings, read_settings

DOORS = ("handlers", "schedules")
"""The two doors by name: the house imports neither, so that it can be read and tested without them."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What differs between Telegram and the sandbox."""

    settings: Settings
    token: str
    clock: Clock
    request: BaseRequest
    routes: Sequence[BaseRoute] = ()


def run_bot() -> None:
    """Read the settings and run until SIGINT or SIGTERM."""
    settings = read_settings()
    secrets = [settings.token or "", settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""]
    logs.configure(settings.log_format, settings.log_level, secrets)
    crashpoints.arm_from_environment()
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    surroundings = _telegram(settings) if settings.token else await _sandbox(settings)
    database = Database(surroundings.settings.database)
    house = House(surroundings.settings, surroundings.token, surroundings.clock, database, load_doors(),
                  surroundings.request, surroundings.routes)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        await house.run(stop, on_ready=lambda address: _announce(settings, address))
    except OwnedElsewhere as error:
        raise OwnedElsewhere(f"{error} is running this bot already. Stop it first, or use another DATABASE_URL.") from None


def load_doors() -> Doors:
    """Load the two doors by name."""
    handlers, schedules = (importlib.import_module(name) for name in DOORS)
    return Doors(handlers.register, schedules.register)


def _telegram(settings: Settings) -> Surroundings:
    return Surroundings(settings, settings.token or "", SystemClock(), build_request(settings))


async def _sandbox(settings: Settings) -> Surroundings:
    from bot.sample import open_sandbox  # noqa: PLC0415 - the emulator is loaded only where it is used

    clock = MovableClock()
    sandbox, routes, request = open_sandbox(settings.data_dir / "sandbox", clock)
    settings = settings.model_copy(update={
        "operators": settings.operators | {SANDBOX_OPERATOR},
        "database_url": settings.database_url or f"sqlite:///{(settings.data_dir / 'sandbox.sqlite3').as_posix()}",
    })
    return Surroundings(settings, sandbox.token, clock, request, routes)


def _announce(settings: Settings, address: str) -> None:
    if settings.token:
        typer.echo(f"Cohort Bot is running. Projector and health pages: {settings.public_url or address}")
    else:
        typer.echo(f"Cohort Bot is running in its sandbox; nothing leaves this computer.\nOpen {address}/sandbox/")
