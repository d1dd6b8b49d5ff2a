"""Choosing what a test takes and by which rules: one question a screen, buttons first, typing where they do not do."""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.banks.service import BankLine
from bot.i18n import N_, Translator
from bot.outbox.calls import Message
from bot.people.messages.wording import lines, paragraphs, shorten
from bot.quiz.messages.desk import moment
from bot.quiz.messages.wording import act, rows_of
from bot.quiz.outcomes import ExamSheet
from bot.quiz.windows import Window

Row = list[InlineKeyboardButton]
MINUTES = (10, 20, 30, 45, 60, 90)
ATTEMPTS = (1, 2, 3)
MARKS = (60, 70, 80, 90)
COUNTS = (5, 10, 15, 20, 30, 50)
PAGE = 8
DIFFICULTIES = {"": N_("any difficulty"), "easy": N_("easy"), "medium": N_("medium"), "hard": N_("hard")}


def render_choice(sheet: ExamSheet, rule: str, t: Translator, windows: Sequence[Window] = ()) -> Message:
    """The values of one rule to choose from."""
    exam_id = sheet.exam.id or 0
    asked, rows = _choice(sheet, rule, t, windows)
    return Message(asked, buttons.keyboard(*rows, [act(t.plain("◀ Back"), "exam", exam_id)]))


def render_ask(rule: str, t: Translator) -> Message:
    """What is to be typed."""
    asked = {
        "title": t("What is the test called? /cancel leaves it as it is."),
        "window": t("From when until when? For example <b>12-11 14:00 - 16:00</b>. /cancel leaves it as it is."),
        "minutes": t("How many minutes does one have? /cancel leaves it as it is."),
        "count": t("How many questions? /cancel leaves it as it is."),
    }
    return Message(asked[rule])


def render_misread(rule: str, t: Translator) -> Message:
    """It could not be read; ask again."""
    said = {
        "title": t("Please send me a title of at most 80 characters."),
        "window": t("I could not read two times in that. Please write it like this: <b>12-11 14:00 - 16:00</b>."),
        "minutes": t("Please send me a number of minutes between 1 and 1440."),
        "count": t("Please send me a number between 1 and 100."),
    }
    return Message(said[rule])


def render_parts(sheet: ExamSheet, banks: Sequence[BankLine], t: Translator) -> Message:
    """What the test takes from where."""
    exam_id = sheet.exam.id or 0
    text = paragraphs(
        t("📚 <b>Questions of {title}</b>", title=sheet.exam.title),
        lines(*(_part(part, t) for part in sheet.parts)) or t("None chosen yet."),
        t.plural("Together {n} question.", "Together {n} questions.", sheet.questions) if sheet.parts else None,
        t("Take from which bank?"),
    )
    listed = [
        [act(shorten(t.plain("➕ {bank} ({n})", bank=bank.name, n=bank.asked)), "bank", exam_id, bank.id, 0)]
        for bank in banks[:PAGE]
    ]
    anew = [act(t.plain("↺ Begin anew"), "clear", exam_id)] if sheet.parts else []
    return Message(text, buttons.keyboard(*listed, anew, [act(t.plain("◀ Back"), "exam", exam_id)]))  # fmt: skip


