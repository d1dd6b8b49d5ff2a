"""Forums: the list of a camp, one call for whoever may see it, who has signed up, and the link for everybody else.

The link's ``/start`` stands before what is said to strangers, since whoever has it need not be on any roster.
"""

import re
from typing import Any

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, filters

from bot import buttons
from bot.context import CohortApplication, Context
from bot.errors import Gone
from bot.forum import entries, links, others, queries, rules, topics, visiting
from bot.forum.messages import entrants as staff
from bot.forum.messages import signup as words
from bot.forum.messages.wording import FEATURE, data
from bot.forum.slides import File
from bot.forum.visiting import Visitor
from bot.menu import Offer
from bot.outbox import calls
from bot.outbox.calls import Message
from bot.outbox.lanes import Lane
from bot.people.models import Role
from handlers import forum_calls, forum_files, forum_rules, forum_signup
from handlers.start import PRIVATE

ATTENDING = frozenset({Role.TRAINEE})
RUNNING = frozenset({Role.COORDINATOR, Role.AUDITOR})
LINK = filters.Regex(re.compile(rf"^/start(?:@\w+)?\s+{links.PREFIX}"))
STORED = ("document", "photo")
PHOTO = "photo:"


def register(application: CohortApplication) -> None:
    """Add the offers, the link, the dialogues and the buttons."""
    application.menu.offer(
        Offer(50, ATTENDING, lambda t: t.plain("🎤 Forums"), lambda c: data("list", c, 0), _has_calls),
        Offer(50, RUNNING, lambda t: t.plain("🎤 Forums"), lambda c: data("desk", c, 0)),
    )
    application.add_handler(CommandHandler("start", open_link, PRIVATE & LINK))
    forum_signup.register(application)
    forum_calls.register(application)
    forum_rules.register(application)
    forum_files.register(application)
    for action, callback in (
        ("list", show_list),
        ("call", show_call),
        ("others", show_others),
        ("case", send_case),
        ("signups", show_signups),
        ("signup", show_signup),
        ("slides", send_slides),
    ):
        application.add_handler(_on(action, callback))


async def open_link(update: Update, context: Context) -> None:
    """Open a call by its link, whoever has it."""
    context.end_dialogue()
    payload = (context.args or [""])[0]
    call_id = links.read_payload(context.session, payload)
    if call_id is None:
        raise Gone
    own = visiting.open_link(context.session, visitor=_visitor(context), call_id=call_id, now=context.now)
    context.reply(words.render_call(own, context.t))


async def show_list(update: Update, context: Context) -> None:
    """The forums of a camp."""
    cohort_id, page = context.numbers(2)
    found = visiting.own_list(context.session, visitor=_visitor(context), cohort_id=cohort_id, now=context.now)
    context.edit(words.render_list(cohort_id, found, page, context.t))


async def show_call(update: Update, context: Context) -> None:
    """One call, with how one's own sign-up stands."""
    (call_id,) = context.numbers(1)
    own = visiting.look(context.session, visitor=_visitor(context), call_id=call_id, now=context.now)
    context.edit(words.render_call(own, context.t))


async def show_others(update: Update, context: Context) -> None:
    """Who else has signed up."""
    call_id, page = context.numbers(2)
    found = others.others(context.session, visitor=_visitor(context), call_id=call_id, now=context.now)
    context.edit(words.render_others(found, page, context.t))


async def send_case(update: Update, context: Context) -> None:
    """Send the file of a case to somebody who may see the call."""
    (topic_id,) = context.numbers(1)
    call_id = topics.call_of(context.session, topic_id)
    own = visiting.look(context.session, visitor=_visitor(context), call_id=call_id, now=context.now)
    topic = next(one for one in own.call.topics if one.id == topic_id)
    if not topic.file_id:
        raise Gone
    kind = "photo" if topic.file_id.startswith(PHOTO) else "document"
    file_id, caption = topic.file_id.removeprefix(PHOTO), words.render_case(topic, context.t)
    context.turn.record(calls.send_stored(context.chat_id, kind, file_id, caption, Lane.REPLY))


async def show_signups(update: Update, context: Context) -> None:
    """Who has signed up, for those who run the camp."""
    call_id, page = context.numbers(2)
    call, found = entries.entrants(context.session, speaker=context.speaker, call_id=call_id, now=context.now)
    context.edit(staff.render_entrants(call, found, page, context.t))


async def show_signup(update: Update, context: Context) -> None:
    """One sign-up."""
    (signup_id,) = context.numbers(1)
    found = entries.entrance(context.session, speaker=context.speaker, signup_id=signup_id, now=context.now)
    context.edit(staff.render_entrance(found, context.t))


async def send_slides(update: Update, context: Context) -> None:
    """Hand a speaker's slides on; what a bot cannot download is copied from the chat it came in."""
    (signup_id,) = context.numbers(1)
    found = entries.entrance(context.session, speaker=context.speaker, signup_id=signup_id, now=context.now)
    if found.slides is None:
        raise Gone
    context.turn.record(_handed_on(context, found.slides, staff.render_slides_caption(found, context.t)))


def _handed_on(context: Context, file: File, caption: Message) -> calls.Call:
    if file.kind in STORED and (file.size or 0) <= rules.DOWNLOADABLE:
        return calls.send_stored(context.chat_id, file.kind, file.file_id, caption, Lane.REPLY)
    return calls.copy_message(context.chat_id, file.chat_id, file.message_id, Message(""), Lane.REPLY)


def _has_calls(session: Any, person_id: int, cohort_id: int, now: Any) -> bool:
    return queries.has_published(session, cohort_id)


def _visitor(context: Context) -> Visitor:
    user = context.received.effective_user if context.received else None
    assert user is not None  # noqa: S101 - of the kinds that handlers answer
    return visiting.visitor_of(context.session, speaker=context.speaker, telegram_id=user.id)


def _on(action: str, callback: Any) -> BaseHandler[Any, Any, Any]:
    return CallbackQueryHandler(callback, buttons.pattern(FEATURE, action))
