"""A coordinator's view of a cohort's people: groups, pages of names, one person."""

from zoneinfo import ZoneInfo

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.i18n import Translator
from bot.outbox.calls import Message
from bot.people.listing import Group, Listed, Page, Profile
from bot.people.messages.roles import name_of
from bot.people.messages.wording import act, bold, day, lines, pager, paragraphs, shorten
from bot.people.models import Cohort, Role
from bot.people.roles import ROLES

EVERYBODY = -1
UNLINKED = -2


def render_which_camp(cohorts: list[Cohort], t: Translator) -> Message:
    """Whose people to look at, for somebody with several cohorts."""
    rows = [[act(shorten(f"📁 {cohort.name}"), "groups", cohort.id or 0)] for cohort in cohorts]
    return Message(t("Which camp?"), buttons.keyboard(*rows))


def render_groups(cohort: Cohort, groups: list[Group], t: Translator, *, may_change: bool = True) -> Message:
    """The cohort's groups, each with how many are linked."""
    people, linked = sum(group.people for group in groups), sum(group.linked for group in groups)
    number = cohort.id or 0
    count = t.plural("{n} trainee", "{n} trainees", people)
    text = lines(
        bold(cohort.name),
        t("{count}, {linked} linked, {rest} not yet", count=count, linked=linked, rest=people - linked),
    )
    labels = [act(shorten(_group_label(group, t), 28), "list", number, index, 0) for index, group in enumerate(groups)]
    everybody = act(t.plain("Everybody ({n})", n=people), "list", number, EVERYBODY, 0)
    missing = act(t.plain("Not linked ({n})", n=people - linked), "list", number, UNLINKED, 0)
    pairs = [labels[start : start + 2] for start in range(0, min(len(labels), 40), 2)]
    cards = [act(t.plain("🪪 Seat cards"), "cards", number)] if may_change else []
    back = act(t.plain("◀ Back"), "camp", number)
    return Message(text, buttons.keyboard([everybody, missing], *pairs, [*cards, back]))


def render_list(cohort: Cohort, page: Page, which: int, title: str, t: Translator) -> Message:
    """One page of names; those who are not linked with their phone, so that they can be called."""
    number = cohort.id or 0
    head = lines(bold(cohort.name), t("{what}: {n}", what=title, n=page.total))
    rows = [[act(shorten(_label(person), 44), "person", number, person.person_id)] for person in page.people]
    phones = [_phone_line(person, t) for person in page.people] if which == UNLINKED else []
    legend = None if which == UNLINKED else t("✅ linked · ▫️ not yet · 📵 cannot be reached")
    text = paragraphs(head, lines(*phones), legend)
    return Message(
        text,
        buttons.keyboard(
            *rows, pager("list", (number, which), page.number, page.pages), [act(t.plain("◀ Groups"), "groups", number)]
        ),
    )


def list_title(which: int, groups: list[Group], t: Translator) -> str:
    """What a list shows: a group, everybody, or those who are not linked."""
    if which == UNLINKED:
        return t("Not linked")
    return _group_name(groups[which], t) if 0 <= which < len(groups) else t("Everybody")


def render_own_people(cohort: Cohort, page: Page, unit: str, t: Translator) -> Message:
    """A unit contact's people: one page of names."""
    number = cohort.id or 0
    head = lines(bold(cohort.name), t("{what}: {n}", what=unit, n=page.total))
    rows = [[act(shorten(_label(person), 44), "person", number, person.person_id)] for person in page.people]
    text = paragraphs(head, t("✅ linked · ▫️ not yet · 📵 cannot be reached"))
    return Message(
        text,
        buttons.keyboard(
            *rows, pager("own", (number,), page.number, page.pages), [act(t.plain("◀ Back"), "camp", number)]
        ),
    )


def render_no_unit(cohort: Cohort, t: Translator) -> Message:
    """To a unit contact whose unit is not known."""
    return Message(
        t(
            "I do not know which unit you are the contact of. Please ask the coordinator of {cohort}.",
            cohort=bold(cohort.name),
        )
    )


