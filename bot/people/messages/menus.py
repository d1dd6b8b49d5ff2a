"""The command menus: at most five a role, in the reader's language. Every command is also a button."""

from collections.abc import Collection, Sequence

from bot import i18n
from bot.i18n import N_, Translator
from bot.outbox import calls
from bot.outbox.calls import Call
from bot.people.models import Role

Menu = Sequence[tuple[str, str]]

_WORDS = {
    "start": N_("Home: what is now and what is next"),
    "today": N_("Today's timetable"),
    "checkin": N_("Check in to a session"),
    "quiz": N_("Quiz: the question of the day, tests"),
    "people": N_("Trainees: who is linked, cards"),
    "cohorts": N_("Camps and their coordinators"),
    "language": N_("中文 / English"),
    "record": N_("My record: what is written about me"),
    "log": N_("The change log"),
    "help": N_("How this works"),
}
TRAINEE = ("start", "checkin", "quiz", "language", "help")
"""Today's timetable stands on the first screen, so that it gives way to the quiz."""
COORDINATOR = ("start", "today", "people", "language", "help")
OPERATOR = ("start", "cohorts", "people", "language", "help")
UNIT_CONTACT = ("start", "people", "language", "help")
AUDITOR = ("start", "people", "log", "language", "help")
STAFF = ("start", "today", "quiz", "language", "help")

_BY_ROLE = (
    (Role.COORDINATOR, COORDINATOR),
    (Role.TRAINEE, TRAINEE),
    (Role.AUDITOR, AUDITOR),
    (Role.UNIT_CONTACT, UNIT_CONTACT),
)


def menu(commands: Sequence[str], t: Translator) -> list[tuple[str, str]]:
    """The commands with their descriptions."""
    return [(command, t.plain(_WORDS[command])) for command in commands]


def menu_for(*, is_operator: bool, roles: Collection[Role], t: Translator) -> list[tuple[str, str]]:
    """The menu of whoever has these roles anywhere; of several, that of the one with the most to do."""
    if is_operator:
        return menu(OPERATOR, t)
    for role, commands in _BY_ROLE:
        if role in roles:
            return menu(commands, t)
    return menu(STAFF if roles else TRAINEE, t)


def default_menus() -> list[Call]:
    """The calls that set everybody's menu, to be recorded when the bot starts: English for all, Chinese for Chinese."""
    english, chinese = i18n.translator("en"), i18n.translator("zh")
    return [calls.set_commands(None, menu(TRAINEE, english)), calls.set_commands(None, menu(TRAINEE, chinese), "zh")]
