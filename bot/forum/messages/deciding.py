"""The small words around a coordinator's decisions: asking why, and the short lines over the chat."""

from bot.forum.choosing import LONGEST, Finished
from bot.forum.entrants import Entrant
from bot.forum.messages.places import named
from bot.forum.messages.wording import paragraphs
from bot.forum.offers import Answered, Reply
from bot.i18n import N_, Translator
from bot.outbox.calls import Message

ASKED = {
    "give": N_("Why do they get a place? They read it, and it stands in the list."),
    "drop": N_("Why not this time? They read it."),
    "swap": N_("Why do the two change places? Both read it."),
    "back": N_("Why do they lose the place? They read it."),
    "mark": N_("Why this choice? It stands in the list, and they read it."),
}


def render_finished_toast(finished: Finished, t: Translator) -> str:
    """The short line after everybody has been answered."""
    return t.plain("Everybody has an answer ({n}).", n=len(finished.answers))


def render_answered_for_toast(answered: Answered, t: Translator) -> str:
    """The short line after an answer for somebody else."""
    if answered.reply is Reply.ACCEPTED:
        return t.plain("Confirmed.")
    return t.plain("The place goes to the next.") if answered.is_news else t.plain("This has been settled already.")


def render_ask_why(one: Entrant, action: str, t: Translator) -> Message:
    """Ask for the line that goes with a decision."""
    return Message(
        paragraphs(
            named(one),
            t(ASKED[action]),
            t("One line, at most {most} characters. /cancel leaves everything as it is.", most=LONGEST),
        )
    )


def render_bad_reason(t: Translator) -> Message:
    """The line cannot be taken."""
    return Message(t("Please write one line of at most {most} characters, or leave with /cancel.", most=LONGEST))
