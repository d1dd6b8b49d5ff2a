"""The lists of an activity, one person's record in it, and the marks that a coordinator can set."""

from collections.abc import Mapping

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.buttons import button, keyboard
from bot.checkin.boards import Attendee, Board, Marked, MarkView
from bot.checkin.messages.wording import clock_time, data, day_of, headline, line_of, lines
from bot.checkin.models import Method, Way
from bot.checkin.outcomes import ActivityView
from bot.checkin.rules import Status
from bot.i18n import N_, Translator
from bot.outbox.calls import Message

PAGE = 8
MOST_NAMES = 120
LABEL = 40
STATUSES = (Status.PRESENT, Status.LATE, Status.MISSING, Status.EXCUSED)
MARKS = STATUSES[:3]
"""What a coordinator may set; an excuse comes by leave."""
SIGNS = {Status.PRESENT: "✅", Status.LATE: "🕘", Status.MISSING: "⬜", Status.EXCUSED: "🌿"}
WORDS = {
    Status.PRESENT: N_("present"),
    Status.LATE: N_("late"),
    Status.MISSING: N_("missing"),
    Status.EXCUSED: N_("excused"),
}
WAYS: Mapping[str, str] = {
    Method.CODE: N_("by the typed code"),
    Method.SCAN: N_("by the QR code"),
    Method.BUTTON: N_("by the early button"),
    Method.HAND: N_("by hand"),
    Way.GATE: N_("scanned at the door"),
    Way.ROLL: N_("by roll call"),
    Way.PAPER: N_("from paper"),
    Way.DESK: N_("as a walk-in"),
    Way.PLACE: N_("by location"),
}


def render_list(board: Board, status: Status, page: int, t: Translator) -> Message:
    """One status, eight people a page, by group; tapping a name shows that person's record."""
    people, activity = board.of(status), board.activity
    pages = max(1, -(-len(people) // PAGE))
    page = min(max(page, 0), pages - 1)
    shown = people[page * PAGE : (page + 1) * PAGE]
    shown_tabs = STATUSES if board.excused or status is Status.EXCUSED else MARKS
    tabs = [button(_tab(board, one, status, t), list_data(activity, one, 0)) for one in shown_tabs]
    names = [
        [button(_name_label(one, activity), data("person", activity.id, one.person_id, _code(status), page))]
        for one in shown
    ]
    title = t("{title}: {status}", title=headline(activity), status=t(WORDS[status]))
    text = lines(
        title,
        t("Nobody.") if not people else t("Tap a name to change the mark."),
        unlinked_line(board, t) if status is Status.MISSING and board.unlinked else "",
    )
    back = [button(t.plain("« Back"), data("activity", activity.id))]
    return Message(text, keyboard(tabs, *names, _pager(activity, status, page, pages), back))


def render_mark(view: MarkView, status: Status, page: int, t: Translator) -> Message:
    """One person at one activity, and the marks that can be set; ``status`` and ``page`` lead back to the list."""
    person, activity = view.attendee, view.activity
    marks = [
        button(
            ("• " if one is person.status else "") + f"{SIGNS[one]} " + t.plain(WORDS[one]).capitalize(),
            data("mark", activity.id, person.person_id, _code(one), _code(status), page),
        )
        for one in MARKS
    ]
    back = [button(t.plain("« Back to the list"), list_data(activity, status, page))]
    return Message(
        lines(
            Markup("<b>{}</b>{}").format(person.name, f" · {person.group}" if person.group else ""),
            line_of(activity),
            _status_line(view, t),
            _marked_line(view, t),
        ),
        keyboard(marks, back),
    )


def render_marked_toast(marked: Marked, t: Translator) -> str:
    """The short line over the chat after a mark."""
    person = marked.view.attendee
    if not marked.changed:
        return t.plain("{name} was already down as {status}.", name=person.name, status=t.plain(WORDS[person.status]))
    return t.plain(
        "{name}: {before} → {after}",
        name=person.name,
        before=t.plain(WORDS[marked.before]),
        after=t.plain(WORDS[person.status]),
    )


def read_status(code: int) -> Status | None:
    """The status that stands in a button."""
    return STATUSES[code] if 0 <= code < len(STATUSES) else None


def _status_line(view: MarkView, t: Translator) -> Markup:
    person, status = view.attendee, t(WORDS[view.attendee.status])
    if person.arrived_at is None:
        return t("Now: {status}", status=status)
    time = clock_time(person.arrived_at, view.activity)
    receipt = Markup("<code>{}</code>").format(view.receipt) if view.receipt else "–"
    left = clock_time(person.left_at, view.activity) if person.left_at else ""
    return lines(
        t("Now: {status}, arrived {time}. Receipt {receipt}", status=status, time=time, receipt=receipt),
        t("Recorded {way}.", way=t(WAYS[person.way])) if person.way in WAYS else "",
        t("Left {time}.", time=left) if left else "",
        t("The location was away from the site: a hint, no more.") if person.inside is False else "",
    )


def _marked_line(view: MarkView, t: Translator) -> Markup:
    if view.marked_at is None:
        return Markup("")
    return t(
        "Marked by {name}, {day} {time}.",
        name=view.marked_by,
        day=day_of(view.marked_at, view.activity, t),
        time=clock_time(view.marked_at, view.activity),
    )


def unlinked_line(board: Board, t: Translator) -> Markup:
    """How many of the missing could not have checked in alone."""
    return t.plural(
        "{n} of the missing has no Telegram account linked, so could not check in alone.",
        "{n} of the missing have no Telegram account linked, so could not check in alone.",
        board.unlinked,
    )


def list_data(activity: ActivityView, status: Status, page: int) -> str:
    """The callback data of one page of a list."""
    return data("list", activity.id, _code(status), page)


def _code(status: Status) -> int:
    return STATUSES.index(status)


def _tab(board: Board, one: Status, chosen: Status, t: Translator) -> str:
    label = f"{SIGNS[one]} {t.plain(WORDS[one]).capitalize()} {len(board.of(one))}"
    return f"• {label}" if one is chosen else label


def _name_label(person: Attendee, activity: ActivityView) -> str:
    arrived = f" {clock_time(person.arrived_at, activity)}" if person.arrived_at else ""
    return short(f"{person.name}{arrived}" + (f" · {person.group}" if person.group else ""))


def _pager(activity: ActivityView, status: Status, page: int, pages: int) -> list[InlineKeyboardButton]:
    if pages == 1:
        return []
    earlier, later = (page - 1) % pages, (page + 1) % pages
    return [
        button("◀", list_data(activity, status, earlier)),
        button(f"{page + 1}/{pages}", list_data(activity, status, page)),
        button("▶", list_data(activity, status, later)),
    ]


def short(label: str) -> str:
    """A label that fits a button on a phone."""
    return label if len(label) <= LABEL else f"{label[: LABEL - 1]}…"
