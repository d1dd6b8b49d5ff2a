"""Choosing the rules of a call: what is offered for each, what is typed, and the questions or cases."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.buttons import Rows, keyboard
from bot.forum import rules
from bot.forum.messages.wording import (
    CHOICES,
    act,
    back,
    day_and_hour,
    heading,
    length,
    lines,
    page_of,
    pager,
    paragraphs,
    short,
)
from bot.forum.models import Audience, Choice
from bot.forum.rules import TooLong
from bot.forum.views import CallView, TopicView
from bot.i18n import N_, Translator
from bot.outbox.calls import Message

MINUTES = (5, 8, 10, 12, 15, 20, 30)
SLOTS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15)
SEATS = (0, 10, 20, 30, 50, 80, 100, 200, 500, 1000)
ANSWERS = (30, 60, 120, 240, 720, 1440)
WIDTH = 4
MORNING = 8

QUESTIONS = {
    "slots": N_("How many speak?"),
    "minutes": N_("How many minutes does each have?"),
    "seats": N_("How many seats are there for listeners?"),
    "who": N_("Who may sign up?"),
    "opens": N_("When does sign-up open?"),
    "closes": N_("When does sign-up close?"),
    "choice": N_("How are the speakers chosen? Listeners are always first come, first served."),
    "answer": N_("When somebody withdraws, the next in reserve is asked. How long may they take to answer?"),
}
ASKED = {
    "title": N_("Send me the title, at most {most} characters."),
    "slots": N_("Send me how many speak, as a number."),
    "minutes": N_("Send me the minutes of one speech, as a number."),
    "seats": N_("Send me how many seats there are, as a number."),
    "answer": N_("Send me the minutes that an offered place waits for its answer."),
    "opens": N_("When shall sign-up open? Such as “tomorrow 9:00” or “12-08 18:30”."),
    "closes": N_("When shall sign-up close? Such as “tomorrow 18:00” or “12-10 12:00”."),
    "reason": N_("Why is it cancelled? One line; those signed up read it."),
    "topics": N_("Send me the questions, one a line. They are added at the end."),
    "topic": N_("Send me the new words of this question."),
    "file": N_("Send me the file of this case, such as a PDF or a photo."),
}
MISREAD = {
    "opens": N_("I cannot read that as a time to come. Please write it like “12-08 18:30”."),
    "closes": N_("I cannot read that as a time to come. Please write it like “12-08 18:30”."),
    "file": N_("That is no file. Please send a document or a photo, or leave with /cancel."),
}


def render_choice(call: CallView, rule: str, t: Translator, now: datetime) -> Message:
    """The values of a rule that are worth a button, and the way to type another."""
    text = paragraphs(heading(call, t), t(QUESTIONS[rule]), _remark(call, rule, t))
    typed = [act(t.plain("✍️ Something else"), "type", call.id, rule)] if rule in ASKED else []
    return Message(text, keyboard(*_values(call, rule, t, now), typed, back(t.plain("Back"), "rules", call.id)))


def render_units(call: CallView, units: Sequence[str], page: int, t: Translator) -> Message:
    """The units of the camp as switches."""
    page, pages, shown = page_of(page, len(units))
    numbered = list(enumerate(units))[shown]
    rows: Rows = [
        [act(short(f"{'☑️' if unit in call.units else '⬜'} {unit}"), "unit", call.id, number, page)]
        for number, unit in numbered
    ]
    text = paragraphs(heading(call, t), t("Which units may sign up? Tap to choose, tap again to undo."))
    nothing = t("Nobody on the roster has a unit yet.") if not units else None
    done = back(t.plain("Done"), "rules", call.id)
    return Message(paragraphs(text, nothing), keyboard(*rows, pager("units", [call.id], page, pages), done))


def render_topics(call: CallView, t: Translator) -> Message:
    """The questions or cases, each with what can be done to it."""
    rows: Rows = [[act(short(f"{one.position}. {one.text}"), "topic", one.id)] for one in call.topics]
    if len(call.topics) < rules.MOST_TOPICS:
        rows.append([act(t.plain("➕ Add questions"), "type", call.id, "topics")])
    hint = (
        t("Press one to change it.") if call.topics else t("No set questions: whoever signs up says their own topic.")
    )
    return Message(paragraphs(heading(call, t), hint), keyboard(*rows, back(t.plain("Back"), "rules", call.id)))


def render_topic(call: CallView, topic: TopicView, t: Translator) -> Message:
    """One question or case."""
    rows: Rows = [
        [act(t.plain("✍️ Other words"), "type", call.id, "topic", topic.id)],
        [
            act(
                t.plain("📎 Another file") if topic.file_id else t.plain("📎 Add a file"),
                "type",
                call.id,
                "file",
                topic.id,
            )
        ],
        [act(t.plain("🗑 Remove it"), "untopic", topic.id)],
        back(t.plain("Questions"), "topics", call.id),
    ]
    text = Markup("<b>{}.</b> {}").format(topic.position, topic.text)
    return Message(
        paragraphs(heading(call, t), text, t("📎 It has a file.") if topic.file_id else None), keyboard(*rows)
    )


def render_ask(call: CallView, rule: str, t: Translator) -> Message:
    """Ask for what has to be typed or sent."""
    asked = t(ASKED[rule], most=rules.LONGEST_TITLE)
    return Message(paragraphs(heading(call, t), asked, t("/cancel leaves everything as it is.")))


def render_misread(rule: str, fault: TooLong | None, t: Translator) -> Message:
    """What was typed cannot be taken; the question stands."""
    if fault is not None:
        return Message(too_long(fault, t))
    return Message(t(MISREAD.get(rule, N_("I cannot read that. Please try again, or leave with /cancel."))))


def too_long(fault: TooLong, t: Translator) -> Markup:
    """A text is longer than it may be."""
    return t(
        "That has {length} characters, and {most} fit. Please send it again, shorter.",
        length=fault.length,
        most=fault.most,
    )


def render_link(call: CallView, address: str, t: Translator) -> Message:
    """The link by which people outside the roster come."""
    text = lines(
        t("🔗 <b>The link to this call</b>"),
        Markup("<code>{}</code>").format(address),
        t("Whoever opens it can sign up, also without being on the roster. Pass it on as you like."),
    )
    return Message(paragraphs(heading(call, t), text), keyboard(back(t.plain("Back"), "manage", call.id)))


def _remark(call: CallView, rule: str, t: Translator) -> Markup | None:
    if rule in ("slots", "minutes") and call.speakers is not None:
        needed = call.speakers.capacity * call.minutes
        there = int((call.ends_at - call.starts_at) / timedelta(minutes=1))
        words = {"needed": length(needed, t), "there": length(there, t)}
        if needed > there:
            return t("⚠️ The speeches take {needed}, the activity lasts {there}.", **words)
        return t("The speeches take {needed} of {there}.", **words)
    if rule == "choice":
        return lines(
            t("<b>First come</b>: places go in the order of signing up, the rest is the reserve list."),
            t("<b>The coordinator chooses</b>: you choose after sign-up has closed, and give reasons."),
            t("<b>A fair draw</b>: after sign-up closes. Who spoke lately has fewer tickets; anyone can re-run it."),
        )
    return None


def _values(call: CallView, rule: str, t: Translator, now: datetime) -> Rows:
    match rule:
        case "slots":
            return _numbers(call, rule, SLOTS, call.speakers.capacity if call.speakers else 0)
        case "minutes":
            return _numbers(call, rule, MINUTES, call.minutes)
        case "seats":
            return _numbers(call, rule, SEATS, call.listeners.capacity if call.listeners else 0)
        case "answer":
            return [[_set(call, rule, value, str(length(value, t)), value == call.answer_minutes)] for value in ANSWERS]
        case "who":
            return _who(call, t)
        case "choice":
            return [
                [_set(call, rule, number, t.plain(CHOICES[one]), one is call.choice)]
                for number, one in enumerate(Choice)
            ]
    return [[_set(call, rule, _minute(at), label, False)] for at, label in _instants(call, rule, t, now)]


def _who(call: CallView, t: Translator) -> Rows:
    names = {
        Audience.COHORT: t.plain("Everybody of the camp"),
        Audience.UNITS: t.plain("Some units …"),
        Audience.LINK: t.plain("Whoever has the link"),
    }
    return [[_set(call, "who", number, names[one], one is call.audience)] for number, one in enumerate(Audience)]


def _instants(call: CallView, rule: str, t: Translator, now: datetime) -> list[tuple[datetime, str]]:
    if rule == "opens":
        zone = ZoneInfo(call.time_zone)
        local = (now.astimezone(zone) + timedelta(days=1)).replace(hour=MORNING, minute=0, second=0, microsecond=0)
        return [(now, t.plain("At once")), (local, day_and_hour(local, call.time_zone, t))]
    offered = rules.offered_closings(call.starts_at, call.ends_at, now)
    return [(at, _closing(call, at, t)) for at in offered]


def _closing(call: CallView, at: datetime, t: Translator) -> str:
    when = day_and_hour(at, call.time_zone, t)
    if at == call.starts_at:
        return t.plain("{when} (it begins)", when=when)
    return t.plain("{when} (it ends)", when=when) if at == call.ends_at else when


def _numbers(call: CallView, rule: str, values: Sequence[int], present: int) -> Rows:
    found = [_set(call, rule, value, str(value) if value else "–", value == present) for value in values]
    return [found[start : start + WIDTH] for start in range(0, len(found), WIDTH)]


def _set(call: CallView, rule: str, value: int, label: str, is_present: bool) -> InlineKeyboardButton:
    return act(f"✔ {label}" if is_present else label, "set", call.id, rule, value)


def _minute(at: datetime) -> int:
    return int(at.timestamp()) // 60
