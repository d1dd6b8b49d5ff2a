"""Words in the reader's language: gettext catalogues, read from ``.po`` at start without a compile step.

A message's arguments are escaped here and nowhere else: ``Translator.__call__`` returns ``Markup`` fit for Telegram's
HTML mode and for a page. ``plain`` is for labels and toasts, which are not HTML.
"""

import gettext
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from markupsafe import Markup, escape

from bot.catalogue import Catalogue

LANGUAGES = ("en", "zh")
LOCALES = {"en": "en", "zh": "zh_CN"}
DOMAIN = "bot"
FOLDER = Path(__file__).parent / "locale"


def N_(message: str) -> str:  # noqa: N802 - gettext's own name
    """Mark a string for extraction where it stands; it is translated later."""
    return message


class Translator:
    """Words messages for one reader."""

    def __init__(self, language: str, catalogue: gettext.NullTranslations) -> None:
        self.language = language
        self.locale = LOCALES[language]
        self._catalogue = catalogue

    def __call__(self, message: str, **values: object) -> Markup:
        """Translate to HTML, escaping every value that is not ``Markup`` itself."""
        return fill(self._catalogue.gettext(message), values)

    def plural(self, singular: str, plural: str, n: int, **values: object) -> Markup:
        """Translate with the plural form that ``n`` asks for; ``{n}`` may stand in the text."""
        return fill(self._catalogue.ngettext(singular, plural, n), {"n": n, **values})

    def plain(self, message: str, **values: object) -> str:
        """Translate for a button, a toast or a file, where nothing is escaped."""
        return self._catalogue.gettext(message).format(**values)

    def join(self, items: Iterable[str]) -> str:
        """A list as this language writes it, such as ``a, b`` or ``a、b``; nothing is escaped."""
        return self.plain(", ").join(items)


def fill(pattern: str, values: Mapping[str, object]) -> Markup:
    """Put values into a pattern of ours, escaping what is not ``Markup`` itself.

    ``Markup.format`` would do; for words and numbers, which nearly all values are, it takes four times as long.
    """
    if not all(isinstance(value, str | int) for value in values.values()):
        return Markup(pattern).format(**values)  # noqa: S704 - the patterns are ours
    safe = {name: value if isinstance(value, Markup | int) else escape(value) for name, value in values.items()}
    return Markup(pattern.format(**safe) if safe else pattern)  # noqa: S704 - what goes in was escaped above


@cache
def translator(language: str) -> Translator:
    """The translator for ``en`` or ``zh``."""
    return Translator(language, _catalogue(LOCALES[language]))


def guess_language(code: str | None) -> str:
    """The language to begin with, from Telegram's IETF tag; Chinese tags give ``zh``, all others English."""
    return "zh" if (code or "").lower().startswith("zh") else "en"


def _catalogue(locale: str) -> gettext.NullTranslations:
    path = FOLDER / locale / "LC_MESSAGES" / f"{DOMAIN}.po"
    if not path.exists():
        return gettext.NullTranslations()
    return Catalogue(path.read_text(encoding="utf-8"))
