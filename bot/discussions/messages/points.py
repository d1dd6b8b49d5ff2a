"""Wording of the numbered points: the list, putting together and apart, the ballot."""

from collections.abc import Sequence

from markupsafe import Markup

from bot import buttons
from bot.discussions.messages.wording import (
    LABEL,
    PAGE,
    act,
    bold,
    clip,
    lines,
    pager,
    paragraphs,
    point_line,
    question_line,
    rows_of,
    title,
)
from bot.discussions.models import Stage
from bot.discussions.outcomes import Ballot, Circle, Dotted, NumberedPoint
from bot.discussions.rules import DOTS, page_of, wordings
from bot.i18n import Translator
from bot.outbox.calls import Message

WIDTH = 4


def render_points(circle: Circle, points: Sequence[NumberedPoint], page: int, t: Translator) -> Message:
    """All points of all questions, for reading; their dots once the vote is over."""
    shown, page, pages = page_of(points, page, PAGE)
    counted = circle.stage in (Stage.CAUSES, Stage.MINUTES, Stage.DONE)
    parts = []
    for question in circle.occasion.questions:
        mine = [one for one in shown if one.question_id == question.id]
        if mine:
            listed = [point_line(one, t, dots=counted) for one in mine]
            parts.append(lines(question_line(circle.occasion, question.id or 0, t), *listed))
    text = paragraphs(title(circle.occasion, t), *parts)
    turning = pager("points", (circle.id,), page, pages)
    return Message(text, buttons.keyboard(turning, [act(t.plain("« Back"), "here", circle.id)]))


def render_list(circle: Circle, question_id: int, points: Sequence[NumberedPoint], page: int, t: Translator) -> Message:
    """The points of a question for leader and recorder: tap one to put others to it, or to take it apart."""
    shown, page, pages = page_of(points, page, PAGE)
    text = paragraphs(
        lines(title(circle.occasion, t), question_line(circle.occasion, question_id, t)),
        lines(*(point_line(one, t) for one in shown)) or t("Nobody has written on this question."),
        t("Texts that differ only in case, spaces or a closing full stop are together already. Tap a number to go on."),
    )
    numbers = [act(_number(one), "pick", one.id, 0) for one in shown]
    return Message(
        text,
        buttons.keyboard(
            *rows_of(numbers, WIDTH),
            pager("list", (circle.id, question_id), page, pages),
            [act(t.plain("➕ Add a forgotten point"), "write", circle.id, question_id)],
            [act(t.plain("« Back"), "here", circle.id)],
        ),
    )


def render_point(
    circle: Circle, point: NumberedPoint, others: Sequence[NumberedPoint], page: int, t: Translator
) -> Message:
    """One point with all its wordings: what to put to it, which wording to take away from it."""
    rest = [one for one in others if one.id != point.id]
    shown, page, pages = page_of(rest, page, PAGE)
    found = wordings(point.texts)
    texts = [_wording(number, point.texts[place], count) for number, (place, count) in enumerate(found, 1)]
    text = paragraphs(
        question_line(circle.occasion, point.question_id, t),
        lines(t("Number {number}:", number=point.number), *texts),
        lines(bold(t("Put another to it:")), *(point_line(one, t, length=120) for one in shown)) if rest else None,
    )
    merges = [act(f"➕ {one.number}", "merge", point.id, one.id) for one in shown]
    splits = [
        [act(clip(t.plain("✂️ Apart: {text}", text=point.texts[place]), LABEL), "split", point.note_ids[place])]
        for place, _ in found
        if len(point.texts) > 1
    ][:PAGE]
    return Message(
        text,
        buttons.keyboard(
            *rows_of(merges, WIDTH),
            pager("pick", (point.id,), page, pages),
            *splits,
            [act(t.plain("« All points"), "list", circle.id, point.question_id, 0)],
        ),
    )


def _wording(number: int, text: str, count: int) -> Markup:
    line = Markup("{}) {}").format(number, clip(text, 160))
    return line + Markup(" <i>×{}</i>").format(count) if count > 1 else line


def render_ballot(ballot: Ballot, page: int, t: Translator) -> Message:
    """The points of a question with one's own dots; how others vote is not shown."""
    circle = ballot.place.circle
    shown, page, pages = page_of(ballot.points, page, PAGE)
    text = paragraphs(
        lines(title(circle.occasion, t), question_line(circle.occasion, ballot.question_id, t)),
        lines(*(point_line(one, t) for one in shown)) or t("Nobody has written on this question."),
        t.plural("You have {n} dot left.", "You have {n} dots left.", ballot.left),
    )
    dots = [
        act(f"🔵 {one.number}", "dot", one.id, 0, page)
        if one.id in ballot.mine
        else act(str(one.number), "dot", one.id, 1, page)
        for one in shown
    ]
    return Message(
        text,
        buttons.keyboard(
            *rows_of(dots, WIDTH),
            pager("vote", (circle.id, ballot.question_id), page, pages),
            [act(t.plain("✓ Done with this question"), "here", circle.id)],
        ),
    )


def render_dot_toast(dotted: Dotted, left: int, t: Translator) -> str:
    """What became of a dot."""
    if dotted is Dotted.NONE_LEFT:
        return t.plain("Your {n} dots are placed. Tap one of them to take it back.", n=DOTS)
    return t.plain("Dots left: {n}", n=left)


def render_merged_toast(t: Translator, *, is_news: bool) -> str:
    """Two points put together, or one of them was gone."""
    return t.plain("Put together.") if is_news else t.plain("That point is no longer there by itself.")


def _number(point: NumberedPoint) -> str:
    return f"{point.number} ×{len(point.texts)}" if len(point.texts) > 1 else str(point.number)
