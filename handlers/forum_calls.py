"""The coordinator's side of forums: making a call from a template, publishing, cancelling, its link.

Whoever presses is asked anew by the service.
"""

from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot import buttons
from bot.context import CohortApplication, Context
from bot.errors import Gone
from bot.forum import audiences, calls, links, publishing, views
from bot.forum.messages import announcing, desk
from bot.forum.messages import calls as words
from bot.forum.messages.wording import FEATURE
from bot.forum.models import Audience, CallStatus
from bot.forum.templates import TEMPLATES, template_of
from bot.forum.views import CallView
from bot.outbox.calls import Message
from bot.people import access
from bot.people import service as people


def register(application: CohortApplication) -> None:
    """Add the buttons."""
    for action, callback in _ACTIONS:
        application.add_handler(on(action, callback))


async def show_desk(update: Update, context: Context) -> None:
    """All calls of a camp."""
    cohort_id, page = context.numbers(2)
    access.require_reader(context.session, context.speaker, cohort_id)
    camp = people.get_cohort(context.session, cohort_id).name
    found = views.views_of(context.session, cohort_id, context.now)
    may_change = access.may_change(context.session, context.speaker, cohort_id)
    context.edit(desk.render_desk(cohort_id, camp, found, page, context.t, may_change=may_change))


async def choose_template(update: Update, context: Context) -> None:
    """Begin a new call: which kind."""
    (cohort_id,) = context.numbers(1)
    access.require_coordinator(context.session, context.speaker, cohort_id)
    context.edit(desk.render_templates(cohort_id, context.t))


async def choose_activity(update: Update, context: Context) -> None:
    """Begin a new call: about which activity."""
    cohort_id, template, page = path(context, 3)
    access.require_coordinator(context.session, context.speaker, number(cohort_id))
    cohort = people.get_cohort(context.session, number(cohort_id))
    choices = views.choices_of(context.session, number(cohort_id), context.now)
    name = _template(template)
    context.edit(desk.render_activities(cohort.id or 0, name, choices, number(page), cohort.time_zone, context.t))


async def make(update: Update, context: Context) -> None:
    """Make the draft."""
    cohort_id, template, activity_id = path(context, 3)
    call = calls.draft(
        context.session,
        speaker=context.speaker,
        cohort_id=number(cohort_id),
        template=_template(template),
        activity_id=number(activity_id),
        now=context.now,
    )
    context.edit(sheet(context, call.id or 0))


async def show_call(update: Update, context: Context) -> None:
    """One call."""
    (call_id,) = context.numbers(1)
    context.edit(sheet(context, call_id))


async def ask_publish(update: Update, context: Context) -> None:
    """Show everything once more before it is announced."""
    (call_id,) = context.numbers(1)
    call = mine(context, call_id)
    if call.status is not CallStatus.DRAFT:
        context.edit(sheet(context, call_id))
        return
    invited = audiences.count(context.session, call)
    context.edit(desk.render_ask_publish(call, invited, context.t, context.now))


async def publish(update: Update, context: Context) -> None:
    """Publish a call, and tell those who may sign up."""
    call_id, tells = context.numbers(2)
    was_draft = calls.require_maker(context.session, context.speaker, call_id).status == CallStatus.DRAFT
    call = publishing.publish(context.session, speaker=context.speaker, call_id=call_id, now=context.now)
    told = 0
    if was_draft and not tells:
        publishing.note_announced(context.session, call_id, context.now)
    elif was_draft and call.is_open:
        told = announcing.announce_call(context.turn, call)
    context.answer(desk.render_published_toast(told, context.t))
    context.edit(sheet(context, call_id))


async def ask_cancel(update: Update, context: Context) -> None:
    """Ask before a call is cancelled."""
    (call_id,) = context.numbers(1)
    call = mine(context, call_id)
    context.edit(desk.render_ask_cancel(call, views.count_of(context.session, call_id), context.t))


