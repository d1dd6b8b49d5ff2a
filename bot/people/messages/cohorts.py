"""An operator's words: making a cohort, the list of cohorts, coordinators."""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.i18n import N_, Translator
from bot.outbox.calls import Message
from bot.people.listing import PAGE
from bot.people.messages.home import coordinator_rows
from bot.people.messages.wording import LANGUAGE_NAMES, act, bold, lines, pager, paragraphs, shorten, span
from bot.people.models import Cohort, Person
from bot.people.rules import LONGEST_NAME, DateFault

_DATE_FAULTS = {
    DateFault.UNREADABLE: N_("I cannot read “{text}” as dates."),
    DateFault.NO_SUCH_DAY: N_("There is no such day: {text}."),
    DateFault.BACKWARDS: N_("The last day comes before the first: {text}."),
    DateFault.TOO_LONG: N_("That is longer than a year: {text}."),
}


def render_ask_name(t: Translator) -> Message:
    """The first question about a new cohort."""
    return _ask(t("What is the new camp called? (for example: 第四期社区后备人才班)"), t)


def render_bad_name(t: Translator) -> Message:
    """The name cannot be used."""
    return _ask(t("A name has 1 to {n} characters, on one line. What is the camp called?", n=LONGEST_NAME), t)


def render_name_taken(name: str, t: Translator) -> Message:
    """There is a cohort of that name."""
    return _ask(
        t(
            "There is already a camp called {name}. Please give this one another name, perhaps with its year.",
            name=bold(name),
        ),
        t,
    )


def render_ask_dates(name: str, t: Translator) -> Message:
    """The second question."""
    question = t("From when to when? For example: 2026-12-07 to 2026-12-09, or 2026年12月7日-9日.")
    return _ask(lines(bold(name), question), t)


def render_bad_dates(fault: DateFault, typed: str, t: Translator) -> Message:
    """The dates cannot be used, and why."""
    why = t(_DATE_FAULTS[fault], text=bold(shorten(typed, 60)))
    return _ask(lines(why, t("Please send both days, such as 2026-12-07 to 2026-12-09, or one day alone.")), t)


def render_flagged(flags: Markup, t: Translator) -> Message:
    """What speaks against the days, before anything is made."""
    row = [act(t.plain("📆 Keep these days"), "keepdates"), act(t.plain("✏️ Other days"), "otherdates")]
    return _ask(lines(t("Please look at these days first:"), flags), t, row)


def render_days_over(t: Translator) -> Markup:
    """The days lie in the past."""
    return t("⚠️ These days are already over.")


def render_ask_zone(default: str, t: Translator) -> Message:
    """The third question, with the usual answer as a button."""
    question = t("In which time zone? Press the button, or send another one, such as Asia/Urumqi.")
    return _ask(question, t, [act(default, "zone")])


def render_bad_zone(typed: str, default: str, t: Translator) -> Message:
    """There is no such zone."""
    why = t(
        "I do not know a time zone “{text}”. Zones are written like Asia/Shanghai or Europe/Berlin.",
        text=bold(shorten(typed, 40)),
    )
    return _ask(why, t, [act(default, "zone")])


def render_ask_language(t: Translator) -> Message:
    """The fourth question."""
    row = [act(name, "tongue", language) for language, name in LANGUAGE_NAMES.items()]
    return _ask(t("Which language does the camp speak? It is used for whoever has not chosen their own."), t, row)


def render_press_a_button(t: Translator) -> Message:
    """Words came where a button was asked for."""
    row = [act(name, "tongue", language) for language, name in LANGUAGE_NAMES.items()]
    return _ask(t("Please press one of the two buttons."), t, row)


def render_not_made(t: Translator) -> Message:
    """After Cancel."""
    return Message(t("Cancelled. Nothing was made."), buttons.keyboard([act(t.plain("⌂ Home"), "home")]))


def render_made(cohort: Cohort, coordinators: Sequence[Person], t: Translator) -> Message:
    """A cohort that was just made, with what comes next."""
    screen = render_cohort(cohort, coordinators, trainees=0, coordinates=False, t=t)
    following = t("Next: add its coordinator, who imports the roster and the timetable.")
    return Message(paragraphs(t("✅ The camp is made."), screen.text, following), screen.keyboard)


