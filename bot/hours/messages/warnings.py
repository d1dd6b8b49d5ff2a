"""Telling that an allowance runs low or out: the person, with activity and record; at the end coordinators too."""

from markupsafe import Markup

from bot import i18n
from bot.buttons import button, keyboard
from bot.checkin.messages.appeals import appeal_button
from bot.hours.messages.ledger import used_line
from bot.hours.messages.wording import data, length, meter, paragraphs
from bot.hours.reviewing import News
from bot.hours.rules import Ending, Level
from bot.i18n import Translator
from bot.outbox.calls import Message
from bot.outbox.lanes import Lane
from bot.people import service as people
from bot.people.models import Role
from bot.preferences import service as preferences
from bot.turn import Turn


def announce(turn: Turn, *told: News) -> None:
    """Owe the person the news, and the coordinators what concerns the end of a course."""
    for news in told:
        _tell_person(turn, news)
        if news.level is Level.OVER or news.is_lifted:
            _tell_coordinators(turn, news)


def render_news(news: News, t: Translator) -> Message:
    """To the person: how far it has come, by which activity, and where to look and object."""
    account, ledger = news.account, news.account.ledger
    named = used_line(news.entry, ledger.time_zone, t) if news.entry else None
    text = paragraphs(_headline(news, t), named, meter(ledger, t), _hope(news, t))
    ids = (account.cohort_id, 0)
    rows = [
        [button(t.plain("⏳ My hours"), data("mine", *ids)), button(t.plain("📖 The rules"), data("rules", ids[0]))]
    ]
    if news.entry is not None and news.entry.record.is_settled:
        rows.append([appeal_button(news.entry.record.activity_id, t)])
    return Message(text, keyboard(*rows))


def render_for_coordinator(news: News, t: Translator) -> Message:
    """To a coordinator: who can no longer pass, or can again."""
    account, ledger = news.account, news.account.ledger
    if news.is_lifted:
        head = t("🟢 <b>{name} can pass the course again.</b>", name=account.trainee.name)
    else:
        head = t("🔴 <b>{name} can no longer pass the course as things stand.</b>", name=account.trainee.name)
    named = used_line(news.entry, ledger.time_zone, t) if news.entry else None
    person = data("person", account.cohort_id, account.trainee.person_id)
    text = paragraphs(head, _used(news, t), named)
    return Message(text, keyboard([button(t.plain("⏳ The ledger"), person)]))


def _headline(news: News, t: Translator) -> Markup:
    if news.is_lifted:
        return t("🟢 <b>You can pass the course again.</b>\nWhat you have missed is within the rules now.")
    return {
        Level.HALF: t("🟡 <b>Half of the hours you may miss are used.</b>"),
        Level.THREE_QUARTERS: t("🟠 <b>Three quarters of the hours you may miss are used.</b>"),
        Level.OVER: t("🔴 <b>As things stand, you can no longer pass the course.</b>"),
    }[news.level]


def _hope(news: News, t: Translator) -> Markup | None:
    if news.level is not Level.OVER or news.is_lifted:
        return None
    return t("{used}\nYour coordinator knows it too: please talk to each other.", used=_used(news, t))


def _used(news: News, t: Translator) -> Markup:
    ledger = news.account.ledger
    days = t.plural(
        "{n} whole day was missed without leave.",
        "{n} whole days were missed without leave.",
        len(ledger.truant_days),
    )
    hours = t(
        "{used} of the {allowance} that may be missed are used.",
        used=length(ledger.used, t),
        allowance=length(ledger.allowance, t),
    )
    return days if ledger.endings == (Ending.DAYS,) else hours


def _tell_person(turn: Turn, news: News) -> None:
    account = news.account
    person = people.get_person(turn.session, account.trainee.person_id)
    if person.telegram_id is None or person.unreachable_at is not None:
        return
    language = person.language or people.get_cohort(turn.session, account.cohort_id).language
    message = render_news(news, i18n.translator(language))
    silent = preferences.is_silent(turn.session, account.trainee.person_id)
    turn.send(person.telegram_id, Message(message.text, message.keyboard, silent), lane=Lane.REMINDER)


def _tell_coordinators(turn: Turn, news: News) -> None:
    for reader in people.readers(turn.session, news.account.cohort_id, Role.COORDINATOR):
        message = render_for_coordinator(news, i18n.translator(reader.language))
        turn.send(reader.telegram_id, message, lane=Lane.REMINDER)
