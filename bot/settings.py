"""What an operator may set, read from the environment and from ``.env``; nothing else reads the environment."""

import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import ConfigurationError

TELEGRAM = "https://api.telegram.org"
PAID_BROADCAST_RATE = 1000
TOKEN = re.compile(r"\d+:\S+")
WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
DATABASES = ("sqlite", "postgresql", "postgresql+psycopg")
ADDRESSES = {"webhook_url": ("http", "https"), "public_url": ("http", "https"), "proxy_url": ("http", "https")}


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
    webhook_secret: SecretStr | None = Field(default=None, validate_default=True)
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
    def telegram_takes_the_secret(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        """Telegram takes only these characters; a webhook without a secret would let anyone speak as Telegram."""
        if value is None and info.data.get("webhook_url"):
            raise ValueError("must be set when WEBHOOK_URL is (1-256 of A-Z a-z 0-9 _ -)")
        if value is not None and not WEBHOOK_SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("must be 1-256 of A-Z a-z 0-9 _ -")
        return value

    @field_validator("operators", mode="before")
    @classmethod
    def split_ids(cls, value: object) -> object:
        """Accept ``1,2 3`` as people write lists of ids."""
        if not isinstance(value, str):
            return value
        ids = re.split(r"[\s,;，；、]+", value.strip(" ,;，；、"))
        wrong = [one for one in ids if not one.isdecimal()]
        if wrong:
            raise ValueError(f"must be Telegram ids, which are numbers; got {', '.join(wrong)}")
        return ids

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

    @field_validator("database_url")
    @classmethod
    def known_database(cls, value: str | None) -> str | None:
        """Only what the bot is tested on; the value may hold a password, so it is not shown."""
        if value is not None and value.partition("://")[0] not in DATABASES:
            raise ValueError("must begin with sqlite:/// or postgresql+psycopg://")
        return value

    @field_validator(*ADDRESSES)
    @classmethod
    def is_an_address(cls, value: str | None, info: ValidationInfo) -> str | None:
        """An address that Telegram, a phone or the transport could not open is refused before the camp, not in it."""
        schemes = ADDRESSES[info.field_name or ""]
        if value is not None and not _is_address(value, schemes):
            raise ValueError(f"must be a whole address beginning with {' or '.join(f'{one}://' for one in schemes)}")
        return value

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


def _is_address(value: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in schemes and bool(parts.hostname)


def _line(fault: object) -> str:
    assert isinstance(fault, dict)  # noqa: S101 - pydantic's ErrorDetails
    name = str(fault["loc"][0]).upper()
    message = fault["msg"].removeprefix("Value error, ")
    return f"{name}: {message}"
