import gettext
from typing import Any

import pytest
from babel import Locale
from markupsafe import Markup

from bot import i18n
from bot.i18n import Translator


class Chinese(gettext.NullTranslations):
    """A catalogue of three entries."""

    def gettext(self, message: str) -> str:
        return {"Hello {name}!": "你好，{name}！"}.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return "{n} 人"


@pytest.fixture
def t() -> Translator:
    return Translator("zh", Chinese())


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("zh", "zh"),
        ("zh-hans", "zh"),
        ("zh-Hant-TW", "zh"),
        ("ZH-CN", "zh"),
        ("en-GB", "en"),
        ("de", "en"),
        ("", "en"),
        (None, "en"),
        ("zu", "en"),
    ],
)
def test_chinese_tags_give_chinese_and_all_others_english(code: str | None, language: str) -> None:
    assert i18n.guess_language(code) == language


def test_values_are_escaped_and_markup_is_not(t: Translator) -> None:
    hostile: Any = "<b>&{x}"

    assert t("Hello {name}!", name=hostile) == "你好，&lt;b&gt;&amp;{x}！"
    assert t("Hello {name}!", name=Markup("<b>A</b>")) == "你好，<b>A</b>！"


def test_a_plain_text_is_not_escaped(t: Translator) -> None:
    assert t.plain("Hello {name}!", name="<A&B>") == "你好，<A&B>！"


def test_a_sentence_without_translation_stays_english(t: Translator) -> None:
    assert t("Nothing open {now}.", now="now") == "Nothing open now."


def test_a_text_without_values_keeps_its_braces(t: Translator) -> None:
    assert t("literally {x}") == "literally {x}"


@pytest.mark.parametrize(("n", "words"), [(0, "0 people"), (1, "1 person"), (2, "2 people")])
def test_english_has_two_forms(n: int, words: str) -> None:
    assert i18n.translator("en").plural("{n} person", "{n} people", n) == words


def test_chinese_has_one_form(t: Translator) -> None:
    assert [t.plural("{n} person", "{n} people", n) for n in (1, 2)] == ["1 人", "2 人"]


def test_values_of_a_plural_are_escaped(t: Translator) -> None:
    assert i18n.translator("en").plural("{n} of {who}", "{n} of {who}", 2, who="<A>") == "2 of &lt;A&gt;"


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_language_has_a_locale_that_babel_knows(language: str) -> None:

    assert Locale.parse(i18n.translator(language).locale).language == language


def test_a_translator_is_made_once() -> None:
    assert i18n.translator("zh") is i18n.translator("zh")


@pytest.mark.parametrize(("language", "written"), [("en", "a, b & c"), ("zh", "a、b & c")])
def test_a_list_is_written_as_the_language_writes_lists(language: str, written: str) -> None:
    assert i18n.translator(language).join(["a", "b & c"]) == written
