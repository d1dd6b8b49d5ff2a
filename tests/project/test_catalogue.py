"""Every word in every language."""

import re
from collections import Counter
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message

from tests.support import catalogue
from tests.support.catalogue import LOCALES, Msgid

_TAG = re.compile(r"</?[a-z-]+")


@pytest.fixture(scope="module")
def sources() -> set[Msgid]:
    return {_key(message) for message in catalogue.extract() if message.id}


@pytest.fixture(scope="module", params=LOCALES)
def translated(request: pytest.FixtureRequest) -> Catalog:
    return catalogue.read(request.param)


def test_every_message_of_the_sources_is_translated(sources: set[Msgid], translated: Catalog) -> None:
    done = {_key(message) for message in translated if message.id and all(_forms(message))}

    assert sorted(sources - done, key=str) == []


def test_no_catalogue_has_what_the_sources_no_longer_say(sources: set[Msgid], translated: Catalog) -> None:
    listed = {_key(message) for message in translated if message.id}

    assert sorted(listed - sources, key=str) == []
    assert list(translated.obsolete) == []


def test_no_translation_is_a_guess(translated: Catalog) -> None:
    assert [message.id for message in translated if message.id and message.fuzzy] == []


def test_each_translation_has_all_its_plural_forms(translated: Catalog) -> None:
    plural = [message for message in translated if message.pluralizable]

    assert [message.id for message in plural if len(_forms(message)) != translated.num_plurals] == []


def test_translations_have_the_same_placeholders(translated: Catalog) -> None:
    assert [message.id for message in translated if message.id and not _same_placeholders(message)] == []


def test_translations_have_the_same_tags(translated: Catalog) -> None:
    assert [message.id for message in translated if message.id and not _same_tags(message)] == []


def _key(message: Message) -> Msgid:
    return message.id if isinstance(message.id, str) else tuple(message.id)


def _english(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def _forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or [])


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _same_placeholders(message: Message) -> bool:
    # The singular may say "one" where the other forms say {n}.
    english = set[str]().union(*map(_placeholders, _english(message)))
    return all(_placeholders(form) == english for form in _forms(message))


def _same_tags(message: Message) -> bool:
    english = Counter(_TAG.findall(_english(message)[-1]))
    return all(Counter(_TAG.findall(form)) == english for form in _forms(message))
