"""The report on a file of questions before anything is written: what is in it, what is wrong, what becomes of it."""

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.banks.findings import Fault, Finding, Format, Remark, Summary
from bot.banks.importing import Imported, Plan
from bot.banks.messages.wording import FORMATS, act, clip, kinds_line, pager
from bot.banks.questions import Kind
from bot.banks.service import BankLine
from bot.i18n import N_, Translator
from bot.outbox.calls import Message
from bot.people.messages.imports import cancel_button
from bot.people.messages.wording import FEATURE as PEOPLE
from bot.people.messages.wording import bold, lines, paragraphs, shorten
from bot.people.models import Import

SHOWN = 3
PAGE = 8
BANKS_SHOWN = 8

FAULTS = {
    Fault.NO_STEM: N_("the question has no text"),
    Fault.NO_ANSWER: N_("no right answer is given"),
    Fault.ALL_RIGHT: N_("every option is marked as right, but only one may be chosen"),
    Fault.WEIGHTS: N_("the right answers are worth {detail}% together, not 100%"),
    Fault.BAD_WEIGHT: N_("a weight must lie between -100% and 100%"),
    Fault.KEY_OUTSIDE: N_("the answer names option {letter}, but there are only {count} options"),
    Fault.KEY_UNREADABLE: N_("I cannot read this answer"),
    Fault.KEY_CONFLICT: N_("the brackets in the question and the answer below it differ ({detail})"),
    Fault.KIND_AND_KEY: N_("a single choice with several right answers"),
    Fault.UNKNOWN_KIND: N_("I do not know this type of question"),
    Fault.TOO_FEW_OPTIONS: N_("there are too few options"),
    Fault.TOO_MANY_OPTIONS: N_("there are more than {detail} options"),
    Fault.OPTION_GAP: N_("the options do not run A, B, C … ({detail})"),
    Fault.OPTION_TWICE: N_("two options say the same"),
    Fault.OPTION_EMPTY: N_("an option is empty {detail}"),
    Fault.BRACES: N_("a brace {{ or }} is missing, or must be written \\{{ or \\}}"),
    Fault.TWO_BLOCKS: N_("two answers in one question: is a blank line missing before this?"),
    Fault.GLUED_SIGN: N_("this = inside a text would count as a right answer; write \\= if it belongs to the text"),
    Fault.BAD_NUMBER: N_("this is not a number"),
    Fault.BAD_PAIR: N_("a pair needs -> between its two halves"),
    Fault.MANY_BLANKS: N_("several blanks in one question cannot be asked in a chat; please make one question of each"),
    Fault.TOO_LONG: N_("the text is longer than {detail} characters"),
    Fault.NOT_ASKABLE: N_("a question of the kind “{detail}” cannot be asked in a chat"),
    Fault.TOO_MANY: N_("a file may hold {detail} questions; from here on nothing was read"),
}
REMARKS = {
    Remark.PICTURE: N_("has a picture, which the chat does not show; the words are kept"),
    Remark.EVERY_OPTION: N_("every option is right: is that meant?"),
    Remark.TWO_RIGHT: N_("{detail} right answers; any one of them counts"),
    Remark.SAME_NAME: N_("the same name as {place}; both are kept"),
    Remark.OTHER_KEY: N_("the same question as {place}, but with another answer. Please look!"),
    Remark.REPEATED: N_("the same as {place}; taken once"),
    Remark.AS_SHORT: N_("taken as a short answer"),
    Remark.AS_ESSAY: N_("taken as a reflection, which a teacher reads"),
    Remark.DESCRIPTION: N_("a text without a question: kept, not asked"),
    Remark.PASSED_OVER: N_("belongs to no question; passed over"),
    Remark.NOT_KEPT: N_("left out: {detail}"),
}


