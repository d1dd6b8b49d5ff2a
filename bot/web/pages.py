"""How every page is made: templates in the reader's language, and headers that keep it private and self-contained."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import HTMLResponse

from bot.i18n import LANGUAGES, translator
from bot.web.language import accepted_language, choose_language

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
}  # fmt: skip


def render_page(
    request: Request, template: str, *, language: str | None = None, status: int = 200, **values: Any
) -> HTMLResponse:
    """A page in the language asked for, else in ``language``, else in one that the browser accepts."""
    suggested = language or accepted_language(request.headers.get("accept-language"))
    chosen = choose_language(request.query_params.get("lang"), suggested)
    t = translator(chosen)
    other = next(one for one in LANGUAGES if one != chosen)
    html = (
        _environment()
        .get_template(template)
        .render(
            t=t, lang={"en": "en", "zh": "zh-CN"}[chosen], language=chosen, other=other, here=request.url.path, **values
        )
    )
    return HTMLResponse(html, status, HEADERS)


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - a start need not wait for it

    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def is_chosen(request: Request) -> bool:
    """Whether the reader asked for a language, which links must then keep."""
    return request.query_params.get("lang") in LANGUAGES
