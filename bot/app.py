"""The composition root: puts the parts together and runs them; the two doors come in as a parameter.

``assemble`` is pure construction. ``House.run`` starts everything, stops everything, and returns when told to stop.
"""

import asyncio
import hashlib
import json
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session
from starlette.routing import BaseRoute
from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.request import BaseRequest

from bot import migrations, ownership, systemd
from bot.alarms import raise_alarm, render_alarm
from bot.backoff import Backoff
from bot.clock import Clock
from bot.context import CohortApplication, Installation, build_application
from bot.database import Database
from bot.errors import ConfigurationError
from bot.inbox.deposit import deposit
from bot.inbox.intake import ALLOWED_UPDATES, Health, Intake, Poller
from bot.inbox.webhook import PATH, Webhook
from bot.inbox.worker import Worker
from bot.outbox.courier import Courier
from bot.outbox.delivery import Delivery
from bot.outbox.pacing import Pacer
from bot.people import service as people
from bot.people.messages.menus import default_menus
from bot.people.models import Secret
from bot.registry import READINGS, renderers
from bot.settings import Settings
from bot.telegram import AiohttpRequest
from bot.ticker import Ticker
from bot.turn import Turn, Turns
from bot.web.app import build_web
from bot.web.errands import SECRET as ERRANDS
from bot.web.errands import Errands
from bot.web.health import HealthPages
from bot.web.server import WebServer

IDENTITY = "identity"
WATCHDOG_SECONDS = 20

T = TypeVar("T")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Doors:
    """The two entry points, as functions that register themselves."""

    handlers: Callable[[CohortApplication], None]
    schedules: Callable[[Ticker, Turns], None]


@dataclass(slots=True)
class House:
    """Everything that runs, each part made of the ones before it. ``token`` is the bot's, or the sandbox's."""

    settings: Settings
    token: str
    clock: Clock
    database: Database
    doors: Doors
    request: BaseRequest
    routes: Sequence[BaseRoute] = ()
    prepare: Callable[[Turn], object] = lambda turn: None
    health: Health = field(default_factory=Health)

    async def run(self, stop: asyncio.Event, on_ready: Callable[[str], None] = lambda address: None) -> None:
        """Run until ``stop`` is set, then finish what is in flight.

        Raises:
            OwnedElsewhere: another process runs this bot.
            ConfigurationError: Telegram does not accept the token.
        """
        owner = ownership.seize(self.database)
        try:
            migrations.upgrade(self.database)
            await self._serve(owner, stop, on_ready)
        finally:
            await asyncio.to_thread(self.database.close)
            owner.release()

    async def _own(self, owner: ownership.Owner, address: str) -> None:
        now = self.clock.now()
        epoch = await self.database.write(partial(ownership.begin_epoch, owner=owner, now=now, address=address))
        ownership.fence(self.database, epoch)

    async def _serve(self, owner: ownership.Owner, stop: asyncio.Event, on_ready: Callable[[str], None]) -> None:
        bot = Bot(
            self.token,
            base_url=self.settings.telegram_base_url,
            base_file_url=self.settings.telegram_base_file_url,
            request=self.request,
            get_updates_request=self.request,
        )
        web = WebServer(self.settings.web_host, self.settings.web_port)
        await self._own(owner, web.address)
        await self.request.initialize()
        try:
            identity = await _unless(stop, self._identify(bot))
            if identity is None:
                return
            parts = await self._build(bot, identity, web)
            on_ready(web.address)
            systemd.ready()
            await _run_until(stop, parts)
        finally:
            web.close()
            await self.request.shutdown()

    async def _identify(self, bot: Bot) -> dict[str, Any]:
        """Ask Telegram who we are; where it cannot be reached, what it said last time will do."""
        stored = await self.database.read(_stored_identity)
        backoff = Backoff(first=1.0)
        while True:
            try:
                identity: dict[str, Any] = await bot.do_api_request("getMe")
            except InvalidToken:
                raise ConfigurationError("BOT_TOKEN: Telegram does not accept this token") from None
            except TelegramError as error:
                if stored is not None and stored["id"] == int(self.token.partition(":")[0]):
                    return stored
                log.warning("Telegram is out of reach, trying again: %s", type(error).__name__)
                await asyncio.sleep(backoff.next())
            else:
                await self.database.write(partial(_store_identity, identity=identity))
                # The first long poll may take half a minute to answer; that Telegram is there is known already.
                self.health.last_success = self.clock.now()
                return identity

    async def _build(self, bot: Bot, identity: dict[str, Any], web: WebServer) -> list[Callable[[], Any]]:
        settings, clock, database = self.settings, self.clock, self.database
        installation = Installation(
            identity["username"], settings.operators, settings.public_url or web.address, settings.time_zone
        )
        application = build_application(installation, identity)
        self.doors.handlers(application)
        await application.initialize()
        worker = Worker(database, application, clock, settings.operators)
        delivery = Delivery(bot, database, renderers(installation), READINGS)
        courier = Courier(
            database, delivery, Pacer(rate=float(settings.bulk_rate)), clock, deposit=deposit, on_incoming=worker.wake
        )
        turns = Turns(database, clock, on_outgoing=courier.wake)
        worker.on_outgoing = courier.wake
        await turns.take(self.prepare)
        await turns.take(set_menus)
        alarm = Alarm(turns, bot, settings.operators)
        courier.alarm = alarm.ring
        ticker = Ticker()
        self.doors.schedules(ticker, turns)
        ticker.every(WATCHDOG_SECONDS, "watchdog", _tell_systemd)
        intake = Intake(database, clock, f"bot:{identity['id']}", on_stored=worker.wake)
        fetch = self._open_intake(bot, intake, alarm)
        pages = HealthPages(turns, self.health, polling=settings.webhook_url is None)
        errands = Errands(turns, await database.write(partial(people.secret, name=ERRANDS)))
        hook = [Webhook(intake, self._webhook_secret()).route()] if settings.webhook_url else []
        web.serve(build_web(turns, installation, [*pages.routes(), *errands.routes(), *hook, *self.routes]))
        return [web.run, courier.run, worker.run, ticker.run, fetch]

    def _open_intake(self, bot: Bot, intake: Intake, alarm: "Alarm") -> Callable[[], Any]:
        """What tells Telegram how it is to hand out updates; what waits there is never dropped."""
        if self.settings.webhook_url is None:
            return partial(_poll, bot, Poller(bot, intake, self.clock, self.health, alarm.ring))
        return partial(_hook, bot, self.settings.webhook_url.rstrip("/") + PATH, self._webhook_secret())

    def _webhook_secret(self) -> str:
        secret = self.settings.webhook_secret
        return secret.get_secret_value() if secret else ""


