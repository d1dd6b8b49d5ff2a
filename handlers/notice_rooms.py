"""Groups and channels of a camp, and its habits about notices."""

from datetime import time

from telegram import ChatMember, Update
from telegram.ext import CallbackQueryHandler, ChatMemberHandler, MessageHandler, TypeHandler, filters

from bot import buttons, i18n
from bot.context import CohortApplication, Context, Fetched
from bot.conversation import END, Conversation, NextState, State
from bot.notices import drafting, habits, rooms
from bot.notices.messages import rooms as words
from bot.notices.messages.wording import FEATURE
from bot.notices.models import Room
from bot.outbox import calls
from bot.people import access, listing, service
from bot.people.service import Speaker
from bot.timetable.times import TimeFault, read_clock
from handlers.start import PRIVATE

NAME = "notice_manners"
RIGHTS, TITLE = "room_rights", "room_title"
WORDS = PRIVATE & filters.TEXT & ~filters.COMMAND
GONE = (ChatMember.LEFT, ChatMember.BANNED)


class Asking(State):
    """What the dialogue about the habits waits for."""

    HOURS = "hours"
    AWAY = "away"


def register(application: CohortApplication) -> None:
    """Add what Telegram tells of groups, the buttons, and the dialogue about habits."""
    application.add_handler(ChatMemberHandler(note_membership, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, follow_group))
    application.add_handler(_Answers(Fetched, note_rights))
    for action, callback in (
        ("rooms", show_rooms),
        ("room", link_room),
        ("notthere", decline),
        ("noroom", unlink_room),
        ("into", show_into),
        ("intoroom", toggle_room),
        ("pin", toggle_pin),
        ("manners", show_manners),
        ("weekly", set_weekly),
    ):
        application.add_handler(CallbackQueryHandler(callback, buttons.pattern(FEATURE, action)))
    application.add_handler(
        Conversation(
            NAME,
            application.dialogues,
            entry_points=[
                CallbackQueryHandler(ask_hours, buttons.pattern(FEATURE, "hours")),
                CallbackQueryHandler(ask_away, buttons.pattern(FEATURE, "away")),
            ],
            states={
                Asking.HOURS: [MessageHandler(WORDS, take_hours)],
                Asking.AWAY: [MessageHandler(WORDS, take_away)],
            },
        )
    )


class _Answers(TypeHandler[Fetched, Context, None]):
    """Takes only the courier's answers about groups and channels."""

    def check_update(self, update: object) -> bool:
        return isinstance(update, Fetched) and update.purpose in (RIGHTS, TITLE)


async def note_membership(update: Update, context: Context) -> None:
    """The bot came into a group or channel, or was put out of it."""
    change = update.my_chat_member
    assert change is not None  # noqa: S101 - the handler has looked
    if change.chat.type == "private":
        return
    if change.new_chat_member.status in GONE:
        rooms.leave_rooms(context.session, change.chat.id, context.now)
        return
    cohorts = list(listing.may_coordinate(context.session, context.speaker)) if context.speaker else []
    if cohorts and change.old_chat_member.status in GONE:
        asked = words.render_which_camp(change.chat.title or "", change.chat.id, cohorts[:8], context.t)
        context.turn.send(change.from_user.id, asked)
    for room in rooms.rooms_in(context.session, change.chat.id):
        _inquire(context, room)


async def follow_group(update: Update, context: Context) -> None:
    """A group has become a supergroup."""
    message = update.message
    if message is not None and message.migrate_to_chat_id is not None:
        rooms.follow_room(context.session, message.chat_id, message.migrate_to_chat_id)


async def note_rights(event: object, context: Context) -> None:
    """Keep what Telegram said of a room, and tell whoever linked it where the bot may not write."""
    assert isinstance(event, Fetched)  # noqa: S101 - the handler has looked
    if event.purpose == TITLE:
        rooms.note_title(context.session, event.subject, event.result)
        return
    room = rooms.note_rights(context.session, event.subject, event.result)
    if room is None or rooms.rights_of(room).can_write:
        return
    person = service.get_person(context.session, room.linked_by)
    if person.telegram_id is not None:
        t = i18n.translator(person.language or service.get_cohort(context.session, room.cohort_id).language)
        context.turn.send(person.telegram_id, words.render_cannot_write(room, t))


async def show_rooms(update: Update, context: Context) -> None:
    """Show the groups and channels of a camp, and ask Telegram anew what the bot may do there."""
    (cohort_id,) = context.numbers(1)
    access.require_coordinator(context.session, context.speaker, cohort_id)
    cohort = service.get_cohort(context.session, cohort_id)
    found = rooms.rooms_of(context.session, cohort_id)
    context.edit(words.render_rooms(cohort, found, context.t))
    for room in found:
        _inquire(context, room)


