"""What a timetable file would change, what is wrong with it, and what was done."""

from collections.abc import Iterable, Sequence
from datetime import date, time

from markupsafe import Markup

from bot import buttons
from bot.i18n import N_, Translator
from bot.outbox.calls import Message
from bot.timetable.importing import Applied, Preview
from bot.timetable.messages.items import TITLE, Section, compose, cut, lines, short_day
from bot.timetable.sheet_diff import ActivityMatch, Change, FieldChange, KnownActivity, Value
from bot.timetable.sheet_shapes import Problem, ProblemKind, TimetableEntry

CELL = 60
NOTHING = "—"

PROBLEMS = {
    ProblemKind.BAD_DATE: N_("Row {row}: “{text}” is not a date"),
    ProblemKind.NO_SUCH_DATE: N_("Row {row}: there is no such day as “{text}”"),
    ProblemKind.MISSING_DATE: N_("Row {row}: the date is missing ({text})"),
    ProblemKind.BAD_TIME: N_("Row {row}: “{text}” is not a time"),
    ProblemKind.NO_SUCH_TIME: N_("Row {row}: there is no such time as “{text}”"),
    ProblemKind.MISSING_TIME: N_("Row {row}: the time is missing ({text})"),
    ProblemKind.END_NOT_AFTER_START: N_("Row {row}: it ends before it begins ({text})"),
    ProblemKind.SKIPPED_BY_CLOCK_CHANGE: N_("Row {row}: the clocks are put forward and skip {text}"),
    ProblemKind.MISSING_TITLE: N_("Row {row}: the title is missing ({text})"),
    ProblemKind.DUPLICATE: N_("Row {row}: the same as row {others}, left out"),
    ProblemKind.CELL_ERROR: N_("Row {row}: the cell holds an error ({text}), taken as empty"),
    ProblemKind.TOO_LONG: N_("Row {row}: too long, cut off: “{text}”"),
    ProblemKind.OUTSIDE_COHORT: N_("Row {row}: {text} is outside the camp's days, so no morning message names it"),
    ProblemKind.OVERLAP: N_("Row {row}: “{text}” is at the same time as row {others}"),
    ProblemKind.DUPLICATE_HEADING: N_("Two columns are headed “{text}”; the first one counts"),
    ProblemKind.NO_SUCH_DAY_HERE: N_("Row {row}: this day does not exist in the camp's time zone: {text}"),
    ProblemKind.ANOTHER_YEAR: N_("Row {row}: {text} is in another year than the camp"),
    ProblemKind.PAST: N_("Row {row}: {text} is in the past"),
    ProblemKind.PAST_TOO: N_("Row {row}: {text} is already over; it is put on record"),
    ProblemKind.BAD_HOURS: N_("Row {row}: “{text}” is no number of hours, taken as empty"),
    ProblemKind.SAME_ID: N_("Row {row}: “{text}” has the number of row {others}, so it is taken as a new one"),
    ProblemKind.SAME_TITLE: N_(
        "Row {row}: “{text}” stands there more than once, so I cannot tell which one was moved; export the "
        "timetable and edit that file"
    ),
    ProblemKind.SPEAKER_TWICE: N_("Row {row}: {text} already speaks at that time: {others}"),
    ProblemKind.PLACE_TWICE: N_("Row {row}: {text} is already taken at that time: {others}"),
    ProblemKind.NO_SITE: N_("Row {row}: “{text}” is a visit, and no place is given"),
    ProblemKind.UNKNOWN_GROUP: N_("Row {row}: nobody of the roster is in group “{text}”, so nobody would see it"),
}

FIELDS = {
    Change.ON: N_("day"),
    Change.STARTS: N_("begins"),
    Change.ENDS: N_("ends"),
    Change.TITLE: N_("title"),
    Change.KIND: N_("type"),
    Change.SPEAKER: N_("speaker"),
    Change.PLACE: N_("place"),
    Change.NOTES: N_("notes"),
    Change.GROUP: N_("group"),
    Change.MINUTES: N_("counted minutes"),
}


def render_preview(
    preview: Preview, t: Translator, *, confirm: str, cancel: str, remarks: Sequence[Markup] = ()
) -> Message:
    """What the file would change, and ``remarks`` that must not be crowded out by it.

    ``confirm`` and ``cancel`` are the data of the two buttons.
    """
    sections = [_summary(preview, t), *_problems(preview, t), *_changes(preview, t)]
    text = compose(sections, t, tail=remarks)
    if not preview.changes_something:
        return Message(text)
    row = [buttons.button(t.plain("✔ Import"), confirm), buttons.button(t.plain("✖ Cancel"), cancel)]
    return Message(text, buttons.keyboard(row))


