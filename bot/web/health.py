"""Whether the process lives (``/healthz``), whether it can serve (``/readyz``), and its figures (``/metrics``)."""

import ipaddress
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.inbox.intake import Health
from bot.pulse import Pulse, take_pulse
from bot.turn import Turns

INTAKE_SILENCE = timedelta(seconds=90)
LAG_SECONDS = 60.0


class HealthPages:
    """The three pages an operator's monitoring asks."""

    def __init__(self, turns: Turns, health: Health, polling: bool) -> None:
        self._turns = turns
        self._health = health
        self._polling = polling

    def routes(self) -> list[Route]:
        """The routes to mount."""
        return [Route("/healthz", self.alive), Route("/readyz", self.ready), Route("/metrics", self.metrics)]

    async def alive(self, _: Request) -> Response:
        """The event loop turns."""
        return PlainTextResponse("ok\n")

    async def ready(self, _: Request) -> Response:
        """Ready, or 503 with every reason why not."""
        now = self._turns.now()
        faults = self._faults(await self._pulse(now), now)
        heard = self._health.last_success
        body = {
            "ready": not faults,
            "faults": faults,
            "silent_seconds": (now - heard).total_seconds() if heard else None,
        }
        return JSONResponse(body, status_code=503 if faults else 200)

    async def metrics(self, request: Request) -> Response:
        """Prometheus text, to callers on this machine only."""
        if request.client is None or not ipaddress.ip_address(request.client.host).is_loopback:
            return Response(status_code=404)
        from bot.web.metrics import write_metrics  # noqa: PLC0415 - loaded when first asked for

        pulse = await self._pulse(self._turns.now())
        return Response(write_metrics(pulse), media_type="text/plain; version=0.0.4")

    async def _pulse(self, now: datetime) -> Pulse:
        return await self._turns.read(lambda session: take_pulse(session, now))

    def _faults(self, pulse: Pulse, now: datetime) -> list[str]:
        silent = self._health.last_success is None or now - self._health.last_success > INTAKE_SILENCE
        found = (
            (self._polling and silent, "getUpdates has not succeeded for 90 s"),
            (self._health.fatal is not None, f"Telegram refuses this bot: {self._health.fatal}"),
            (pulse.inbox_lag > LAG_SECONDS, f"an update has waited {pulse.inbox_lag:.0f} s"),
            (pulse.outbox_lag > LAG_SECONDS, f"a reply has waited {pulse.outbox_lag:.0f} s"),
            (pulse.schedule_lag > LAG_SECONDS, f"a push is {pulse.schedule_lag:.0f} s late"),
        )
        return [text for wrong, text in found if wrong]
