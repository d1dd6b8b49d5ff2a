"""Setting up group discussions in chat: activity, questions, how groups come about, the clock, announcing, ending."""

from telegram import Update

from bot import buttons
from bot.context import CohortApplication, Context
from bot.discussions import service
from bot.discussions.messages import announcing
from bot.discussions.messages import desk as words
from bot.discussions.messages.wording import data as button_data
from bot.discussions.models import Grouping, Who
from bot.errors import Gone
from bot.menu import Offer
from bot.people import access
from bot.people import service as people
from bot.people.models import Role
from handlers import discussions_questions
from handlers.discussions_screens import all_of, leave, stage_of

STAFF = frozenset({Role.COORDINATOR, Role.AUDITOR})


def register(application: CohortApplication) -> None:
    """Add the offer, the dialogue and the buttons."""
    application.menu.offer(
        Offer(52, STAFF, lambda t: t.plain("💬 Group discussions"), lambda cohort_id: button_data("desk", cohort_id, 0))
    )
    discussions_questions.register(application)
    for handler in all_of(_ACTIONS):
        application.add_handler(handler)


async def show_list(update: Update, context: Context) -> None:
    """All discussions of a camp."""
    cohort_id, page = context.numbers(2)
    leave(context)
    occasions = service.setting_up.list_discussions(context.session, speaker=context.speaker, cohort_id=cohort_id)
    cohort = people.get_cohort(context.session, cohort_id)
    may_change = access.may_change(context.session, context.speaker, cohort_id)
    context.edit(words.render_list(cohort, occasions, page, context.t, may_change=may_change))


async def choose_activity(update: Update, context: Context) -> None:
    """Offer the activities that a discussion may be about."""
    cohort_id, page = context.numbers(2)
    activities = service.setting_up.list_activities(
        context.session, speaker=context.speaker, cohort_id=cohort_id, now=context.now
    )
    cohort = people.get_cohort(context.session, cohort_id)
    context.edit(words.render_activities(cohort, activities, page, context.t))


async def create(update: Update, context: Context) -> None:
    """Begin a discussion about an activity."""
    (activity_id,) = context.numbers(1)
    discussion = service.setting_up.create(
        context.session, speaker=context.speaker, activity_id=activity_id, now=context.now
    )
    _show_sheet(context, discussion.id or 0)


async def show_sheet(update: Update, context: Context) -> None:
    """Show one discussion."""
    (discussion_id,) = context.numbers(1)
    leave(context)
    _show_sheet(context, discussion_id)


async def show_manner(update: Update, context: Context) -> None:
    """Show how groups come about."""
    (discussion_id,) = context.numbers(1)
    _show_manner(context, discussion_id)


async def set_grouping(update: Update, context: Context) -> None:
    """Say how groups come about."""
    parts = buttons.unpack(context.data)
    if len(parts) != 3 or parts[1] not in {one.value for one in Grouping}:
        raise Gone
    discussion_id, amount = buttons.number(parts[0]), buttons.number(parts[2])
    service.setting_up.change_grouping(
        context.session,
        speaker=context.speaker,
        discussion_id=discussion_id,
        now=context.now,
        grouping_by=Grouping(parts[1]),
        amount=amount,
    )
    _show_manner(context, discussion_id)


async def set_who(update: Update, context: Context) -> None:
    """Say who takes part."""
    parts = buttons.unpack(context.data)
    if len(parts) != 2 or parts[1] not in {one.value for one in Who}:
        raise Gone
    discussion_id = buttons.number(parts[0])
    service.setting_up.change_grouping(
        context.session,
        speaker=context.speaker,
        discussion_id=discussion_id,
        now=context.now,
        who=Who(parts[1]),
    )
    _show_manner(context, discussion_id)


async def show_clocks(update: Update, context: Context) -> None:
    """Show how long each stage should take."""
    (discussion_id,) = context.numbers(1)
    _show_clocks(context, discussion_id)


async def set_clock(update: Update, context: Context) -> None:
    """Say how long a stage should take."""
    discussion_id, stage, minutes = context.numbers(3)
    service.setting_up.set_minutes(
        context.session,
        speaker=context.speaker,
        discussion_id=discussion_id,
        stage=stage_of(stage),
        minutes=minutes,
        now=context.now,
    )
    _show_clocks(context, discussion_id)


async def ask_announce(update: Update, context: Context) -> None:
    """Ask before everybody is told."""
    (discussion_id,) = context.numbers(1)
    service.setting_up.require_draft(context.session, speaker=context.speaker, discussion_id=discussion_id)
    division = service.grouping.show_division(context.session, speaker=context.speaker, discussion_id=discussion_id)
    groups = len(division.circles)
    context.edit(words.render_ask_announce(division.occasion, division.people, groups, context.t))


