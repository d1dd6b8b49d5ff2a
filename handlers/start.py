"""/start with and without a card's code, codes typed outside any dialogue, /cancel, /help, and who has blocked us."""

import re
from collections.abc import Sequence

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, TypeHandler, filters

from bot import buttons, codes, i18n
from bot.buttons import Rows
from bot.context import Blocked, CohortApplication, Context
from bot.guests import service as guests
from bot.outbox import calls
from bot.outbox.calls import Message
from bot.people import access, linking, listing, service
from bot.people.linking import Account, Linked, NotLinkedBy
from bot.people.listing import Camp
from bot.people.messages import home, menus, wording
from bot.people.messages import linking as words
from bot.people.messages.home import Home
from bot.people.models import Role
from bot.people.service import Speaker
from bot.timetable import service as timetable
from bot.timetable.messages import render_today

PRIVATE = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
PAYLOAD = re.compile(r"^/start(?:@\w+)?\s+(.+)$", re.DOTALL)


class _CardCode(filters.MessageFilter):
    """Text, or the payload of a deep link, that has the shape of a card's code."""

    def __init__(self, *, linked: bool) -> None:
        super().__init__()
        self._linked = linked

    def filter(self, message: object) -> bool:
        text = getattr(message, "text", None) or ""
        payload = PAYLOAD.match(text) if self._linked else None
        return codes.is_code(payload[1] if payload else "" if self._linked else text, codes.CARD_LENGTH)


BARE_START = filters.Regex(r"^/start(@\w+)?\s*$")


def register(application: CohortApplication) -> None:
    """Add the commands that leave any dialogue, and the screens they show."""
    application.add_handler(CommandHandler("start", show_home, PRIVATE & BARE_START))
    application.add_handler(CommandHandler("start", receive_link, PRIVATE & _CardCode(linked=True)))
    application.add_handler(CommandHandler("cancel", cancel, PRIVATE))
    application.add_handler(CommandHandler("help", show_help, PRIVATE))
    application.add_handler(CallbackQueryHandler(return_home, buttons.pattern(wording.FEATURE, "home")))
    application.add_handler(CallbackQueryHandler(show_help, buttons.pattern(wording.FEATURE, "help")))
    application.add_handler(TypeHandler(Blocked, note_blocked))


def register_last(application: CohortApplication) -> None:
    """Add what takes free text, and so must come after every conversation."""
    application.add_handler(MessageHandler(PRIVATE & filters.TEXT & _CardCode(linked=False), receive_code))
    application.add_handler(CommandHandler("start", refuse_link, PRIVATE))
    application.add_handler(MessageHandler(PRIVATE & _FromStranger(application), greet_stranger))


async def show_home(update: Update, context: Context) -> None:
    """Leave any dialogue and show the first screen."""
    context.end_dialogue()
    if context.speaker is None:
        context.reply(home.render_stranger(context.t))
        return
    context.reply(home.render_home(_home_of(context, context.speaker), context.t))
    if context.speaker.is_operator or _has_task(context, context.speaker):
        set_menu(context, context.speaker, context.t)


async def return_home(update: Update, context: Context) -> None:
    """Show the first screen in place."""
    if context.speaker is None:
        context.edit(home.render_stranger(context.t))
    else:
        context.edit(home.render_home(_home_of(context, context.speaker), context.t))


async def receive_link(update: Update, context: Context) -> None:
    """Take the code of a deep link."""
    context.end_dialogue()
    assert context.args is not None  # noqa: S101 - a command has arguments
    _take_code(update, context, "".join(context.args))


async def receive_code(update: Update, context: Context) -> None:
    """Take a typed code."""
    assert update.message is not None  # noqa: S101 - the filter has seen its text
    _take_code(update, context, update.message.text or "")


async def refuse_link(update: Update, context: Context) -> None:
    """Say that a deep link leads nowhere."""
    context.end_dialogue()
    context.reply(words.render_bad_link(context.t))


async def greet_stranger(update: Update, context: Context) -> None:
    """Say whom to ask, whatever a stranger sent."""
    context.reply(home.render_stranger(context.t))


async def cancel(update: Update, context: Context) -> None:
    """Leave whatever dialogue is open."""
    was_open = bool(context.place.state)
    context.end_dialogue()
    context.reply(home.render_cancelled(context.t, was_open=was_open))


async def show_help(update: Update, context: Context) -> None:
    """Say what can be done here."""
    screen = _home_of(context, context.speaker) if context.speaker else None
    context.reply(home.render_help(screen, context.t))


