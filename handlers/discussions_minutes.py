"""The minutes of a group in the chat: read, correct a line, draft again, confirm, get the file. Decides nothing."""

from telegram import Update

from bot.context import CohortApplication, Context
from bot.discussions import service
from bot.discussions.messages import announcing
from bot.discussions.messages import minutes as words
from bot.discussions.outcomes import Paper, Place
from handlers.discussions_screens import all_of, leave, show_home, show_other


def register(application: CohortApplication) -> None:
    """Add the buttons."""
    for handler in all_of(_ACTIONS):
        application.add_handler(handler)


async def show_paper(update: Update, context: Context) -> None:
    """Show a page of the minutes."""
    group_id, page = context.numbers(2)
    leave(context)
    paper, place = service.minutes.show(context.session, speaker=context.speaker, group_id=group_id)
    _show(update, context, paper, place, page)


async def show_line(update: Update, context: Context) -> None:
    """Show the recorder one line."""
    (line_id,) = context.numbers(1)
    leave(context)
    paper, line = service.minutes.require_line(context.session, speaker=context.speaker, line_id=line_id)
    context.edit(words.render_line(paper, line, context.t))


async def cut_line(update: Update, context: Context) -> None:
    """Leave a line out."""
    (line_id,) = context.numbers(1)
    leave(context)
    before, _ = service.minutes.require_line(context.session, speaker=context.speaker, line_id=line_id)
    confirmed = service.minutes.confirmers(before.circle)
    paper = service.minutes.drop_line(context.session, speaker=context.speaker, line_id=line_id)
    _after_edit(update, context, paper, [one.person_id for one in confirmed])


async def ask_anew(update: Update, context: Context) -> None:
    """Ask before the minutes are drafted again."""
    (group_id,) = context.numbers(1)
    circle = service.minutes.require_edited(context.session, speaker=context.speaker, group_id=group_id)
    context.edit(words.render_ask_anew(circle, context.t))


async def draft_anew(update: Update, context: Context) -> None:
    """Draft the minutes again."""
    (group_id,) = context.numbers(1)
    before = service.minutes.require_edited(context.session, speaker=context.speaker, group_id=group_id)
    confirmed = service.minutes.confirmers(before)
    paper = service.minutes.draft_anew(context.session, speaker=context.speaker, group_id=group_id)
    _after_edit(update, context, paper, [one.person_id for one in confirmed])


async def confirm(update: Update, context: Context) -> None:
    """Confirm the minutes as leader or recorder."""
    group_id, version = context.numbers(2)
    confirmed = service.minutes.confirm(
        context.session, speaker=context.speaker, group_id=group_id, version=version, now=context.now
    )
    context.answer(words.render_confirmed_toast(confirmed, context.t))
    place = service.stages.show_place(context.session, speaker=context.speaker, group_id=group_id)
    announcing.announce_confirmed(context.turn, confirmed, but=place.me.person_id)
    show_home(update, context, place)


async def send_file(update: Update, context: Context) -> None:
    """Send the minutes as they stand."""
    (group_id,) = context.numbers(1)
    paper, _ = service.minutes.show(context.session, speaker=context.speaker, group_id=group_id)
    announcing.send_minutes(context.turn, paper.circle, context.chat_id, context.t.language)


_ACTIONS = (
    ("paper", show_paper),
    ("line", show_line),
    ("cut", cut_line),
    ("anew", ask_anew),
    ("afresh", draft_anew),
    ("confirm", confirm),
    ("file", send_file),
)


def _after_edit(update: Update, context: Context, paper: Paper, confirmed: list[int]) -> None:
    place = service.stages.show_place(context.session, speaker=context.speaker, group_id=paper.circle.id)
    others = [one for one in paper.circle.members if one.person_id in confirmed and one.person_id != place.me.person_id]
    announcing.announce_edited(context.turn, paper.circle, others)
    _show(update, context, paper, place, 0)


def _show(update: Update, context: Context, paper: Paper, place: Place | None, page: int) -> None:
    message = words.render_paper(paper, place, page, context.t)
    if place is None:
        context.edit(message)
    else:
        show_other(update, context, place, message)