def render_report(import_: Import, cohort_name: str, summary: Summary, plan: Plan, t: Translator) -> Message:
    """The report, and the buttons that look closer, decide and confirm."""
    number = import_.id or 0
    text = report_text(import_.file_name, cohort_name, summary, plan, t)
    rows: list[list[InlineKeyboardButton]] = []
    if summary.lines:
        rows.append([act(t.plain("👀 Try the questions"), "try", number, 0)])
    closer = [
        act(t.plain("⚠️ All faults ({n})", n=len(summary.faults)), "faults", number, 0) if summary.faults else None,
        act(t.plain("ℹ️ Remarks ({n})", n=len(summary.remarks)), "remarks", number, 0) if summary.remarks else None,
    ]
    rows.append([button for button in closer if button])
    if plan.differing:
        mark = "☑" if plan.replaces else "☐"
        rows.append(
            [act(t.plain("{mark} Take over the changes: {n}", mark=mark, n=len(plan.differing)), "over", number)]
        )
    if summary.lines:
        rows.append([act(t.plain("📚 Into another bank"), "which", number)])
    return Message(text, buttons.keyboard(*rows, [*_confirm(number, plan, t), cancel_button(import_, t)]))


def _confirm(number: int, plan: Plan, t: Translator) -> list[InlineKeyboardButton]:
    if not plan.changes_something:
        return []
    label = t.plain("✔ Confirm: {n}", n=len(plan.added) + (len(plan.differing) if plan.replaces else 0))
    return [buttons.button(label, buttons.pack(PEOPLE, "confirm", number, plan.fingerprint))]


def report_text(file_name: str, cohort_name: str, summary: Summary, plan: Plan, t: Translator) -> Markup:
    """The report without its buttons."""
    return paragraphs(
        _head(file_name, cohort_name, summary, t),
        _what_would_happen(summary, plan, t),
        _beginning(t("⚠️ Not taken"), summary.faults, summary.format, t),
        _beginning(t("ℹ️ Please note"), _telling(summary.remarks), summary.format, t),
        t("Nothing is in the bank before you confirm.") if plan.changes_something else None,
    )


def _head(file_name: str, cohort_name: str, summary: Summary, t: Translator) -> Markup:
    head = t(
        "📚 {file}: {form} for {cohort}",
        file=bold(shorten(file_name, 60)),
        form=t(FORMATS[summary.format]),
        cohort=bold(cohort_name),
    )
    readable = t.plural("{n} question can be taken", "{n} questions can be taken", len(summary.entries))
    kinds = kinds_line(Counter(entry.kind for entry in summary.entries).items(), t)
    wrong = t("{n} cannot", n=len({one.line for one in summary.faults})) if summary.faults else None
    return lines(head, Markup(" · ").join(part for part in (readable, wrong) if part), kinds or None, _fate(summary, t))


def _fate(summary: Summary, t: Translator) -> Markup | None:
    """What the chat does with the kinds that it cannot grade or ask."""
    kinds = {entry.kind for entry in summary.entries}
    return (
        lines(
            t("Reflections are read by a teacher; they get no mark.") if Kind.ESSAY in kinds else None,
            t("Texts without a question are kept and given back, but never asked.")
            if Kind.DESCRIPTION in kinds
            else None,
        )
        or None
    )


def _what_would_happen(summary: Summary, plan: Plan, t: Translator) -> Markup:
    bank = bold(shorten(plan.target.name, 60))
    where = t("Into the bank {bank}", bank=bank) if plan.target.bank_id else t("Into a new bank {bank}", bank=bank)
    counts = t("New: {n} · there already: {same}", n=len(plan.added), same=plan.same)
    return lines(where, counts, _differing(plan, t), *_elsewhere(plan, t), _nothing(summary, plan, t))


def _differing(plan: Plan, t: Translator) -> Markup | None:
    if not plan.differing:
        return None
    fate = t("will be corrected, with a record of it") if plan.replaces else t("stay as they are in the bank")
    return t("There with other answers or words: {n} ({fate})", n=len(plan.differing), fate=fate)


def _elsewhere(plan: Plan, t: Translator) -> list[Markup]:
    return [
        t("Also in the bank {bank}: {n}", bank=bold(shorten(name, 40)), n=count) for name, count in plan.elsewhere[:5]
    ]


def _nothing(summary: Summary, plan: Plan, t: Translator) -> Markup | None:
    if plan.changes_something or plan.differing:
        return None
    if not summary.entries:
        return t("There is nothing to import.")
    return t("Nothing to change: everything in the file is already there.")


