"""What /start, /help, /cancel and /language say."""

from collections.abc import Sequence

from markupsafe import Markup
from msgspec import Struct, field
from telegram import InlineKeyboardButton

from bot import buttons
from bot.buttons import Rows
from bot.i18n import Translator
from bot.outbox.calls import Message
from bot.people.listing import Camp
from bot.people.messages.roles import render_duties
from bot.people.messages.wording import LANGUAGE_NAMES, act, bold, day, lines, paragraphs, shorten, span
from bot.people.models import Role

CAMPS_SHOWN = 6


class Home(Struct, frozen=True):
    """What the first screen is made of. ``today`` is the timetable's own message for a trainee, where there is one.

    ``offers`` are the features' buttons: for a trainee, and for the only camp in which the person has another role.
    """

    name: str
    camps: Sequence[Camp]
    is_operator: bool = False
    today: Message | None = None
    offers: Rows = field(default_factory=list)

    @property
    def is_trainee(self) -> bool:
        """Whether the person attends anything."""
        return any(camp.is_attended for camp in self.camps)


def render_stranger(t: Translator) -> Message:
    """To an account that belongs to nobody: whom to ask, and nothing else."""
    return Message(
        t(
            "Hello. This bot accompanies the trainees of a training camp.\n"
            "Please ask your coordinator for your seat card, then scan its QR code, "
            "or send me the ten characters printed on it."
        )
    )


def render_home(home: Home, t: Translator) -> Message:
    """The first screen of somebody linked, or of an operator: what is next comes first, where there is anything."""
    camps = lines(*(render_camp_line(camp, t) for camp in home.camps[:CAMPS_SHOWN]))
    nothing = None if home.camps or home.is_operator else t("You are not in a camp at the moment.")
    duties = _duties(home, t)
    if home.today is not None:
        text = paragraphs(home.today.text, lines(Markup("👤 {}").format(home.name), camps), duties)
    else:
        text = paragraphs(lines(bold(t("Hello, {name}", name=home.name)), camps, nothing), duties)
    return Message(text, buttons.keyboard(*_rows(home, t)))


def _duties(home: Home, t: Translator) -> str | None:
    """What somebody is here for who has a task in one camp only; of several, the screen of each says it."""
    staffed = [camp for camp in home.camps if camp.is_staffed]
    return render_duties(staffed[0].roles - {Role.COORDINATOR}, t) if len(staffed) == 1 else None


def render_welcome(home: Home, cohort: str, t: Translator) -> Message:
    """After linking: who was linked, where, and the first screen."""
    screen = render_home(home, t)
    done = t("✅ Linked: this account is now {name} in {cohort}.", name=home.name, cohort=bold(cohort))
    return Message(paragraphs(done, screen.text), screen.keyboard)


def render_camp_line(camp: Camp, t: Translator) -> str:
    """A camp in one line: its name and how far it is."""
    name, first, last = bold(camp.cohort.name), camp.cohort.starts_on, camp.cohort.ends_on
    if camp.is_running:
        number, days = (camp.today - first).days + 1, (last - first).days + 1
        return t("{cohort}: day {number} of {days}", cohort=name, number=number, days=days)
    if camp.is_over:
        return t("{cohort}: ended on {day}", cohort=name, day=day(last, t))
    return t("{cohort}: begins on {day}", cohort=name, day=day(first, t))


def render_camp(camp: Camp, t: Translator, *, trainees: int, unlinked: int, offers: Rows, is_operator: bool) -> Message:
    """One cohort for whoever has a task there, with everything that can be done; ``offers`` are the features'."""
    cohort = camp.cohort
    if trainees:
        count = t.plural("{n} trainee", "{n} trainees", trainees)
        counts = t("{count}, {unlinked} not linked yet", count=count, unlinked=unlinked)
    else:
        counts = t("No trainees yet: send me the roster as a file (.xlsx, .xls or .csv).")
    held = camp.roles | ({Role.COORDINATOR} if is_operator else frozenset())
    shown = counts if Role.COORDINATOR in held else None
    text = paragraphs(
        lines(bold(cohort.name), span(cohort.starts_on, cohort.ends_on, t), shown), render_duties(held, t)
    )
    home = [act(t.plain("⌂ Home"), "home")]
    own = coordinator_rows(cohort.id or 0, t) if camp.is_coordinated or is_operator else []
    rare = [[act(t.plain("👥 People"), "groups", cohort.id or 0)], _rare_row(cohort.id or 0, t)] if own else []
    return Message(text, buttons.keyboard(*own, *offers, *rare, home))


