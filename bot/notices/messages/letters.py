"""Replies to notices: what the office reads, what goes back, and what the away line says."""

from collections.abc import Sequence

from markupsafe import Markup

from bot import buttons, i18n
from bot.i18n import Translator
from bot.notices.drafting import parts_of
from bot.notices.habits import manners_of
from bot.notices.messages.wording import act, headline, hour, lines, moment, paragraphs
from bot.notices.models import Letter, Notice
from bot.notices.replying import Posted
from bot.outbox.calls import Message
from bot.people import service as people
from bot.people.models import Person, Role
from bot.turn import Turn

PREVIEW = 60
SHOWN = 12


def announce_reply(turn: Turn, posted: Posted) -> None:
    """Tell every coordinator that somebody has replied."""
    parts = list(parts_of(turn.session, posted.notice.id or 0))
    for one in people.readers(turn.session, posted.notice.cohort_id, Role.COORDINATOR):
        t = i18n.translator(one.language)
        words = headline(parts, t, PREVIEW)
        key = f"letter:{posted.letter.id}:{one.person_id}"
        turn.send(one.telegram_id, render_reply(posted, words, t), key=key)


def announce_answer(turn: Turn, posted: Posted) -> None:
    """Bring the office's answer to the person, and tell the other coordinators that it has been answered."""
    person, notice = posted.person, posted.notice
    if person.telegram_id is not None:
        t = i18n.translator(person.language or posted.cohort.language)
        turn.send(person.telegram_id, render_answer(posted, t), key=f"letter:{posted.letter.id}:{person.id}")
    for one in people.readers(turn.session, notice.cohort_id, Role.COORDINATOR):
        if one.person_id != posted.author.id:
            t = i18n.translator(one.language)
            turn.send(one.telegram_id, render_answered(posted, t), key=f"letter:{posted.letter.id}:{one.person_id}")


def render_reply(posted: Posted, words: str, t: Translator) -> Message:
    """To a coordinator: who replied to which notice, and what."""
    text = paragraphs(
        lines(
            t("💬 <b>{name}</b> replied to a notice · {cohort}", name=posted.person.name, cohort=posted.cohort.name),
            Markup("<blockquote>{}</blockquote>").format(words),
        ),
        Markup("{}").format(posted.letter.text),
    )
    row = [
        act(t.plain("↩️ Answer"), "answerto", posted.notice.id or 0, posted.person.id or 0),
        act(t.plain("🧵 Thread"), "thread", posted.notice.id or 0, posted.person.id or 0),
    ]
    return Message(text, buttons.keyboard(row))


def render_answer(posted: Posted, t: Translator) -> Message:
    """To the person: what the office answers."""
    text = paragraphs(
        t("💬 <b>{name}</b> answers you:", name=posted.author.name), Markup("{}").format(posted.letter.text)
    )
    return Message(text, buttons.keyboard([act(t.plain("💬 Reply"), "reply", posted.notice.id or 0)]))


def render_answered(posted: Posted, t: Translator) -> Message:
    """To the other coordinators: it has been answered, so that nobody answers twice."""
    text = t(
        "↩️ {author} has answered {name}: {text}",
        author=posted.author.name,
        name=posted.person.name,
        text=posted.letter.text[:PREVIEW],
    )
    return Message(text, silent=True)


def render_ask_reply(t: Translator) -> Message:
    """Asks a recipient for the words."""
    return Message(t("💬 What shall I pass on to the coordinators? Write it in one message. /cancel leaves it."))


def render_ask_answer(name: str, t: Translator) -> Message:
    """Asks a coordinator for the words."""
    return Message(t("↩️ What shall I answer {name}? Write it in one message. /cancel leaves it.", name=name))


def render_passed_on(posted: Posted, t: Translator, turn: Turn) -> Message:
    """To the person after a reply: it has arrived; out of hours, when somebody will read it."""
    done = t("✅ Passed on to the coordinators. The answer comes here.")
    if not posted.is_away:
        return Message(done)
    opens = manners_of(turn.session, posted.notice.cohort_id).serves_from
    usual = t("It is outside of office hours: somebody will read it from {time} on.", time=f"{opens:%H:%M}")
    return Message(paragraphs(done, Markup("{}").format(posted.away_text) if posted.away_text else usual))


def render_sent_back(posted: Posted, t: Translator) -> Message:
    """To the coordinator after answering."""
    if posted.person.telegram_id is None:
        return Message(t("Kept, but {name} has no account any more: please call.", name=posted.person.name))
    return Message(t("✅ Sent to {name}.", name=posted.person.name))


def render_threads(
    notice: Notice, threads: Sequence[tuple[Person, Letter]], zone: str, page: int, t: Translator
) -> Message:
    """Everybody who replied; those who wait for an answer are marked."""
    number = notice.id or 0
    pages = max(1, -(-len(threads) // SHOWN))
    page = min(max(page, 0), pages - 1)
    rows = [
        [
            act(
                f"{'● ' if letter.author_id == person.id else ''}{person.name} · {hour(letter.at, zone)}",
                "thread",
                number,
                person.id or 0,
            )
        ]
        for person, letter in threads[page * SHOWN : (page + 1) * SHOWN]
    ]
    turning = (
        []
        if pages < 2
        else [
            act("◀", "letters", number, (page - 1) % pages),
            act(f"{page + 1}/{pages}", "letters", number, page),
            act("▶", "letters", number, (page + 1) % pages),
        ]
    )
    text = lines(t("💬 <b>Replies</b>"), t("● waits for an answer.") if rows else t("Nobody has replied."))
    return Message(text, buttons.keyboard(*rows, turning, [act(t.plain("« Back"), "show", number)]))


def render_thread(
    notice: Notice, person: Person, letters: Sequence[Letter], words: str, zone: str, t: Translator
) -> Message:
    """What was written to and fro, the latest last."""
    said = [
        lines(
            t(
                "<b>{name}</b> · {moment}",
                name=person.name if letter.author_id == person.id else t.plain("Office"),
                moment=moment(letter.at, zone, t),
            ),
            Markup("{}").format(letter.text[:300]),
        )
        for letter in letters[-SHOWN:]
    ]
    text = paragraphs(Markup("<blockquote>{}</blockquote>").format(words), *said)
    number = notice.id or 0
    row = [
        act(t.plain("↩️ Answer"), "answerto", number, person.id or 0),
        act(t.plain("« Replies"), "letters", number, 0),
    ]
    return Message(text, buttons.keyboard(row))
