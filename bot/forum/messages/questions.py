"""Questions from the room in words: asking one, and the moderator's list. No name is ever part of it."""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.buttons import Rows, keyboard
from bot.forum.messages.day_wording import act
from bot.forum.messages.wording import lines, name_of, page_of, paragraphs
from bot.forum.questions import LONGEST, Put, Question
from bot.forum.running_order import Order
from bot.forum.stage_models import QuestionStatus
from bot.i18n import Translator
from bot.outbox.calls import Message

ON_A_PAGE = 5
SIGNS = {
    QuestionStatus.NEW: "🆕",
    QuestionStatus.RELEASED: "📢",
    QuestionStatus.ANSWERED: "✔",
    QuestionStatus.HIDDEN: "🙈",
}
RELEASE, HIDE, ANSWERED = 0, 1, 2
JUDGEMENTS = {RELEASE: QuestionStatus.RELEASED, HIDE: QuestionStatus.HIDDEN, ANSWERED: QuestionStatus.ANSWERED}


def render_ask(order: Order, left: int, t: Translator) -> Message:
    """Ask for the question itself."""
    cancel = [act(t.plain("Cancel"), "noask", order.call.id)]
    if left <= 0:
        return Message(render_put(Put.ENOUGH, t).text)
    text = paragraphs(
        lines(t("❓ <b>Your question</b>"), name_of(order.call)),
        lines(
            t("Send it in one message of at most {n} characters.", n=LONGEST),
            t("It goes to the moderator without your name, and nobody can look up later who asked."),
        ),
        t.plural("You can ask {n} more question here.", "You can ask {n} more questions here.", left),
    )
    return Message(text, keyboard(cancel))


def render_put(put: Put, t: Translator) -> Message:
    """What became of a question."""
    text = {
        Put.TAKEN: t("Thank you. Your question is with the moderator, without your name."),
        Put.EMPTY: t("Please send your question as text."),
        Put.TOO_LONG: t("That is too long. Please ask in at most {n} characters.", n=LONGEST),
        Put.ENOUGH: t("You have put five questions here. Please leave room for the others."),
        Put.FULL: t("The moderator has more questions than can be read now. Please raise your hand instead."),
    }[put]
    return Message(text)


def again_rows(call_id: int, t: Translator) -> Rows:
    """The ways on after a question."""
    return [[act(t.plain("❓ Another question"), "ask", call_id)], [act(t.plain("« Forum now"), "now", call_id)]]


def render_not_asked(t: Translator) -> Message:
    """Nothing was asked."""
    return Message(t("No question was put."))


def render_list(order: Order, questions: Sequence[Question], page: int, t: Translator) -> Message:
    """The moderator's list: a page of questions with what can be done with each."""
    page, pages, shown = page_of(page, len(questions), ON_A_PAGE)
    on_page = questions[shown]
    rows = [_judging(number, one, page, t) for number, one in enumerate(on_page, start=1)]
    if pages > 1:
        turning = (("◀", (page - 1) % pages), (f"{page + 1}/{pages}", page), ("▶", (page + 1) % pages))
        rows.append([act(sign, "questions", order.call.id, to) for sign, to in turning])
    last = [
        act(t.plain("🔄 Refresh"), "questions", order.call.id, page),
        act(t.plain("« Stage"), "panel", order.call.id),
    ]
    nothing = t("No question yet. The projector shows the room how to ask.") if not questions else None
    listed = [_said(number, one) for number, one in enumerate(on_page, start=1)]
    key = t("🆕 new · 📢 on the projector · ✔ answered · 🙈 hidden") if questions else None
    head = lines(t("❓ <b>Questions from the room</b>"), name_of(order.call))
    return Message(paragraphs(head, nothing, *listed, key), keyboard(*rows, last))


def render_judged_toast(status: QuestionStatus, t: Translator) -> str:
    """What a press did with a question."""
    return {
        QuestionStatus.RELEASED: t.plain("On the projector."),
        QuestionStatus.HIDDEN: t.plain("Hidden."),
        QuestionStatus.ANSWERED: t.plain("Ticked off."),
        QuestionStatus.NEW: t.plain("Back among the new ones."),
    }[status]


def _said(number: int, question: Question) -> Markup:
    return Markup("{} <b>{}.</b> {}").format(SIGNS[question.status], number, question.text)


def _judging(number: int, question: Question, page: int, t: Translator) -> list[InlineKeyboardButton]:
    show = act(t.plain("📢 {n} show", n=number), "judge", question.id, RELEASE, page)
    hide = act(t.plain("🙈 {n} hide", n=number), "judge", question.id, HIDE, page)
    done = act(t.plain("✔ {n} answered", n=number), "judge", question.id, ANSWERED, page)
    return {
        QuestionStatus.NEW: [show, hide],
        QuestionStatus.RELEASED: [done, hide],
        QuestionStatus.ANSWERED: [show],
        QuestionStatus.HIDDEN: [show],
    }[question.status]
