"""A coordinator's screens about people: groups, names, links, seat cards."""

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot import buttons
from bot.context import CohortApplication, Context
from bot.errors import NotAllowed
from bot.ids import PersonId
from bot.menu import Offer
from bot.outbox.calls import Document, Message
from bot.people import access, linking, listing, service
from bot.people.listing import Camp, Page, Profile
from bot.people.messages import cards as card_words
from bot.people.messages import home
from bot.people.messages import linking as link_words
from bot.people.messages import listing as words
from bot.people.messages.wording import FEATURE
from bot.people.models import Role
from bot.people.service import Speaker
from handlers.cohorts import send_card
from handlers.start import PRIVATE, offered

ORDER = 81


def register(application: CohortApplication) -> None:
    """Add the command and the buttons."""
    application.add_handler(CommandHandler("people", show_people, PRIVATE))
    for action, callback in (
        ("camp", show_camp),
        ("groups", show_groups),
        ("list", show_list),
        ("person", show_person),
        ("newcard", issue_card),
        ("unlink", ask_to_unlink),
        ("unlinked", unlink),
        ("cards", print_cards),
        ("howto", explain_imports),
        ("own", show_own_people),
    ):
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(FEATURE, action)))
    application.menu.offer(
        Offer(
            ORDER,
            frozenset({Role.UNIT_CONTACT}),
            lambda t: t.plain("👥 My people"),
            lambda cohort_id: buttons.pack(FEATURE, "own", cohort_id, 0),
        ),
        Offer(
            ORDER,
            frozenset({Role.AUDITOR}),
            lambda t: t.plain("👥 People"),
            lambda cohort_id: buttons.pack(FEATURE, "groups", cohort_id),
        ),
    )


async def show_people(update: Update, context: Context) -> None:
    """Show the groups of the one cohort, or ask which cohort; a unit contact's own people."""
    speaker = context.speaker
    cohorts = list(listing.may_read(context.session, speaker)) if speaker else []
    if not cohorts and speaker is not None:
        _show_first_own(context, speaker)
        return
    if not cohorts:
        raise NotAllowed
    if len(cohorts) > 1:
        context.reply(words.render_which_camp(cohorts[: listing.PAGE], context.t))
        return
    context.reply(_groups(context, cohorts[0].id or 0))


async def show_own_people(update: Update, context: Context) -> None:
    """Show a unit contact the people of the unit."""
    cohort_id, number = context.numbers(2)
    speaker = access.require_role(context.session, context.speaker, cohort_id, Role.UNIT_CONTACT)
    context.edit(_own_people(context, speaker, cohort_id, number))


async def show_camp(update: Update, context: Context) -> None:
    """Show what somebody with a task in a cohort can do there."""
    (cohort_id,) = context.numbers(1)
    speaker = access.require_role(context.session, context.speaker, cohort_id, *(set(Role) - {Role.TRAINEE}))
    cohort = service.get_cohort(context.session, cohort_id)
    roles = access.roles_in(context.session, speaker.person_id, cohort_id)
    camp = Camp(cohort, roles, service.local_day(cohort, context.now))
    held = roles - {Role.TRAINEE} | ({Role.COORDINATOR} if speaker.is_operator else frozenset())
    context.edit(
        home.render_camp(
            camp,
            context.t,
            trainees=listing.count_trainees(context.session, cohort_id),
            unlinked=service.count_unlinked(context.session, cohort_id),
            offers=offered(context, speaker, camp, held, context.t),
            is_operator=speaker.is_operator,
        )
    )


async def show_groups(update: Update, context: Context) -> None:
    """Show the groups with how many are linked."""
    (cohort_id,) = context.numbers(1)
    access.require_reader(context.session, context.speaker, cohort_id)
    context.edit(_groups(context, cohort_id))


async def show_list(update: Update, context: Context) -> None:
    """Show a page of a group, of everybody, or of those who are not linked."""
    cohort_id, which, number = context.numbers(3)
    access.require_reader(context.session, context.speaker, cohort_id)
    cohort, groups = service.get_cohort(context.session, cohort_id), listing.groups_of(context.session, cohort_id)
    group = groups[which].name if 0 <= which < len(groups) else None
    page: Page = listing.trainees_page(
        context.session, cohort_id, number, group=group, only_unlinked=which == words.UNLINKED
    )
    context.edit(words.render_list(cohort, page, which, words.list_title(which, groups, context.t), context.t))


