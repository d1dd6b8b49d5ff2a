"""The words of editing a timetable in the chat; and the codec of its buttons."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.buttons import Rows
from bot.i18n import N_, Translator
from bot.ids import ActivityId
from bot.outbox.calls import Message
from bot.people.messages.wording import bold, lines, paragraphs, shorten
from bot.people.models import Cohort
from bot.timetable.clashes import Clash, ClashKind
from bot.timetable.editing import Plan, Programme, differences
from bot.timetable.messages.items import cut, day_name, short_day
from bot.timetable.snapshots import Edited, Snapshot
from bot.timetable.times import TimeFault

FEATURE = "tedit"
TITLE, DETAIL, WARNINGS = 60, 40, 12
NOTHING = "—"

CLASHES = {
    ClashKind.OVERLAP: N_("At the same time: {other}"),
    ClashKind.SPEAKER: N_("{what} already speaks at that time: {other}"),
    ClashKind.PLACE: N_("{what} is already taken at that time: {other}"),
    ClashKind.NO_SITE: N_("It is a visit, and no place is given"),
    ClashKind.OUTSIDE: N_("That is outside the camp's days, so no morning message names it"),
    ClashKind.PAST: N_("That is already over"),
}
FAULTS = {
    TimeFault.UNREADABLE: N_("I cannot read “{text}” as a time."),
    TimeFault.NO_SUCH_TIME: N_("There is no such time as “{text}”: hours go from 0 to 23, minutes to 59."),
    TimeFault.NO_SUCH_DAY: N_("There is no such day as “{text}”."),
    TimeFault.SKIPPED: N_("“{text}” does not exist: the clocks of the camp's time zone leave it out."),
    TimeFault.PAST: N_("“{text}” is already over."),
    TimeFault.BACKWARDS: N_("“{text}” ends before it begins."),
}
FIELDS = {
    "place": N_("Room: {before} → <b>{after}</b>"),
    "speaker": N_("Speaker: {before} → <b>{after}</b>"),
}


def render_programme(programme: Programme, t: Translator) -> Message:
    """Which activity is to be changed."""
    cohort_id, zone = programme.cohort.id or 0, ZoneInfo(programme.cohort.time_zone)
    rows: Rows = [[_act(_label(one, zone, t), "one", one.activity_id)] for one in programme.activities]
    rows.append(_pager(programme, "days", [cohort_id]))
    files = [
        _act(t.plain("⬇ Excel"), "export", cohort_id),
        _act(t.plain("🕘 Versions"), "versions", cohort_id, 0),
    ]
    rows += [files, [buttons.button(t.plain("◀ Camp"), buttons.pack("people", "camp", cohort_id))]]
    ask = t("Which activity do you want to change?") if programme.activities else t("There is no activity yet.")
    how = t("Or take the Excel file, edit it and send it back: I show the difference first.")
    return Message(paragraphs(lines(bold(programme.cohort.name), ask), how), buttons.keyboard(*rows))


def render_activity(cohort: Cohort, one: Snapshot, t: Translator) -> Message:
    """One activity and what can be done with it."""
    number, cohort_id = one.activity_id, cohort.id or 0
    back = [_act(t.plain("◀ Timetable"), "days", cohort_id)]
    if one.is_cancelled:
        return Message(
            describe(one, cohort, t), buttons.keyboard([_act(t.plain("↩ Restore"), "restore", number)], back)
        )
    return Message(
        describe(one, cohort, t),
        buttons.keyboard(
            [_act(t.plain("🕒 Move"), "move", number), _act(t.plain("⏱ Length"), "length", number)],
            [_act(t.plain("📍 Room"), "room", number), _act(t.plain("👤 Speaker"), "speaker", number)],
            [_act(t.plain("🔁 Swap"), "swap", number, 0), _act(t.plain("✖ Cancel it"), "cancel", number)],
            back,
        ),
    )


def describe(one: Snapshot, cohort: Cohort, t: Translator) -> Markup:
    """An activity as its editor sees it."""
    group = t("Group {name}", name=one.group_name) if one.group_name else None
    return lines(
        bold(cut(one.title, TITLE * 2)),
        Markup(when(one, ZoneInfo(cohort.time_zone), t)),  # noqa: S704 - figures and names of days
        t("📍 {place}", place=cut(one.place, DETAIL)) if one.place else None,
        t("👤 {name}", name=cut(one.speaker, DETAIL)) if one.speaker else None,
        group,
        t("<b>Cancelled</b>") if one.is_cancelled else None,
    )


def render_ask_when(cohort: Cohort, one: Snapshot, t: Translator, fault: Markup | None = None) -> Message:
    """When it is to be instead; its length stays."""
    ask = t(
        "When instead? Write it as you would say it: tomorrow 9am, Wed 14:30, Dec 8 14:00–15:30. Or choose, in minutes:"
    )
    shifts = [
        _act(label, "shift", one.activity_id, minutes)
        for label, minutes in (("−30", -30), ("−15", -15), ("+15", 15), ("+30", 30))
    ]
    days = [
        _act(t.plain("Day before"), "shift", one.activity_id, -1440),
        _act(t.plain("Next day"), "shift", one.activity_id, 1440),
    ]
    return _ask(lines(fault, describe(one, cohort, t), ask), [shifts, days], one, t)


def render_ask_end(cohort: Cohort, one: Snapshot, t: Translator, fault: Markup | None = None) -> Message:
    """When it is to end."""
    ask = t("When does it end? Write a time, such as 16:30 or 4:30 pm. Or, in minutes:")
    shifts = [
        _act(label, "end", one.activity_id, minutes)
        for label, minutes in (("−30", -30), ("−15", -15), ("+15", 15), ("+30", 30))
    ]
    return _ask(lines(fault, describe(one, cohort, t), ask), [shifts], one, t)


def render_ask_room(cohort: Cohort, one: Snapshot, rooms: Sequence[Snapshot], t: Translator) -> Message:
    """Where it is to be; other rooms of the camp are offered."""
    offered = [[_act(shorten(other.place), "roomof", one.activity_id, other.activity_id)] for other in rooms]
    return _ask(lines(describe(one, cohort, t), t("In which room? Please write it, or choose:")), offered, one, t)


def render_ask_speaker(cohort: Cohort, one: Snapshot, t: Translator) -> Message:
    """Who is to speak."""
    nobody = [[_act(t.plain("Nobody yet"), "nobody", one.activity_id)]]
    return _ask(lines(describe(one, cohort, t), t("Who speaks instead? Please write the name.")), nobody, one, t)


def render_ask_partner(one: Snapshot, programme: Programme, t: Translator) -> Message:
    """With which other it is to change places."""
    zone = ZoneInfo(programme.cohort.time_zone)
    rows: Rows = [
        [_act(_label(other, zone, t), "with", one.activity_id, other.activity_id)] for other in programme.activities
    ]
    rows.append(_pager(programme, "swap", [one.activity_id]))
    ask = t("With which activity is it to change places? Each takes the time of the other and keeps its room.")
    return _ask(lines(describe(one, programme.cohort, t), ask), rows, one, t)


def render_fault(fault: TimeFault, text: str, t: Translator) -> Markup:
    """Why a typed time was not taken."""
    return t(FAULTS[fault], text=shorten(text, 40))


def render_plan(plan: Plan, t: Translator, remarks: Sequence[Markup] = ()) -> Message:
    """What would change, what stands in the way, and what else is remarked. Nothing is written yet."""
    number = plan.edits[0].activity_id
    text = paragraphs(
        *(render_edit(edit, plan.cohort, t) for edit in plan.edits),
        render_clashes(plan.clashes, plan.cohort, t),
        *remarks,
        t("Nothing is changed before you save."),
    )
    save = t.plain("✔ Save all the same") if plan.clashes else t.plain("✔ Save")
    row = [_act(save, "save", number, plan.fingerprint), _act(t.plain("✖ Leave it"), "one", number)]
    return Message(text, buttons.keyboard(row))


def render_saved(plan: Plan, t: Translator) -> Message:
    """After it was written."""
    text = paragraphs(t("✅ Saved."), *(render_edit(edit, plan.cohort, t) for edit in plan.edits))
    first = plan.edits[0]
    row = [_act(t.plain("✏️ This one again"), "one", first.activity_id)]
    return Message(text, buttons.keyboard(row, [_act(t.plain("◀ Timetable"), "days", plan.cohort.id or 0)]))


def render_moved(plan: Plan, t: Translator, remarks: Sequence[Markup] = ()) -> Message:
    """The plan anew, because the timetable changed since it was shown."""
    fresh = render_plan(plan, t, remarks)
    return Message(
        paragraphs(t("⚠️ The timetable has changed meanwhile. Please look once more."), fresh.text), fresh.keyboard
    )


def render_edit(edit: Edited, cohort: Cohort, t: Translator) -> Markup:
    """One activity before and after, only what differs."""
    changed, zone = differences(edit), ZoneInfo(cohort.time_zone)
    facts: list[Markup | None] = [bold(cut(edit.after.title, TITLE))]
    if edit.before and ("starts_at" in changed or "ends_at" in changed):
        before, after = when(edit.before, zone, t), _when_after(edit.before, edit.after, zone, t)
        facts.append(t("{before} → <b>{after}</b>", before=before, after=after))
    elif "is_cancelled" in changed:
        facts.append(Markup(when(edit.after, zone, t)))  # noqa: S704 - figures and names of days
    facts += [
        t(FIELDS[name], before=changed[name][0] or NOTHING, after=changed[name][1] or NOTHING)
        for name in FIELDS
        if name in changed
    ]
    if "is_cancelled" in changed:
        facts.append(t("→ <b>cancelled</b>") if edit.after.is_cancelled else t("→ <b>takes place again</b>"))
    return lines(*facts)


def render_clashes(found: Sequence[tuple[ActivityId, Clash]], cohort: Cohort, t: Translator) -> Markup | None:
    """What stands in the way, one a line."""
    if not found:
        return None
    zone = ZoneInfo(cohort.time_zone)
    told = [t("⚠️ {clash}", clash=_clash(clash, zone, t)) for _, clash in found[:WARNINGS]]
    rest = len(found) - WARNINGS
    return lines(*told, t.plural("… and {n} more", "… and {n} more", rest) if rest > 0 else None)


def when(one: Snapshot, zone: ZoneInfo, t: Translator) -> str:
    """Day and hours in the camp's zone."""
    starts, ends = one.starts_at.astimezone(zone), one.ends_at.astimezone(zone)
    return f"{day_name(starts.date(), t)} {starts:%H:%M}–{ends:%H:%M}"


