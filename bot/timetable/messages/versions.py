"""Earlier states of a timetable in words: the list, one of them, and what changed between two."""

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.i18n import N_, Translator
from bot.outbox.calls import Message
from bot.people.messages.wording import clock, day, lines, paragraphs
from bot.timetable.messages.editing import FEATURE, when
from bot.timetable.messages.imports import render_change
from bot.timetable.messages.items import Section, compose, cut
from bot.timetable.snapshots import Snapshot
from bot.timetable.versions import Cause, Changed, Comparison, Shelf, Version

TITLE = 60
CAUSES = {
    Cause.IMPORT: N_("from a file"),
    Cause.EDIT: N_("edited in the chat"),
    Cause.QUARTER: N_("copied from the camp before"),
    Cause.BEFORE: N_("as it was before"),
}


def render_versions(shelf: Shelf, t: Translator) -> Message:
    """The versions, the latest first."""
    cohort_id = shelf.cohort.id or 0
    told = [render_line(version, t) for version in shelf.versions] or [t("No version has been kept yet.")]
    rows = [
        [_act(t.plain("Version {n}", n=version.number), "version", cohort_id, version.number)]
        for version in shelf.versions
    ]
    turn = []
    if shelf.pages > 1:
        turn = [
            _act("◀", "versions", cohort_id, (shelf.number - 1) % shelf.pages),
            _act("▶", "versions", cohort_id, (shelf.number + 1) % shelf.pages),
        ]
    back = [_act(t.plain("◀ Timetable"), "days", cohort_id)]
    head = t("🕘 <b>Versions of the timetable</b> · {cohort}", cohort=cut(shelf.cohort.name, TITLE))
    return Message(paragraphs(head, lines(*told)), buttons.keyboard(*rows, turn, back))


def render_line(version: Version, t: Translator) -> Markup:
    """When, why and by whom a version was made."""
    made = version.made_at.astimezone(version.zone)
    stamp = f"{day(made.date(), t)} {clock(version.made_at, version.cohort.time_zone)}"
    by = t(" · {name}", name=version.by) if version.by else Markup()
    latest = t(" · <b>current</b>") if version.is_latest else Markup()
    cause = t(CAUSES[version.cause])
    return t("<b>{n}</b> {stamp}, {cause}", n=version.number, stamp=stamp, cause=cause) + by + latest


def render_version(version: Version, t: Translator) -> Message:
    """One version in full, with the ways to compare it."""
    cohort_id = version.cohort.id or 0
    heading = lines(t("🕘 <b>Version {n}</b>", n=version.number), render_line(version, t))
    activities = Section(heading, [_line(one, version, t) for one in version.activities], gap="\n")
    back = t("To go back to it, take its Excel file and send it to me as it is.")
    text = compose([activities], t, tail=() if version.is_latest else (back,))
    compare: list[InlineKeyboardButton] = []
    if version.number > 1:
        compare.append(_act(t.plain("± Before it"), "compare", cohort_id, version.number - 1, version.number))
    if not version.is_latest:
        compare.append(_act(t.plain("± Today"), "compare", cohort_id, version.number, 0))
    file = [_act(t.plain("⬇ Excel"), "export", cohort_id, version.number)]
    return Message(text, buttons.keyboard(compare, file, [_act(t.plain("◀ Versions"), "versions", cohort_id, 0)]))


def render_comparison(found: Comparison, t: Translator) -> Message:
    """What changed from one version to the other."""
    head = t("± <b>From version {before} to version {after}</b>", before=found.before.number, after=found.after.number)
    if found.is_empty:
        sections = [Section(lines(head, t("Both say the same.")))]
    else:
        named = [
            (t("➕ <b>New</b>"), [_line(one, found.after, t) for one in found.added]),
            (t("✏️ <b>Changed</b>"), [_changed(one, found.before, t) for one in found.changed]),
            (t("➖ <b>No longer there</b>"), [_line(one, found.before, t) for one in found.removed]),
        ]
        sections = [Section(head), *(Section(title, rows, gap="\n") for title, rows in named if rows)]
    back = [_act(t.plain("◀ Versions"), "versions", found.after.cohort.id or 0, 0)]
    return Message(compose(sections, t), buttons.keyboard(back))


def _line(one: Snapshot, version: Version, t: Translator) -> Markup:
    place = f" · {cut(one.place, 30)}" if one.place else ""
    return Markup("{} {}{}").format(when(one, version.zone, t), cut(one.title, TITLE), place)


def _changed(one: Changed, before: Version, t: Translator) -> Markup:
    changes = t("; ").join(render_change(change, t) for change in one.changes)
    return Markup("{}\n   {}").format(_line(one.activity, before, t), changes)


def _act(label: str, action: str, *ids: int) -> InlineKeyboardButton:
    return buttons.button(label, buttons.pack(FEATURE, action, *ids))
