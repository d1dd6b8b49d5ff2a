"""What the screens of the day itself word alike: who speaks, items on buttons, times, the buttons of this part."""

from datetime import datetime, timedelta

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.forum.messages.wording import hour, short
from bot.forum.plan import State
from bot.forum.running_order import Item, Order, Talk
from bot.guests.service import Party
from bot.i18n import Translator

FEATURE = "stage"
NAME = 24
TITLE = 60


def act(label: str, action: str, *ids: int | str) -> InlineKeyboardButton:
    """A button of this part."""
    return buttons.button(label, buttons.pack(FEATURE, action, *ids))


def who(party: Party, t: Translator) -> str:
    """A speaker with the unit they come from."""
    return t.plain("{name} ({unit})", name=party.name, unit=party.unit) if party.unit else party.name


def subject(talk: Talk) -> str:
    """What a talk is called: its title, else its topic; perhaps nothing."""
    return talk.title or talk.topic


def quoted(title: str, t: Translator) -> Markup | None:
    """A title as this language quotes it; nothing for none."""
    return t("«{title}»", title=title) if title else None


def label(item: Item, t: Translator) -> str:
    """An item in a few words, for a button or a line."""
    if item.talk is not None:
        return short(item.talk.party.name, NAME)
    if item.piece.is_speech:
        return t.plain("free place")
    return short(item.piece.label or t.plain("Break"), NAME)


def long_label(item: Item, t: Translator) -> Markup:
    """An item in a line: the speaker in bold and the title, or what the break is called."""
    if item.talk is None:
        return Markup("<i>{}</i>").format(label(item, t))
    title = subject(item.talk)
    said = Markup(" · {}").format(short(title, TITLE)) if title else ""
    return Markup("<b>{}</b>{}").format(item.talk.party.name, said)


def at(instant: datetime, order: Order) -> str:
    """The hour of an instant by the camp's own clock, to the nearest minute."""
    return hour(instant + timedelta(seconds=30), order.call.time_zone)


def mark(item: Item) -> str:
    """A sign for where an item stands."""
    return {State.DONE: "✔ ", State.ON: "▶ ", State.SKIPPED: "⤼ ", State.LATER: ""}[item.timed.state]


def minutes_between(earlier: datetime, later: datetime) -> int:
    """Whole minutes from one instant to a later one."""
    return int((later - earlier).total_seconds() // 60)