def _when_after(before: Snapshot, after: Snapshot, zone: ZoneInfo, t: Translator) -> str:
    """The new time, without the day where that stays."""
    if before.starts_at.astimezone(zone).date() != after.starts_at.astimezone(zone).date():
        return when(after, zone, t)
    return f"{_clock(after.starts_at, zone)}–{_clock(after.ends_at, zone)}"


def offer_label(t: Translator) -> str:
    """The button on the camp's screen."""
    return t.plain("✏️ Edit timetable")


def _clash(clash: Clash, zone: ZoneInfo, t: Translator) -> Markup:
    other = ""
    if clash.other is not None:
        starts, ends = _clock(clash.other.starts_at, zone), _clock(clash.other.ends_at, zone)
        camp = f"{clash.other.camp} · " if clash.other.camp else ""
        other = f"{camp}{starts}–{ends} {cut(clash.other.title, TITLE)}"
    return t(CLASHES[clash.kind], what=clash.what, other=other)


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M}"


def _label(one: Snapshot, zone: ZoneInfo, t: Translator) -> str:
    starts = one.starts_at.astimezone(zone)
    mark = "✖ " if one.is_cancelled else ""
    return shorten(f"{mark}{short_day(starts.date(), t)} {starts:%H:%M} {one.title}", 44)


def _ask(text: Markup, rows: Rows, one: Snapshot, t: Translator) -> Message:
    return Message(text, buttons.keyboard(*rows, [_act(t.plain("◀ Back"), "one", one.activity_id)]))


def _pager(programme: Programme, action: str, ids: Sequence[int]) -> list[InlineKeyboardButton]:
    if programme.pages < 2:
        return []
    before, after = (programme.number - 1) % programme.pages, (programme.number + 1) % programme.pages
    return [
        _act("◀", action, *ids, before),
        _act(f"{programme.number + 1}/{programme.pages}", action, *ids, programme.number),
        _act("▶", action, *ids, after),
    ]


def _act(label: str, action: str, *ids: int | str) -> InlineKeyboardButton:
    return buttons.button(label, buttons.pack(FEATURE, action, *ids))