def render_cohorts(cohorts: Sequence[Cohort], number: int, t: Translator) -> Message:
    """A page of all cohorts, the latest first."""
    pages = max(1, -(-len(cohorts) // PAGE))
    number = min(max(number, 0), pages - 1)
    shown = cohorts[number * PAGE : (number + 1) * PAGE]
    rows = [[act(shorten(f"📁 {cohort.name}", 44), "cohort", cohort.id or 0)] for cohort in shown]
    count = t.plural("{n} camp", "{n} camps", len(cohorts)) if cohorts else t("There is no camp yet.")
    new = [act(t.plain("➕ New cohort"), "new"), act(t.plain("⌂ Home"), "home")]
    return Message(count, buttons.keyboard(*rows, pager("cohorts", (), number, pages), new))


def render_cohort(
    cohort: Cohort, coordinators: Sequence[Person], *, trainees: int, coordinates: bool, t: Translator
) -> Message:
    """One cohort for an operator, who may do everything in it."""
    number = cohort.id or 0
    names = t.join(f"{person.name} {'✅' if person.telegram_id else '▫️'}" for person in coordinators)
    text = lines(
        bold(cohort.name),
        span(cohort.starts_on, cohort.ends_on, t),
        t("Time zone {zone}, language {language}", zone=cohort.time_zone, language=LANGUAGE_NAMES[cohort.language]),
        t.plural("{n} trainee", "{n} trainees", trainees),
        t("Coordinators: {names}", names=names) if names else t("No coordinator yet."),
    )
    join = [] if coordinates else [act(t.plain("🙋 I coordinate it too"), "joinin", number)]
    people = [[act(shorten(f"👤 {person.name}"), "person", number, person.id or 0)] for person in coordinators[:6]]
    return Message(
        text,
        buttons.keyboard(
            [act(t.plain("➕ Add coordinator"), "addco", number), *join],
            *people,
            *coordinator_rows(number, t),
            [act(t.plain("◀ Cohorts"), "cohorts", 0)],
        ),
    )


def render_ask_coordinator(cohort: Cohort, t: Translator) -> Message:
    """Who is to coordinate."""
    return _ask(t("Who coordinates {cohort}? Please send the name.", cohort=bold(cohort.name)), t)


def render_bad_person(t: Translator) -> Message:
    """The name cannot be used."""
    return _ask(t("A name has 1 to {n} characters, on one line. Who is it?", n=LONGEST_NAME), t)


def render_which_person(name: str, people: Sequence[tuple[Person, str]], t: Translator) -> Message:
    """Whether it is somebody known; ``people`` come with what tells them apart."""
    rows = [[act(shorten(f"{person.name} · {known}"), "isco", person.id or 0)] for person, known in people]
    text = t("There is already somebody called {name}. Who is it?", name=bold(name))
    return _ask(text, t, *rows, [act(t.plain("➕ Somebody new"), "isco", 0)])


def render_coordinator_added(person: Person, cohort: Cohort, t: Translator) -> Message:
    """After a coordinator was added; a link follows where the person has no account yet."""
    text = t("✅ {name} coordinates {cohort}.", name=bold(person.name), cohort=bold(cohort.name))
    following = t("Already linked, so no link is needed.") if person.telegram_id else t("The one-time link follows.")
    return Message(lines(text, following), buttons.keyboard([act(t.plain("◀ Back"), "cohort", cohort.id or 0)]))


def render_now_coordinator(cohort: Cohort, t: Translator) -> Message:
    """To somebody linked who was made a coordinator."""
    text = t("You now coordinate {cohort}. Send /start to see what you can do.", cohort=bold(cohort.name))
    return Message(text)


def _ask(text: str, t: Translator, *rows: list[InlineKeyboardButton]) -> Message:
    return Message(text, buttons.keyboard(*rows, [act(t.plain("✖ Cancel"), "stop")]))
