"""The command menus: at most five a role, in the reader's language. Every command is also a button."""

from collections.abc import Sequence

from bot import i18n
from bot.i18n import N_, Translator
from bot.outbox import calls
from bot.outbox.calls import Call

Menu = Sequence[tuple[str, str]]

_WORDS = {
    "start": N_("Home: what is now and what is next"),
    "today": N_("Today's timetable"),
    "checkin": N_("Check in to a session"),
    "people": N_("Trainees: who is linked, cards"),
    "cohorts": N_("Camps and their coordinators"),
    "language": N_("中文 / English"),
    "help": N_("How this works"),
}
TRAINEE = ("start", "today", "checkin", "language", "help")
COORDINATOR = ("start", "today", "people", "language", "help")
OPERATOR = ("start", "cohorts", "people", "language", "help")


def menu(commands: Sequence[str], t: Translator) -> list[tuple[str, str]]:
    """The commands with their descriptions."""
    return [(command, t.plain(_WORDS[command])) for command in commands]


def menu_for(*, is_operator: bool, is_coordinator: bool, t: Translator) -> list[tuple[str, str]]:
    """The menu of whoever has that standing."""
    role = OPERATOR if is_operator else COORDINATOR if is_coordinator else TRAINEE
    return menu(role, t)


def default_menus() -> list[Call]:
    """The calls that set everybody's menu, to be recorded when the bot starts: English for all, Chinese for Chinese."""
    english, chinese = i18n.translator("en"), i18n.translator("zh")
    return [calls.set_commands(None, menu(TRAINEE, english)), calls.set_commands(None, menu(TRAINEE, chinese), "zh")]
