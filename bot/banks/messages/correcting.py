"""Correcting a question: choosing another key, typing other words, and what follows from it."""

from markupsafe import Markup

from bot import buttons
from bot.banks.correcting import Corrected
from bot.banks.messages.wording import act, letter, options_of, stem_of, truth, whole
from bot.banks.questions import Choices, Question, TrueFalse
from bot.banks.service import Kept
from bot.i18n import N_, Translator
from bot.outbox.calls import Message
from bot.people.messages.wording import lines, paragraphs

WIDTH = 4
_PROMPTS = {
    "words": N_(
        "Send me the new text of the question. To change an option instead, begin with its letter, "
        "such as <code>B. …</code>"
    ),
    "why": N_("Send me the new explanation. A single dash <code>-</code> takes it away."),
    "key": N_("Send me the accepted answers, one a line. A number may have a tolerance: <code>3.14±0.01</code>."),
}


def render_key(kept: Kept, ticked: int, t: Translator) -> Message:
    """Choose the right answers; ``ticked`` has a bit for each."""
    body = kept.question.body
    head = t("✏️ What is right?")
    ids = (kept.id, kept.version)
    if isinstance(body, TrueFalse):
        row = [act(str(truth(one, t)), "keep", *ids, int(one)) for one in (True, False)]
        rows = [row]
    else:
        assert isinstance(body, Choices)  # noqa: S101 - the caller has looked
        ticks = [
            act(f"{'☑' if ticked >> place & 1 else '☐'} {letter(place)}", "key", *ids, ticked ^ 1 << place)
            for place in range(len(body.choices))
        ]
        rows = [ticks[start : start + WIDTH] for start in range(0, len(ticks), WIDTH)]
        rows += [[act(t.plain("💾 Save"), "keep", *ids, ticked)]] if ticked else []
    text = paragraphs(head, stem_of(kept.question), options_of(kept.question, t, with_key=False) or None, _warning(t))
    return Message(text, buttons.keyboard(*rows, [act(t.plain("✖ Cancel"), "question", kept.id)]))


def render_prompt(kept: Kept, field: str, t: Translator) -> Message:
    """Ask for the new words."""
    text = paragraphs(whole(kept.question, t), t(_PROMPTS[field]))
    return Message(text, buttons.keyboard([act(t.plain("✖ Cancel"), "stop", kept.id)]))


def render_not_understood(t: Translator) -> Message:
    """What was typed cannot be taken."""
    return Message(t("I cannot take that: the question would no longer be complete. Please send it once more."))


def render_proposal(kept: Kept, proposal: Question, t: Translator) -> Message:
    """The question as it would be."""
    text = paragraphs(t("This is how it would be:"), whole(proposal, t), _warning(t))
    row = [act(t.plain("💾 Save"), "save", kept.id), act(t.plain("✖ Cancel"), "stop", kept.id)]
    return Message(text, buttons.keyboard(row))


def render_corrected(done: Corrected | None, kept: Kept, t: Translator) -> Message:
    """After a correction."""
    if done is None:
        head = t("Nothing was changed: it says so already.")
    else:
        head = lines(t("✅ The question is corrected."), _rescored(done, t))
    text = paragraphs(head, whole(kept.question, t))
    return Message(text, buttons.keyboard([act(t.plain("◀ Back to the question"), "question", kept.id)]))


def _rescored(done: Corrected, t: Translator) -> Markup | None:
    if not done.key_changed:
        return None
    return t("Answers already given are being scored anew, with a record of each change.")


def _warning(t: Translator) -> Markup:
    return t("The old version is kept. If the right answer changes, answers already given are scored anew.")
