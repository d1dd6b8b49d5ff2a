"""Deciding requests for leave: what waits, one request, approve or decline with a line. Decides nothing itself."""

from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler

from bot import buttons
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState, State
from bot.hours import service as hours
from bot.hours.messages import warnings
from bot.leave import service
from bot.leave.messages import deciding as words
from bot.leave.messages.wording import FEATURE, data
from bot.leave.models import Status
from bot.leave.rules import LONGEST, clean
from bot.leave.service import Decided
from bot.menu import Offer
from bot.people import service as people
from bot.people.models import Role
from handlers.leave import LINE


class Step(State):
    """Which decision waits for its line."""

    APPROVING = "approving"
    DECLINING = "declining"


def register(application: CohortApplication) -> None:
    """Add the dialogue for a line, and the buttons."""
    application.menu.offer(
        Offer(
            23,
            frozenset({Role.COORDINATOR, Role.AUDITOR}),
            lambda t: t.plain("📝 Leave requests"),
            lambda cohort_id: data("waiting", cohort_id),
            is_daily=True,
        )
    )
    application.add_handler(
        Conversation(
            "leave_desk",
            application.dialogues,
            entry_points=[
                CallbackQueryHandler(ask_approval_line, buttons.pattern(FEATURE, "approveline")),
                CallbackQueryHandler(ask_decline_line, buttons.pattern(FEATURE, "decline")),
            ],
            states={
                Step.APPROVING: [MessageHandler(LINE, take_approval_line)],
                Step.DECLINING: [MessageHandler(LINE, take_decline_line)],
            },
            fallbacks=[CallbackQueryHandler(leave, buttons.pattern(FEATURE, "leave"))],
        )
    )
    for action, callback in (("waiting", show_waiting), ("show", show), ("approve", approve), ("leave", retire)):
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(FEATURE, action)))


async def show_waiting(update: Update, context: Context) -> None:
    """Show the requests that wait for a decision."""
    (cohort_id,) = context.numbers(1)
    cohort = people.get_cohort(context.session, cohort_id)
    requests = service.list_waiting(context.session, speaker=context.speaker, cohort_id=cohort_id)
    context.edit(words.render_waiting(cohort_id, cohort.name, requests, context.t))


async def show(update: Update, context: Context) -> None:
    """Show one request with everything an approver must know."""
    (request_id,) = context.numbers(1)
    briefing = service.show_request(context.session, speaker=context.speaker, request_id=request_id, now=context.now)
    context.edit(words.render_briefing(briefing, context.t))


async def approve(update: Update, context: Context) -> None:
    """Approve without a line."""
    (request_id,) = context.numbers(1)
    decided = _decide(context, request_id, approve=True, line="")
    context.answer(words.render_decided_toast(decided, context.t))
    context.edit(words.render_settled(decided.request, context.t))


async def ask_approval_line(update: Update, context: Context) -> NextState:
    """Ask for the line that goes with the approval."""
    return _ask(context, Step.APPROVING)


async def ask_decline_line(update: Update, context: Context) -> NextState:
    """Ask why not."""
    return _ask(context, Step.DECLINING)


async def take_approval_line(update: Update, context: Context) -> NextState:
    """Approve with a line."""
    return _take_line(update, context, approve=True)


async def take_decline_line(update: Update, context: Context) -> NextState:
    """Decline with a line."""
    return _take_line(update, context, approve=False)


async def leave(update: Update, context: Context) -> NextState:
    """Leave the question for a line."""
    context.edit(words.render_undecided(context.t))
    return END


async def retire(update: Update, context: Context) -> None:
    """The same once it has been answered."""
    context.edit(words.render_undecided(context.t))


def _ask(context: Context, step: Step) -> NextState:
    (request_id,) = context.numbers(1)
    request, _ = service.require_decidable(context.session, context.speaker, request_id)
    if not request.is_waiting:
        context.answer(words.render_decided_toast(Decided(request, news=False), context.t))
        context.edit(words.render_settled(request, context.t))
        return END
    context.place.notes = {"request": request_id}
    context.place.notes["prompt"] = context.reply(
        words.render_ask_line(request, context.t, approve=step is Step.APPROVING)
    )
    return step


def _take_line(update: Update, context: Context, *, approve: bool) -> NextState:
    line, notes = clean(context.text), context.place.notes
    if not 0 < len(line) <= LONGEST:
        context.reply(words.render_bad_line(context.t))
        return None
    decided = _decide(context, notes["request"], approve=approve, line=line)
    context.turn.edit(context.chat_id, notes["prompt"], words.render_line_kept(decided, context.t))
    return END


def _decide(context: Context, request_id: int, *, approve: bool, line: str) -> Decided:
    session, now = context.session, context.now
    decided = service.decide(
        session, speaker=context.speaker, request_id=request_id, approve=approve, line=line, now=now
    )
    words.announce_decision(context.turn, decided)
    request = decided.request
    if decided.news and request.status is Status.APPROVED:
        news = hours.take_news_of(session, request.cohort_id, request.person_id, now)
        warnings.announce(context.turn, *news)
    return decided
