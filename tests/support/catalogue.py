"""What there is to translate, read from the sources; the tests compare the catalogues with it.

`python -m tests.support.catalogue` brings the catalogues up to date: what is new is added for translation.
"""

import ast
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parents[2]
LOCALES = ("zh_CN",)

_SOURCES = ("bot", "handlers", "schedules")
_TEMPLATES = ROOT / "bot" / "web" / "templates"
_CALLS = {"t": None, "plain": None, "N_": None, "plural": (1, 2)}

Msgid = str | tuple[str, ...]
Found = tuple[str, Msgid]


def extract() -> Catalog:
    """Return all that the sources say in English, with the files where they say it, in a stable order."""
    catalog = Catalog(project="Cohort Bot", charset="utf-8")
    for place, msgid in sorted([*_from_python(), *_from_templates(), *_from_refusals()], key=str):
        catalog.add(msgid, locations=[(place, 0)])
    return catalog


def path_of(locale: str) -> Path:
    """Return the path of a catalogue."""
    return ROOT / "bot" / "locale" / locale / "LC_MESSAGES" / "bot.po"


def read(locale: str) -> Catalog:
    """Return a catalogue, empty when there is none yet."""
    path = path_of(locale)
    if not path.exists():
        return Catalog(locale=locale, project="Cohort Bot", charset="utf-8")
    with path.open("rb") as source:
        return read_po(source, locale=locale, abort_invalid=True)


def update(locale: str) -> None:
    """Add what is new, with nothing as its translation, and drop what is gone."""
    catalog = read(locale)
    catalog.update(extract(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.fuzzy = False
    catalog.header_comment = f"# Cohort Bot's words in {locale}. Made up to date by tests/support/catalogue.py."
    catalog.msgid_bugs_address = catalog.last_translator = catalog.language_team = ""
    # A fixed date, since a date of its own would make a difference where no word has changed.
    catalog.creation_date = catalog.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    written = io.BytesIO()
    write_po(written, catalog, width=120, include_lineno=False, ignore_obsolete=True)
    path_of(locale).parent.mkdir(parents=True, exist_ok=True)
    path_of(locale).write_bytes(written.getvalue())


def _from_python() -> Iterator[Found]:
    for source in _SOURCES:
        for name, _, msgid, _, _ in extract_from_dir(ROOT / source, [("**.py", "python")], keywords=_CALLS):
            yield f"{source}/{name}", msgid


def _from_templates() -> Iterator[Found]:
    environment = Environment(autoescape=True)
    for path in sorted(_TEMPLATES.rglob("*.*")):
        for call in environment.parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
            msgid = _said_by(call)
            if msgid is not None:
                yield path.relative_to(ROOT).as_posix(), msgid


def _said_by(call: nodes.Call) -> Msgid | None:
    name = getattr(call.node, "name", None) or getattr(call.node, "attr", None)
    if name not in _CALLS:
        return None
    words = [word.value for word in call.args if isinstance(word, nodes.Const)]
    return tuple(words[:2]) if name == "plural" else str(words[0])


def _from_refusals() -> Iterator[Found]:
    """A refusal's docstring is what its reader sees."""
    classes = list(_classes())
    kinds, before = {"Refusal"}, 0
    while len(kinds) > before:
        before = len(kinds)
        kinds |= {kind.name for _, kind in classes if kinds & {ast.unparse(base) for base in kind.bases}}
    for place, kind in classes:
        line = ast.get_docstring(kind)
        if kind.name in kinds and line:
            yield place, line


def _classes() -> Iterator[tuple[str, ast.ClassDef]]:
    for path in sorted((ROOT / "bot").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                yield path.relative_to(ROOT).as_posix(), node


if __name__ == "__main__":
    for each in LOCALES:
        update(each)