def render_applied(applied: Applied, t: Translator) -> Message:
    """What an import did."""
    counts = [
        t.plural("➕ {n} new", "➕ {n} new", len(applied.created)),
        t.plural("✏️ {n} changed", "✏️ {n} changed", len(applied.changed)),
        t.plural("↩️ {n} restored", "↩️ {n} restored", len(applied.restored)),
        t.plural("➖ {n} cancelled", "➖ {n} cancelled", len(applied.cancelled)),
    ]
    done = [applied.created, applied.changed, applied.restored, applied.cancelled]
    told = [count for count, ids in zip(counts, done, strict=True) if ids]
    if not told:
        return Message(t("Nothing was changed: the timetable already said this."))
    return Message(lines(t("✅ <b>The timetable is imported.</b>"), *told))


def _summary(preview: Preview, t: Translator) -> Section:
    counts = (
        (len(preview.new), t.plural("➕ {n} new", "➕ {n} new", len(preview.new))),
        (len(preview.changed), t.plural("✏️ {n} changed", "✏️ {n} changed", len(preview.changed))),
        (len(preview.restored), t.plural("↩️ {n} restored", "↩️ {n} restored", len(preview.restored))),
        (len(preview.removed), t.plural("➖ {n} to be cancelled", "➖ {n} to be cancelled", len(preview.removed))),
        (preview.unchanged, t.plural("{n} unchanged", "{n} unchanged", preview.unchanged)),
    )
    return Section(
        lines(
            t("📅 <b>Timetable</b> · {cohort}", cohort=cut(preview.cohort_name, TITLE)),
            _verdict(preview, t),
            *(line for count, line in counts if count),
            *_remarks(preview, t),
        )
    )


def _verdict(preview: Preview, t: Translator) -> Markup:
    if not preview.entries:
        return t("There is no row in this file that could be imported. Nothing was changed.")
    if not preview.changes_something:
        return t("This changes nothing: the timetable already says so.")
    return t("Nothing is written before you confirm.")


def _remarks(preview: Preview, t: Translator) -> Iterable[Markup]:
    if preview.kept and preview.blocked:
        yield t.plural(
            "⚠️ {n} activity is not in this file. It stays, since some rows could not be read.",
            "⚠️ {n} activities are not in this file. They stay, since some rows could not be read.",
            len(preview.kept),
        )
    elif preview.kept:
        yield t.plural(
            "{n} activity that has begun is not in this file and stays.",
            "{n} activities that have begun are not in this file and stay.",
            len(preview.kept),
        )
    if preview.other_sheets:
        yield t("Not read: the sheets {names}", names=cut(t.join(preview.other_sheets), TITLE))
    if preview.ignored:
        yield t("Columns not used: {names}", names=cut(t.join(preview.ignored), TITLE))


def _problems(preview: Preview, t: Translator) -> list[Section]:
    found = [
        (t("⛔ <b>Rows left out</b>"), [one for one in preview.problems if not one.kind.is_warning]),
        (t("⚠️ <b>Please check</b>"), [one for one in preview.problems if one.kind.is_warning]),
    ]
    return [_list(title, [_problem(one, t) for one in problems]) for title, problems in found if problems]


def _problem(problem: Problem, t: Translator) -> Markup:
    others = problem.elsewhere or t.join(str(row) for row in problem.others)
    if problem.others and problem.kind in (ProblemKind.SPEAKER_TWICE, ProblemKind.PLACE_TWICE):
        others = t.plain("row {rows}", rows=others)
    return t(PROBLEMS[problem.kind], row=problem.row, text=cut(problem.text, CELL), others=others)


def _changes(preview: Preview, t: Translator) -> list[Section]:
    found = [
        (t("✏️ <b>Changed</b>"), [_change(match, t) for match in preview.changed]),
        (t("➖ <b>No longer in the file: will be cancelled</b>"), [_known(one, t) for one in preview.removed]),
        (t("↩️ <b>In the file again</b>"), [_known(match.entry, t) for match in preview.restored]),
        (t("➕ <b>New</b>"), [_known(entry, t) for entry in preview.new]),
    ]
    return [_list(title, blocks) for title, blocks in found if blocks]


def _list(title: Markup, rows: Sequence[Markup]) -> Section:
    return Section(title, list(rows), gap="\n")


def _known(one: TimetableEntry | KnownActivity, t: Translator) -> Markup:
    times = f"{one.starts:%H:%M}–{one.ends:%H:%M}"
    return Markup("{} {} {}").format(short_day(one.on, t), times, cut(one.title, CELL))


def _change(match: ActivityMatch, t: Translator) -> Markup:
    changes = t("; ").join(render_change(change, t) for change in match.changes)
    return Markup("{}\n   {}").format(_known(match.activity, t), changes)


def render_change(change: FieldChange, t: Translator) -> Markup:
    """One field before and after."""
    before, after = _value(change.before, t), _value(change.after, t)
    details = Markup("{} → <b>{}</b>").format(before, after)
    return t("{what}: {details}", what=t(FIELDS[change.field]), details=details)


def _value(value: Value, t: Translator) -> str:
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return short_day(value, t) if isinstance(value, date) else cut(str(value or NOTHING), CELL)
