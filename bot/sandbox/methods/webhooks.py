"""Choosing how updates are received: the webhook's settings. Delivery is in `webhook`, polling in `polling`."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import SplitResult, urlsplit

from msgspec import Struct

from bot.sandbox.errors import bad_request, conflict
from bot.sandbox.params import Json, Params
from bot.sandbox.world import World

PORTS = {80, 88, 443, 8443}
_SECRET = re.compile(r"[A-Za-z0-9_-]*")


class Described(Struct, frozen=True):
    """A result with a `description` beside it."""

    result: Any
    description: str


def set_webhook(world: World, params: Params) -> Any:
    """`setWebhook`; an empty URL removes it."""
    remember_allowed_updates(world, params)
    url = params.text("url")
    if not url:
        return delete_webhook(world, params)
    webhook: Json = {
        "url": _checked_url(url, insecure=world.insecure_webhooks),
        "secret": _secret(params),
        "max_connections": min(max(params.integer("max_connections", 40), 1), 100),
        "ip_address": params.text("ip_address"),
    }
    if params.flag("drop_pending_updates"):
        world.queue.forget_all()
    if world.settings.get("webhook") == webhook:
        return Described(True, "Webhook is already set")
    world.settings.put("webhook", webhook)
    world.settings.drop("webhook_error")
    world.queue.interrupt(conflict("terminated by setWebhook request"))
    return Described(True, "Webhook was set")


def delete_webhook(world: World, params: Params) -> Described:
    """`deleteWebhook`."""
    if params.flag("drop_pending_updates"):
        world.queue.forget_all()
    if world.settings.get("webhook") is None:
        return Described(True, "Webhook is already deleted")
    world.settings.drop("webhook")
    world.settings.drop("webhook_error")
    return Described(True, "Webhook was deleted")


def get_webhook_info(world: World, params: Params) -> Json:
    """`getWebhookInfo`."""
    webhook = world.settings.get("webhook") or {}
    info: Json = {
        "url": webhook.get("url", ""),
        "has_custom_certificate": False,
        "pending_update_count": len(world.queue.rows),
    }
    if webhook:
        info["max_connections"] = webhook["max_connections"]
    if allowed := world.settings.get("allowed_updates"):
        info["allowed_updates"] = allowed
    return info | (world.settings.get("webhook_error") or {})


def remember_allowed_updates(world: World, params: Params) -> None:
    """Keep the `allowed_updates` of a call; missing keeps what was, an empty list means the default."""
    if not params.has("allowed_updates"):
        return
    try:
        given = params.json("allowed_updates") or []
    except ValueError as error:
        raise bad_request("can't parse allowed updates JSON object") from error
    kinds = [str(kind) for kind in given] if isinstance(given, list) else []
    if kinds != (world.settings.get("allowed_updates") or []):
        world.settings.put("allowed_updates", kinds)


def _secret(params: Params) -> str:
    secret = params.text("secret_token")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    return secret


def _checked_url(url: str, *, insecure: bool) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError as error:
        raise bad_request("invalid webhook URL specified") from error
    if not parts.hostname:
        raise bad_request("invalid webhook URL specified")
    if not insecure:
        _check_public(parts, port)
    return url


def _check_public(parts: SplitResult, port: int) -> None:
    if parts.scheme.lower() != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if port not in PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    host = parts.hostname or ""
    try:
        is_reserved = not ipaddress.ip_address(host).is_global
    except ValueError:
        is_reserved = False
    if is_reserved:
        raise bad_request(f"bad webhook: IP address {host} is reserved")


METHODS: dict[str, Callable[[World, Params], Any]] = {
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}
