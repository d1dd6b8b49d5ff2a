"""Which language a page speaks: what its reader asked for, else what its subject or the browser suggests. Pure."""

from bot.i18n import LANGUAGES, guess_language

FALLBACK = "en"


def choose_language(asked: str | None, suggested: str) -> str:
    """The language of ``?lang=`` where it is one of ours, else the suggested one."""
    return asked if asked in LANGUAGES else suggested


def accepted_language(header: str | None) -> str:
    """The first of our languages in an ``Accept-Language`` header (RFC 9110, 12.5.4), by the reader's preference."""
    wanted = [_read(part) for part in (header or "").split(",")[:20]]
    tags = [tag for weight, tag in sorted(wanted, key=lambda one: -one[0]) if weight > 0]
    return next((guess_language(tag) for tag in tags if tag[:2] in LANGUAGES), FALLBACK)


def _read(part: str) -> tuple[float, str]:
    tag, _, parameter = part.strip().lower().partition(";")
    try:
        return float(parameter.strip().removeprefix("q=") or 1), tag.strip()
    except ValueError:
        return 0, tag