class Alarm:
    """Rings from the event loop; the operators are told through the outbox like everybody else.

    Where the database itself is what fails there is no outbox, and Telegram is told at once.
    """

    def __init__(self, turns: Turns, bot: Bot, operators: frozenset[int]) -> None:
        self._turns = turns
        self._bot = bot
        self._operators = operators
        self._ringing: set[asyncio.Task[None]] = set()

    def ring(self, kind: str) -> None:
        """Record an alarm of that kind."""
        task = asyncio.get_running_loop().create_task(self._tell(kind))
        self._ringing.add(task)
        task.add_done_callback(self._ringing.discard)

    async def _tell(self, kind: str) -> None:
        try:
            await self._turns.take(partial(raise_alarm, kind=kind, operators=self._operators))
        except SQLAlchemyError as error:
            log.error("a person must act: %s, which could not be recorded: %s", kind, type(error).__name__)
            await self._tell_at_once(kind)

    async def _tell_at_once(self, kind: str) -> None:
        for operator in sorted(self._operators):
            try:
                await self._bot.send_message(operator, render_alarm(kind).text)
            except TelegramError as error:
                log.error("an operator could not be told: %s", type(error).__name__)


async def _tell_systemd() -> None:
    systemd.alive()


async def _poll(bot: Bot, poller: Poller) -> None:
    """Poll for ever; a webhook left over from another installation is taken away first."""
    await _insist("deleteWebhook", partial(bot.delete_webhook, drop_pending_updates=False))
    await poller.run()


async def _hook(bot: Bot, address: str, secret: str) -> None:
    """Have updates posted to us, however long Telegram is out of reach at first."""
    await _insist(
        "setWebhook",
        partial(
            bot.set_webhook,
            address,
            secret_token=secret,
            allowed_updates=ALLOWED_UPDATES,
            drop_pending_updates=False,
            max_connections=40,
        ),
    )
    await asyncio.Event().wait()


async def _insist(name: str, call: Callable[[], Awaitable[object]]) -> None:
    backoff = Backoff(first=1.0)
    while True:
        try:
            await call()
        except TelegramError as error:
            log.warning("%s failed, trying again: %s", name, type(error).__name__)
            await asyncio.sleep(backoff.next())
        else:
            return


def set_menus(turn: Turn) -> None:
    """Owe Telegram everybody's command menus, once for each wording of them."""
    for menu in default_menus():
        turn.record(menu, key=f"menu:{hashlib.sha256(menu['payload'].encode()).hexdigest()[:16]}")


def build_request(settings: Settings) -> BaseRequest:
    """The transport to Telegram, or to whatever speaks the Bot API at the address in the settings."""
    return AiohttpRequest(proxy=settings.proxy_url)


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """The result of ``work``, which may wait for Telegram for hours; ``None`` when told to stop before it has one."""
    task, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([task, stopping], return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        stopping.cancel()
        task.cancel()
        await asyncio.wait([task])


async def _run_until(stop: asyncio.Event, parts: Sequence[Callable[[], Any]]) -> None:
    """Run every part; stop them in order when told, or when one of them ends by a fault that only a person can mend."""
    tasks = [asyncio.create_task(part()) for part in parts]
    stopping = asyncio.create_task(stop.wait())
    done: set[asyncio.Task[Any]] = set()
    try:
        done, _ = await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
        for task in done - {stopping}:
            task.result()
    finally:
        stopping.cancel()
        for task in reversed(tasks):
            task.cancel()
            await asyncio.wait([task])
            if task not in done and not task.cancelled() and (fault := task.exception()):
                log.error("a part did not end in order", exc_info=fault)


def _stored_identity(session: Session) -> dict[str, Any] | None:
    row = session.get(Secret, IDENTITY)
    return json.loads(row.value) if row else None


def _store_identity(session: Session, identity: dict[str, Any]) -> None:
    session.merge(Secret(name=IDENTITY, value=json.dumps(identity)))
