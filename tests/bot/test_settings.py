from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.settings import Settings, read_settings


@pytest.fixture(autouse=True)
def clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No ``.env`` and nothing of ours in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return tmp_path


def test_nothing_need_be_set() -> None:
    settings = read_settings()

    assert (settings.token, settings.database, settings.operators) == (
        None,
        "sqlite:///data/sandbox.sqlite3",
        frozenset(),
    )


def test_all_faults_are_reported_at_once_by_the_names_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "WEB_PORT": "70000",
        "TIME_ZONE": "Mars/Olympus",
        "LOG_LEVEL": "LOUD",
        "BULK_RATE": "0",
        "OPERATORS": "me",
        "TELEGRAM_BASE_URL": "https://api.telegram.org",
        "BOT_TOKEN": "secret-but-wrong",
        "WEBHOOK_URL": "ftp://camp.example.org",
        "PUBLIC_URL": "camp.example.org",
        "PROXY_URL": "socks5://10.0.0.1",
        "DATABASE_URL": "mysql://root:hidden@db/camp",
    }.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(ConfigurationError) as failure:
        read_settings()

    lines = str(failure.value).splitlines()
    assert sorted(line.partition(":")[0] for line in lines) == [
        "BOT_TOKEN",
        "BULK_RATE",
        "DATABASE_URL",
        "LOG_LEVEL",
        "OPERATORS",
        "PROXY_URL",
        "PUBLIC_URL",
        "TELEGRAM_BASE_URL",
        "TIME_ZONE",
        "WEBHOOK_URL",
        "WEB_PORT",
    ]
    assert [word for word in ("secret-but-wrong", "hidden") if word in str(failure.value)] == []


def test_a_missing_webhook_secret_is_reported_along_with_the_other_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK_URL", "https://camp.example.org")
    monkeypatch.setenv("WEB_PORT", "70000")

    with pytest.raises(ConfigurationError) as failure:
        read_settings()

    assert [line.partition(":")[0] for line in str(failure.value).splitlines()] == ["WEBHOOK_SECRET", "WEB_PORT"]


@pytest.mark.parametrize("secret", ["", "open sesame", "a" * 257])
def test_a_webhook_needs_a_secret_that_telegram_takes(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK_URL", "https://camp.example.org")
    monkeypatch.setenv("WEBHOOK_SECRET", secret)

    with pytest.raises(ConfigurationError, match="WEBHOOK_SECRET") as failure:
        read_settings()

    assert not secret or secret not in str(failure.value)


@pytest.mark.parametrize("written", ["1,22,333", "1 22 333", "1, 22 ,333,", "1，22、333"])
def test_operators_are_read_as_people_write_lists(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPERATORS", written)

    assert read_settings().operators == frozenset({1, 22, 333})


def test_an_empty_value_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", "")
    monkeypatch.setenv("DATABASE_URL", "")

    settings = read_settings()

    assert (settings.token, settings.database_url) == (None, None)


def test_settings_are_read_from_the_env_file(clean: Path) -> None:
    (clean / ".env").write_text("BOT_TOKEN=12:ab\nSOMETHING_ELSE=1\nDATA_DIR=/srv/camp\n")

    settings = read_settings()

    assert (settings.token, settings.database) == ("12:ab", "sqlite:////srv/camp/cohort.sqlite3")


def test_a_changed_copy_has_the_changed_database() -> None:
    settings = read_settings()
    before = settings.database

    changed = settings.model_copy(update={"database_url": "sqlite:///other.sqlite3"})

    assert (before, changed.database) == ("sqlite:///data/sandbox.sqlite3", "sqlite:///other.sqlite3")
