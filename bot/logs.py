"""Logging: structured lines on standard error, and no secret in any of them.

Every handler of the root logger passes through ``redact``, which takes out anything of a token's shape and the secrets
it was told of, in the text, the arguments and the traceback.
"""

import logging
import re
import sys
from collections.abc import Iterable, MutableMapping
from types import TracebackType
from typing import Any

import structlog

TOKEN = re.compile(r"(?<!\d)\d{5,12}(?::|%3A)[A-Za-z0-9_-]{30,}")
HIDDEN = "[secret]"
ROW = re.compile(r"(?<=DETAIL:  ).*?(?=\\n|\n|$)")
"""What PostgreSQL adds to a refusal: the values of the row, as somebody's name. A line of JSON has its ends escaped."""
NOISY = (
    "alembic",
    "uvicorn.error",
    "httpx",
    "httpcore",
    "apscheduler",
    "aiohttp.access",
    "asyncio",
    "telegram.ext.ExtBot",
    "telegram.Bot",
)


class Redaction:
    """Takes secrets out of whatever is about to be written."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets = [secret for secret in secrets if secret]

    def clean(self, text: str) -> str:
        """The text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return ROW.sub(HIDDEN, TOKEN.sub(HIDDEN, text))

    def __call__(self, _: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """A structlog processor."""
        return {name: self.clean(value) if isinstance(value, str) else value for name, value in event.items()}


class _CleanFormatter(structlog.stdlib.ProcessorFormatter):
    """The last gate: cleans the finished line, whatever put it together."""

    def __init__(self, redaction: Redaction, **options: Any) -> None:
        super().__init__(**options)
        self._redaction = redaction

    def format(self, record: logging.LogRecord) -> str:
        return self._redaction.clean(super().format(record))


def configure(log_format: str, level: str, secrets: Iterable[str] = ()) -> None:
    """Send every logger's lines to standard error in the chosen form: ``console`` or ``json``."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _CleanFormatter(
            Redaction(secrets),
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    sys.excepthook = _log_uncaught
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in NOISY:
        logging.getLogger(name).setLevel(max(logging.WARNING, getattr(logging, level)))


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What ends the process goes through the same gate as every other line."""
    logging.getLogger(__name__).critical("the process ends by an error", exc_info=(kind, error, trace))
