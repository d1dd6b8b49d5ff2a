"""The coordinator's screens about visitors: the desk of a call, its lists, one visitor, what the file is called."""

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.buttons import Rows, keyboard, pack
from bot.checkin.messages.wording import clock_time
from bot.checkin.messages.wording import data as checkin_data
from bot.checkin.outcomes import Cancelled, NothingOpen, TooEarly
from bot.checkin.rules import Status
from bot.forum.arrival_desk import DeskEntry
from bot.forum.messages.lectures import act
from bot.forum.messages.occasions import clock, heading
from bot.forum.messages.wording import PARTS, STATES, bold, lines, page_of, paragraphs, short
from bot.forum.models import HOLDING, Part
from bot.forum.occasions import Occasion
from bot.forum.views import CallView, Phase
from bot.forum.visitor_lists import DeskView, Entry
from bot.i18n import N_, Translator
from bot.outbox.calls import Message

EVERYBODY, MISSING, ARRIVED, WAITING = range(4)
LISTS = {
    EVERYBODY: N_("👥 Everybody with a place"),
    MISSING: N_("⏳ Not here yet"),
    ARRIVED: N_("✅ Here"),
    WAITING: N_("🕒 Waiting list"),
}
WAYS = {
    "code": N_("typed code"),
    "scan": N_("scanned code"),
    "button": N_("button of somebody early"),
    "gate": N_("at the gate"),
    "desk": N_("desk"),
    "hand": N_("by hand"),
    "roll": N_("roll call"),
    "paper": N_("paper sheet"),
    "place": N_("location"),
}


def tool(call: CallView, t: Translator) -> InlineKeyboardButton | None:
    """On a coordinator's page of a call: who comes in."""
    if call.phase in (Phase.DRAFT, Phase.CANCELLED):
        return None
    return act(t.plain("🚪 At the door"), "desk", call.id)


def render_desk(desk: DeskView, t: Translator, *, may_change: bool, may_thank: bool = False) -> Message:
    """Who has signed up, who has come, what is free."""
    occasion, call_id = desk.occasion, desk.occasion.call_id
    counts = t(
        "Places taken {seated} · here {arrived} · free {free} · waiting list {waiting}",
        seated=bold(str(len(desk.seated))),
        arrived=bold(str(len(desk.arrived))),
        free=bold(str(desk.free)),
        waiting=bold(str(len(desk.waiting))),
    )
    closed = None if desk.has_checkin else t("The check-in is not open yet, so nobody can come in by code.")
    rows: Rows = [[_list(which, desk, t)] for which in LISTS if which == EVERYBODY or chosen(desk, which)]
    find = [act(t.plain("🔎 Find somebody"), "find", call_id)] if may_change else []
    opening = t.plain("📋 Check-in") if desk.has_checkin else t.plain("📋 Open the check-in")
    to_checkin = InlineKeyboardButton(opening, callback_data=checkin_data("activity", occasion.activity_id))
    rows += [
        [*find, act(t.plain("🔄 Refresh"), "desk", call_id)],
        [*([to_checkin] if may_change else []), act(t.plain("📄 List for Excel"), "sheet", call_id)],
        [act(t.plain("🙏 Thank those who came"), "thank", call_id)] if may_thank else [],
        [_to_call(call_id, t)],
    ]
    text = paragraphs(heading(occasion, t), counts, closed)
    return Message(text, keyboard(*rows))


def render_list(desk: DeskView, which: int, page: int, t: Translator) -> Message:
    """One page of one list; each name leads to the visitor."""
    found = chosen(desk, which)
    page, pages, shown = page_of(page, len(found))
    rows: Rows = [[_row(entry, t)] for entry in found[shown]]
    call_id = desk.occasion.call_id
    head = t("{list}: {n}", list=bold(t.plain(LISTS[which])), n=len(found))
    return Message(
        paragraphs(lines(head, bold(desk.occasion.title)), None if found else t("Nobody.")),
        keyboard(*rows, _pager(call_id, which, page, pages), [_back(call_id, t)]),
    )


def render_ask_find(desk: DeskView, t: Translator) -> Message:
    """Asks whom to look for."""
    return Message(
        paragraphs(
            heading(desk.occasion, t), t("🔎 Send me part of the name, or the last three digits or more of the phone.")
        ),
        keyboard([act(t.plain("Done"), "found", desk.occasion.call_id)]),
    )


def render_found(call_id: int, entries: Sequence[Entry], t: Translator) -> Message:
    """Whom the search found; the next name can be sent at once."""
    done = [act(t.plain("Done"), "found", call_id)]
    if not entries:
        return Message(
            t("Nobody like that has signed up. Send me another part of the name, or three digits of the phone."),
            keyboard(done),
        )
    rows: Rows = [[_row(entry, t)] for entry in entries[:8]]
    more = len(entries) - 8
    text = lines(
        t("Who is it? Or send me the next name."),
        t.plural("… and {n} more", "… and {n} more", more) if more > 0 else None,
    )
    return Message(text, keyboard(*rows, done))


