"""What stands on the seat cards and beside their file."""

from typing import Any

from bot import i18n
from bot.i18n import N_, Translator
from bot.outbox.calls import Message
from bot.people.messages.wording import bold, span
from bot.people.models import Cohort

INSTRUCTION = N_("Scan with your phone, or send this code to the bot in Telegram:")


def file_name(cohort: Cohort, t: Translator) -> str:
    """What the file is called."""
    return t.plain("Seat cards - {cohort}.pdf", cohort=cohort.name).replace("/", "-")


def sheet(cohort: Cohort, t: Translator) -> dict[str, Any]:
    """What all the cards of a sheet have in common; the instruction stands there in every language."""
    first = [t.language, *(language for language in i18n.LANGUAGES if language != t.language)]
    return {
        "lang": t.language,
        "cohort": cohort.name,
        "dates": span(cohort.starts_on, cohort.ends_on, t),
        "instructions": [i18n.translator(language).plain(INSTRUCTION) for language in first],
        "once": t.plain("works once, for one person"),
    }


def render_making_cards(cohort: Cohort, cards: int, t: Translator) -> Message:
    """Before the file arrives, or instead of it when nobody needs a card."""
    if not cards:
        return Message(t("Everybody in {cohort} is linked; nobody needs a card.", cohort=bold(cohort.name)))
    return Message(
        t.plural(
            "Making the seat card of {n} trainee who is not linked yet …",
            "Making the seat cards of {n} trainees who are not linked yet …",
            cards,
        )
    )


def caption(t: Translator) -> str:
    """Under the file."""
    return t("Print on A4 and cut along the lines. Each card works once and links one person.")
