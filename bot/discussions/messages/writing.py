"""Wording of the silent writing: what is asked, what one has written so far, one point to be changed."""

from collections.abc import Sequence

from markupsafe import Markup

from bot import buttons
from bot.discussions.messages.wording import (
    LABEL,
    SHOWN,
    act,
    clip,
    kept_line,
    lines,
    paragraphs,
    question_line,
    title,
)
from bot.discussions.models import Note, Stage
from bot.discussions.outcomes import Kept, Place
from bot.discussions.rules import LONGEST
from bot.i18n import Translator
from bot.outbox.calls import Message


def render_writing(
    place: Place, question_id: int, notes: Sequence[Note], t: Translator, kept: Kept | None = None
) -> Message:
    """One question, what this person has written on it, and how to go on; ``kept`` is what became of the last text."""
    circle = place.circle
    mine = [note for note in notes if note.question_id == question_id]
    text = paragraphs(
        lines(title(circle.occasion, t), question_line(circle.occasion, question_id, t)),
        kept_line(kept, t) if kept is not None else None,
        lines(*(Markup("{}) {}").format(at, clip(note.text, SHOWN)) for at, note in enumerate(mine, 1))),
        _how(place, t),
    )
    edits = [act(clip(f"✏️ {at}) {note.text}", LABEL), "note", note.id or 0) for at, note in enumerate(mine, 1)]
    rows = [[one] for one in edits] if circle.stage is Stage.WRITING else []
    return Message(text, buttons.keyboard(*rows, [act(t.plain("✓ Done with this question"), "here", circle.id)]))


def render_dropped(place: Place, question_id: int, notes: Sequence[Note], t: Translator) -> Message:
    """What is left after one's own point was taken back; it is opened again by a tap."""
    circle = place.circle
    mine = [note for note in notes if note.question_id == question_id]
    text = paragraphs(
        lines(title(circle.occasion, t), question_line(circle.occasion, question_id, t)),
        t("🗑 Taken back."),
        lines(*(Markup("{}) {}").format(at, clip(note.text, SHOWN)) for at, note in enumerate(mine, 1))),
    )
    more = [act(t.plain("✍️ Write on"), "write", circle.id, question_id)]
    return Message(text, buttons.keyboard(more, [act(t.plain("« Back"), "here", circle.id)]))


def render_note(note: Note, place: Place, t: Translator) -> Message:
    """One of one's own points, to be changed or taken back."""
    text = paragraphs(question_line(place.circle.occasion, note.question_id, t), Markup("{}").format(note.text))
    number = note.id or 0
    return Message(
        text,
        buttons.keyboard(
            [act(t.plain("✏️ Word it anew"), "edit", number), act(t.plain("🗑 Take it back"), "drop", number)],
            [act(t.plain("« Back"), "write", place.circle.id, note.question_id)],
        ),
    )


def render_ask_anew(note: Note, t: Translator) -> Message:
    """Ask for the new words."""
    text = lines(t("Please send the new words for:"), Markup("<code>{}</code>").format(note.text))
    return Message(text, buttons.keyboard([act(t.plain("« Leave it as it is"), "note", note.id or 0)]))


def render_not_kept(kept: Kept, t: Translator) -> Message:
    """A text that does not fit."""
    return Message(kept_line(kept, t))


def render_put_away(place: Place, question_id: int, count: int, t: Translator) -> Message:
    """In place of the screen under which something has been typed since."""
    said = t.plural("✓ {n} point kept.", "✓ {n} points kept.", count)
    return Message(lines(question_line(place.circle.occasion, question_id, t), said))


def _how(place: Place, t: Translator) -> str:
    if place.circle.stage is Stage.MERGING:
        return t("Send a point that was forgotten; it gets a number at once.")
    return t(
        "Send me your points: one a message, or as a list with a dash before each line ({most} characters each).",
        most=LONGEST,
    )