def render_visitor(found: DeskEntry, t: Translator, *, may_change: bool) -> Message:
    """One visitor, with what can be done."""
    entry, occasion = found.entry, found.occasion
    who = lines(
        Markup("{}{}").format(bold(entry.name or "–"), f" · {entry.unit}" if entry.unit else ""),
        Markup("☎️ {}").format(entry.phone) if entry.phone else None,
        Markup("{} · {}").format(t(PARTS[entry.part]), t(STATES[entry.status])),
    )
    return Message(
        paragraphs(who, _record(found, t)),
        keyboard(*(_visitor_actions(entry, t) if may_change else []), [_back(occasion.call_id, t)]),
    )


def render_not_marked(outcome: TooEarly | Cancelled | NothingOpen, t: Translator) -> str:
    """Why a press has recorded nothing."""
    match outcome:
        case TooEarly(activity, opens_at):
            return t.plain("Not yet: the check-in opens at {time}.", time=clock_time(opens_at, activity))
        case Cancelled():
            return t.plain("This activity has been cancelled.")
        case NothingOpen():
            return t.plain("Nothing was recorded: please open the check-in first.")


def chosen(desk: DeskView, which: int) -> Sequence[Entry]:
    """The people of one list."""
    return {EVERYBODY: desk.seated, MISSING: desk.missing, ARRIVED: desk.arrived, WAITING: desk.waiting}[which]


def headings(t: Translator) -> list[str]:
    """The columns of the file."""
    return [
        t.plain("Name"),
        t.plain("Unit"),
        t.plain("Phone"),
        t.plain("Takes part as"),
        t.plain("Stands"),
        t.plain("Signed up"),
        t.plain("Arrived"),
        t.plain("How"),
        t.plain("Of the camp"),
    ]


def sheet_name(t: Translator) -> str:
    """What the sheet of the file is called."""
    return t.plain("Visitors")


def file_name(occasion: Occasion, at: datetime, t: Translator) -> str:
    """What the file is called, with the local time it was asked for."""
    name = "".join(character for character in occasion.title if character not in '\\/:*?"<>|\r\n\t')[:40].strip()
    return t.plain("Visitors {title} {at}.xlsx", title=name, at=f"{at:%Y-%m-%d %H%M}")


def row_of(entry: Entry, t: Translator) -> list[object]:
    """A line of the file; instants stay instants."""
    return [
        entry.name,
        entry.unit,
        entry.phone,
        t.plain(PARTS[entry.part]),
        t.plain(STATES[entry.status]),
        entry.signed_at,
        entry.arrived_at,
        t.plain(WAYS[entry.way]) if entry.way in WAYS else entry.way,
        t.plain("no") if entry.is_guest else t.plain("yes"),
    ]


def _record(found: DeskEntry, t: Translator) -> Markup:
    entry = found.entry
    if entry.is_trainee:
        return t("This is a trainee of the camp: the record is kept in the check-in, and can be changed there.")
    if entry.arrived_at is None:
        return t("Not here yet.")
    late = found.arrival is Status.LATE
    return t(
        "✅ Here since {time} ({how}), {word}. Receipt {receipt}",
        time=clock(entry.arrived_at, found.occasion),
        how=t.plain(WAYS[entry.way]) if entry.way in WAYS else entry.way,
        word=t.plain("late") if late else t.plain("on time"),
        receipt=Markup("<code>{}</code>").format(found.receipt),
    )


def _visitor_actions(entry: Entry, t: Translator) -> Rows:
    if entry.is_trainee:
        return []
    if entry.arrived_at is not None:
        return [[act(t.plain("↺ Take it back"), "undo", entry.signup_id)]]
    may_come = entry.status in HOLDING or entry.part == Part.SPEAKER
    return [[act(t.plain("✅ Has arrived"), "mark", entry.signup_id)]] if may_come else []


def _row(entry: Entry, t: Translator) -> InlineKeyboardButton:
    sign = "✅ " if entry.arrived_at is not None else "" if entry.status in HOLDING else "🕒 "
    tail = f" · {entry.phone[-4:]}" if entry.phone else ""
    unit = f" · {entry.unit}" if entry.unit else ""
    return act(short(f"{sign}{entry.name or '–'}{tail}{unit}"), "visitor", entry.signup_id)


def _list(which: int, desk: DeskView, t: Translator) -> InlineKeyboardButton:
    label = t.plain("{list}: {n}", list=t.plain(LISTS[which]), n=len(chosen(desk, which)))
    return act(label, "list", desk.occasion.call_id, which, 0)


def _pager(call_id: int, which: int, page: int, pages: int) -> list[InlineKeyboardButton]:
    if pages < 2:
        return []
    return [
        act("◀", "list", call_id, which, (page - 1) % pages),
        act(f"{page + 1}/{pages}", "list", call_id, which, page),
        act("▶", "list", call_id, which, (page + 1) % pages),
    ]


def _back(call_id: int, t: Translator) -> InlineKeyboardButton:
    return act(t.plain("« At the door"), "desk", call_id)


def _to_call(call_id: int, t: Translator) -> InlineKeyboardButton:
    return InlineKeyboardButton(t.plain("« The call"), callback_data=pack("forum", "manage", call_id))
