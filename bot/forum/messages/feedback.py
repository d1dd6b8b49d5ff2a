"""Feedback in words: the talks to choose from, two questions of five points, a sentence, and what came of it."""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.buttons import Rows, keyboard
from bot.forum.feedback import FIVE, LONGEST, Choice, Offer, Result, Score, Taken
from bot.forum.messages.day_wording import act, label, long_label, subject
from bot.forum.messages.wording import lines, name_of, paragraphs
from bot.forum.running_order import Order
from bot.forum.stage_models import FeedbackPart
from bot.guests.service import Party
from bot.i18n import Translator, translator
from bot.outbox.calls import Message
from bot.outbox.lanes import Lane
from bot.turn import Turn

POINTS = range(1, FIVE + 1)
SENTENCES = 12
MOST = 3500


def render_offer(offer: Offer, t: Translator) -> Message:
    """The talks somebody may say something about; those done are ticked."""
    rows: Rows = [[act(f"{'✔ ' if one.is_done else ''}{_choice(one, t)}", "say", one.item.piece.id)]
                  for one in offer.choices]  # fmt: skip
    head = lines(t("📝 <b>How were the talks?</b>"), name_of(offer.order.call))
    if not rows:
        return Message(paragraphs(head, t("There is no talk here that you could say something about.")))
    hint = t(
        "Two taps a talk, and a sentence if you like. Nobody sees whose answer it was; results are shown in fives."
    )
    return Message(paragraphs(head, hint), keyboard(*rows))


def render_question(order: Order, choice: Choice, t: Translator) -> Message:
    """The question that is open for a talk, or thanks and the way to a sentence."""
    slot = choice.item.piece.id
    head = _talk(choice, t)
    if FeedbackPart.CLEAR not in choice.given:
        rows = [[act(str(n), "clear", slot, n) for n in POINTS]]
        ask = t("How <b>clear</b> was it? 1: hardly, 5: very")
    elif FeedbackPart.USEFUL not in choice.given:
        rows = [[act(str(n), "useful", slot, n) for n in POINTS]]
        ask = t("How <b>useful</b> is it for your work? 1: hardly, 5: very")
    else:
        return _render_done(order, choice, t)
    return Message(paragraphs(head, ask), keyboard(*rows, [act(t.plain("« Other talks"), "rate", order.call.id)]))


def render_ask_sentence(choice: Choice, t: Translator) -> Message:
    """Ask for the sentence."""
    text = t("A sentence for {who}, of at most {n} characters. It is passed on without your name.",
             who=long_label(choice.item, t), n=LONGEST)  # fmt: skip
    return Message(text, keyboard([act(t.plain("Cancel"), "nosentence", choice.item.piece.id)]))


def render_said(taken: Taken, order: Order, t: Translator) -> Message:
    """What became of a sentence."""
    text = {
        Taken.KEPT: t("Thank you. It is passed on without your name."),
        Taken.AGAIN: t("You have sent a sentence about this talk already."),
        Taken.EMPTY: t("Please send a sentence as text."),
        Taken.TOO_LONG: t("That is too long. Please say it in at most {n} characters.", n=LONGEST),
    }[taken]
    if taken in (Taken.EMPTY, Taken.TOO_LONG):
        return Message(text)
    return Message(text, keyboard([act(t.plain("« Other talks"), "rate", order.call.id)]))


def render_tap_toast(taken: Taken, t: Translator) -> str | None:
    """A word where the tap had been made before."""
    return t.plain("You have answered that already.") if taken is Taken.AGAIN else None


def render_results(order: Order, results: Sequence[Result], t: Translator) -> Message:
    """What the room said, in the running order: nobody is compared with anybody."""
    head = lines(t("📊 <b>What the room said</b>"), name_of(order.call))
    if not results:
        return Message(paragraphs(head, t("No talk has been held yet.")), keyboard(_back(order, t)))
    parts = [lines(long_label(one.item, t), _scores(one, t)) for one in results]
    hint = t("Shown from five answers up and in full fives, so that nobody's answer can be read off.")
    rows: Rows = [[act(t.plain("💬 {talk}", talk=label(one.item, t)), "sentences", one.item.piece.id)]
                  for one in results if one.sentences]  # fmt: skip
    return Message(paragraphs(head, *parts, hint), keyboard(*rows, _back(order, t)))


