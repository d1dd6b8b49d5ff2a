"""Runs the bot until a signal, in the sandbox where no token is set."""

import asyncio
import importlib
import logging
import os
import signal
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

from msgspec import Struct
from starlette.routing import BaseRoute
from telegram.request import BaseRequest

from bot import collector, crashpoints, logs
from bot.app import Doors, House, build_request
from bot.clock import Clock, MovableClock, SystemClock
from bot.commands.edge import run_to_its_end
from bot.database import Database
from bot.errors import ConfigurationError, OwnedElsewhere
from bot.loop import loop_factory
from bot.settings import Settings, read_settings
from bot.turn import Turn

log = logging.getLogger(__name__)

DOORS = ("handlers", "schedules")
"""The two doors by name: the house imports neither, so that it can be read and tested without them."""


class Surroundings(Struct, frozen=True):
    """What differs between Telegram and the sandbox."""

    settings: Settings
    token: str
    clock: Clock
    request: BaseRequest
    routes: Sequence[BaseRoute] = ()
    prepare: Callable[[Turn], object] = lambda turn: None


def main() -> None:
    """Run the bot as ``python -m bot`` does."""
    run_to_its_end(run_bot)


def run_bot() -> None:
    """Read the settings and run until SIGINT or SIGTERM."""
    settings = read_settings()
    logs.configure(settings.log_format, settings.log_level, settings.secrets)
    crashpoints.arm_from_environment()
    _make_folder(settings)
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        if not runner.run(_run(settings)):
            _leave_behind()


def _leave_behind() -> None:
    """End the process though something reads on: it writes nothing, and Python would wait for its end."""
    log.warning("a read still goes on and is left behind")
    logging.shutdown()
    os._exit(0)


async def _run(settings: Settings) -> bool:
    around = _telegram(settings) if settings.token else _sandbox(settings)
    house = House(
        around.settings,
        around.token,
        around.clock,
        Database(around.settings.database),
        load_doors(),
        around.request,
        around.routes,
        around.prepare,
        on_first_round=collector.resume,
    )
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        await house.run(stop, on_ready=partial(_announce, settings))
    except OwnedElsewhere as error:
        way_out = "Stop it first, or use another DATA_DIR or DATABASE_URL."
        raise OwnedElsewhere(f"{error} runs this bot already. {way_out}") from None
    return house.is_at_rest


def _make_folder(settings: Settings) -> None:
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(f"DATA_DIR: cannot make the folder {settings.data_dir}: {error.strerror}") from None


def load_doors() -> Doors:
    """Load the two doors by name."""
    handlers, schedules = (importlib.import_module(name) for name in DOORS)
    return Doors(handlers.register, schedules.register)


def _telegram(settings: Settings) -> Surroundings:
    return Surroundings(settings, settings.token or "", _clock(), build_request(settings))


def _sandbox(settings: Settings) -> Surroundings:
    from bot.sample import camp, sandbox  # noqa: PLC0415 - the emulator is loaded only where it is used

    clock = _clock()
    opened = sandbox.open_sandbox(settings.data_dir / "sandbox", clock)
    database = settings.database_url or f"sqlite:///{(settings.data_dir / 'sandbox.sqlite3').as_posix()}"
    operators = settings.operators | {sandbox.OPERATOR}
    load = partial(
        camp.load_sample_camp,
        folder=settings.data_dir / "sandbox",
        time_zone=settings.time_zone,
        coordinator=sandbox.COORDINATOR,
        trainees=sandbox.TRAINEES,
        languages=sandbox.LANGUAGES,
    )
    return Surroundings(
        settings.model_copy(update={"operators": operators, "database_url": database}),
        opened.token,
        clock,
        opened.request,
        opened.routes,
        load,
    )


def _clock() -> Clock:
    """The machine's clock, or one that a story has moved by ``COHORT_CLOCK_OFFSET`` seconds."""
    offset = os.environ.get("COHORT_CLOCK_OFFSET")
    return MovableClock(timedelta(seconds=float(offset))) if offset else SystemClock()


def _announce(settings: Settings, address: str) -> None:
    collector.resume()
    if settings.token:
        line = f"Cohort Bot is running. Its projector and health pages: {settings.public_url or address}"
    else:
        line = f"Cohort Bot is running in its sandbox; nothing leaves this computer. Open {address}/sandbox/"
    print(line, flush=True)