async def show_person(update: Update, context: Context) -> None:
    """Show one person, to whoever may see them."""
    cohort_id, person_id = context.numbers(2)
    access.require_sight_of(context.session, context.speaker, cohort_id, person_id)
    profile = listing.profile(context.session, cohort_id, person_id)
    may_change = access.may_change(context.session, context.speaker, cohort_id)
    may_unlink = may_change and _may_unlink(context, profile)
    context.edit(words.render_profile(profile, context.t, may_unlink=may_unlink, may_change=may_change))


async def issue_card(update: Update, context: Context) -> None:
    """Make a new card for one person who is not linked."""
    profile = _profile(context)
    if not _may_unlink(context, profile):
        raise NotAllowed
    if profile.person.telegram_id is None:
        _send_new_card(context, profile)
    else:
        context.edit(words.render_profile(profile, context.t, may_unlink=True))


async def ask_to_unlink(update: Update, context: Context) -> None:
    """Make sure before an account is taken away."""
    profile = _profile(context)
    if not _may_unlink(context, profile):
        raise NotAllowed
    context.edit(words.render_unlink_question(profile, context.t))


async def unlink(update: Update, context: Context) -> None:
    """Take the account away, tell it, and make a new card."""
    profile = _profile(context)
    if not _may_unlink(context, profile):
        raise NotAllowed
    speaker = _require(context, profile.cohort.id or 0)
    account = linking.unlink(
        context.session,
        person_id=profile.person.id or 0,
        cohort_id=profile.cohort.id or 0,
        actor=speaker.actor,
        now=context.now,
    )
    link_words.tell_unlinked(context.turn, account, profile.person, profile.cohort)
    context.edit(words.render_unlinked(profile, context.t))
    _send_new_card(context, profile)


async def print_cards(update: Update, context: Context) -> None:
    """Send the sheet of seat cards for everybody who is not linked."""
    (cohort_id,) = context.numbers(1)
    speaker = _require(context, cohort_id)
    cohort = service.get_cohort(context.session, cohort_id)
    count = linking.issue_seat_cards(context.session, cohort_id=cohort_id, actor=speaker.actor, now=context.now)
    context.reply(card_words.render_making_cards(cohort, count, context.t))
    if count:
        arguments = {"cohort_id": cohort_id, "language": context.t.language}
        context.turn.send_document(context.chat_id, Document("seat_cards", arguments, card_words.caption(context.t)))


async def explain_imports(update: Update, context: Context) -> None:
    """Say how files get in."""
    context.edit(home.render_how_to_import(context.t))


def _send_new_card(context: Context, profile: Profile) -> None:
    speaker = _require(context, profile.cohort.id or 0)
    card = linking.issue_card(
        context.session,
        person_id=profile.person.id or 0,
        cohort_id=profile.cohort.id or 0,
        actor=speaker.actor,
        now=context.now,
    )
    send_card(context, card.id or 0)


def _may_unlink(context: Context, profile: Profile) -> bool:
    """Whoever holds an account that opens more than this camp is dealt with by an operator only."""
    speaker = context.speaker
    if speaker is not None and speaker.is_operator:
        return True
    if speaker is None or context.installation.is_operator(profile.person.telegram_id):
        return False
    return not listing.opens_more(context.session, PersonId(profile.person.id or 0), speaker)


def _groups(context: Context, cohort_id: int) -> Message:
    cohort, groups = service.get_cohort(context.session, cohort_id), listing.groups_of(context.session, cohort_id)
    may_change = access.may_change(context.session, context.speaker, cohort_id)
    return words.render_groups(cohort, groups, context.t, may_change=may_change)


def _show_first_own(context: Context, speaker: Speaker) -> None:
    cohort_ids = access.cohort_ids_of(context.session, speaker.person_id, Role.UNIT_CONTACT)
    if not cohort_ids:
        raise NotAllowed
    context.reply(_own_people(context, speaker, max(cohort_ids), 0))


def _own_people(context: Context, speaker: Speaker, cohort_id: int, number: int) -> Message:
    cohort, unit = service.get_cohort(context.session, cohort_id), access.unit_of(context.session, speaker.person_id)
    if not unit:
        return words.render_no_unit(cohort, context.t)
    page = listing.trainees_page(context.session, cohort_id, number, unit=unit)
    return words.render_own_people(cohort, page, unit, context.t)


def _profile(context: Context) -> Profile:
    cohort_id, person_id = context.numbers(2)
    _require(context, cohort_id)
    return listing.profile(context.session, cohort_id, person_id)


def _require(context: Context, cohort_id: int) -> Speaker:
    return access.require_coordinator(context.session, context.speaker, cohort_id)
