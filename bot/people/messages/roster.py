"""How a roster's preview, its questions and its outcome are worded."""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.i18n import N_, Translator
from bot.outbox.calls import Message
from bot.people.enrolling import LEAVE_OUT, NEW, Enrolled, Plan
from bot.people.messages.imports import cancel_button
from bot.people.messages.wording import LIMIT, act, bold, cut, lines, paragraphs, shorten
from bot.people.models import Cohort, Import
from bot.people.roster_diff import Doubt, Match, Question
from bot.people.roster_shapes import Field, KnownPerson, Problem, ProblemKind, RosterEntry
from bot.people.rules import masked

PROBLEMS_SHOWN = 15
NAMES_SHOWN = 10
CANDIDATES_SHOWN = 6

_PROBLEMS = {
    ProblemKind.MISSING_NAME: N_("row {row}: no name ({text}); left out"),
    ProblemKind.BAD_NAME: N_("row {row}: “{text}” is not a name; left out"),
    ProblemKind.BAD_PHONE: N_("row {row}: “{text}” is not a phone number; taken without it"),
    ProblemKind.DAMAGED_NUMBER: N_("row {row}: “{text}” has lost digits in Excel; taken without a phone"),
    ProblemKind.DUPLICATE_PHONE: N_("row {row}: {text} also stands in row {others}; both taken without a phone"),
    ProblemKind.DUPLICATE_ROW: N_("row {row}: {text} is the same as row {others}; left out"),
    ProblemKind.SAME_PERSON_TWICE: N_("row {row}: {text} already stands in row {others}, differently; left out"),
    ProblemKind.SAME_NAME_UNCLEAR: N_(
        "row {row}: {text} is also the name in row {others}, and nothing tells them apart; taken as two people"
    ),
    ProblemKind.CELL_ERROR: N_("row {row}: a formula failed ({text}); taken as empty"),
    ProblemKind.TOO_LONG: N_("row {row}: “{text}” is too long and was cut"),
    ProblemKind.DUPLICATE_HEADING: N_("row {row}: the heading “{text}” is there twice; the first was used"),
}
_DOUBTS = {
    Doubt.SEVERAL: N_("There is more than one person this could be."),
    Doubt.PHONE_DIFFERS: N_("There is somebody of this name with another phone."),
    Doubt.UNIT_DIFFERS: N_("There is somebody of this name in another unit."),
    Doubt.NAME_DIFFERS: N_("This phone belongs to somebody with another name."),
    Doubt.OTHER_COHORT: N_("There is somebody of this name in another camp."),
}
_FIELDS = {
    Field.NAME: N_("name"),
    Field.PHONE: N_("phone"),
    Field.UNIT: N_("unit"),
    Field.GROUP: N_("group"),
    Field.POST: N_("post"),
    Field.NOTES: N_("notes"),
    Field.LEADER: N_("group leader"),
}


def render_question(import_: Import, plan: Plan, t: Translator) -> Message:
    """The first open question: who is this row? Nothing is guessed."""
    question, number = plan.diff.questions[0], import_.id or 0
    left = t.plural("{n} question about this file", "{n} questions about this file", len(plan.diff.questions))
    row = t("Row {row}: {person}", row=question.entry.row, person=bold(_entry(question.entry)))
    text = paragraphs(lines(_head(plan, t), left), lines(row, t(_DOUBTS[question.doubt])), t("Who is it?"))
    return Message(
        text,
        buttons.keyboard(
            *_candidates(question, number),
            [
                act(t.plain("➕ Somebody new"), "who", number, question.entry.row, NEW),
                act(t.plain("Leave this row out"), "who", number, question.entry.row, LEAVE_OUT),
            ],
            [cancel_button(import_, t)],
        ),
    )


def render_preview(import_: Import, plan: Plan, t: Translator) -> Message:
    """What confirming would do, and the buttons that decide."""
    text = preview_text(plan, t)
    if not plan.changes_something and not plan.diff.missing:
        return Message(text, buttons.keyboard([cancel_button(import_, t)]))
    number, rows = import_.id or 0, []
    if plan.diff.missing:
        mark = "☑" if plan.leave else "☐"
        rows.append(
            [act(t.plain("{mark} Also mark as left: {n}", mark=mark, n=len(plan.diff.missing)), "leave", number)]
        )
    confirm = [act(t.plain("✔ Confirm"), "confirm", number, plan.fingerprint)] if plan.changes_something else []
    return Message(text, buttons.keyboard(*rows, [*confirm, cancel_button(import_, t)]))


