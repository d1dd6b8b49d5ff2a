"""The running order on paper, in words: columns, rows, the name of the file."""

from typing import Any

from bot.forum.messages.day_wording import at, label, who
from bot.forum.messages.wording import day_and_hour, hour
from bot.forum.plan import State
from bot.forum.running_order import Item, Order
from bot.i18n import Translator

UNSAFE = '\\/:*?"<>|'


def page(order: Order, t: Translator) -> dict[str, Any]:
    """Everything the template puts on the page, as plain text."""
    call = order.call
    until = hour(call.ends_at, call.time_zone)
    return {
        "lang": t.language,
        "cohort": call.cohort_name,
        "title": call.title,
        "heading": t.plain("Running order"),
        "when": f"{day_and_hour(call.starts_at, call.time_zone, t)}–{until}",
        "place": call.place,
        "head": [t.plain("Begins"), t.plain("Minutes"), t.plain("Who speaks"), t.plain("On what"), t.plain("Notes")],
        "rows": [_row(item, order, t) for item in order.items],
        "foot": t.plain("As of {when}", when=day_and_hour(order.now, call.time_zone, t)),
    }


def file_name(order: Order, t: Translator) -> str:
    """A name that says what it is."""
    title = "".join(" " if sign in UNSAFE else sign for sign in order.call.title)[:40].strip()
    return t.plain("Running order {title}", title=title) + ".pdf"


def _row(item: Item, order: Order, t: Translator) -> dict[str, Any]:
    begins = "—" if item.timed.state is State.SKIPPED else at(item.timed.starts_at, order)
    minutes = str(item.piece.minutes)
    if item.talk is None:
        return {"break": True, "cells": [begins, minutes, label(item, t), "", ""]}
    talk = item.talk
    said = [part for part in (talk.title, t.plain("Topic: {topic}", topic=talk.topic) if talk.topic else "") if part]
    needs = t.plain("Slides") if talk.has_slides else ""
    notes = " · ".join(part for part in (needs, talk.needs) if part)
    return {"break": False, "cells": [begins, minutes, f"{item.number}. {who(talk.party, t)}", "\n".join(said), notes]}
