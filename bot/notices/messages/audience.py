"""Choosing whom a notice is for: by role, group, unit and need, with the count while choosing."""

from collections.abc import Sequence

from markupsafe import Markup
from msgspec import Struct

from bot import buttons
from bot.buttons import Rows
from bot.i18n import N_, Translator
from bot.notices.audiences import Audience, Criterion
from bot.notices.messages.wording import act, lines, paragraphs
from bot.notices.models import Notice
from bot.outbox.calls import Message
from bot.people.models import Role

PAGE = 8
LABEL = 30
NAMES = 12
ROLES = {
    Role.TRAINEE: N_("trainees"),
    Role.GROUP_LEADER: N_("group leaders"),
    Role.COORDINATOR: N_("coordinators"),
    Role.TEACHER: N_("teachers"),
    Role.MENTOR: N_("mentors"),
    Role.UNIT_CONTACT: N_("unit contacts"),
}
TITLES = {
    "role": N_("Roles"),
    "group": N_("Groups"),
    "unit": N_("Units"),
    "absent": N_("Not checked in to"),
    "unseen": N_("Has not read"),
    "unanswered": N_("Has not answered"),
    "budget": N_("Leave budget more than half used"),
    "change": N_("Has not seen the change"),
    "forum": N_("Signed up to the forum"),
}


class Choice(Struct, frozen=True):
    """Something to choose by: the criterion, and what it is called."""

    criterion: Criterion
    label: str


class Chooser(Struct, frozen=True):
    """The audience as chosen so far, and how the criteria are called."""

    notice: Notice
    audience: Audience
    chosen: Sequence[Choice]
    kinds: Sequence[str]


def render_chooser(chooser: Chooser, t: Translator) -> Message:
    """What is chosen, how many that are, and what can be added."""
    number = chooser.notice.id or 0
    kinds = [act(t.plain(TITLES[kind]), "by", number, kind, 0) for kind in chooser.kinds]
    grid: Rows = [kinds[first : first + 2] for first in range(0, len(kinds), 2)]
    reset = [act(t.plain("↺ Everybody"), "everybody", number)] if chooser.chosen else []
    who = [act(t.plain("📋 Who is that?"), "who", number, 0), *reset]
    return Message(_summary(chooser, t), buttons.keyboard(*grid, who, [act(t.plain("« Back"), "show", number)]))


def _summary(chooser: Chooser, t: Translator) -> Markup:
    reached, unreached = len(chooser.audience.reached), len(chooser.audience.unreached)
    count = t.plural("👥 <b>{n} person</b> gets it.", "👥 <b>{n} people</b> get it.", reached)
    missing = t.plural("{n} more can only be called.", "{n} more can only be called.", unreached) if unreached else None
    if not chooser.chosen:
        return paragraphs(lines(count, missing), t("Every trainee of the camp. Narrow it down:"))
    kinds = dict.fromkeys(choice.criterion[0] for choice in chooser.chosen)
    named = [
        t(
            "{kind}: {names}",
            kind=t.plain(TITLES[kind]),
            names=t.join(choice.label for choice in chooser.chosen if choice.criterion[0] == kind),
        )
        for kind in kinds
    ]
    both = t("All of these must be true of a person.") if len(named) > 1 else None
    return paragraphs(lines(count, missing), lines(*named), both)


def render_choices(chooser: Chooser, kind: str, choices: Sequence[Choice], page: int, t: Translator) -> Message:
    """One kind of criterion, its choices by number: callback data has no room for names."""
    number = chooser.notice.id or 0
    pages = max(1, -(-len(choices) // PAGE))
    page = min(max(page, 0), pages - 1)
    chosen = {choice.criterion for choice in chooser.chosen}
    shown = list(enumerate(choices))[page * PAGE : (page + 1) * PAGE]
    rows = [
        [act(("✔ " if one.criterion in chosen else "") + one.label[:LABEL], "pick", number, kind, index, page)]
        for index, one in shown
    ]
    turning = (
        []
        if pages < 2
        else [
            act("◀", "by", number, kind, (page - 1) % pages),
            act(f"{page + 1}/{pages}", "by", number, kind, page),
            act("▶", "by", number, kind, (page + 1) % pages),
        ]
    )
    title = t("<b>{kind}</b>", kind=t.plain(TITLES[kind]))
    nothing = None if choices else t("There is nothing to choose here.")
    done = [act(t.plain("« Audience"), "audience", number)]
    return Message(paragraphs(_summary(chooser, t), lines(title, nothing)), buttons.keyboard(*rows, turning, done))


def render_who(chooser: Chooser, page: int, t: Translator) -> Message:
    """The people themselves, twelve a page."""
    number, people = chooser.notice.id or 0, chooser.audience.people
    pages = max(1, -(-len(people) // NAMES))
    page = min(max(page, 0), pages - 1)
    rows = [
        Markup(" · ").join(
            Markup("{}").format(part)
            for part in (one.group, one.name, one.phone if one.telegram_id is None or one.is_unreachable else "")
            if part
        )
        for one in people[page * NAMES : (page + 1) * NAMES]
    ]
    note = t("A number stands beside those who must be called.") if chooser.audience.unreached else None
    turning = (
        []
        if pages < 2
        else [
            act("◀", "who", number, (page - 1) % pages),
            act(f"{page + 1}/{pages}", "who", number, page),
            act("▶", "who", number, (page + 1) % pages),
        ]
    )
    text = paragraphs(_summary(chooser, t), lines(*rows) if rows else t("Nobody."), note)
    return Message(text, buttons.keyboard(turning, [act(t.plain("« Audience"), "audience", number)]))


def role_label(role: Role, t: Translator) -> str:
    """A role in the plural."""
    return t.plain(ROLES[role])