def preview_text(plan: Plan, t: Translator) -> Markup:
    """What the file would change, in counts first and then by name; fits one message."""
    whole = _preview(plan, t, PROBLEMS_SHOWN)
    return whole if len(whole) <= LIMIT else _preview(plan, t, PROBLEMS_SHOWN // 3)


def _preview(plan: Plan, t: Translator, most: int) -> Markup:
    diff = plan.diff
    nothing = None if plan.changes_something else t("Nothing to change: everything in the file is already so.")
    return paragraphs(
        _head(plan, t),
        nothing,
        _counts(plan, t),
        _named(t("New"), [entry.name for entry in diff.new], t),
        _named(t("Known from another camp"), [match.entry.name for match in diff.returning], t),
        _listed(t("Changed"), [_change(match, t) for match in diff.changed], t, most // 2),
        _named(t("No longer in the file"), [person.name for person in diff.missing], t),
        _problems(plan.roster.problems, t, most),
        _columns(plan, t),
    )


def render_enrolled(done: Enrolled, cohort: Cohort, t: Translator) -> Message:
    """After confirming: what was done and what comes next."""
    head = t("✅ The roster of {cohort} is in.", cohort=bold(cohort.name))
    counts = t(
        "New: {added} · changed: {changed} · unchanged: {unchanged} · left: {left}",
        added=done.added,
        changed=done.changed,
        unchanged=done.unchanged,
        left=done.left,
    )
    following = t("Next: print the seat cards, so that everybody can link.")
    keyboard = buttons.keyboard(
        [act(t.plain("🪪 Seat cards"), "cards", done.cohort_id), act(t.plain("👥 People"), "groups", done.cohort_id)],
        [act(t.plain("⌂ Home"), "home")],
    )
    return Message(paragraphs(lines(head, counts), following), keyboard)


def _head(plan: Plan, t: Translator) -> Markup:
    cohort, size = bold(plan.cohort_name), len(plan.roster.entries)
    return t.plural(
        "📋 Roster for {cohort}: {n} person in the file",
        "📋 Roster for {cohort}: {n} people in the file",
        size,
        cohort=cohort,
    )


def _counts(plan: Plan, t: Translator) -> Markup:
    diff = plan.diff
    counts = t(
        "New: {new} · known from another camp: {returning} · changed: {changed} · unchanged: {unchanged}",
        new=len(diff.new),
        returning=len(diff.returning),
        changed=len(diff.changed),
        unchanged=len(diff.unchanged),
    )
    missing = (
        t(
            "No longer in the file: {n} ({fate})",
            n=len(diff.missing),
            fate=t("will be marked as left") if plan.leave else t("they stay"),
        )
        if diff.missing
        else None
    )
    out = t("Left out as you said: {n}", n=len(plan.left_out)) if plan.left_out else None
    leaders = (
        t("Group leaders: {added} new, {ended} no longer", added=len(plan.promoted), ended=len(plan.demoted))
        if plan.promoted or plan.demoted
        else None
    )
    return lines(counts, missing, out, leaders)


def _named(head: str, names: Sequence[str], t: Translator) -> Markup | None:
    if not names:
        return None
    shown = cut([shorten(name, 24) for name in names], NAMES_SHOWN, t)
    return t("<b>{head}</b>: {names}", head=head, names=t.join(shown))


def _listed(head: str, items: Sequence[str], t: Translator, most: int) -> Markup | None:
    if not items:
        return None
    return lines(Markup("<b>{}</b>").format(head), *(Markup("· {}").format(item) for item in cut(items, most, t)))


def _problems(problems: Sequence[Problem], t: Translator, most: int) -> Markup | None:
    head = t.plural("{n} problem", "{n} problems", len(problems))
    return _listed(head, [_problem(problem, t) for problem in problems], t, most)


def _problem(problem: Problem, t: Translator) -> Markup:
    others = t.join(str(row) for row in problem.others)
    return t(_PROBLEMS[problem.kind], row=problem.row, text=shorten(problem.text, 30), others=others)


def _columns(plan: Plan, t: Translator) -> Markup | None:
    ignored = (
        t("Columns not used: {names}", names=shorten(t.join(plan.roster.ignored), 200)) if plan.roster.ignored else None
    )
    sheets = (
        t("Other sheets not read: {names}", names=shorten(t.join(plan.roster.other_sheets), 100))
        if plan.roster.other_sheets
        else None
    )
    return lines(ignored, sheets) or None


def _change(match: Match, t: Translator) -> str:
    changes = t.join(
        t.plain(
            "{field} {before} → {after}",
            field=t.plain(_FIELDS[change.field]),
            before=shorten(change.before or "–", 24),
            after=shorten(change.after or "–", 24),
        )
        for change in match.changes
    )
    return shorten(t.plain("{what}: {details}", what=match.entry.name, details=changes), 140)


def _candidates(question: Question, number: int) -> list[list[InlineKeyboardButton]]:
    return [
        [act(shorten(_person(person)), "who", number, question.entry.row, person.person_id)]
        for person in question.candidates[:CANDIDATES_SHOWN]
    ]


def _entry(entry: RosterEntry) -> str:
    return _joined(entry.name, entry.group, entry.unit, masked(entry.phone))


def _person(person: KnownPerson) -> str:
    return _joined(person.name, person.group, person.unit, masked(person.phone))


def _joined(*parts: str | None) -> str:
    return " · ".join(shorten(part, 24) for part in parts if part)
