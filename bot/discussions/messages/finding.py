"""Wording of causes and measures: a leading point with what has been said about it."""

from markupsafe import Markup

from bot import buttons
from bot.discussions.finding import may_drop
from bot.discussions.messages.wording import LABEL, act, bold, clip, kept_line, lines, paragraphs, question_line
from bot.discussions.models import Finding, Kind
from bot.discussions.outcomes import Kept, Place, PointPage
from bot.discussions.rules import LONGEST
from bot.i18n import Translator
from bot.outbox.calls import Message

SHOWN = 150
CODES = {"c": Kind.CAUSE, "m": Kind.MEASURE}


def render_point(page: PointPage, place: Place, t: Translator, kept: Kept | None = None) -> Message:
    """A leading point, its causes and measures, and buttons to add to them."""
    point, occasion = page.point, page.circle.occasion
    causes = [one for one in page.findings if one.kind == Kind.CAUSE]
    measures = [one for one in page.findings if one.kind == Kind.MEASURE]
    head = lines(
        question_line(occasion, point.question_id, t),
        t("Number {number}: {text}", number=point.number, text=clip(point.text, 300)),
        t.plural("{n} dot", "{n} dots", point.dots),
    )
    text = paragraphs(
        head,
        kept_line(kept, t) if kept is not None else None,
        lines(bold(t("Where it comes from")), *_listed(causes, t)),
        lines(bold(t("What we can do")), *_listed(measures, t)),
    )
    mine = [[act(clip(f"🗑 {one.text}", LABEL), "del", one.id or 0)] for one in page.findings if may_drop(one, place)]
    adding = [act(t.plain("➕ Cause"), "add", point.id, "c"), act(t.plain("➕ Measure"), "add", point.id, "m")]
    return Message(text, buttons.keyboard(adding, *mine, [act(t.plain("« Back"), "here", page.circle.id)]))


def render_ask(page: PointPage, kind: Kind, t: Translator) -> Message:
    """Ask for a cause or a measure."""
    asked = (
        t("Where does it come from? Send me the causes.")
        if kind is Kind.CAUSE
        else t("What can we do about it? Send me the measures, best with who and by when.")
    )
    how = t("One a message, or a list with a dash before each line ({most} characters each).", most=LONGEST)
    text = paragraphs(
        t("Number {number}: {text}", number=page.point.number, text=clip(page.point.text, 300)), lines(asked, how)
    )
    return Message(text, buttons.keyboard([act(t.plain("✓ Done"), "point", page.point.id)]))


def render_put_away(page: PointPage, count: int, t: Translator) -> Message:
    """In place of the screen under which something has been typed since."""
    said = t.plural("✓ {n} line kept.", "✓ {n} lines kept.", count)
    words = t("Number {number}: {text}", number=page.point.number, text=clip(page.point.text, 120))
    return Message(lines(words, said))


def _listed(findings: list[Finding], t: Translator) -> list[str]:
    return [Markup("– {}").format(clip(one.text, SHOWN)) for one in findings] or [t("– nothing yet")]