def coordinator_rows(cohort_id: int, t: Translator) -> list[list[InlineKeyboardButton]]:
    """What a coordinator does in a cohort every day."""
    return [
        [
            buttons.button(t.plain("✔ Check-in"), buttons.pack("checkin", "manage", cohort_id)),
            buttons.button(t.plain("📅 Timetable today"), buttons.pack("timetable", "today")),
        ],
    ]


def _rare_row(cohort_id: int, t: Translator) -> list[InlineKeyboardButton]:
    """What is done once a camp."""
    return [act(t.plain("🪪 Seat cards"), "cards", cohort_id), act(t.plain("📥 How to import"), "howto")]


def render_how_to_import(t: Translator) -> Message:
    """How a roster or a timetable gets in."""
    text = paragraphs(
        bold(t("Importing a file")),
        t(
            "Send me the file here in the chat: .xlsx, .xls or .csv, at most 5 MB. I show what would change; "
            "nothing is written before you confirm."
        ),
        t(
            "<b>Roster</b>: a heading row with 姓名 (name); also 手机号 (phone), 所属社区 or 单位 (unit), "
            "组别 (group), 职务 (post). Title rows above it do no harm."
        ),
        t(
            "<b>Timetable</b>: 日期 (date), 开始时间 (start), 结束时间 (end), 课程名称 (title); "
            "also type, speaker, place, notes."
        ),
    )
    return Message(text, buttons.keyboard([act(t.plain("⌂ Home"), "home")]))


def render_help(home: Home | None, t: Translator) -> Message:
    """What can be done here, for whoever asks."""
    if home is None:
        return render_stranger(t)
    trainee = t(
        "/start shows what is now and next. /today is the day, /week the week. /checkin takes the code on the screen, "
        "or scan the QR code there. /reminders is what I send you and when. /language changes the language."
    )
    coordinator = t(
        "As a coordinator you send me rosters and timetables as files, open check-ins, print seat cards "
        "and see who is missing, all from /start."
    )
    operator = t("As an operator you make camps and coordinators with /cohorts.")
    leave = t("/cancel leaves whatever I am asking you.")
    coordinates = any(camp.is_coordinated for camp in home.camps)
    text = paragraphs(trainee, coordinator if coordinates else None, operator if home.is_operator else None, leave)
    return Message(text, buttons.keyboard([act(t.plain("⌂ Home"), "home")]))


def render_language_choice(t: Translator) -> Message:
    """Which language to speak."""
    row = [act(name, "speak", language) for language, name in LANGUAGE_NAMES.items()]
    return Message(t("Which language shall I speak?"), buttons.keyboard(row))


def render_language_set(t: Translator) -> Message:
    """After a language was chosen, in that language."""
    row = [act(name, "speak", language) for language, name in LANGUAGE_NAMES.items()]
    text = t("From now on I speak English to you.")
    return Message(text, buttons.keyboard(row, [act(t.plain("⌂ Home"), "home")]))


def render_cancelled(t: Translator, *, was_open: bool) -> Message:
    """After /cancel."""
    if was_open:
        return Message(t("Cancelled. Nothing was kept of it. Send /start to go on."))
    return Message(t("There was nothing to cancel. Send /start to see what is current."))


def _rows(home: Home, t: Translator) -> list[list[InlineKeyboardButton]]:
    rows = []
    if home.is_trainee:
        rows.append(
            [
                buttons.button(t.plain("✔ Check in"), buttons.pack("checkin", "start")),
                buttons.button(t.plain("📅 Week"), buttons.pack("timetable", "week", 0)),
            ]
        )
    staffed = [camp for camp in home.camps if camp.is_staffed]
    if len(staffed) == 1 and staffed[0].is_coordinated:
        rows += coordinator_rows(staffed[0].cohort.id or 0, t)
    rows += home.offers
    if len(staffed) == 1 and staffed[0].is_coordinated:
        number = staffed[0].cohort.id or 0
        rows.append([act(t.plain("👥 People"), "groups", number), act(t.plain("⋯ All of this camp"), "camp", number)])
    if len(staffed) > 1:
        cohorts = [camp.cohort for camp in staffed[:CAMPS_SHOWN]]
        rows += [[act(shorten(f"📁 {cohort.name}"), "camp", cohort.id or 0)] for cohort in cohorts]
    if home.is_operator:
        rows.append([act(t.plain("➕ New cohort"), "new"), act(t.plain("📁 Cohorts"), "cohorts", 0)])
    return [*rows, [act(t.plain("🌐 中文 / English"), "language"), act(t.plain("❓ Help"), "help")]]