def _telling(remarks: Sequence[Finding]) -> Sequence[Finding]:
    """The remarks that ask for a look come first."""
    first = (Remark.OTHER_KEY, Remark.EVERY_OPTION, Remark.TWO_RIGHT, Remark.PICTURE, Remark.SAME_NAME)
    return sorted(remarks, key=lambda one: first.index(one.what) if one.what in first else len(first))


def _beginning(head: Markup, findings: Sequence[Finding], form: Format, t: Translator) -> Markup | None:
    if not findings:
        return None
    more = len(findings) - SHOWN
    rest = t("… and {n} more", n=more) if more > 0 else None
    return lines(Markup("<b>{}</b>").format(head), *(finding_line(one, form, t) for one in findings[:SHOWN]), rest)


def finding_line(finding: Finding, form: Format, t: Translator) -> Markup:
    """One finding: where, which words, what is the matter."""
    sentence = FAULTS[finding.what] if isinstance(finding.what, Fault) else REMARKS[finding.what]
    detail = finding.detail
    letter, _, count = detail.partition("/")
    other = place_of(int(detail), form, t) if detail.isdigit() else detail
    said = t(sentence, detail=detail, letter=letter, count=count, place=other)
    where = place_of(finding.line, form, t)
    if not finding.text:
        return t("· {where} — {what}", where=where, what=said)
    return t("· {where}: <i>{text}</i> — {what}", where=where, text=clip(finding.text, 70), what=said)


def place_of(line: int, form: Format, t: Translator) -> Markup:
    """Where in the file something stands."""
    return t("row {n}", n=line) if form is Format.SHEET else t("line {n}", n=line)


def render_findings(import_: Import, summary: Summary, action: str, page: int, t: Translator) -> Message:
    """One page of all faults, or of all remarks."""
    number = import_.id or 0
    findings = summary.faults if action == "faults" else _telling(summary.remarks)
    pages = max(1, -(-len(findings) // PAGE))
    page = min(max(page, 0), pages - 1)
    head = t("⚠️ Not taken from {file}", file=bold(shorten(import_.file_name, 60)))
    if action == "remarks":
        head = t("ℹ️ Remarks on {file}", file=bold(shorten(import_.file_name, 60)))
    shown = [finding_line(one, summary.format, t) for one in findings[page * PAGE : (page + 1) * PAGE]]
    hint = t("Correct them in the file and send it again; what is in the bank already will not come twice.")
    text = paragraphs(head, lines(*shown), hint if action == "faults" else None)
    back = [act(t.plain("◀ Back to the report"), "report", number)]
    return Message(text, buttons.keyboard(pager(action, (number,), page, pages), back))


def render_which_bank(import_: Import, banks: Sequence[BankLine], own_name: str, t: Translator) -> Message:
    """Into which bank the questions go."""
    number = import_.id or 0
    rows = [[act(f"{shorten(bank.name)} · {bank.size}", "into", number, bank.id)] for bank in banks[:BANKS_SHOWN]]
    if not any(bank.name == own_name for bank in banks):
        rows.append([act(t.plain("➕ A new bank: {name}", name=shorten(own_name, 30)), "into", number, 0)])
    back = [act(t.plain("◀ Back to the report"), "report", number)]
    return Message(t("Which bank do these questions go into?"), buttons.keyboard(*rows, back))


def render_imported(done: Imported, t: Translator) -> Message:
    """After confirming."""
    head = t("✅ {n} questions are now in the bank {bank}.", n=done.added, bank=bold(done.name))
    if not done.added:
        head = t("✅ The bank {bank} is up to date.", bank=bold(done.name))
    corrected = t("Corrected: {n}", n=len(done.corrected)) if done.corrected else None
    rescored = None
    if any(one.key_changed for one in done.corrected):
        rescored = t("Answers already given are being scored anew, with a record of each change.")
    keyboard = buttons.keyboard([act(t.plain("📚 Open the bank"), "bank", done.bank_id)])
    return Message(paragraphs(lines(head, kinds_line(done.kinds, t) or None, corrected), rescored), keyboard)
