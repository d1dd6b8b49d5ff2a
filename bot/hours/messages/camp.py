"""A cohort's ledgers for its coordinator: the list in the order of the roster, never ranked."""

from markupsafe import Markup

from bot.buttons import button, keyboard, pack
from bot.hours.messages.wording import LIGHTS, data, length, lines, page_of, pager, short
from bot.hours.viewing import Account, Overview
from bot.i18n import Translator
from bot.outbox.calls import Message


def render_overview(overview: Overview, *, only_near: bool, page: int, t: Translator) -> Message:
    """Everybody, or those who have used half of their allowance or more; tapping a name shows the ledger."""
    near = overview.near()
    accounts = near if only_near else overview.accounts
    page, pages, shown = page_of(page, len(accounts))
    cohort_id = overview.cohort_id
    tabs = [
        button(_tab(t.plain("Everybody {n}", n=len(overview.accounts)), not only_near), data("camp", cohort_id, 0, 0)),
        button(_tab(t.plain("Half used or more {n}", n=len(near)), only_near), data("camp", cohort_id, 1, 0)),
    ]
    people = [[button(_label(one, t), data("person", cohort_id, one.trainee.person_id))] for one in accounts[shown]]
    text = lines(
        t("⏳ <b>Hours</b>"),
        Markup("{}").format(overview.cohort_name),
        t("What each may still miss. Tap a name for the ledger.") if accounts else t("Nobody."),
    )
    foot = [
        button(t.plain("📖 The rules"), data("rules", cohort_id)),
        button(t.plain("« Back"), pack("people", "camp", cohort_id)),
    ]
    return Message(text, keyboard(tabs, *people, pager("camp", (cohort_id, int(only_near)), page, pages), foot))


def _tab(label: str, chosen: bool) -> str:
    return f"• {label}" if chosen else label


def _label(account: Account, t: Translator) -> str:
    ledger = account.ledger
    left = t.plain("{left} left", left=length(ledger.left, t)) if ledger.rules.has_limit else ""
    return short(" · ".join(part for part in (f"{LIGHTS[ledger.level]} {account.trainee.name}", left) if part))
