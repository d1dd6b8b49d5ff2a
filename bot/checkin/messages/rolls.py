"""The roll call and the head count: the sheet, what came of it, and the list where count and record differ."""

import zlib
from collections.abc import Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.buttons import Rows, button, keyboard
from bot.checkin.attendance import Counted
from bot.checkin.boards import Attendee
from bot.checkin.head_counts import HeadCountView
from bot.checkin.messages.ways import back
from bot.checkin.messages.wording import clock_time, data, headline, line_of, lines
from bot.checkin.outcomes import ActivityView
from bot.checkin.roll_calls import Called, Roll, Undone
from bot.i18n import Translator
from bot.outbox.calls import Message

NAMES = 16
NUMBERS = 18
MOST_NAMES = 40
EVERYBODY = "-"


def group_key(group: str | None) -> str:
    """How a button names a group: a number made of its name, since a button carries no words."""
    return EVERYBODY if group is None else f"{zlib.crc32(group.encode()):x}"


def find_group(key: str, groups: Sequence[str]) -> str | None:
    """The group that a button names; ``None`` for everybody.

    Raises:
        KeyError: no group of that name is left.
    """
    return None if key == EVERYBODY else {group_key(group): group for group in groups}[key]


def label_my_group(t: Translator) -> str:
    """The button on a group leader's screen."""
    return t.plain("🙋 My group")


def render_led(activities: Sequence[ActivityView], group: str, t: Translator) -> Message:
    """A group leader's screen: what is on now, and what can be done for the own group."""
    if not activities:
        return Message(
            t("🙋 {group}\nNothing is on at the moment. Come back when the next activity begins.", group=group)
        )
    rows: Rows = []
    for activity in activities:
        title = _short(f"{clock_time(activity.starts_at, activity)} {activity.title}")
        rows.append([button(title, data("roll", activity.id, group_key(group), 0))])
        rows.append(
            [
                button(t.plain("🙋 Roll call"), data("roll", activity.id, group_key(group), 0)),
                button(t.plain("🔢 Head count"), data("heads", activity.id, group_key(group), -1)),
            ]
        )
    return Message(t("🙋 {group}: what is on now", group=group), keyboard(*rows))


