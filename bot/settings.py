"""What an operator may set, read from the environment and from ``.env``; nothing else reads the environment."""

from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import ConfigurationError

TELEGRAM = "https://api.telegram.org"
PAID_BROADCAST_RATE = 1000


class Settings(BaseSettings):
    """One field a setting; the environment name is the field's name in capitals. See ``.env.example``."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    bot_token: SecretStr | None = None
    telegram_base_url: str = f"{TELEGRAM}/bot"
    telegram_base_file_url: str = f"{TELEGRAM}/file/bot"
    database_url: str | None = None
    data_dir: Path = Path("data")
    operators: Annotated[frozenset[int], NoDecode] = frozenset()
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    web_host: str = "127.0.0.1"
    web_port: int = Field(default=8080, ge=0, le=65535)
    public_url: str | None = None
    proxy_url: str | None = None
    log_format: Literal["console", "json"] = "console"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    time_zone: str = "Asia/Shanghai"
    bulk_rate: int = Field(default=25, ge=1, le=PAID_BROADCAST_RATE)

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

    @cached_property
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