def render_sentences(order: Order, result: Result, t: Translator) -> Message:
    """The sentences about one talk."""
    back = [act(t.plain("« Back"), "results", order.call.id)]
    return Message(paragraphs(long_label(result.item, t), _scores(result, t), _sentences(result, t)), keyboard(back))


def render_own_result(order: Order, result: Result, t: Translator) -> Message:
    """What the room said, to the speaker."""
    head = lines(t("📊 <b>What the room said about your talk</b>"), name_of(order.call))
    if not result.is_shown:
        return Message(paragraphs(head, t("Fewer than five have answered, so nothing can be shown.")))
    return Message(paragraphs(head, _scores(result, t), _sentences(result, t)))


def announce_end(turn: Turn, order: Order, parties: Sequence[Party]) -> None:
    """Ask everybody who was there, in one message."""
    for party in parties:
        t = translator(party.language)
        rows: Rows = [[act(t.plain("📝 Say how it was"), "rate", order.call.id)]]
        hint = t("Two taps a talk help the speakers. Nobody sees whose answer it was.")
        message = Message(
            paragraphs(t("Thank you for being there: {forum}", forum=name_of(order.call)), hint), keyboard(*rows)
        )
        who = f"p{party.person_id}" if party.person_id is not None else f"g{party.guest_id}"
        if party.chat_id is not None:
            turn.send(party.chat_id, message, lane=Lane.REMINDER, key=f"stage:feedback:{order.call.id}:{who}")


def announce_result(turn: Turn, order: Order, result: Result) -> None:
    """Tell the speaker what the room said, where there is something to show."""
    talk = result.item.talk
    if talk is None or talk.party.chat_id is None or not result.is_shown:
        return
    message = render_own_result(order, result, translator(talk.party.language))
    turn.send(talk.party.chat_id, message, lane=Lane.REMINDER, key=f"stage:result:{result.item.piece.id}")


def _render_done(order: Order, choice: Choice, t: Translator) -> Message:
    rows: Rows = []
    if FeedbackPart.SENTENCE not in choice.given:
        rows.append([act(t.plain("✍ A sentence for the speaker"), "sentence", choice.item.piece.id)])
    rows.append([act(t.plain("« Other talks"), "rate", order.call.id)])
    return Message(paragraphs(_talk(choice, t), t("✔ Thank you, that is kept.")), keyboard(*rows))


def _talk(choice: Choice, t: Translator) -> Markup:
    return t("📝 {talk}", talk=long_label(choice.item, t))


def _choice(choice: Choice, t: Translator) -> str:
    title = subject(choice.item.talk) if choice.item.talk else ""
    return f"{label(choice.item, t)}{f' · {title[:24]}' if title else ''}"


def _scores(result: Result, t: Translator) -> Markup:
    if not result.is_shown:
        return t("<i>fewer than five answers</i>")
    named = ((t.plain("clear"), result.clear), (t.plain("useful"), result.useful))
    return Markup(" · ").join(_score(name, score, t) for name, score in named if score.answers)


def _score(name: str, score: Score, t: Translator) -> Markup:
    mean = f"{score.mean:.1f}"
    return t.plural(
        "{name} <b>{mean}</b> of 5 ({n} answer)",
        "{name} <b>{mean}</b> of 5 ({n} answers)",
        score.answers,
        name=name,
        mean=mean,
    )


def _sentences(result: Result, t: Translator) -> Markup | None:
    if not result.sentences:
        return None
    kept: list[Markup] = []
    for sentence in result.sentences[:SENTENCES]:
        line = Markup("• {}").format(sentence)
        if sum(map(len, kept)) + len(line) < MOST:
            kept.append(line)
    more = len(result.sentences) - len(kept)
    rest = t.plural("… and {n} more", "… and {n} more", more) if more > 0 else None
    return lines(*kept, rest)


def _back(order: Order, t: Translator) -> list[InlineKeyboardButton]:
    return [act(t.plain("« Forum"), "desk", order.call.id)]
