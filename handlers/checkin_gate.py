"""One's own code in the chat, and the scan of somebody else's by whoever keeps the check-in."""

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from bot import buttons
from bot.checkin import service
from bot.checkin.gate import PREFIX, Gated
from bot.checkin.messages import gate as words
from bot.checkin.messages.wording import FEATURE, data
from bot.context import CohortApplication, Context
from bot.errors import Gone
from bot.menu import Offer
from bot.outbox import calls
from bot.outbox.calls import Document
from bot.outbox.lanes import Lane
from bot.people.models import Role

PRIVATE = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE


def register(application: CohortApplication) -> None:
    """Add the scan, the choice after it, and a trainee's own code."""
    scanned = PRIVATE & filters.Regex(rf"^/start(@\w+)?\s+{PREFIX}")
    application.add_handler(CommandHandler("start", receive_scan, scanned))
    application.add_handler(CallbackQueryHandler(choose, buttons.pattern(FEATURE, "gate")))
    application.add_handler(CallbackQueryHandler(show_my_code, buttons.pattern(FEATURE, "mycode")))
    application.menu.offer(
        Offer(12, frozenset({Role.TRAINEE}), words.label_my_code, lambda cohort_id: data("mycode", cohort_id))
    )


async def show_my_code(update: Update, context: Context) -> None:
    """Send the picture of the speaker's own code."""
    my = service.my_code(context.session, speaker=context.speaker, now=context.now)
    caption = words.caption_my_code(my.name, context.t)
    picture = Document("my_code", {"person_id": my.person_id, "step": my.step}, caption)
    context.turn.record(calls.send_picture(context.chat_id, picture, Lane.REPLY))


async def receive_scan(update: Update, context: Context) -> None:
    """Take ``/start`` with the payload behind a person's code."""
    context.end_dialogue()
    _admit(context, "".join(context.args or ()), None)


async def choose(update: Update, context: Context) -> None:
    """Take the activity for which somebody was scanned."""
    ids = buttons.unpack(context.data)
    if len(ids) != 2:
        raise Gone
    _admit(context, ids[1], buttons.number(ids[0]))


def _admit(context: Context, payload: str, activity_id: int | None) -> None:
    outcome = service.scan_person(
        context.session,
        speaker=context.speaker,
        payload=payload,
        at=context.at,
        received_at=context.received_at,
        now=context.now,
        source=context.turn.cause,
        activity_id=activity_id,
    )
    message = words.render_gate(outcome, context.t)
    if activity_id is None:
        context.reply(message)
    else:
        context.edit(message)
    if isinstance(outcome, Gated) and context.speaker is not None:
        words.announce_gate(context.turn, outcome, context.speaker.name)
