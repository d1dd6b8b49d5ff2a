"""Telling the members of a group and the coordinators what has happened, each in their own language."""

from collections.abc import Iterable, Sequence

from telegram import InlineKeyboardButton

from bot import buttons, i18n
from bot.discussions import stages
from bot.discussions.messages.minutes import render_file_caption
from bot.discussions.messages.place import render_going_on_below, render_place
from bot.discussions.messages.wording import STAGES, act, clip, group_name, lines, step, title
from bot.discussions.models import Stage
from bot.discussions.outcomes import Circle, Confirmed, Member, NumberedPoint, Occasion, Place
from bot.i18n import Translator
from bot.outbox import calls
from bot.outbox.calls import Document, Message
from bot.outbox.lanes import Lane
from bot.people import service as people
from bot.people.models import Role
from bot.turn import Turn


def announce_groups(turn: Turn, circles: Iterable[Circle]) -> int:
    """Tell everybody which group they are in; how many could be told."""
    return sum(_tell_place(turn, circle, one, ()) for circle in circles for one in circle.members)


def announce_stage(turn: Turn, circle: Circle, points: Sequence[NumberedPoint] = (), but: int | None = None) -> None:
    """Let the members know that their group has gone on; ``but`` is who has it on the screen already."""
    for member in circle.members:
        if member.person_id != but:
            _tell_place(turn, circle, member, points)


def announce_seat(turn: Turn, circle: Circle, member: Member, points: Sequence[NumberedPoint] = ()) -> None:
    """Tell one person which group they are in now."""
    _tell_place(turn, circle, member, points)


def update_leader(turn: Turn, circle: Circle, done: int) -> None:
    """Let the leader's screen show how many have done what the stage asks, where it shows the group at all."""
    leader = circle.leader
    if leader is None or leader.chat_id is None or not leader.screen or not leader.at_home:
        return
    place = Place(circle, leader, done)
    message = render_place(place, turn.now, i18n.translator(leader.language))
    turn.edit(leader.chat_id, _target(leader.screen), message)


def announce_post(turn: Turn, circle: Circle, person_id: int, *, is_leader: bool) -> None:
    """Tell the group who leads or records from now on."""
    chosen = circle.member(person_id)
    for member in circle.members:
        if member.chat_id is not None and chosen is not None:
            t = i18n.translator(member.language)
            turn.send(member.chat_id, render_post(circle, chosen, t, is_me=member == chosen, is_leader=is_leader))


def render_post(circle: Circle, chosen: Member, t: Translator, *, is_me: bool, is_leader: bool) -> Message:
    """Who leads or records from now on."""
    if is_me:
        said = t("You lead your group from now on.") if is_leader else t("You record for your group from now on.")
    else:
        said = (
            t("{name} leads your group from now on.", name=chosen.name)
            if is_leader
            else t("{name} records for your group from now on.", name=chosen.name)
        )
    return Message(lines(title(circle.occasion, t), said), buttons.keyboard([_open(circle, t)]))


def announce_nudge(turn: Turn, circle: Circle) -> bool:
    """Remind the leader (or the recorder, where the leader cannot be reached) quietly that the time is up."""
    reader = next((one for one in (circle.leader, circle.recorder) if one and one.chat_id is not None), None)
    if reader is None or reader.chat_id is None:
        return False
    key = f"talk:time:{circle.id}:{step(circle.stage)}:{int(turn.now.timestamp())}"
    message = render_nudge(circle, i18n.translator(reader.language))
    turn.send(reader.chat_id, message, lane=Lane.REMINDER, key=key)
    return True


def render_nudge(circle: Circle, t: Translator) -> Message:
    """The time for a stage is up; nobody is cut off."""
    text = lines(
        title(circle.occasion, t),
        t("⏰ The time for “{stage}” is up. Go on when your group is ready.", stage=t.plain(STAGES[circle.stage])),
    )
    return Message(text, buttons.keyboard([_open(circle, t)]), silent=True)


def announce_missing_leader(turn: Turn, circle: Circle) -> int:
    """Tell the coordinators once that the group's leader is not there; how many could be told."""
    told = 0
    for reader in people.readers(turn.session, circle.occasion.cohort_id, Role.COORDINATOR):
        key = f"talk:gone:{circle.id}:{circle.group.leader_id or 0}:{reader.person_id}"
        turn.send(reader.telegram_id, render_missing_leader(circle, i18n.translator(reader.language)), key=key)
        told += 1
    return told


