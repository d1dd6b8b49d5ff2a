"""The groups for the coordinator: draw, look, move, swap, who leads and records, how all stand. Decides nothing."""

from telegram import Update

from bot.context import CohortApplication, Context
from bot.discussions import service
from bot.discussions.messages import announcing
from bot.discussions.messages import groups as words
from bot.discussions.models import Status
from bot.discussions.outcomes import Circle
from bot.errors import Gone
from bot.people import access
from handlers.discussions_screens import all_of


def register(application: CohortApplication) -> None:
    """Add the buttons."""
    for handler in all_of(_ACTIONS):
        application.add_handler(handler)


def show_circle(context: Context, group_id: int) -> None:
    """Show the coordinator one group."""
    circle = service.grouping.show_circle(context.session, speaker=context.speaker, group_id=group_id)
    done = service.stages.progress_of(context.session, circle)
    may_change = access.may_change(context.session, context.speaker, circle.occasion.cohort_id)
    context.edit(words.render_circle(circle, done, context.now, context.t, may_change=may_change))


async def draw(update: Update, context: Context) -> None:
    """Draw the groups."""
    (discussion_id,) = context.numbers(1)
    service.grouping.draw(context.session, speaker=context.speaker, discussion_id=discussion_id, now=context.now)
    _show_division(context, discussion_id, 0)


async def show_groups(update: Update, context: Context) -> None:
    """Show a page of the groups."""
    discussion_id, page = context.numbers(2)
    _show_division(context, discussion_id, page)


async def show_group(update: Update, context: Context) -> None:
    """Show one group."""
    (group_id,) = context.numbers(1)
    show_circle(context, group_id)


async def show_person(update: Update, context: Context) -> None:
    """Show one person: where they could go."""
    discussion_id, person_id = context.numbers(2)
    _show_person(context, discussion_id, person_id)


async def move(update: Update, context: Context) -> None:
    """Put one person into another group."""
    person_id, group_id = context.numbers(2)
    source, target = service.moving.move(
        context.session, speaker=context.speaker, person_id=person_id, group_id=group_id, now=context.now
    )
    member = target.member(person_id)
    if member is not None:
        context.answer(words.render_moved_toast(member, target, context.t))
        if source.id != target.id:
            _tell(context, target, person_id)
    show_circle(context, target.id)


async def choose_swap(update: Update, context: Context) -> None:
    """Offer the people of another group to swap with."""
    discussion_id, person_id, group_id = context.numbers(3)
    service.setting_up.show_to_setter(context.session, speaker=context.speaker, discussion_id=discussion_id)
    source, _ = _circles(context, discussion_id, person_id)
    target = service.grouping.show_circle(context.session, speaker=context.speaker, group_id=group_id)
    member = source.member(person_id)
    if member is None or target.occasion.id != discussion_id:
        raise Gone
    context.edit(words.render_swap(source, member, target, context.t))


async def swap(update: Update, context: Context) -> None:
    """Let two people change places."""
    discussion_id, person_id, other_id = context.numbers(3)
    one, two = service.moving.swap(
        context.session,
        speaker=context.speaker,
        person_id=person_id,
        other_id=other_id,
        discussion_id=discussion_id,
        now=context.now,
    )
    context.answer(words.render_swapped_toast(context.t))
    for circle in {one.id: one, two.id: two}.values():
        for moved in (person_id, other_id):
            if one.id != two.id:
                _tell(context, circle, moved)
    show_circle(context, two.id)


async def name_leader(update: Update, context: Context) -> None:
    """Let somebody lead."""
    _name(update, context, is_leader=True)


async def name_recorder(update: Update, context: Context) -> None:
    """Let somebody record."""
    _name(update, context, is_leader=False)


async def show_board(update: Update, context: Context) -> None:
    """Show how all groups stand."""
    (discussion_id,) = context.numbers(1)
    _show_board(context, discussion_id)


async def start_all(update: Update, context: Context) -> None:
    """Let all groups begin."""
    (discussion_id,) = context.numbers(1)
    moved = service.stages.start_all(
        context.session, speaker=context.speaker, discussion_id=discussion_id, now=context.now
    )
    for one in moved:
        announcing.announce_stage(context.turn, one.circle)
    _show_board(context, discussion_id)


_ACTIONS = (
    ("draw", draw),
    ("groups", show_groups),
    ("group", show_group),
    ("person", show_person),
    ("move", move),
    ("swapin", choose_swap),
    ("swap", swap),
    ("lead", name_leader),
    ("record", name_recorder),
    ("board", show_board),
    ("start", start_all),
)


def _name(update: Update, context: Context, *, is_leader: bool) -> None:
    group_id, person_id = context.numbers(2)
    circle, is_news = service.moving.name_officer(
        context.session,
        speaker=context.speaker,
        group_id=group_id,
        person_id=person_id,
        is_leader=is_leader,
        now=context.now,
    )
    member = circle.member(person_id)
    if member is not None:
        context.answer(words.render_post_toast(member, context.t, is_leader=is_leader))
    if is_news and circle.occasion.discussion.status == Status.ANNOUNCED:
        announcing.announce_post(context.turn, circle, person_id, is_leader=is_leader)
    show_circle(context, group_id)


def _tell(context: Context, circle: Circle, person_id: int) -> None:
    """Somebody was moved after the groups had been announced."""
    member = circle.member(person_id)
    if member is not None and circle.occasion.discussion.status == Status.ANNOUNCED:
        points = service.finding.leading_of(context.session, circle)
        announcing.announce_seat(context.turn, circle, member, points)


def _circles(context: Context, discussion_id: int, person_id: int) -> tuple[Circle, tuple[Circle, ...]]:
    """The group of a person, and all groups."""
    division = service.grouping.show_division(context.session, speaker=context.speaker, discussion_id=discussion_id)
    circle = next((one for one in division.circles if one.member(person_id) is not None), None)
    if circle is None:
        raise Gone
    return circle, division.circles


def _show_person(context: Context, discussion_id: int, person_id: int) -> None:
    service.setting_up.show_to_setter(context.session, speaker=context.speaker, discussion_id=discussion_id)
    circle, circles = _circles(context, discussion_id, person_id)
    member = circle.member(person_id)
    if member is None:
        raise Gone
    context.edit(words.render_person(circle, member, circles, context.t))


def _show_division(context: Context, discussion_id: int, page: int) -> None:
    division = service.grouping.show_division(context.session, speaker=context.speaker, discussion_id=discussion_id)
    may_change = access.may_change(context.session, context.speaker, division.occasion.cohort_id)
    context.edit(words.render_division(division, page, context.t, may_change=may_change))


def _show_board(context: Context, discussion_id: int) -> None:
    board = service.stages.show_board(context.session, speaker=context.speaker, discussion_id=discussion_id)
    may_change = access.may_change(context.session, context.speaker, board.occasion.cohort_id)
    context.edit(words.render_board(board, context.now, context.t, may_change=may_change))
