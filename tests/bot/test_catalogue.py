"""Reading ``.po`` files: the same words as the library that writes them reads, and nothing that is not finished."""

from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot import i18n
from bot.catalogue import Catalogue

HEADER = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'


def read(text: str) -> Catalogue:
    return Catalogue(HEADER + text)


@pytest.mark.parametrize("locale", ["zh_CN"])
def test_the_projects_own_words_read_as_their_writer_reads_them(locale: str) -> None:
    path: Path = i18n.FOLDER / locale / "LC_MESSAGES" / f"{i18n.DOMAIN}.po"
    with path.open("rb") as source:
        written = {
            message.id: message.string for message in read_po(source, locale=locale) if message.id and not message.fuzzy
        }

    ours = Catalogue(path.read_text(encoding="utf-8"))

    single = {id: string for id, string in written.items() if isinstance(id, str) and string}
    plural = {id[0]: string[0] for id, string in written.items() if isinstance(id, tuple) and string}
    assert single == {id: ours.gettext(id) for id in single}
    assert plural == {id: ours.ngettext(id, "", 5) for id in plural}
    assert len(single) > 1000


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('msgid "a"\nmsgstr "b"\n', "b"),
        ('msgid ""\n"a"\nmsgstr ""\n"b "\n"c"\n', "b c"),
        ('msgid "a"\nmsgstr "\\"b\\"\\n\\tc\\\\n"\n', '"b"\n\tc\\n'),
        ('#. a note\n#: bot/x.py\nmsgid "a"\nmsgstr "b"', "b"),
        ('#, python-brace-format\nmsgid "a"\nmsgstr "b"\n', "b"),
    ],
)
def test_a_translation_is_found_however_it_is_written(text: str, words: str) -> None:
    assert read(text).gettext("a") == words


@pytest.mark.parametrize(
    "text",
    ["", 'msgid "a"\nmsgstr ""\n', '#, fuzzy\nmsgid "a"\nmsgstr "b"\n', '#~ msgid "a"\n#~ msgstr "b"\n'],
)
def test_what_is_missing_empty_fuzzy_or_obsolete_stays_as_it_is(text: str) -> None:
    assert read(f'msgid "before"\nmsgstr "x"\n\n{text}\nmsgid "after"\nmsgstr "y"\n').gettext("a") == "a"
    assert read(f'msgid "before"\nmsgstr "x"\n\n{text}\nmsgid "after"\nmsgstr "y"\n').gettext("after") == "y"


@pytest.mark.parametrize(("n", "words"), [(1, "one"), (2, "many"), (0, "many")])
def test_the_form_follows_the_number(n: int, words: str) -> None:
    ours = read('msgid "a"\nmsgid_plural "as"\nmsgstr[0] "one"\nmsgstr[1] "many"\n')

    assert ours.ngettext("a", "as", n) == words


def test_a_plural_without_translation_stays_english() -> None:
    empty: Callable[[str, str, int], str] = read("").ngettext

    assert [empty("a", "as", 1), empty("a", "as", 2)] == ["a", "as"]
