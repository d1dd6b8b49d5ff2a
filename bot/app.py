"""The composition root: puts the parts together and runs them; the two doors come in as a parameter.

``assemble`` is pure construction. ``House.run`` starts everything, stops everything, and returns when told to stop.
"""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from msgspec import Struct
from starlette.routing import BaseRoute
from telegram import Bot
from telegram.request import BaseRequest

from bot import migrations, ownership, systemd
from bot.alarms import UNSOUND, Alarm
from bot.clock import Clock
from bot.context import CohortApplication, Installation, build_application
from bot.database import Database, is_sound_sqlite, sqlite_version
from bot.identity import identify
from bot.inbox.deposit import deposit
from bot.inbox.intake import Health, Intake, Poller, Trouble
from bot.inbox.opening import await_posts, poll
from bot.inbox.webhook import PATH, Webhook
from bot.inbox.worker import Worker
from bot.outages import messages as outages
from bot.outages import service as hearing
from bot.outbox.courier import Courier
from bot.outbox.delivery import Delivery
from bot.outbox.pacing import Pacer
from bot.parts import run_until, unless
from bot.people import service as people
from bot.people.messages.menus import default_menus
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

WATCHDOG_SECONDS = 20
HEARING_SECONDS = 60


class Doors(Struct, frozen=True):
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
    on_first_round: Callable[[], None] = lambda: None
    """Called after the first round of the clock's passes, when nearly all that the bot needs is loaded."""
    health: Health = field(default_factory=Health)
    is_at_rest: bool = False
    """Whether all has ended; a long read may go on when ``run`` returns."""

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
            self.is_at_rest = await asyncio.to_thread(self.database.close)
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
            found = await unless(stop, identify(bot, self.token, self.database))
            if found is None:
                return
            identity, is_fresh = found
            # The first long poll may take half a minute to answer; that Telegram is there is known already.
            self.health.last_success = self.clock.now() if is_fresh else None
            parts = await self._build(bot, identity, web)
            on_ready(web.address)
            systemd.ready()
            await run_until(stop, parts)
        finally:
            web.close()
            await self.request.shutdown()

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
        ticker = Ticker(on_first_round=self.on_first_round)
        ticker.every(WATCHDOG_SECONDS, "watchdog", _tell_systemd)  # first: no other pass may make it wait
        self.doors.schedules(ticker, turns)
        source = f"bot:{identity['id']}"
        if settings.token:
            ticker.every(HEARING_SECONDS, "hearing", partial(self._note_hearing, turns, source))
        intake = Intake(database, clock, source, on_stored=worker.wake)
        fetch = self._open_intake(bot, intake, alarm)
        pages = HealthPages(turns, self.health, polling=settings.webhook_url is None)
        errands = Errands(turns, await database.write(partial(people.secret, name=ERRANDS)))
        if self.settings.token and database.is_sqlite and not is_sound_sqlite(sqlite_version()):
            alarm.ring(UNSOUND)
        trouble = Trouble(self.health, alarm.ring)
        hook = [Webhook(intake, self._webhook_secret(), trouble).route()] if settings.webhook_url else []
        web.serve(build_web(turns, installation, [*pages.routes(), *errands.routes(), *hook, *self.routes]))
        return [web.run, courier.run, worker.run, ticker.run, fetch]

    def _open_intake(self, bot: Bot, intake: Intake, alarm: Alarm) -> Callable[[], Any]:
        """What tells Telegram how it is to hand out updates; what waits there is never dropped."""
        if self.settings.webhook_url is None:
            return partial(poll, bot, Poller(bot, intake, self.clock, self.health, alarm.ring))
        return partial(await_posts, bot, self.settings.webhook_url.rstrip("/") + PATH, self._webhook_secret())

    async def _note_hearing(self, turns: Turns, source: str) -> None:
        """Note when Telegram was last heard, and tell of what was lost. What is posted to us is heard while we run."""
        heard_at = self.clock.now() if self.settings.webhook_url else self.health.last_success
        if heard_at is not None:
            await turns.take(partial(self._hear, source=source, heard_at=heard_at))

    def _hear(self, turn: Turn, source: str, heard_at: datetime) -> None:
        loss = hearing.note_hearing(turn.session, source=source, heard_at=heard_at)
        if loss is not None:
            told = hearing.listeners(turn.session, loss, self.settings.operators, self.settings.time_zone)
            outages.announce(turn, loss, told)

    def _webhook_secret(self) -> str:
        secret = self.settings.webhook_secret
        return secret.get_secret_value() if secret else ""


async def _tell_systemd() -> None:
    systemd.alive()


def set_menus(turn: Turn) -> None:
    """Owe Telegram everybody's command menus, once for each wording of them."""
    for menu in default_menus():
        turn.record(menu, key=f"menu:{hashlib.sha256(menu['payload'].encode()).hexdigest()[:16]}")


def build_request(settings: Settings) -> BaseRequest:
    """The transport to Telegram, or to whatever speaks the Bot API at the address in the settings."""
    return AiohttpRequest(proxy=settings.proxy_url)