def render_missing_leader(circle: Circle, t: Translator) -> Message:
    """For the coordinator: a group without its leader."""
    leader = circle.leader
    text = lines(
        title(circle.occasion, t),
        t("🙋 {group} says that its leader is not there.", group=group_name(circle.group, t)),
        t("Leader so far: {name}", name=leader.name) if leader else None,
        t("Name another: open the group and tap somebody."),
    )
    return Message(text, buttons.keyboard([act(t.plain("👥 Open the group"), "group", circle.id)]))


def announce_confirmed(turn: Turn, confirmed: Confirmed, but: int) -> None:
    """After a confirmation: the other one is asked, or everybody gets the file, and the coordinators too."""
    circle = confirmed.circle
    if not confirmed.is_news:
        return
    if not confirmed.is_final:
        _ask_other(turn, circle, but)
        return
    announce_stage(turn, circle, but=but)
    for member in circle.members:
        if member.chat_id is not None:
            send_minutes(turn, circle, member.chat_id, member.language)
    for reader in people.readers(turn.session, circle.occasion.cohort_id, Role.COORDINATOR):
        send_minutes(turn, circle, reader.telegram_id, reader.language)
        if confirmed.is_last:
            send_joint(turn, circle.occasion, reader.telegram_id, reader.language)


def announce_edited(turn: Turn, circle: Circle, had_confirmed: Sequence[Member]) -> None:
    """Tell those who had confirmed that the minutes have changed since."""
    for member in had_confirmed:
        if member.chat_id is not None:
            turn.send(member.chat_id, render_edited(circle, i18n.translator(member.language)))


def render_edited(circle: Circle, t: Translator) -> Message:
    """The minutes have changed after one's confirmation."""
    text = lines(
        title(circle.occasion, t),
        t("✏️ The minutes were changed after you had confirmed them. Please read them again and confirm anew."),
    )
    return Message(text, buttons.keyboard([act(t.plain("📝 The minutes"), "paper", circle.id, 0)]))


def announce_end(turn: Turn, circles: Sequence[Circle], but: int | None = None) -> None:
    """Tell the unfinished groups that the discussion is over, and give the coordinators the joint minutes."""
    for circle in circles:
        if circle.stage is not Stage.DONE:
            announce_stage(turn, circle, but=but)
    if circles:
        occasion = circles[0].occasion
        for reader in people.readers(turn.session, occasion.cohort_id, Role.COORDINATOR):
            send_joint(turn, occasion, reader.telegram_id, reader.language)


def send_minutes(turn: Turn, circle: Circle, chat_id: int, language: str) -> None:
    """A group's minutes as a file."""
    caption = render_file_caption(circle, i18n.translator(language))
    arguments = {"group_id": circle.id, "language": language}
    turn.record(calls.send_document(chat_id, Document("discussion_minutes", arguments, caption), Lane.REPLY))


def send_joint(turn: Turn, occasion: Occasion, chat_id: int, language: str) -> None:
    """The minutes of all groups in one file."""
    t = i18n.translator(language)
    caption = t("📄 Minutes of all groups · {title}", title=clip(occasion.title, 80))
    arguments = {"discussion_id": occasion.id, "language": language}
    turn.record(calls.send_document(chat_id, Document("discussion_joint", arguments, caption), Lane.REPLY))


def _ask_other(turn: Turn, circle: Circle, but: int) -> None:
    for member in (circle.leader, circle.recorder):
        if member is not None and member.person_id != but and member.chat_id is not None:
            turn.send(member.chat_id, render_ask_confirm(circle, i18n.translator(member.language)))


def render_ask_confirm(circle: Circle, t: Translator) -> Message:
    """One of the two has confirmed; the other is asked."""
    text = lines(title(circle.occasion, t), t("📝 The minutes wait for your confirmation."))
    return Message(text, buttons.keyboard([act(t.plain("📝 The minutes"), "paper", circle.id, 0)]))


def _tell_place(turn: Turn, circle: Circle, member: Member, points: Sequence[NumberedPoint]) -> bool:
    if member.chat_id is None:
        return False
    t = i18n.translator(member.language)
    place = Place(circle, member)
    if member.screen:
        turn.edit(member.chat_id, _target(member.screen), render_going_on_below(circle.occasion, t))
    key = turn.send(member.chat_id, render_place(place, turn.now, t, points))
    stages.remember_screen(turn.session, place, key, at_home=True)
    return True


def _target(screen: str) -> int | str:
    """A message by Telegram's number, or by the key of the outbox where it had none yet."""
    return int(screen) if screen.isdigit() else screen


def _open(circle: Circle, t: Translator) -> InlineKeyboardButton:
    return act(t.plain("💬 Open the discussion"), "here", circle.id)
