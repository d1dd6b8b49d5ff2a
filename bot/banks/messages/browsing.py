"""The screens of banks: the list, one bank, its questions by the page, one question with its key."""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.banks.browsing import BankView, QuestionPage
from bot.banks.messages.wording import KINDS, act, category_name, kinds_line, pager, whole
from bot.banks.plain import plain
from bot.banks.questions import Choices, Numeric, ShortAnswer, TrueFalse
from bot.banks.service import BankLine, Kept
from bot.i18n import Translator
from bot.outbox.calls import Message
from bot.people.messages.wording import FEATURE as PEOPLE
from bot.people.messages.wording import bold, lines, paragraphs, shorten

BANKS_A_PAGE = 8
CATEGORIES_SHOWN = 8


def render_banks(
    cohort_id: int, cohort_name: str, banks: Sequence[BankLine], page: int, may_write: bool, t: Translator
) -> Message:
    """The banks of a cohort, and how to get one."""
    pages = max(1, -(-len(banks) // BANKS_A_PAGE))
    page = min(max(page, 0), pages - 1)
    shown = banks[page * BANKS_A_PAGE : (page + 1) * BANKS_A_PAGE]
    rows = [[act(f"{shorten(bank.name)} · {bank.size}", "bank", bank.id)] for bank in shown]
    none = t("There is no question bank yet.") if not banks else None
    how = t(
        "To add questions, send me a file: GIFT, Aiken or Moodle XML, an Excel sheet (题型, 题干, 选项A …, 正确答案, "
        "解析), or questions as typed in Word. I report on it before anything is taken."
    )
    text = paragraphs(t("📚 Question banks of {cohort}", cohort=bold(cohort_name)), none, how if may_write else None)
    back = [buttons.button(t.plain("◀ Back"), buttons.pack(PEOPLE, "camp", cohort_id))]
    return Message(text, buttons.keyboard(*rows, pager("list", (cohort_id,), page, pages), back))


def render_bank(view: BankView, t: Translator) -> Message:
    """One bank: what is in it and what can be done with it."""
    bank = view.bank
    categories = [
        Markup("· {} {}").format(category_name(name) or t("without a category"), count)
        for name, count in view.categories[:CATEGORIES_SHOWN]
    ]
    more = len(view.categories) - CATEGORIES_SHOWN
    named = any(name for name, _ in view.categories)
    text = paragraphs(
        t("📚 {bank}", bank=bold(bank.name)),
        lines(
            t.plural("{n} question", "{n} questions", bank.size),
            kinds_line(view.kinds, t) or None,
        ),
        lines(t("Categories:"), *categories, t("… and {n} more", n=more) if more > 0 else None) if named else None,
    )
    rows = [
        [act(t.plain("📖 Questions"), "questions", bank.id, 0)] if bank.size else [],
        [act(t.plain("⬇ Excel"), "sheet", bank.id), act(t.plain("⬇ GIFT"), "gift", bank.id)] if bank.size else [],
        [act(t.plain("🗑 Delete the bank"), "delete", bank.id)] if view.may_write else [],
        [act(t.plain("◀ All banks"), "list", bank.cohort_id, 0)],
    ]
    return Message(text, buttons.keyboard(*rows))


def render_questions(view: QuestionPage, t: Translator) -> Message:
    """A page of questions, each a button."""
    rows = [[act(_label(kept), "question", kept.id)] for kept in view.shown]
    head = t("📖 {bank}: questions", bank=bold(view.bank.name))
    back = [act(t.plain("◀ Back"), "bank", view.bank.id)]
    return Message(head, buttons.keyboard(*rows, pager("questions", (view.bank.id,), view.page, view.pages), back))


def _label(kept: Kept) -> str:
    return f"{kept.number}. {shorten(' '.join(plain(kept.question.stem).split()), 48)}"


def render_question(kept: Kept, page: int, may_write: bool, t: Translator) -> Message:
    """One question with its key, and what may be corrected."""
    corrected = t("Corrected {n} times", n=kept.version - 1) if kept.version > 2 else t("Corrected once")
    head = lines(
        t("Question {n} · {kind}", n=kept.number, kind=t(KINDS[kept.question.kind])),
        corrected if kept.version > 1 else None,
    )
    rows: list[list[InlineKeyboardButton]] = []
    if may_write:
        rows.append(_key_buttons(kept, t))
        rows.append(
            [
                act(t.plain("✏️ Text"), "words", kept.id, kept.version),
                act(t.plain("✏️ Explanation"), "why", kept.id, kept.version),
            ]
        )
    rows.append([act(t.plain("◀ Back"), "questions", kept.bank_id, page)])
    return Message(paragraphs(head, whole(kept.question, t)), buttons.keyboard(*rows))


def _key_buttons(kept: Kept, t: Translator) -> list[InlineKeyboardButton]:
    """A key is ticked where there are options, and typed where there are words."""
    match kept.question.body:
        case Choices() | TrueFalse():
            return [act(t.plain("✏️ Answer"), "key", kept.id, kept.version)]
        case ShortAnswer() | Numeric():
            return [act(t.plain("✏️ Answer"), "typekey", kept.id, kept.version)]
    return []


def render_ask_to_delete(bank: BankLine, t: Translator) -> Message:
    """Before a bank is deleted."""
    text = paragraphs(
        t("Delete the bank {bank} with {n} questions?", bank=bold(bank.name), n=bank.size),
        t("It will no longer be asked from. Answers and scores already given are kept."),
    )
    rows = [act(t.plain("🗑 Yes, delete"), "deleted", bank.id), act(t.plain("✖ Keep it"), "bank", bank.id)]
    return Message(text, buttons.keyboard(rows))


def render_deleted(bank: BankLine, t: Translator) -> Message:
    """After a bank was deleted."""
    text = t("The bank {bank} is deleted. Send its file again if you need it back.", bank=bold(bank.name))
    return Message(text, buttons.keyboard([act(t.plain("◀ All banks"), "list", bank.cohort_id, 0)]))


def render_sending(t: Translator) -> str:
    """While a file is made."""
    return t.plain("The file is on its way.")


def caption(bank_name: str, size: int, t: Translator) -> str:
    """Under an exported file."""
    return str(t("📚 {bank}: {n} questions, with their answers. Please keep it from trainees.", bank=bank_name, n=size))