async def cancel(update: Update, context: Context) -> None:
    """Cancel a call, and tell those who are signed up."""
    (call_id,) = context.numbers(1)
    call_off(context, call_id, "")
    context.edit(sheet(context, call_id))


async def reopen(update: Update, context: Context) -> None:
    """Take a cancelled call up again, and tell those who are signed up."""
    (call_id,) = context.numbers(1)
    was_off = calls.require_maker(context.session, context.speaker, call_id).status == CallStatus.CANCELLED
    call = publishing.reopen(context.session, speaker=context.speaker, call_id=call_id, now=context.now)
    if was_off:
        announcing.announce_reopened(context.turn, call)
    context.edit(sheet(context, call_id))


async def ask_delete(update: Update, context: Context) -> None:
    """Ask before a draft is thrown away."""
    (call_id,) = context.numbers(1)
    context.edit(desk.render_ask_delete(mine(context, call_id), context.t))


async def delete(update: Update, context: Context) -> None:
    """Throw a draft away."""
    (call_id,) = context.numbers(1)
    cohort_id = calls.delete_draft(context.session, speaker=context.speaker, call_id=call_id, now=context.now)
    camp = people.get_cohort(context.session, cohort_id).name
    found = views.views_of(context.session, cohort_id, context.now)
    context.edit(desk.render_desk(cohort_id, camp, found, 0, context.t, may_change=True))


async def show_link(update: Update, context: Context) -> None:
    """The link by which people outside the roster come."""
    (call_id,) = context.numbers(1)
    call = mine(context, call_id)
    if call.audience is not Audience.LINK or call.status is CallStatus.DRAFT:
        raise Gone
    address = context.installation.deep_link(links.payload_of(context.session, call_id))
    context.edit(words.render_link(call, address, context.t))


_ACTIONS = (
    ("desk", show_desk),
    ("new", choose_template),
    ("about", choose_activity),
    ("make", make),
    ("manage", show_call),
    ("publish", ask_publish),
    ("announce", publish),
    ("cancel", ask_cancel),
    ("off", cancel),
    ("reopen", reopen),
    ("delete", ask_delete),
    ("erase", delete),
    ("link", show_link),
)


def mine(context: Context, call_id: int) -> CallView:
    """The call, for somebody who may change it."""
    calls.require_maker(context.session, context.speaker, call_id)
    return views.view_of(context.session, call_id, context.now)


def sheet(context: Context, call_id: int) -> Message:
    """The page of a call, for whoever may see it."""
    call = calls.require_reader(context.session, context.speaker, call_id)
    may_change = access.may_change(context.session, context.speaker, call.cohort_id)
    view, count = views.view_of(context.session, call_id, context.now), views.count_of(context.session, call_id)
    return desk.render_sheet(view, count, context.t, may_change=may_change)


def call_off(context: Context, call_id: int, reason: str) -> None:
    """Cancel a call, and tell those who are signed up."""
    call, is_news = publishing.cancel(
        context.session, speaker=context.speaker, call_id=call_id, now=context.now, reason=reason
    )
    if is_news:
        announcing.announce_cancelled(context.turn, call, reason)


def _template(name: str) -> Any:
    if name not in TEMPLATES:
        raise Gone
    return template_of(name).name


def path(context: Context, least: int, most: int | None = None) -> list[str]:
    """The parts of a button as text; those that may be missing are empty."""
    parts = buttons.unpack(context.data)
    if not least <= len(parts) <= (most or least):
        raise Gone
    return parts + [""] * ((most or least) - len(parts))


def number(text: str) -> int:
    """One part of a button as a number; raises Gone."""
    return buttons.number(text)


def on(action: str, callback: Any) -> BaseHandler[Any, Any, Any]:
    """What takes one of this feature's buttons."""
    return CallbackQueryHandler(callback, buttons.pattern(FEATURE, action))
