"""Make-up in words: the offer, the task, the steps, and the hours that return."""

from markupsafe import Markup

from bot import i18n
from bot.buttons import Rows, button, keyboard, pack
from bot.hours.messages.wording import day_time, home, length, line_of, lines, paragraphs, short
from bot.i18n import Translator
from bot.leave.makeup import Moved, Offering
from bot.leave.makeup_views import MakeUpView
from bot.leave.messages.wording import STEPS, back_to_mine, makeup_data
from bot.leave.models import Step
from bot.outbox.calls import Message
from bot.outbox.lanes import Lane
from bot.people import service as people
from bot.people.models import Role
from bot.turn import Turn

MOST_OTHERS = 8


def announce(turn: Turn, moved: Moved) -> None:
    """Tell the coordinators what the person has refused or done; accepting alone is no news to anybody."""
    if moved.news and moved.view.step in (Step.REFUSED, Step.DONE):
        _tell_coordinators(turn, moved.view)


def tell_person(turn: Turn, view: MakeUpView) -> None:
    """Tell the person where it stands now."""
    person = people.get_person(turn.session, view.person_id)
    if person.telegram_id is None:
        return
    t = i18n.translator(person.language or people.get_cohort(turn.session, view.cohort_id).language)
    turn.send(person.telegram_id, render_for_person(view, t), lane=Lane.REPLY)


def render_offering(offering: Offering, t: Translator) -> Message:
    """To the coordinator: what to offer."""
    zone = offering.time_zone
    rows: Rows = [
        [button(short(f"{day_time(one.starts_at, zone, t)} {one.title}"), makeup_data("other", one.id or 0))]
        for one in offering.others[:MOST_OTHERS]
    ]
    question = t("How can it be made up? Write the task in one line, or choose another activity to attend.")
    if not rows:
        question = t("How can it be made up? Write the task in one line.")
    head = t("🔁 <b>{name}</b> missed {length}:", name=offering.name, length=length(offering.entry.missed, t))
    text = paragraphs(lines(head, line_of(offering.entry.record, offering.time_zone, t)), question)
    return Message(text, keyboard(*rows, [button(t.plain("Cancel"), makeup_data("stop"))]))


def render_for_person(view: MakeUpView, t: Translator) -> Message:
    """To the person: what is offered, what is to be done, or that the hours are back."""
    head = {
        Step.OFFERED: t("🔁 <b>You can make this up.</b>"),
        Step.ACCEPTED: t("🔁 <b>To be made up</b>"),
        Step.DONE: t("🔁 <b>Your coordinator has to confirm it.</b>"),
        Step.CONFIRMED: t("✅ <b>{length} have come back.</b>", length=length(view.minutes, t)),
        Step.REFUSED: t("🔁 <b>You do not want to make this up.</b>"),
        Step.WITHDRAWN: t("↩️ <b>The offer to make this up was taken back.</b>"),
    }[view.step]
    rows: Rows = []
    if view.step is Step.OFFERED:
        rows.append(
            [
                button(t.plain("✅ I will do it"), makeup_data("accept", view.id)),
                button(t.plain("No, thank you"), makeup_data("refuse", view.id)),
            ]
        )
    if view.step is Step.ACCEPTED:
        rows.append([button(t.plain("✅ It is done"), makeup_data("done", view.id))])
    answer = t("{name}: {line}", name=view.offered_by, line=view.line) if view.line else None
    return Message(
        paragraphs(head, _what(view, t), answer), keyboard(*rows, [back_to_mine(view.cohort_id, t), home(t)])
    )


def render_for_coordinator(view: MakeUpView, t: Translator) -> Message:
    """To a coordinator: where it stands, and what can be done."""
    head = t("🔁 <b>{name}</b>: {step}", name=view.name, step=t(STEPS[view.step]))
    rows: Rows = []
    if view.step in (Step.ACCEPTED, Step.DONE):
        rows.append([button(t.plain("✅ Confirm: the hours return"), makeup_data("confirm", view.id))])
    if view.step is Step.DONE:
        rows.append([button(t.plain("↩️ Not yet"), makeup_data("notyet", view.id))])
    if view.is_open:
        rows.append([button(t.plain("🗑 Take the offer back"), makeup_data("drop", view.id))])
    note = t("{name}: {line}", name=view.name, line=view.note) if view.note else None
    ledger = button(t.plain("⏳ The ledger"), pack("hours", "person", view.cohort_id, view.person_id))
    return Message(paragraphs(head, _what(view, t), note), keyboard(*rows, [ledger]))


def render_ask_done(view: MakeUpView, t: Translator) -> Message:
    """Ask what was done, in a line that may be left out."""
    text = paragraphs(_what(view, t), t("Well done. Would you like to add a line for your coordinator?"))
    return Message(text, keyboard([button(t.plain("No, just say it is done"), makeup_data("plain"))]))


def render_ask_not_yet(view: MakeUpView, t: Translator) -> Message:
    """Ask what is still missing."""
    return Message(
        t("What is still missing? Please write {name} one line.", name=view.name),
        keyboard([button(t.plain("Cancel"), makeup_data("stop"))]),
    )


def render_bad_task(t: Translator) -> Message:
    """The task does not fit."""
    return Message(t("Please say in 2 to 500 characters what is to be done."))


def render_left(t: Translator) -> Message:
    """After the dialogue was left."""
    return Message(t("Nothing was changed."))


def _what(view: MakeUpView, t: Translator) -> Markup:
    missed = Markup("<b>{}</b> · {}").format(view.title, day_time(view.starts_at, view.time_zone, t))
    by = t("By: {task}", task=view.task)
    if view.other_starts_at is not None:
        when = day_time(view.other_starts_at, view.time_zone, t)
        by = t("By attending: {title} · {when}", title=view.other, when=when)
    return lines(t("Missed: {activity}", activity=missed), by, t("It counts {length}.", length=length(view.minutes, t)))


def _tell_coordinators(turn: Turn, view: MakeUpView) -> None:
    for reader in people.readers(turn.session, view.cohort_id, Role.COORDINATOR):
        message = render_for_coordinator(view, i18n.translator(reader.language))
        turn.send(reader.telegram_id, message, lane=Lane.REMINDER)
