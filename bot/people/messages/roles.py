"""The words of roles: what each may do, a person's roles, the people with a task, inviting somebody, moving groups."""

from collections.abc import Collection, Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons, i18n
from bot.i18n import N_, Translator
from bot.outbox.calls import Message
from bot.people import audience, roles
from bot.people.groups import Move
from bot.people.listing import Profile
from bot.people.messages.wording import act, bold, lines, paragraphs, shorten
from bot.people.models import Cohort, Person, Role
from bot.people.roles import RoleChange, Staff
from bot.turn import Turn

FEATURE = "roles"
MOST_GROUPS = 30
MOST_STAFF = 24
NAMES = {
    Role.TRAINEE: N_("trainee"),
    Role.GROUP_LEADER: N_("group leader"),
    Role.COORDINATOR: N_("coordinator"),
    Role.TEACHER: N_("teacher"),
    Role.MENTOR: N_("mentor"),
    Role.UNIT_CONTACT: N_("unit contact"),
    Role.AUDITOR: N_("auditor"),
}
DUTIES = {
    Role.GROUP_LEADER: N_("As group leader you say how many of your group are there."),
    Role.COORDINATOR: N_("As coordinator you run the camp: everything below is yours."),
    Role.TEACHER: N_("As teacher you see when and where you teach, and what you can do for it."),
    Role.MENTOR: N_("As mentor you see the timetable and what concerns your trainees."),
    Role.UNIT_CONTACT: N_("As unit contact you see how the people of your unit are doing, and nobody else."),
    Role.AUDITOR: N_("As auditor you can read everything here, and change nothing."),
}


def pack(action: str, *ids: int | str) -> str:
    """The callback data of one of this feature's buttons."""
    return buttons.pack(FEATURE, action, *ids)


def name_of(role: Role, t: Translator) -> str:
    """A role in words."""
    return t.plain(NAMES[role])


def render_duties(held: Collection[Role], t: Translator) -> str:
    """What somebody with these roles is there for, one line a role."""
    return lines(*(t(DUTIES[role]) for role in DUTIES if role in held))


def render_person_roles(profile: Profile, given: Sequence[Role], t: Translator) -> Message:
    """A person's roles, and those that can be given or taken."""
    ids = profile.cohort.id or 0, profile.person.id or 0
    held = t.join(name_of(role, t) for role in roles.ROLES if role in profile.roles)
    text = paragraphs(
        lines(bold(profile.person.name), t("Roles here: {roles}", roles=held)),
        t("Press a role to give it (➕) or to take it away (➖). Both are written to the change log."),
    )
    rows = [[_toggle(role, role in profile.roles, ids, t)] for role in given]
    return Message(text, buttons.keyboard(*rows, [_to_person(ids, t)]))


def render_toast(change: RoleChange, t: Translator, *, given: bool) -> str:
    """The short line over the chat after giving or taking."""
    values = {"name": change.person.name, "role": name_of(change.role, t)}
    if not change.news:
        return t.plain("Nothing to change.")
    return t.plain("{name} is now {role}.", **values) if given else t.plain("{name} is no longer {role}.", **values)


def render_staff(cohort: Cohort, staff: Sequence[Staff], t: Translator, *, may_change: bool) -> Message:
    """Everybody with a task in a cohort."""
    number = cohort.id or 0
    names = [
        lines(f"{bold(one.person.name)}: {t.join(name_of(role, t) for role in one.roles)}")
        for one in staff[:MOST_STAFF]
    ]
    text = paragraphs(
        lines(bold(cohort.name), t("Who has a task here")),
        lines(*names) if names else t("Nobody yet."),
        _invite_hint(t),
    )
    people = [_staff_button(one, number) for one in staff[:MOST_STAFF]] if may_change else []
    pairs = [people[start : start + 2] for start in range(0, len(people), 2)]
    invite = [buttons.button(t.plain("➕ Invite somebody"), pack("invite", number))] if may_change else []
    return Message(text, buttons.keyboard(*pairs, invite, [act(t.plain("◀ Back"), "camp", number)]))


def render_ask_role(cohort: Cohort, t: Translator) -> Message:
    """The first question about somebody from outside."""
    number = cohort.id or 0
    rows = [
        [buttons.button(name_of(role, t).capitalize(), pack("as", number, roles.ROLES.index(role)))]
        for role in roles.INVITED
    ]
    text = lines(
        t("Who is to come into {cohort}?", cohort=bold(cohort.name)), *(_explained(role, t) for role in roles.INVITED)
    )
    return Message(text, buttons.keyboard(*rows, [buttons.button(t.plain("✖ Cancel"), pack("stop"))]))


def render_ask_name(role: Role, t: Translator) -> Message:
    """The second question."""
    return _ask(t("What is the name of the {role}? Please send it.", role=name_of(role, t)), t)


def render_bad_name(t: Translator) -> Message:
    """The name cannot be used."""
    return _ask(t("A name has 1 to 60 characters, on one line. Please send it again."), t)


def render_which_person(name: str, people: Sequence[tuple[Person, str]], t: Translator) -> Message:
    """Whether it is somebody known."""
    rows = [
        [buttons.button(shorten(f"{person.name} · {known}"), pack("known", person.id or 0))] for person, known in people
    ]
    new = [buttons.button(t.plain("➕ Somebody new"), pack("known", 0))]
    return _ask(t("There is already somebody called {name}. Who is it?", name=bold(name)), t, *rows, new)


