"""`.env.example` shows every setting, explained, and nothing else."""

import re
from pathlib import Path

from bot.settings import Settings

EXAMPLE = Path(__file__).resolve().parents[2] / ".env.example"
_SETTING = re.compile(r"^#? ?([A-Z][A-Z0-9_]*)=")


def shown() -> dict[str, str]:
    """Return the settings of the example, each with the comment above it."""
    settings: dict[str, str] = {}
    comment: list[str] = []
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        setting = _SETTING.match(line)
        if setting:
            settings[setting.group(1)] = " ".join(comment)
        comment = [*comment, line.lstrip("# ")] if line.startswith("#") and not setting else []
    return settings


def test_every_setting_is_shown_and_nothing_else() -> None:
    assert sorted(shown()) == sorted(name.upper() for name in Settings.model_fields)


def test_every_setting_is_explained() -> None:
    assert [name for name, comment in shown().items() if len(comment) < 20] == []


def test_the_example_as_it_stands_is_valid() -> None:
    settings = Settings(_env_file=EXAMPLE)

    assert settings.bot_token is None