def render_profile(profile: Profile, t: Translator, *, may_unlink: bool, may_change: bool = True) -> Message:
    """One person, and what can be done about them."""
    person = profile.person
    details = " · ".join(part for part in (profile.group, profile.post, person.unit) if part)
    held = sorted(profile.roles - {Role.TRAINEE}, key=ROLES.index)
    roles = t("Roles here: {roles}", roles=t.join(name_of(role, t) for role in held)) if held else None
    text = lines(
        bold(person.name), Markup.escape(details), Markup.escape(person.phone or ""), roles, _link_state(profile, t)
    )
    return Message(
        text, buttons.keyboard(*_deeds(profile, t, may_unlink=may_unlink, may_change=may_change), [_back(profile, t)])
    )


def _deeds(profile: Profile, t: Translator, *, may_unlink: bool, may_change: bool) -> buttons.Rows:
    ids = profile.cohort.id or 0, profile.person.id or 0
    read = [buttons.button(t.plain("📜 Changes"), buttons.pack("records", "person", *ids, 0))]
    if not may_change:
        return [read]
    change = [buttons.button(t.plain("🎖 Roles"), buttons.pack("roles", "person", *ids))]
    if Role.TRAINEE in profile.roles:
        change.append(buttons.button(t.plain("👥 Group"), buttons.pack("roles", "group", *ids)))
    if profile.person.telegram_id is None:
        link = [act(t.plain("🪪 New card"), "newcard", *ids)]
    else:
        link = [act(t.plain("Unlink …"), "unlink", *ids)] if may_unlink else []
    return [change, [*link, *read]]


def render_unlink_question(profile: Profile, t: Translator) -> Message:
    """Before the account is taken away."""
    ids = profile.cohort.id or 0, profile.person.id or 0
    text = t(
        "Unlink the Telegram account of {name}? It will get no more messages of the camp, and the person needs a "
        "new card. What was recorded stays.",
        name=bold(profile.person.name),
    )
    return Message(
        text,
        buttons.keyboard(
            [act(t.plain("Unlink and make a new card"), "unlinked", *ids)], [act(t.plain("✖ Cancel"), "person", *ids)]
        ),
    )


def render_unlinked(profile: Profile, t: Translator) -> Message:
    """After the account was taken away; the new card follows in a message of its own."""
    text = t(
        "Unlinked: {name} has no Telegram account here any more. The new card follows.", name=bold(profile.person.name)
    )
    return Message(text, buttons.keyboard([_back(profile, t)]))


def _back(profile: Profile, t: Translator) -> InlineKeyboardButton:
    action = "groups" if Role.TRAINEE in profile.roles else "camp"
    return act(t.plain("◀ Back"), action, profile.cohort.id or 0)


def _link_state(profile: Profile, t: Translator) -> Markup:
    person = profile.person
    if person.telegram_id is None or person.linked_at is None:
        return t("▫️ not linked yet")
    at = person.linked_at.astimezone(ZoneInfo(profile.cohort.time_zone))
    since = t("✅ linked since {day}, {time}", day=day(at.date(), t), time=f"{at:%H:%M}")
    if person.unreachable_at is None:
        return since
    return lines(since, t("📵 cannot be reached: has blocked the bot or closed the account"))


def _group_name(group: Group, t: Translator) -> str:
    return group.name or t("No group")


def _group_label(group: Group, t: Translator) -> str:
    return f"{_group_name(group, t)} {group.linked}/{group.people}"


def _label(person: Listed) -> str:
    mark = "📵" if person.is_unreachable else "✅" if person.is_linked else "▫️"
    return f"{mark} {person.name}" + (f" · {person.group}" if person.group else "")


def _phone_line(person: Listed, t: Translator) -> Markup:
    phone = person.phone or t("no phone")
    return Markup("{} {}").format(person.name, phone)
