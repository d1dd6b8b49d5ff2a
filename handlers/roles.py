"""Roles in a camp: a coordinator gives and takes them, and lets outsiders in.

Whoever presses is checked anew by the services.
"""

from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot import buttons
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState, State
from bot.errors import Gone
from bot.menu import Offer
from bot.outbox.calls import Message
from bot.people import access, listing, roles, service
from bot.people.messages import roles as words
from bot.people.messages.roles import FEATURE
from bot.people.models import Role
from bot.people.rules import LONGEST_NAME, clean_title
from handlers.cohorts import send_card
from handlers.start import PRIVATE

LINE = PRIVATE & filters.TEXT & ~filters.COMMAND
ORDER = 80


class Step(State):
    """What the dialogue waits for."""

    NAME = "name"
    WHICH = "which"
    UNIT = "unit"


def register(application: CohortApplication) -> None:
    """Add the dialogue and the screens."""
    application.add_handler(
        Conversation(
            FEATURE,
            application.dialogues,
            entry_points=[CallbackQueryHandler(ask_name, buttons.pattern(FEATURE, "as"))],
            states={
                Step.NAME: [MessageHandler(LINE, take_name)],
                Step.WHICH: [
                    CallbackQueryHandler(take_known, buttons.pattern(FEATURE, "known")),
                    MessageHandler(LINE, take_name),
                ],
                Step.UNIT: [
                    CallbackQueryHandler(take_unit, buttons.pattern(FEATURE, "unit")),
                    CallbackQueryHandler(turn_units, buttons.pattern(FEATURE, "units")),
                ],
            },
            fallbacks=[CallbackQueryHandler(stop, buttons.pattern(FEATURE, "stop"))],
        )
    )
    for action, callback in (
        ("person", show_person),
        ("give", give),
        ("take", take),
        ("staff", show_staff),
        ("invite", ask_role),
        ("stop", leave),
    ):
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(FEATURE, action)))
    application.menu.offer(
        Offer(
            ORDER,
            frozenset({Role.COORDINATOR, Role.AUDITOR}),
            lambda t: t.plain("🎖 Roles"),
            lambda cohort_id: words.pack("staff", cohort_id),
        )
    )


async def show_person(update: Update, context: Context) -> None:
    """Show a person's roles."""
    cohort_id, person_id = context.numbers(2)
    context.edit(_person_screen(context, cohort_id, person_id))


async def give(update: Update, context: Context) -> None:
    """Give a role, and tell the person."""
    await _change(update, context, given=True)


async def take(update: Update, context: Context) -> None:
    """Take a role away, and tell the person."""
    await _change(update, context, given=False)


async def show_staff(update: Update, context: Context) -> None:
    """Show everybody with a task."""
    (cohort_id,) = context.numbers(1)
    access.require_reader(context.session, context.speaker, cohort_id)
    context.edit(
        words.render_staff(
            service.get_cohort(context.session, cohort_id),
            roles.staff_of(context.session, cohort_id),
            context.t,
            may_change=access.may_change(context.session, context.speaker, cohort_id),
        )
    )


async def ask_role(update: Update, context: Context) -> None:
    """Ask what somebody from outside is to be."""
    (cohort_id,) = context.numbers(1)
    access.require_coordinator(context.session, context.speaker, cohort_id)
    context.edit(words.render_ask_role(service.get_cohort(context.session, cohort_id), context.t))


async def ask_name(update: Update, context: Context) -> NextState:
    """Ask for the name."""
    cohort_id, code = context.numbers(2)
    access.require_coordinator(context.session, context.speaker, cohort_id)
    role = _role(code)
    if role not in roles.INVITED:
        raise Gone
    context.place.notes = {"cohort": cohort_id, "role": role.value}
    context.edit(words.render_ask_name(role, context.t))
    return Step.NAME