def render_ask_unit(units: Sequence[str], number: int, t: Translator) -> Message:
    """Whose contact it is: a page of units, counted from 0."""
    size = 8
    pages = max(1, -(-len(units) // size))
    number = min(max(number, 0), pages - 1)
    rows = [
        [buttons.button(shorten(unit), pack("unit", index))]
        for index, unit in list(enumerate(units))[number * size : (number + 1) * size]
    ]
    turning = [
        buttons.button("◀", pack("units", (number - 1) % pages)),
        buttons.button(f"{number + 1}/{pages}", pack("units", number)),
        buttons.button("▶", pack("units", (number + 1) % pages)),
    ]
    text = t("The contact of which unit? They will see the people of that unit and nobody else.")
    return _ask(text, t, *rows, turning if pages > 1 else [])


def render_no_units(t: Translator) -> Message:
    """There is no unit in the roster."""
    return Message(t("The roster names no units, so there is nothing to be the contact of. Nothing was changed."))


def render_invited(person: Person, cohort: Cohort, role: Role, t: Translator) -> Message:
    """After an invitation; the link follows where there is no account yet."""
    text = t(
        "✅ {name} is now {role} of {cohort}.", name=bold(person.name), role=name_of(role, t), cohort=bold(cohort.name)
    )
    following = t("Already linked, so no link is needed.") if person.telegram_id else t("The one-time link follows.")
    row = [buttons.button(t.plain("◀ Who has a task"), pack("staff", cohort.id or 0))]
    return Message(lines(text, following), buttons.keyboard(row))


def render_left(t: Translator) -> Message:
    """The dialogue was left."""
    return Message(t("All right, nothing was changed."))


def render_groups(profile: Profile, names: Sequence[str], t: Translator) -> Message:
    """Which group somebody is to belong to from today on."""
    ids = profile.cohort.id or 0, profile.person.id or 0
    now = t("Group now: {group}", group=profile.group or t("No group"))
    kept = t("The change counts from today. Lists of the days before keep the old group.")
    choices = [
        buttons.button(("• " if name == profile.group else "") + shorten(name, 24), pack("into", *ids, index))
        for index, name in enumerate(names[:MOST_GROUPS])
    ]
    pairs = [choices[start : start + 2] for start in range(0, len(choices), 2)]
    more = [
        buttons.button(t.plain("✍ Another group …"), pack("newgroup", *ids)),
        buttons.button(t.plain("No group"), pack("into", *ids, -1)),
    ]
    return Message(
        paragraphs(lines(bold(profile.person.name), now), kept), buttons.keyboard(*pairs, more, [_to_person(ids, t)])
    )


def render_ask_group(profile: Profile, t: Translator) -> Message:
    """The name of a new group."""
    return _ask(t("What is the new group of {name} called? Please send it.", name=bold(profile.person.name)), t)


def render_moved(profile: Profile, move: Move, t: Translator) -> str:
    """The short line over the chat, or the reply, after a move."""
    if not move.is_news:
        return t.plain("Nothing to change.")
    nothing = t.plain("No group")
    return t.plain(
        "{name}: {before} → {after}, from today on",
        name=profile.person.name,
        before=move.before or nothing,
        after=move.after or nothing,
    )


def render_moved_message(profile: Profile, move: Move, t: Translator) -> Message:
    """The same as a message of its own."""
    return Message(Markup.escape(render_moved(profile, move, t)))


def announce_role(turn: Turn, person: Person, cohort: Cohort, role: Role, *, given: bool) -> None:
    """Tell the person, where they have an account; a coordinator from outside gets the card instead."""
    reader = audience.find_reader(turn.session, person.id or 0, cohort.id or 0)
    if reader is None:
        return
    t = i18n.translator(reader.language)
    values = {"role": name_of(role, t), "cohort": bold(cohort.name)}
    if given:
        duty = t(DUTIES[role]) if role in DUTIES else None
        text = lines(t("You are now {role} of {cohort}.", **values), duty, t("Send /start to see it."))
    else:
        text = lines(t("You are no longer {role} of {cohort}.", **values))
    turn.send(reader.telegram_id, Message(text))


def _explained(role: Role, t: Translator) -> str:
    return f"• {bold(name_of(role, t))}: {t(DUTIES[role])}"


def _invite_hint(t: Translator) -> str:
    return t("Group leaders are chosen among the trainees: on the screen of a person, press Roles.")


def _staff_button(one: Staff, cohort_id: int) -> InlineKeyboardButton:
    mark = "✅" if one.person.telegram_id else "▫️"
    return buttons.button(shorten(f"{mark} {one.person.name}", 28), pack("person", cohort_id, one.person.id or 0))


def _toggle(role: Role, is_held: bool, ids: tuple[int, int], t: Translator) -> InlineKeyboardButton:
    label = f"{'➖' if is_held else '➕'} {name_of(role, t).capitalize()}"
    return buttons.button(label, pack("take" if is_held else "give", *ids, roles.ROLES.index(role)))


def _to_person(ids: tuple[int, int], t: Translator) -> InlineKeyboardButton:
    return act(t.plain("◀ Back"), "person", *ids)


def _ask(text: str, t: Translator, *rows: list[InlineKeyboardButton]) -> Message:
    return Message(text, buttons.keyboard(*rows, [buttons.button(t.plain("✖ Cancel"), pack("stop"))]))