async def announce(update: Update, context: Context) -> None:
    """Tell everybody which group they are in."""
    (discussion_id,) = context.numbers(1)
    circles = service.setting_up.announce(
        context.session, speaker=context.speaker, discussion_id=discussion_id, now=context.now
    )
    if circles:
        told = announcing.announce_groups(context.turn, circles)
        unreached = sum(len(circle.members) for circle in circles) - told
        context.answer(words.render_told_toast(told, unreached, context.t))
    _show_sheet(context, discussion_id)


async def ask_delete(update: Update, context: Context) -> None:
    """Ask before a draft is deleted."""
    (discussion_id,) = context.numbers(1)
    service.setting_up.require_draft(context.session, speaker=context.speaker, discussion_id=discussion_id)
    occasion = service.setting_up.show(context.session, speaker=context.speaker, discussion_id=discussion_id)
    context.edit(words.render_ask_delete(occasion, context.t))


async def delete(update: Update, context: Context) -> None:
    """Delete a draft."""
    (discussion_id,) = context.numbers(1)
    discussion = service.setting_up.delete_draft(
        context.session, speaker=context.speaker, discussion_id=discussion_id, now=context.now
    )
    occasions = service.setting_up.list_discussions(
        context.session, speaker=context.speaker, cohort_id=discussion.cohort_id
    )
    cohort = people.get_cohort(context.session, discussion.cohort_id)
    context.edit(words.render_list(cohort, occasions, 0, context.t, may_change=True))


async def ask_end(update: Update, context: Context) -> None:
    """Ask before a discussion is ended."""
    (discussion_id,) = context.numbers(1)
    occasion = service.setting_up.show_to_setter(context.session, speaker=context.speaker, discussion_id=discussion_id)
    context.edit(words.render_ask_end(occasion, context.t))


async def end(update: Update, context: Context) -> None:
    """End a discussion for all groups."""
    (discussion_id,) = context.numbers(1)
    is_news = service.setting_up.end(
        context.session, speaker=context.speaker, discussion_id=discussion_id, now=context.now
    )
    if is_news:
        board = service.stages.show_board(context.session, speaker=context.speaker, discussion_id=discussion_id)
        announcing.announce_end(context.turn, board.circles)
    _show_sheet(context, discussion_id)


async def reopen(update: Update, context: Context) -> None:
    """Open a discussion again."""
    (discussion_id,) = context.numbers(1)
    service.stages.reopen(context.session, speaker=context.speaker, discussion_id=discussion_id, now=context.now)
    _show_sheet(context, discussion_id)


async def send_joint(update: Update, context: Context) -> None:
    """Send the minutes of all groups as they stand."""
    (discussion_id,) = context.numbers(1)
    occasion = service.setting_up.show(context.session, speaker=context.speaker, discussion_id=discussion_id)
    announcing.send_joint(context.turn, occasion, context.chat_id, context.t.language)


_ACTIONS = (
    ("desk", show_list),
    ("new", choose_activity),
    ("about", create),
    ("sheet", show_sheet),
    ("how", show_manner),
    ("by", set_grouping),
    ("who", set_who),
    ("clocks", show_clocks),
    ("clock", set_clock),
    ("tell", ask_announce),
    ("told", announce),
    ("delete", ask_delete),
    ("deleted", delete),
    ("end", ask_end),
    ("ended", end),
    ("reopen", reopen),
    ("joint", send_joint),
)


def _show_sheet(context: Context, discussion_id: int) -> None:
    occasion = service.setting_up.show(context.session, speaker=context.speaker, discussion_id=discussion_id)
    groups = service.setting_up.count_groups(context.session, discussion_id)
    may_change = access.may_change(context.session, context.speaker, occasion.cohort_id)
    context.edit(words.render_sheet(occasion, groups, context.t, may_change=may_change))


def _show_manner(context: Context, discussion_id: int) -> None:
    service.setting_up.require_draft(context.session, speaker=context.speaker, discussion_id=discussion_id)
    occasion = service.setting_up.show(context.session, speaker=context.speaker, discussion_id=discussion_id)
    context.edit(words.render_manner(occasion, context.t))


def _show_clocks(context: Context, discussion_id: int) -> None:
    occasion = service.setting_up.show_to_setter(context.session, speaker=context.speaker, discussion_id=discussion_id)
    context.edit(words.render_clocks(occasion, context.t))
