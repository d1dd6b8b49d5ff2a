"""Groups and channels, and a cohort's habits about notices."""

from collections.abc import Sequence

from markupsafe import Markup

from bot import buttons
from bot.i18n import Translator
from bot.notices.messages.wording import act, lines, paragraphs
from bot.notices.models import Manners, Notice, Room
from bot.notices.rooms import rights_of
from bot.outbox.calls import Message
from bot.people.models import Cohort


def render_rooms(cohort: Cohort, rooms: Sequence[Room], t: Translator) -> Message:
    """The groups and channels of a camp, and how another is added."""
    number = cohort.id or 0
    known = [lines(Markup("<b>{}</b>").format(room.title), render_rights(room, t)) for room in rooms]
    how = t(
        "To add one: make me a member of the group, or an administrator of the channel. I then ask you here which camp "
        "it belongs to."
    )
    rows = [[act(t.plain("🗑 Leave out {title}", title=room.title[:24]), "noroom", room.id or 0)] for room in rooms]
    text = paragraphs(t("📢 <b>Groups and channels</b> · {cohort}", cohort=cohort.name), *known, how)
    return Message(text, buttons.keyboard(*rows, [act(t.plain("« Notices"), "list", number, 0)]))


def render_rights(room: Room, t: Translator) -> Markup:
    """What the bot may do there, in words."""
    rights = rights_of(room)
    if not rights.known:
        return t("I have asked Telegram what I may do there; look again in a moment.")
    if not rights.is_member:
        return t("⛔ I am not in it any more.")
    if not rights.can_write and room.kind == "channel":
        return t("⛔ I may not post there: make me an administrator who may post messages.")
    if not rights.can_write:
        return t("⛔ I may not write there: allow me to send messages.")
    return t("✅ I may write and pin there.") if rights.can_pin else t("✅ I may write there, but not pin.")


def render_into(notice: Notice, rooms: Sequence[Room], chosen: Sequence[Room], t: Translator) -> Message:
    """Which groups and channels a notice goes into too."""
    number = notice.id or 0
    ids = {room.id for room in chosen}
    rows = [
        [act(("✔ " if room.id in ids else "") + room.title[:30], "intoroom", number, room.id or 0)] for room in rooms
    ]
    pin = t.plain("📌 Pinned there: yes") if notice.is_pinned else t.plain("📌 Pinned there: no")
    told = [lines(Markup("<b>{}</b>").format(room.title), render_rights(room, t)) for room in rooms]
    nothing = t("No group or channel is known for this camp. Add me to one first.")
    note = t("Everybody there can read it, so personal fields stay empty and a question becomes an anonymous poll.")
    text = paragraphs(t("📢 <b>Into groups and channels too</b>"), *(told or [nothing]), note if rooms else None)
    options = [act(pin, "pin", number)] if rooms else []
    return Message(text, buttons.keyboard(*rows, options, [act(t.plain("« Back"), "show", number)]))


def render_which_camp(title: str, chat_id: int, cohorts: Sequence[Cohort], t: Translator) -> Message:
    """After the bot was added to a group or channel: which camp it belongs to."""
    text = t("📢 I am now in “{title}”. Shall notices of a camp go there?", title=title)
    rows = [[act(cohort.name[:40], "room", cohort.id or 0, chat_id)] for cohort in cohorts]
    return Message(text, buttons.keyboard(*rows, [act(t.plain("No"), "notthere", 0)]))


def render_room_linked(room: Room, cohort: Cohort, t: Translator) -> Message:
    """After a group was given to a camp."""
    text = t("✅ Notices of {cohort} can now go into “{title}” too.", cohort=cohort.name, title=room.title)
    return Message(text, buttons.keyboard([act(t.plain("📢 Groups and channels"), "rooms", cohort.id or 0)]))


def render_manners(cohort: Cohort, manners: Manners, t: Translator) -> Message:
    """The habits of a camp, to be changed by a tap or a line."""
    number = cohort.id or 0
    away = Markup("<blockquote>{}</blockquote>").format(manners.away) if manners.away else t("(the usual line)")
    text = paragraphs(
        t("⚙️ <b>Habits</b> · {cohort}", cohort=cohort.name),
        t("At most {n} notices a week; one more asks for the reason.", n=manners.weekly),
        t(
            "Somebody answers replies from {begin} to {end}.",
            begin=f"{manners.serves_from:%H:%M}",
            end=f"{manners.serves_until:%H:%M}",
        ),
        lines(t("Outside of these hours I say:"), away),
    )
    less, more = max(manners.weekly - 1, 1), min(manners.weekly + 1, 50)
    return Message(
        text,
        buttons.keyboard(
            [act(t.plain("➖ fewer"), "weekly", number, less), act(t.plain("➕ more"), "weekly", number, more)],
            [act(t.plain("🕘 Hours"), "hours", number), act(t.plain("💬 Away line"), "away", number)],
            [act(t.plain("« Notices"), "list", number, 0)],
        ),
    )


def render_declined(t: Translator) -> Message:
    """After a group was not given to any camp."""
    return Message(t("All right, nothing goes there."))


def render_cannot_write(room: Room, t: Translator) -> Message:
    """To whoever linked a group in which the bot may not write."""
    return Message(lines(Markup("<b>{}</b>").format(room.title), render_rights(room, t)))


def render_ask_hours(cohort_id: int, t: Translator) -> Message:
    """Asks for the hours of service."""
    return _asked(t("🕘 From when to when does somebody answer? For example: 8:30-18:00"), cohort_id, t)


def render_bad_hours(t: Translator) -> Message:
    """Hours that were not understood."""
    return Message(t("I did not understand these hours. Please write them like this: 8:30-18:00"))


def render_ask_away(cohort_id: int, t: Translator) -> Message:
    """Asks for the line outside of these hours."""
    return _asked(t("💬 What shall I say outside of these hours? One or two lines."), cohort_id, t)


def _asked(text: Markup, cohort_id: int, t: Translator) -> Message:
    return Message(text, buttons.keyboard([act(t.plain("« Back"), "manners", cohort_id)]))
