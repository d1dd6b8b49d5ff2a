"""The coordinator's side of check-in: choose an activity, open, refresh, close, read the lists, mark by hand.

Whoever presses is checked anew by the service; a button's ids say what, never who.
"""

from datetime import date

from msgspec.structs import replace
from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot import buttons
from bot.checkin import service
from bot.checkin.boards import Counts, Desk
from bot.checkin.messages import desk as words
from bot.checkin.messages import marks, ways
from bot.checkin.messages.wording import FEATURE
from bot.checkin.rules import Status
from bot.context import CohortApplication, Context
from bot.errors import Gone
from bot.forum.visitor_lists import visitors_at
from bot.outbox.calls import Message
from bot.people import access, listing
from bot.people import service as people
from bot.people.models import Role


def register(application: CohortApplication) -> None:
    """Add every button of the desk."""
    for action, callback in (
        ("manage", choose),
        ("activity", show_activity),
        ("refresh", refresh),
        ("open", open_),
        ("close", close),
        ("list", show_list),
        ("person", show_person),
        ("mark", mark),
        ("more", show_more),
    ):
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(FEATURE, action)))


def show(context: Context) -> bool:
    """Answer ``/checkin`` of somebody who coordinates; ``False`` where the speaker coordinates nothing."""
    if context.speaker is None:
        return False
    cohorts = listing.may_coordinate(context.session, context.speaker)
    if not cohorts:
        return False
    running = [one for one in cohorts if one.ends_on >= people.local_day(one, context.now)] or list(cohorts)
    if len(running) == 1:
        context.reply(_choices(context, running[0].id or 0, None))
    else:
        context.reply(words.render_cohorts(running, context.t, is_trainee=_is_trainee(context)))
    return True


async def choose(update: Update, context: Context) -> None:
    """Show one day's activities of a cohort."""
    ids = buttons.unpack(context.data)
    cohort_id, *day = buttons.numbers(context.data, 2 if len(ids) == 2 else 1)
    context.edit(_choices(context, cohort_id, buttons.day(day[0]) if day else None))


async def show_activity(update: Update, context: Context) -> None:
    """Show where one activity's check-in stands."""
    context.edit(_render(context, _counted(context, _desk(context))))


async def show_more(update: Update, context: Context) -> None:
    """Show the ways in beside the code, and the rules."""
    activity = _desk(context).activity
    waiting = service.waiting_walk_ins(context.session, activity.cohort_id, activity.id)
    context.edit(ways.render_more(activity, len(waiting), context.t))


async def refresh(update: Update, context: Context) -> None:
    """Show the count as it is now."""
    desk = _counted(context, _desk(context))
    context.answer(words.render_refreshed_toast(desk, context.t))
    context.edit(_render(context, desk))


async def open_(update: Update, context: Context) -> None:
    """Open the check-in."""
    (activity_id,) = context.numbers(1)
    desk = service.open_checkin(context.session, speaker=context.speaker, activity_id=activity_id, now=context.now)
    context.edit(_render(context, _counted(context, desk)))


async def close(update: Update, context: Context) -> None:
    """Close the check-in and say how it came out."""
    (activity_id,) = context.numbers(1)
    service.close_checkin(context.session, speaker=context.speaker, activity_id=activity_id, now=context.now)
    context.edit(words.render_summary(service.read_board(context.session, activity_id=activity_id), context.t))


async def show_list(update: Update, context: Context) -> None:
    """Show one page of the present, the late or the missing."""
    activity_id, status, page = context.numbers(3)
    service.show_desk(context.session, speaker=context.speaker, activity_id=activity_id, now=context.now)
    board = service.read_board(context.session, activity_id=activity_id)
    context.edit(marks.render_list(board, _status(status), page, context.t))


async def show_person(update: Update, context: Context) -> None:
    """Show one person's record with the marks that can be set."""
    activity_id, person_id, status, page = context.numbers(4)
    view = service.show_mark(context.session, speaker=context.speaker, activity_id=activity_id, person_id=person_id)
    context.edit(marks.render_mark(view, _status(status), page, context.t))


async def mark(update: Update, context: Context) -> None:
    """Set a mark and show the record with who set it and when."""
    activity_id, person_id, to, status, page = context.numbers(5)
    marked = service.mark(
        context.session,
        speaker=context.speaker,
        activity_id=activity_id,
        person_id=person_id,
        to=_status(to),
        now=context.now,
    )
    context.answer(marks.render_marked_toast(marked, context.t))
    context.edit(marks.render_mark(marked.view, _status(status), page, context.t))


def _desk(context: Context) -> Desk:
    (activity_id,) = context.numbers(1)
    return service.show_desk(context.session, speaker=context.speaker, activity_id=activity_id, now=context.now)


def _counted(context: Context, desk: Desk) -> Desk:
    """With those who are on no list of check-in's but have a place, such as at an open lecture."""
    visitors, counts = visitors_at(context.session, desk.activity.id), desk.counts
    return replace(desk, counts=Counts(counts.arrived + visitors.arrived, counts.expected + visitors.expected))


def _render(context: Context, desk: Desk) -> Message:
    return words.render_desk(desk, context.t, context.installation.public_url)


def _choices(context: Context, cohort_id: int, on: date | None) -> Message:
    choices = service.list_choices(
        context.session, speaker=context.speaker, cohort_id=cohort_id, now=context.now, on=on
    )
    return words.render_choices(choices, context.t, is_trainee=_is_trainee(context))


def _is_trainee(context: Context) -> bool:
    speaker = context.speaker
    return speaker is not None and bool(access.cohort_ids_of(context.session, speaker.person_id, Role.TRAINEE))


def _status(code: int) -> Status:
    status = marks.read_status(code)
    if status is None:
        raise Gone
    return status