async def take_name(update: Update, context: Context) -> NextState:
    """Take the name; where somebody is called so, ask whether it is them."""
    name = clean_title(context.text)
    if not 0 < len(name) <= LONGEST_NAME:
        context.reply(words.render_bad_name(context.t))
        return Step.NAME
    notes = context.place.notes
    notes["name"] = name
    speaker = access.require_coordinator(context.session, context.speaker, notes["cohort"])
    known = roles.candidates(context.session, speaker, name)
    if known:
        context.reply(words.render_which_person(name, known, context.t))
        return Step.WHICH
    return _ask_unit_or_invite(context, None)


async def take_known(update: Update, context: Context) -> NextState:
    """Take the answer who it is."""
    (known_id,) = context.numbers(1)
    return _ask_unit_or_invite(context, known_id or None)


async def turn_units(update: Update, context: Context) -> NextState:
    """Show another page of units."""
    (number,) = context.numbers(1)
    units = roles.units_of(context.session, context.place.notes["cohort"])
    context.edit(words.render_ask_unit(units, number, context.t))
    return Step.UNIT


async def take_unit(update: Update, context: Context) -> NextState:
    """Take the unit."""
    (index,) = context.numbers(1)
    notes = context.place.notes
    units = roles.units_of(context.session, notes["cohort"])
    if not 0 <= index < len(units):
        raise Gone
    return _invite(context, notes.get("known"), units[index])


async def stop(update: Update, context: Context) -> NextState:
    """Leave the dialogue."""
    context.edit(words.render_left(context.t))
    return END


async def leave(update: Update, context: Context) -> None:
    """Cancel the question that comes before the dialogue."""
    context.edit(words.render_left(context.t))


async def _change(update: Update, context: Context, *, given: bool) -> None:
    cohort_id, person_id, code = context.numbers(3)
    role = _role(code)
    act = roles.grant_role if given else roles.take_role
    done = act(
        context.session,
        speaker=context.speaker,
        cohort_id=cohort_id,
        person_id=person_id,
        role=role,
        now=context.now,
    )
    context.answer(words.render_toast(done, context.t, given=given))
    context.session.expire_all()
    if done.news:
        words.announce_role(context.turn, done.person, done.cohort, role, given=given)
    if access.roles_in(context.session, person_id, cohort_id):
        context.edit(_person_screen(context, cohort_id, person_id))
    else:
        staff = roles.staff_of(context.session, cohort_id)
        context.edit(words.render_staff(done.cohort, staff, context.t, may_change=True))


def _ask_unit_or_invite(context: Context, known_id: int | None) -> NextState:
    notes = context.place.notes
    knows_unit = known_id is not None and access.unit_of(context.session, known_id)
    if notes["role"] != Role.UNIT_CONTACT or knows_unit:
        return _invite(context, known_id, None)
    units = roles.units_of(context.session, notes["cohort"])
    if not units:
        context.reply(words.render_no_units(context.t))
        return END
    notes["known"] = known_id
    context.reply(words.render_ask_unit(units, 0, context.t))
    return Step.UNIT


def _invite(context: Context, known_id: int | None, unit: str | None) -> NextState:
    notes = context.place.notes
    invited = roles.invite(
        context.session,
        speaker=context.speaker,
        cohort_id=notes["cohort"],
        name=notes["name"],
        role=Role(notes["role"]),
        known_id=known_id,
        unit=unit,
        now=context.now,
    )
    context.reply(words.render_invited(invited.person, invited.cohort, invited.role, context.t))
    if invited.card is not None:
        send_card(context, invited.card.id or 0)
    else:
        words.announce_role(context.turn, invited.person, invited.cohort, invited.role, given=True)
    return END


def _person_screen(context: Context, cohort_id: int, person_id: int) -> Message:
    speaker = access.require_coordinator(context.session, context.speaker, cohort_id)
    profile = listing.profile(context.session, cohort_id, person_id)
    given = [role for role in roles.may_give(speaker) if role is not Role.COORDINATOR or role in profile.roles]
    return words.render_person_roles(profile, given, context.t)


def _role(code: int) -> Role:
    if not 0 <= code < len(roles.ROLES):
        raise Gone
    return roles.ROLES[code]