def render_roll(roll: Roll, page: int, t: Translator) -> Message:
    """The sheet: tap whoever is not there, then one press for all others."""
    pages = max(1, -(-len(roll.waiting) // NAMES))
    page = min(max(page, 0), pages - 1)
    whom = roll.group if roll.group is not None else t("everybody")
    present = len(roll.waiting) - len(roll.absent)
    text = lines(
        t("🙋 Roll call: {title}", title=headline(roll.activity)),
        t(
            "{group}: {arrived} checked in, {waiting} not yet",
            group=whom or t("no group"),
            arrived=roll.arrived,
            waiting=len(roll.waiting),
        ),
        t.plural("{n} is excused.", "{n} are excused.", roll.excused) if roll.excused else "",
        "",
        t("Tap whoever is <b>not</b> here. Then press the last button: all others are here.")
        if roll.waiting
        else t("Everybody is recorded already."),
    )
    key = group_key(roll.group)
    call = (
        t.plain("✅ All others are here ({n})", n=present) if roll.absent else t.plain("✅ All {n} are here", n=present)
    )
    confirm = [button(call, data("call", roll.activity.id, key))] if present else []
    return Message(
        text, keyboard(*_groups(roll, t), *_names(roll, page), _pager(roll, page, pages), confirm, _out(roll, t))
    )


def render_called(called: Called, t: Translator) -> Message:
    """After the call."""
    absent = [_named(called.absent, t), t("They can still check in when they come.")] if called.absent else []
    head = t("🙋 Roll called: {title}", title=headline(called.activity))
    done = t.plural("{n} person is recorded as here.", "{n} people are recorded as here.", called.recorded)
    not_here = [t("Not here: {names}", names=absent[0]), absent[1]] if absent else []
    undo = button(t.plain("↩️ Take it back"), data("unroll", called.roll_call_id))
    return Message(lines(head, done, *not_here), keyboard([undo], [_again(called.activity, called.group, t)]))


def render_undone(undone: Undone, t: Translator) -> Message:
    """After a roll call was taken back."""
    text = t.plural(
        "↩️ {title}\nThe roll call was taken back: {n} record is gone.",
        "↩️ {title}\nThe roll call was taken back: {n} records are gone.",
        undone.removed,
        title=headline(undone.activity),
    )
    return Message(text, keyboard([_again(undone.activity, None, t)]))


def render_count(view: HeadCountView, low: int, t: Translator) -> Message:
    """One group: the numbers to choose from, and what the count means beside the record."""
    parts = [
        t("🔢 Head count: {title}", title=headline(view.activity)),
        t(
            "{group}: {arrived} of {expected} checked in",
            group=view.group or t("everybody"),
            arrived=len(view.arrived),
            expected=view.expected,
        ),
        t.plural("{n} is excused.", "{n} are excused.", len(view.excused)) if view.excused else "",
        "",
        *_difference(view, t),
    ]
    key = group_key(view.group or None)
    low = min(max(view.expected - 12 if low < 0 else low, 0), max(0, view.expected + 20 - NUMBERS + 1))
    numbers = [
        button(f"• {n}" if n == view.counted else str(n), data("count", view.activity.id, key, n))
        for n in range(low, low + NUMBERS)
    ]
    fewer = [button("◀", data("heads", view.activity.id, key, max(0, low - NUMBERS)))] if low else []
    roll = [button(t.plain("🙋 Roll call"), data("roll", view.activity.id, key, 0))]
    rows = [numbers[start : start + 6] for start in range(0, NUMBERS, 6)]
    return Message(lines(*parts), keyboard(*rows, fewer, roll, [back(view.activity, t)]))


def render_counts(
    activity: ActivityView, groups: Sequence[tuple[str, int]], counted: Sequence[Counted], t: Translator
) -> Message:
    """The coordinator's view of all groups: who has counted, and where count and record differ."""
    said = {one.group: one for one in counted}
    rows = []
    for group, _ in groups:
        one = said.get(group)
        sign = "" if one is None else "⚠️ " if one.differs else "✅ "
        label = group or t.plain("no group") if one is None else f"{group}: {one.counted} / {one.arrived}"
        rows.append([button(_short(sign + label), data("heads", activity.id, group_key(group), -1))])
    text = lines(
        t("🔢 Head counts: {title}", title=headline(activity)),
        line_of(activity),
        t("Counted / checked in. Group leaders count on their own phone; you can count for a group, too."),
    )
    return Message(text, keyboard(*rows, [back(activity, t)]))


def _difference(view: HeadCountView, t: Translator) -> list[Markup | str]:
    if view.counted is None:
        return [t("How many do you see in the room? Press the number.")]
    if not view.difference:
        return [
            t.plural(
                "✅ Counted {n}, and as many are checked in.",
                "✅ Counted {n}, and as many are checked in.",
                view.counted,
            )
        ]
    head = t("Counted {counted}, checked in {arrived}.", counted=view.counted, arrived=len(view.arrived))
    if view.difference > 0:
        names = _named(view.waiting, t) if view.waiting else t("nobody on the list")
        return [
            head,
            t("Not checked in yet: {names}", names=names),
            t("Perhaps a phone is at home: look together, and use the roll call for whoever sits here."),
        ]
    names = _named(view.arrived, t)
    return [head, t("Checked in: {names}", names=names), t("Perhaps somebody has just stepped out.")]


def _named(people: Sequence[Attendee], t: Translator) -> Markup:
    names = t.join([one.name for one in people[:MOST_NAMES]])
    more = len(people) - MOST_NAMES
    rest = t.plural("and {n} more", "and {n} more", more) if more > 0 else ""
    return Markup(" ").join(part for part in (Markup("{}").format(names), rest) if part)


def _groups(roll: Roll, t: Translator) -> Rows:
    if roll.is_leader or len(roll.groups) < 2:
        return []
    tabs: list[tuple[str | None, str]] = [(None, t.plain("everybody").capitalize())]
    tabs += [(name, f"{name or t.plain('no group')} {count}") for name, count in roll.groups]
    buttons = [
        button(f"• {label}" if name == roll.group else label, data("roll", roll.activity.id, group_key(name), 0))
        for name, label in tabs
    ]
    return [buttons[start : start + 3] for start in range(0, len(buttons), 3)]


def _names(roll: Roll, page: int) -> Rows:
    key = group_key(roll.group)
    shown = roll.waiting[page * NAMES : (page + 1) * NAMES]
    buttons = [
        button(
            _short(f"✖ {one.name}" if one.person_id in roll.absent else one.name, 20),
            data("abs", roll.activity.id, key, page, one.person_id),
        )
        for one in shown
    ]
    return [buttons[start : start + 2] for start in range(0, len(buttons), 2)]


def _pager(roll: Roll, page: int, pages: int) -> list[InlineKeyboardButton]:
    if pages < 2:
        return []
    key, number = group_key(roll.group), roll.activity.id
    return [
        button("◀", data("roll", number, key, (page - 1) % pages)),
        button(f"{page + 1}/{pages}", data("roll", number, key, page)),
        button("▶", data("roll", number, key, (page + 1) % pages)),
    ]


def _out(roll: Roll, t: Translator) -> list[InlineKeyboardButton]:
    if roll.is_leader:
        return [button(t.plain("« Back"), data("lead", roll.activity.cohort_id))]
    return [back(roll.activity, t)]


def _again(activity: ActivityView, group: str | None, t: Translator) -> InlineKeyboardButton:
    return button(t.plain("« Back to the roll"), data("roll", activity.id, group_key(group), 0))


def _short(label: str, length: int = 40) -> str:
    return label if len(label) <= length else f"{label[: length - 1]}…"
