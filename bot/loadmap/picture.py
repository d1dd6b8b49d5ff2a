"""Drawing the load map. Called by the courier; writes nothing. Its figures go in as JSON, never as part of it."""

import json
from datetime import timedelta
from functools import cache
from pathlib import Path

import typst
from pylopdf_fonts_zh_cn import sans_path, serif_path
from sqlmodel import Session

from bot import i18n
from bot.loadmap.messages.screen import file_name, free_units, words_of_picture
from bot.loadmap.service import LoadMap, draw_up
from bot.outbox.delivery import Rendered
from bot.people import service as people

TEMPLATE = Path(__file__).parent / "load_map.typ"
MOST_ROWS = 40
PIXELS_PER_INCH = 144.0
SIX_DAYS = timedelta(days=6)


def render_load_map(session: Session, *, cohort_id: int, language: str) -> Rendered:
    """The picture of a camp's load map."""
    found, t = draw_up(session, people.get_cohort(session, cohort_id)), i18n.translator(language)
    return Rendered(file_name(found, t), draw(found, t))


def draw(found: LoadMap, t: i18n.Translator) -> bytes:
    """A PNG; units of which nothing is to be said are only counted."""
    shown = [row for row in found.rows if not row.is_free][:MOST_ROWS]
    words = words_of_picture(found, t)
    rows = [
        {
            "unit": row.unit or words["nounit"],
            "people": row.people,
            "elsewhere": list(row.elsewhere),
            "blocked": list(row.blocked),
        }
        for row in shown
    ]
    cohort = found.cohort
    own = [monday <= cohort.ends_on and monday + SIX_DAYS >= cohort.starts_on for monday in found.weeks]
    data = words | {"rows": rows, "ours": own, "free": free_units(len(found.rows) - len(shown), t)}
    picture = _compiler().compile(
        format="png", ppi=PIXELS_PER_INCH, sys_inputs={"data": json.dumps(data, ensure_ascii=False)}
    )
    assert isinstance(picture, bytes)  # noqa: S101 - one page is asked for
    return picture


@cache
def _compiler() -> typst.Compiler:
    folders = sorted({str(Path(path()).parent) for path in (sans_path, serif_path)})
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    return typst.Compiler(str(TEMPLATE), font_paths=fonts)
