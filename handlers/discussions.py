"""Group discussions for their members: where the group stands, going on, the points, the dots. Decides nothing."""

from telegram import Update

from bot.context import CohortApplication, Context
from bot.discussions import service
from bot.discussions.messages import announcing
from bot.discussions.messages import place as words
from bot.discussions.messages import points as listing
from bot.discussions.messages.wording import data as button_data
from bot.discussions.models import Stage
from bot.discussions.outcomes import Moved
from bot.errors import Gone
from bot.menu import Offer
from bot.people import access
from bot.people.models import Role
from handlers import discussions_desk, discussions_groups, discussions_minutes, discussions_writing
from handlers.discussions_screens import all_of, leave, show_home, show_other, stage_of

ASKED = (Stage.WRITING, Stage.VOTING)
"""Stages of which everybody should have their part before the group goes on."""


def register(application: CohortApplication) -> None:
    """Add the offer, the dialogues and the buttons."""
    trainees = frozenset({Role.TRAINEE})
    application.menu.offer(
        Offer(
            52,
            trainees,
            lambda t: t.plain("💬 Group discussion"),
            lambda cohort_id: button_data("mine", cohort_id),
            lambda session, person_id, cohort_id, _: service.stages.is_anything(session, person_id, cohort_id),
        )
    )
    discussions_writing.register(application)
    discussions_minutes.register(application)
    discussions_desk.register(application)
    discussions_groups.register(application)
    for handler in all_of(_ACTIONS):
        application.add_handler(handler)


async def show_mine(update: Update, context: Context) -> None:
    """Show one's discussion, or let choose between several."""
    (cohort_id,) = context.numbers(1)
    leave(context)
    access.require_role(context.session, context.speaker, cohort_id, Role.TRAINEE)
    speaker = context.speaker
    seats = service.stages.find_places(context.session, speaker=speaker, cohort_id=cohort_id)
    person_id = speaker.person_id if speaker else 0
    open_ones = service.stages.open_to(context.session, person_id=person_id, cohort_id=cohort_id)
    if not seats and not open_ones:
        context.edit(words.render_nothing(cohort_id, context.t))
    elif len(seats) == 1 and not open_ones:
        _show_here(update, context, seats[0][1])
    else:
        context.edit(words.render_choice(seats, open_ones, context.t))


async def show_here(update: Update, context: Context) -> None:
    """Show where one's group stands."""
    (group_id,) = context.numbers(1)
    leave(context)
    _show_here(update, context, group_id)


async def join(update: Update, context: Context) -> None:
    """Come late: into the smallest group."""
    (discussion_id,) = context.numbers(1)
    joined = service.arriving.join(
        context.session, speaker=context.speaker, discussion_id=discussion_id, now=context.now
    )
    if joined.is_news:
        done = service.stages.progress_of(context.session, joined.circle)
        announcing.update_leader(context.turn, joined.circle, done)
    _show_here(update, context, joined.circle.id)


async def go_on(update: Update, context: Context) -> None:
    """Go on to the next stage; asked first where somebody has not done their part."""
    group_id, number = context.numbers(2)
    stage = stage_of(number)
    place = service.stages.show_place(context.session, speaker=context.speaker, group_id=group_id)
    is_short = place.done < len(place.circle.members)
    if place.is_leader and place.circle.stage is stage and stage in ASKED and place.done and is_short:
        show_other(update, context, place, words.render_ask_on(place, context.t))
    else:
        _go_on(update, context, group_id, stage)


async def go_on_anyway(update: Update, context: Context) -> None:
    """Go on to the next stage."""
    group_id, number = context.numbers(2)
    _go_on(update, context, group_id, stage_of(number))


async def ask_back(update: Update, context: Context) -> None:
    """Ask before a group goes back."""
    group_id, number = context.numbers(2)
    stage_of(number)
    circle = service.stages.require_driver(context.session, speaker=context.speaker, group_id=group_id)
    is_member = context.speaker is not None and circle.member(context.speaker.person_id) is not None
    context.edit(words.render_ask_back(circle, context.t, is_member=is_member))


async def go_back(update: Update, context: Context) -> None:
    """Go back to the stage before."""
    group_id, number = context.numbers(2)
    moved = service.stages.go_back(
        context.session, speaker=context.speaker, group_id=group_id, stage=stage_of(number), now=context.now
    )
    _after(update, context, moved)


async def show_points(update: Update, context: Context) -> None:
    """Show all points."""
    group_id, page = context.numbers(2)
    place = service.stages.show_place(context.session, speaker=context.speaker, group_id=group_id)
    circle, points = service.merging.show_points(context.session, speaker=context.speaker, group_id=group_id)
    show_other(update, context, place, listing.render_points(circle, points, page, context.t))