def render_categories(
    exam_id: int, bank_id: int, categories: Sequence[tuple[str, int]], page: int, t: Translator
) -> Message:
    """Ask which category of a bank."""
    pages = max(1, -(-len(categories) // PAGE))
    page = min(max(page, 0), pages - 1)
    rows = [
        [act(shorten(f"{name or t.plain('without category')} ({count})"), "cat", exam_id, bank_id, number)]
        for number, (name, count) in list(enumerate(categories))[page * PAGE : (page + 1) * PAGE]
    ]
    everything = [act(t.plain("All categories"), "cat", exam_id, bank_id, -1)]
    turn = [
        act("◀", "bank", exam_id, bank_id, (page - 1) % pages),
        act("▶", "bank", exam_id, bank_id, (page + 1) % pages),
    ]
    back = [act(t.plain("◀ Back"), "parts", exam_id)]
    return Message(t("From which category?"), buttons.keyboard(everything, *rows, turn if pages > 1 else [], back))


def render_difficulties(
    exam_id: int, bank_id: int, category: int, counts: Sequence[tuple[str, int]], t: Translator
) -> Message:
    """Ask how hard they should be."""
    rows = [
        [act(f"{_difficulty(name, t)} ({count})", "diff", exam_id, bank_id, category, name or "any")]
        for name, count in counts
    ]
    return Message(
        t("How hard should they be?"), buttons.keyboard(*rows, [act(t.plain("◀ Back"), "bank", exam_id, bank_id, 0)])
    )


def render_counts(exam_id: int, path: Sequence[int | str], available: int, t: Translator) -> Message:
    """Ask how many."""
    fitting = [count for count in COUNTS if count < available]
    row = [act(str(count), "take", exam_id, *path, count) for count in fitting]
    everything = [act(t.plain("All {n}", n=available), "take", exam_id, *path, available)]
    typed = [act(t.plain("✏️ Another number"), "count", exam_id, *path)]
    text = t.plural("There is {n} such question. How many?", "There are {n} such questions. How many?", available)
    back = [act(t.plain("◀ Back"), "parts", exam_id)]
    return Message(text, buttons.keyboard(*rows_of(row, 4), [*everything, *typed], back))


def _choice(sheet: ExamSheet, rule: str, t: Translator, windows: Sequence[Window]) -> tuple[Markup, list[Row]]:
    exam_id = sheet.exam.id or 0
    typed = act(t.plain("✏️ Something else"), "type", exam_id, rule)

    def choices(*values: tuple[str, int]) -> list[InlineKeyboardButton]:
        return [act(label, "set", exam_id, rule, value) for label, value in values]

    match rule:
        case "minutes":
            times = [(str(minutes), minutes) for minutes in MINUTES]
            return t("How many minutes does one have?"), [
                *rows_of(choices(*times), 3), [*choices((t.plain("Until it closes"), 0)), typed]
            ]  # fmt: skip
        case "attempts":
            once = [(str(number), number) for number in ATTEMPTS]
            return t("How often may one try? The best attempt counts."), [
                choices(*once),
                [act(t.plain("2, for everybody"), "set", exam_id, rule, 12)],
            ]
        case "mark":
            marks = [(f"{mark} %", mark) for mark in MARKS]
            return t("From which share of the points is it passed?"), [
                choices(*marks), choices((t.plain("No pass mark"), 0))
            ]  # fmt: skip
        case "drawn":
            return t("Which questions does each person get?"), [
                choices((t.plain("The same for all"), 0)), choices((t.plain("Drawn anew for each"), 1))
            ]  # fmt: skip
        case "back":
            return t("May one go back to earlier questions?"), [choices((t.plain("Yes"), 1), (t.plain("No"), 0))]
        case _:
            rows = [[_window_button(exam_id, rule, window, sheet, t)] for window in windows]
            return t("When is it open?"), [*rows, [typed] if rule == "window" else []]


def _part(part: tuple[str, str, str, int], t: Translator) -> Markup:
    bank, category, difficulty, count = part
    about = [bank, *([category] if category else []), *([t.plain(DIFFICULTIES[difficulty])] if difficulty else [])]
    return t("▸ {n} × {what}", n=count, what=" · ".join(about))


def _difficulty(name: str, t: Translator) -> str:
    return t.plain(DIFFICULTIES[name])


def _window_button(exam_id: int, rule: str, window: Window, sheet: ExamSheet, t: Translator) -> InlineKeyboardButton:
    """The button carries the very minutes that it names, so that it means the same whenever it is pressed."""
    opens_at, closes_at = (int(at.timestamp()) // 60 for at in window)
    if rule == "later":
        return act(moment(window[1], sheet, t), "later", exam_id, closes_at)
    return act(f"{moment(window[0], sheet, t)} – {moment(window[1], sheet, t)}", "window", exam_id, opens_at, closes_at)
