"""Which links Telegram accepts in buttons and formatted text (TDLib: LinkManager, check_link). Pure text."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_SCHEME = re.compile(r"^([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_HOST = re.compile(r"^[^\s/?#@\\]+$")


class WrongLink(ValueError):
    """The link is refused; its text is Telegram's reason."""


def check_link(link: str, *, https_only: bool = False) -> str:
    """The link as Telegram would store it; raises WrongLink. A host needs a dot, so `localhost` is refused."""
    scheme = _scheme_of(link)
    if scheme in {"tg", "ton"}:
        return link
    if scheme not in {"", "http", "https"}:
        raise WrongLink("Unsupported URL protocol")
    if https_only and scheme != "https":
        raise WrongLink("Only HTTPS links are allowed")
    return _normalised(link if scheme else f"http://{link}")


def _scheme_of(link: str) -> str:
    match = _SCHEME.match(link)
    return match.group(1).lower() if match else ""


def _normalised(link: str) -> str:
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError as error:
        raise WrongLink("Wrong HTTP URL") from error
    if not _HOST.match(host) or ("." not in host and ":" not in host):
        raise WrongLink("Wrong HTTP URL")
    shown = f"[{host}]" if ":" in host else host
    tail = link.split("://", 1)[1][len(parts.netloc) :]
    return f"{parts.scheme.lower()}://{shown}{port}{tail if tail.startswith('/') else '/' + tail}"
