"""Telegram, asked directly: the token, the webhook, and what the clocks say.

Never shows the token, nor an address that may hold one.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from msgspec import Struct

from bot.doctor.findings import Finding, note, ok, problem, unknown
from bot.inbox.webhook import PATH
from bot.settings import Settings

PATIENCE = 10.0
CLOCK_TOLERANCE = timedelta(seconds=5)
MANY_PENDING = 1000
REVOKED = (401, 404)


class Answer(Struct, frozen=True):
    """What Telegram answered to one call, and when, by its clock and by ours (the middle of the call)."""

    status: int
    body: Mapping[str, Any]
    theirs: datetime | None
    ours: datetime

    @property
    def result(self) -> Any:
        """What the method returns."""
        return self.body.get("result") or {}


async def examine_telegram(settings: Settings) -> list[Finding]:
    """Ask getMe and getWebhookInfo; neither changes anything, nor disturbs the running bot."""
    if settings.token is None:
        return [note("Telegram", "no BOT_TOKEN is set, so the bot runs in its sandbox")]
    try:
        who, hook = await _ask(settings, "getMe"), await _ask(settings, "getWebhookInfo")
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        reason = f"{urlsplit(settings.telegram_base_url).hostname} does not answer ({type(error).__name__})"
        return [unknown("Telegram", f"{reason}; token, webhook and clock were not checked")]
    return [*judge_identity(who), judge_clock(who), *judge_webhook(hook, settings.webhook_url)]


async def _ask(settings: Settings, method: str) -> Answer:
    timeout = aiohttp.ClientTimeout(total=PATIENCE)
    async with aiohttp.ClientSession(timeout=timeout, proxy=settings.proxy_url) as session:
        before = datetime.now(UTC)
        async with session.post(f"{settings.telegram_base_url}{settings.token}/{method}") as response:
            ours = before + (datetime.now(UTC) - before) / 2
            body = await response.json(content_type=None)
            theirs = read_date(response.headers.get("Date"))
    return Answer(response.status, body if isinstance(body, dict) else {}, theirs, ours)


def read_date(header: str | None) -> datetime | None:
    """The instant of a ``Date`` header; ``None`` where there is none or it is no date."""
    try:
        return parsedate_to_datetime(header).astimezone(UTC) if header else None
    except ValueError:
        return None


def judge_identity(who: Answer) -> Iterator[Finding]:
    """Whether Telegram accepts the token, and what the bot may see."""
    if who.status in REVOKED:
        yield problem("token", "Telegram does not accept BOT_TOKEN; get the present one from @BotFather and restart")
    elif not who.body.get("ok"):
        yield unknown("token", f"Telegram answered with status {who.status}; try again later")
    else:
        yield ok("token", f"accepted; this is @{who.result.get('username')}")


def judge_clock(who: Answer) -> Finding:
    """Whether our clock agrees with Telegram's, whose header has whole seconds."""
    if who.theirs is None:
        return unknown("clock", "Telegram's answer has no date to compare with")
    skew = who.ours - who.theirs
    if abs(skew) <= CLOCK_TOLERANCE:
        return ok("clock", "agrees with Telegram's")
    side = "ahead of" if skew > timedelta() else "behind"
    return problem("clock", f"{abs(skew).total_seconds():.0f} s {side} Telegram's: switch time synchronisation on")


def judge_webhook(hook: Answer, wanted: str | None) -> Iterator[Finding]:
    """Whether updates come in the way the settings say, and how many wait at Telegram's."""
    if not hook.body.get("ok"):
        yield unknown("webhook", f"Telegram answered with status {hook.status}")
        return
    yield _judge_address(str(hook.result.get("url") or ""), wanted)
    pending = int(hook.result.get("pending_update_count") or 0)
    words = f"{pending} updates wait at Telegram's"
    yield (
        problem("waiting outside", f"{words}; does the bot run?")
        if pending > MANY_PENDING
        else ok("waiting outside", words)
    )
    if error := hook.result.get("last_error_message"):
        since = datetime.fromtimestamp(hook.result.get("last_error_date") or 0, UTC)
        yield _judge_error(f"{since:%Y-%m-%d %H:%M} UTC: {error}", since, hook.ours)


def _judge_error(text: str, since: datetime, now: datetime) -> Finding:
    recent = now - since < timedelta(minutes=10)
    return problem("webhook error", text) if recent else note("webhook error", text)


def _judge_address(url: str, wanted: str | None) -> Finding:
    expected = wanted.rstrip("/") + PATH if wanted else ""
    if url == expected:
        return ok("webhook", f"set to {wanted}" if wanted else "none, as polling needs it")
    there = f"at {urlsplit(url).hostname}" if url else "missing"
    if not wanted:
        return problem(
            "webhook",
            f"one is set {there}, so polling gets nothing: restart the bot, which removes it; "
            "if it comes back, another program uses this token",
        )
    return problem("webhook", f"it is {there} instead of {wanted}: restart the bot, which sets it")
