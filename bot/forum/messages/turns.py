"""The ledger of turns in words: who has spoken, unit by unit. Not a ranking: units stand in alphabetical order."""

from collections.abc import Sequence

from babel.dates import format_date

from bot.buttons import keyboard
from bot.forum.messages.seat_wording import pager
from bot.forum.messages.wording import act as forum_act
from bot.forum.messages.wording import lines, page_of, paragraphs
from bot.forum.turns import Turn
from bot.i18n import Translator
from bot.outbox.calls import Message

TURNS = 12


def render_turns(cohort_id: int, found: Sequence[Turn], page: int, t: Translator) -> Message:
    """Who of the organisation has spoken lately, unit by unit."""
    page, pages, shown = page_of(page, len(found), TURNS)
    rows = [
        t(
            "{unit} · {name} · {day} · {cohort}",
            unit=one.unit or t("no unit"),
            name=one.name or t("a guest"),
            day=format_date(one.spoke_on, format="medium", locale=t.locale),
            cohort=one.cohort,
        )
        for one in found[shown]
    ]
    nothing = t("Nobody has spoken yet. Each talk that was held is written down here.")
    text = paragraphs(t("🗂 <b>Who has spoken in the last two years</b>"), lines(*rows) if rows else nothing)
    home = [forum_act(t.plain("« Forums"), "desk", cohort_id, 0)]
    return Message(text, keyboard(pager("turns", [cohort_id], page, pages), home))