async def note_blocked(event: object, context: Context) -> None:
    """Remember that an account cannot be reached, and tell its coordinators once."""
    assert isinstance(event, Blocked)  # noqa: S101 - the TypeHandler has looked
    guests.mark_unreachable(context.session, event.chat_id, context.now)
    person = service.mark_unreachable(context.session, event.chat_id, context.now)
    if person is not None:
        context.session.flush()
        words.tell_unreachable(context.turn, person)


def set_menu(context: Context, speaker: Speaker, t: i18n.Translator) -> None:
    """Give the chat its own list of commands: this person's role, in this person's language."""
    roles = access.roles_anywhere(context.session, speaker.person_id)
    menu = menus.menu_for(is_operator=speaker.is_operator, roles=roles, t=t)
    context.turn.record(calls.set_commands(context.chat_id, menu))


def _has_task(context: Context, speaker: Speaker) -> bool:
    return bool(access.roles_anywhere(context.session, speaker.person_id) - {Role.TRAINEE})


def _take_code(update: Update, context: Context, code: str) -> None:
    user = update.effective_user
    assert user is not None  # noqa: S101 - private messages have a sender
    account = Account(user.id, user.language_code)
    outcome = linking.link_account(context.session, code=code, account=account, now=context.now)
    if isinstance(outcome, Linked):
        _welcome(context, outcome, account)
    elif isinstance(outcome, NotLinkedBy):
        context.reply(words.render_not_linked(outcome, context.t, context.installation.time_zone))
    else:
        context.reply(words.render_too_many(outcome, context.t, context.installation.time_zone))


def _welcome(context: Context, outcome: Linked, account: Account) -> None:
    t = i18n.translator(outcome.language or i18n.guess_language(account.language_code))
    if outcome.again:
        context.reply(words.render_already_linked(outcome.name, t))
        return
    speaker = Speaker(outcome.person_id, account.telegram_id, outcome.name, outcome.language, context.is_operator)
    cohort = service.get_cohort(context.session, outcome.cohort_id)
    context.reply(home.render_welcome(_home_of(context, speaker, t), cohort.name, t))
    if outcome.roles - {Role.TRAINEE} or t.language != i18n.guess_language(account.language_code):
        set_menu(context, speaker, t)


def _home_of(context: Context, speaker: Speaker, t: i18n.Translator | None = None) -> Home:
    camps = listing.camps_of(context.session, speaker.person_id, context.now)
    t = t or context.t
    offers = [
        row
        for camp, roles in _offering(camps)
        for row in offered(context, speaker, camp, roles, t, only_daily=Role.COORDINATOR in roles)
    ]
    return Home(speaker.name, camps, speaker.is_operator, _today(context, speaker, camps, t), offers)


def _offering(camps: Sequence[Camp]) -> list[tuple[Camp, frozenset[Role]]]:
    """Which camps have their buttons on the first screen: the nearest one attended, and the only one with a task."""
    attended = [(camp, frozenset({Role.TRAINEE})) for camp in camps if camp.is_attended][:1]
    staffed = [(camp, camp.roles - {Role.TRAINEE}) for camp in camps if camp.is_staffed]
    return [*attended, *(staffed if len(staffed) == 1 else [])]


def offered(
    context: Context,
    speaker: Speaker,
    camp: Camp,
    roles: frozenset[Role],
    t: i18n.Translator,
    *,
    only_daily: bool = False,
) -> Rows:
    """The features' buttons for somebody with these roles in a camp."""
    rows = context.scene.menu.rows
    person_id, cohort_id = speaker.person_id, camp.cohort.id or 0
    return rows(context.session, person_id, cohort_id, roles, t, context.now, only_daily=only_daily)


def _today(context: Context, speaker: Speaker, camps: Sequence[Camp], t: i18n.Translator) -> Message | None:
    if not any(camp.is_attended and not camp.is_over for camp in camps):
        return None
    days = timetable.day_for(context.session, person_id=speaker.person_id, now=context.now)
    attended = [day for day in days if day.is_trainee]
    return render_today(attended, t, context.now) if attended else None


class _FromStranger(filters.MessageFilter):
    """Whether the account that speaks belongs to nobody."""

    def __init__(self, application: CohortApplication) -> None:
        super().__init__()
        self._application = application

    def filter(self, message: object) -> bool:
        return self._application.speaker is None