async def show_list(update: Update, context: Context) -> None:
    """Show leader and recorder the points of a question, to put them together."""
    group_id, question_id, page = context.numbers(3)
    leave(context)
    place = service.stages.show_place(context.session, speaker=context.speaker, group_id=group_id)
    if not place.is_officer or place.circle.stage is not Stage.MERGING:
        show_home(update, context, place)
        return
    _, points = service.merging.show_points(context.session, speaker=context.speaker, group_id=group_id)
    mine = [one for one in points if one.question_id == question_id]
    show_other(update, context, place, listing.render_list(place.circle, question_id, mine, page, context.t))


async def pick(update: Update, context: Context) -> None:
    """Show one point with what could be put to it."""
    point_id, page = context.numbers(2)
    _show_point(update, context, point_id, page)


async def merge(update: Update, context: Context) -> None:
    """Put a point to another."""
    point_id, other_id = context.numbers(2)
    _, _, is_news = service.merging.merge(
        context.session, speaker=context.speaker, point_id=point_id, other_id=other_id, now=context.now
    )
    context.answer(listing.render_merged_toast(context.t, is_news=is_news))
    _show_point(update, context, point_id, 0)


async def split(update: Update, context: Context) -> None:
    """Give one wording a number of its own."""
    (note_id,) = context.numbers(1)
    _, point = service.merging.split(context.session, speaker=context.speaker, note_id=note_id)
    _show_point(update, context, point.id, 0)


async def show_ballot(update: Update, context: Context) -> None:
    """Show the points of a question to vote on."""
    group_id, question_id, page = context.numbers(3)
    _show_ballot(update, context, group_id, question_id, page)


async def place_dot(update: Update, context: Context) -> None:
    """Place a dot, or take it back."""
    point_id, is_on, page = context.numbers(3)
    voted = service.voting.place_dot(context.session, speaker=context.speaker, point_id=point_id, is_on=bool(is_on))
    context.answer(listing.render_dot_toast(voted.dotted, voted.left, context.t))
    if voted.is_first and not voted.place.is_leader:
        announcing.update_leader(context.turn, voted.place.circle, voted.place.done)
    _show_ballot(update, context, voted.place.circle.id, voted.question_id, page)


async def set_consent(update: Update, context: Context) -> None:
    """Let one's name stand in the minutes, or not."""
    group_id, may_name = context.numbers(2)
    place = service.stages.set_consent(
        context.session, speaker=context.speaker, group_id=group_id, may_name=bool(may_name)
    )
    context.answer(words.render_consent_toast(context.t, may_name=bool(may_name)))
    show_home(update, context, place)


async def miss_leader(update: Update, context: Context) -> None:
    """Tell the coordinators that the leader is not there."""
    (group_id,) = context.numbers(1)
    place = service.stages.show_place(context.session, speaker=context.speaker, group_id=group_id)
    announcing.announce_missing_leader(context.turn, place.circle)
    context.answer(words.render_told_toast(context.t), alert=True)


_ACTIONS = (
    ("mine", show_mine),
    ("here", show_here),
    ("join", join),
    ("on", go_on),
    ("go", go_on_anyway),
    ("back", ask_back),
    ("undo", go_back),
    ("points", show_points),
    ("list", show_list),
    ("pick", pick),
    ("merge", merge),
    ("split", split),
    ("vote", show_ballot),
    ("dot", place_dot),
    ("name", set_consent),
    ("noleader", miss_leader),
)


def _show_here(update: Update, context: Context, group_id: int) -> None:
    place = service.stages.show_place(context.session, speaker=context.speaker, group_id=group_id)
    show_home(update, context, place)


def _show_point(update: Update, context: Context, point_id: int, page: int) -> None:
    circle, point = service.merging.show_point(context.session, speaker=context.speaker, point_id=point_id)
    place = service.stages.show_place(context.session, speaker=context.speaker, group_id=circle.id)
    _, points = service.merging.show_points(context.session, speaker=context.speaker, group_id=circle.id)
    others = [one for one in points if one.question_id == point.question_id]
    show_other(update, context, place, listing.render_point(circle, point, others, page, context.t))


def _show_ballot(update: Update, context: Context, group_id: int, question_id: int, page: int) -> None:
    ballot = service.voting.show_ballot(
        context.session, speaker=context.speaker, group_id=group_id, question_id=question_id
    )
    show_other(update, context, ballot.place, listing.render_ballot(ballot, page, context.t))


def _go_on(update: Update, context: Context, group_id: int, stage: Stage) -> None:
    moved = service.stages.go_on(
        context.session, speaker=context.speaker, group_id=group_id, stage=stage, now=context.now
    )
    _after(update, context, moved)


def _after(update: Update, context: Context, moved: Moved) -> None:
    """Tell the group, and show whoever pressed where it stands: their place, or the coordinator's page."""
    circle, speaker = moved.circle, context.speaker
    if speaker is None:
        raise Gone
    leave(context)
    if not moved.is_news:
        context.answer(words.render_moved_toast(context.t))
    points = service.finding.leading_of(context.session, circle)
    if moved.is_news:
        announcing.announce_stage(context.turn, circle, points, but=speaker.person_id)
    if circle.member(speaker.person_id) is not None:
        _show_here(update, context, circle.id)
    else:
        discussions_groups.show_circle(context, circle.id)
