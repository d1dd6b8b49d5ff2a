"""What an operator may set, read from the environment and from ``.env``; nothing else reads the environment."""

import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import ConfigurationError

TELEGRAM = "https://api.telegram.org"
PAID_BROADCAST_RATE = 1000
TOKEN = re.compile(r"\d+:\S+")
WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class Settings(BaseSettings):
    """One field a setting; the environment name is the field's name in capitals. See ``.env.example``."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    bot_token: SecretStr | None = None
    telegram_base_url: str = f"{TELEGRAM}/bot"
    telegram_base_file_url: str = f"{TELEGRAM}/file/bot"
    database_url: str | None = Field(default=None, repr=False)
    data_dir: Path = Path("data")
    operators: Annotated[frozenset[int], NoDecode] = frozenset()
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    web_host: str = "127.0.0.1"
    web_port: int = Field(default=8080, ge=0, le=65535)
    public_url: str | None = None
    proxy_url: str | None = Field(default=None, repr=False)
    log_format: Literal["console", "json"] = "console"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    time_zone: str = "Asia/Shanghai"
    bulk_rate: int = Field(default=25, ge=1, le=PAID_BROADCAST_RATE)

    @field_validator("bot_token")
    @classmethod
    def looks_like_a_token(cls, value: SecretStr | None) -> SecretStr | None:
        """The bot's own id stands before the colon."""
        if value is not None and not TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("does not look like a token; @BotFather gives one such as 123456:ABC-DEF")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def telegram_takes_the_secret(cls, value: SecretStr | None) -> SecretStr | None:
        """Telegram takes only these characters in the secret."""
        if value is not None and not WEBHOOK_SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("must be 1-256 of A-Z a-z 0-9 _ -")
        return value

    @field_validator("operators", mode="before")
    @classmethod
    def split_ids(cls, value: object) -> object:
        """Accept ``1,2 3`` as people write lists of ids."""
        return value.replace(",", " ").split() if isinstance(value, str) else value

    @field_validator("time_zone")
    @classmethod
    def known_zone(cls, value: str) -> str:
        """Refuse a zone that the tz database does not have."""
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"{value!r} is not a zone of the tz database, such as Asia/Shanghai") from error
        return value

    @field_validator("telegram_base_url", "telegram_base_file_url")
    @classmethod
    def ends_in_bot(cls, value: str) -> str:
        """The token is appended to the address, so it must end in ``/bot``."""
        if not value.endswith("/bot"):
            raise ValueError(f"must end in /bot, since the token follows; got {value!r}")
        return value

    @model_validator(mode="after")
    def webhook_is_whole(self) -> "Settings":
        """A webhook without a secret would let anyone speak as Telegram."""
        if self.webhook_url and not self.webhook_secret:
            raise ValueError("WEBHOOK_SECRET must be set when WEBHOOK_URL is (1-256 of A-Z a-z 0-9 _ -)")
        return self

    @property
    def token(self) -> str | None:
        """The bot's token in clear; hand it to the transport and to nothing else."""
        return self.bot_token.get_secret_value() if self.bot_token else None

    @property
    def secrets(self) -> list[str]:
        """Everything that must never be written anywhere, for the logs to take out."""
        kept = (secret.get_secret_value() for secret in (self.bot_token, self.webhook_secret) if secret)
        addresses = (urlsplit(url).password for url in (self.database_url, self.proxy_url) if url)
        return [*kept, *(unquote(password) for password in addresses if password)]

    @property
    def database(self) -> str:
        """The database's address: SQLite in the data folder unless told otherwise; the sandbox has one of its own."""
        name = "cohort.sqlite3" if self.bot_token else "sandbox.sqlite3"
        return self.database_url or f"sqlite:///{(self.data_dir / name).as_posix()}"


def read_settings() -> Settings:
    """Read all settings.

    Raises:
        ConfigurationError: naming every faulty setting at once, never showing a value that may be secret.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise ConfigurationError("\n".join(_line(fault) for fault in error.errors(include_input=False))) from None


def _line(fault: object) -> str:
    assert isinstance(fault, dict)  # noqa: S101 - pydantic's ErrorDetails
    name = ".".join(str(part) for part in fault["loc"]).upper()
    message = fault["msg"].removeprefix("Value error, ")
    return f"{name}: {message}" if name else message