async def link_room(update: Update, context: Context) -> None:
    """Give a group or channel to a camp; what it is called and may do there is asked of Telegram."""
    cohort_id, chat_id = context.numbers(2)
    room = rooms.link_room(
        context.session, cohort_id=cohort_id, chat_id=chat_id, speaker=context.speaker, now=context.now
    )
    context.edit(words.render_room_linked(room, service.get_cohort(context.session, cohort_id), context.t))
    _inquire(context, room)


async def decline(update: Update, context: Context) -> None:
    """Leave it at that."""
    context.edit(words.render_declined(context.t))


async def unlink_room(update: Update, context: Context) -> None:
    """Let nothing more go there."""
    room = rooms.get_room(context.session, context.numbers(1)[0], context.speaker)
    rooms.unlink_room(context.session, room, _speaker(context, room.cohort_id), context.now)
    cohort = service.get_cohort(context.session, room.cohort_id)
    context.edit(words.render_rooms(cohort, rooms.rooms_of(context.session, room.cohort_id), context.t))


async def show_into(update: Update, context: Context) -> None:
    """Choose the groups that a notice goes to."""
    _show_into(context, context.numbers(1)[0])


async def toggle_room(update: Update, context: Context) -> None:
    """Choose one, or not any more."""
    notice_id, room_id = context.numbers(2)
    notice = drafting.writable(context.session, notice_id, context.speaker)
    rooms.toggle_room(context.session, notice, rooms.get_room(context.session, room_id, context.speaker))
    _show_into(context, notice_id)


async def toggle_pin(update: Update, context: Context) -> None:
    """Pin it there, or not."""
    notice = drafting.writable(context.session, context.numbers(1)[0], context.speaker)
    drafting.flip(context.session, notice, "is_pinned")
    _show_into(context, notice.id or 0)


async def show_manners(update: Update, context: Context) -> None:
    """Show the habits."""
    _show_manners(context, context.numbers(1)[0])


async def set_weekly(update: Update, context: Context) -> None:
    """Change how many notices a week are enough."""
    cohort_id, weekly = context.numbers(2)
    habits.set_weekly(context.session, cohort_id, weekly, context.speaker, context.now)
    _show_manners(context, cohort_id)


async def ask_hours(update: Update, context: Context) -> NextState:
    """Ask for the hours of service."""
    return _ask(context, Asking.HOURS)


async def ask_away(update: Update, context: Context) -> NextState:
    """Ask for the line outside of these hours."""
    return _ask(context, Asking.AWAY)


async def take_hours(update: Update, context: Context) -> NextState:
    """Take the hours of service."""
    read = read_clock(context.text)
    opens, closes = (None, None) if isinstance(read, TimeFault) else read
    if opens is None or closes is None:
        context.reply(words.render_bad_hours(context.t))
        return None
    return _keep_hours(context, opens, closes)


async def take_away(update: Update, context: Context) -> NextState:
    """Take the line outside of these hours."""
    cohort_id = int(context.place.notes["cohort"])
    habits.set_away(context.session, cohort_id, context.text, context.speaker, context.now)
    context.reply(_manners(context, cohort_id))
    return END


def _keep_hours(context: Context, opens: time, closes: time) -> NextState:
    cohort_id = int(context.place.notes["cohort"])
    habits.set_hours(context.session, cohort_id, opens, closes, context.speaker, context.now)
    context.reply(_manners(context, cohort_id))
    return END


def _ask(context: Context, what: Asking) -> NextState:
    (cohort_id,) = context.numbers(1)
    access.require_coordinator(context.session, context.speaker, cohort_id)
    context.place.notes = {"cohort": cohort_id}
    ask = words.render_ask_hours if what is Asking.HOURS else words.render_ask_away
    context.reply(ask(cohort_id, context.t))
    return what


def _show_into(context: Context, notice_id: int) -> None:
    notice = drafting.writable(context.session, notice_id, context.speaker)
    known = rooms.rooms_of(context.session, notice.cohort_id)
    context.session.flush()
    context.edit(words.render_into(notice, known, rooms.chosen(context.session, notice_id), context.t))


def _show_manners(context: Context, cohort_id: int) -> None:
    access.require_coordinator(context.session, context.speaker, cohort_id)
    context.edit(_manners(context, cohort_id))


def _manners(context: Context, cohort_id: int) -> calls.Message:
    cohort = service.get_cohort(context.session, cohort_id)
    return words.render_manners(cohort, habits.manners_of(context.session, cohort_id), context.t)


def _inquire(context: Context, room: Room) -> None:
    """Ask Telegram what the bot may do in a room; the answer comes back as an event."""
    chat = {"chat_id": room.chat_id}
    member = chat | {"user_id": context.bot.id}
    context.turn.record(calls.inquire(room.chat_id, "getChat", chat, TITLE, room.id or 0))
    context.turn.record(calls.inquire(room.chat_id, "getChatMember", member, RIGHTS, room.id or 0))


def _speaker(context: Context, cohort_id: int) -> Speaker:
    return access.require_coordinator(context.session, context.speaker, cohort_id)
