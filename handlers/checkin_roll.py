"""The roll call and the head count, for coordinators and for group leaders of their own group."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot import buttons
from bot.checkin import service
from bot.checkin.messages import rolls as words
from bot.checkin.messages.wording import FEATURE, data
from bot.context import CohortApplication, Context
from bot.errors import Gone
from bot.menu import Offer
from bot.people.models import Role


def register(application: CohortApplication) -> None:
    """Add the buttons, and a group leader's way to them."""
    for action, callback in (
        ("lead", show_led),
        ("roll", show_roll),
        ("abs", name_absent),
        ("call", call),
        ("unroll", undo),
        ("allheads", show_counts),
        ("heads", show_count),
        ("count", count),
    ):
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(FEATURE, action)))
    application.menu.offer(
        Offer(
            11,
            frozenset({Role.GROUP_LEADER}),
            words.label_my_group,
            lambda cohort_id: data("lead", cohort_id),
        )
    )


async def show_led(update: Update, context: Context) -> None:
    """Show a group leader what is on for the own group."""
    (cohort_id,) = context.numbers(1)
    group, activities = service.led_activities(
        context.session, speaker=context.speaker, cohort_id=cohort_id, now=context.now
    )
    context.edit(words.render_led(activities, group, context.t))


async def show_roll(update: Update, context: Context) -> None:
    """Show the sheet of a group or of everybody."""
    activity_id, key, page = _place(context, 3)
    roll = service.show_roll(
        context.session, speaker=context.speaker, activity_id=activity_id, group=_group(context, activity_id, key)
    )
    context.edit(words.render_roll(roll, page, context.t))


async def name_absent(update: Update, context: Context) -> None:
    """Name somebody as not there, or take that back."""
    ids = buttons.unpack(context.data)
    if len(ids) != 4:
        raise Gone
    activity_id, page, person_id = (buttons.number(text) for text in (ids[0], ids[2], ids[3]))
    roll = service.name_absent(
        context.session,
        speaker=context.speaker,
        activity_id=activity_id,
        person_id=person_id,
        group=_group(context, activity_id, ids[1]),
    )
    context.edit(words.render_roll(roll, page, context.t))


async def call(update: Update, context: Context) -> None:
    """Record everybody but those named."""
    activity_id, key, _ = _place(context, 2)
    group = _group(context, activity_id, key)
    called = service.call_roll(
        context.session, speaker=context.speaker, activity_id=activity_id, group=group, now=context.now
    )
    context.edit(words.render_called(called, context.t))


async def undo(update: Update, context: Context) -> None:
    """Take a roll call back."""
    (roll_call_id,) = context.numbers(1)
    undone = service.undo_roll(context.session, speaker=context.speaker, roll_call_id=roll_call_id, now=context.now)
    context.edit(words.render_undone(undone, context.t))


async def show_counts(update: Update, context: Context) -> None:
    """Show a coordinator every group's count."""
    (activity_id,) = context.numbers(1)
    service.show_desk(context.session, speaker=context.speaker, activity_id=activity_id, now=context.now)
    roll = service.show_roll(context.session, speaker=context.speaker, activity_id=activity_id)
    counted = service.head_counts(context.session, roll.activity.cohort_id, activity_id=activity_id)
    context.edit(words.render_counts(roll.activity, roll.groups, counted, context.t))


async def show_count(update: Update, context: Context) -> None:
    """Show one group with the numbers to choose from."""
    activity_id, key, low = _place(context, 3)
    view = service.show_count(
        context.session, speaker=context.speaker, activity_id=activity_id, group=_group(context, activity_id, key)
    )
    context.edit(words.render_count(view, low, context.t))


async def count(update: Update, context: Context) -> None:
    """Keep a count and lay it beside the record."""
    activity_id, key, counted = _place(context, 3)
    view = service.count_heads(
        context.session,
        speaker=context.speaker,
        activity_id=activity_id,
        counted=counted,
        now=context.now,
        group=_group(context, activity_id, key),
    )
    context.edit(words.render_count(view, -1, context.t))


def _group(context: Context, activity_id: int, key: str) -> str | None:
    """The group a button names, among those that the speaker may see."""
    if key == words.EVERYBODY:
        return None
    roll = service.show_roll(context.session, speaker=context.speaker, activity_id=activity_id)
    try:
        return words.find_group(key, [name for name, _ in roll.groups])
    except KeyError:
        raise Gone from None


def _place(context: Context, count: int) -> tuple[int, str, int]:
    ids = buttons.unpack(context.data)
    if len(ids) != count:
        raise Gone
    return buttons.number(ids[0]), ids[1], buttons.number(ids[2]) if count == 3 else 0
