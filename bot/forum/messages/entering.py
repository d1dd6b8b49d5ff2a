"""The dialogue of signing up: its questions, the review, and what cannot be taken. Nothing typed is lost."""

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.buttons import Rows, keyboard
from bot.forum import rules
from bot.forum.drafting import Sketch
from bot.forum.entry import AGAIN, Question
from bot.forum.messages.calls import too_long
from bot.forum.messages.wording import act, bold, heading, lines, name_of, paragraphs, short
from bot.forum.models import Choice, Part
from bot.forum.rules import TooLong
from bot.forum.views import CallView
from bot.forum.visiting import Own
from bot.guests.rules import Unfit
from bot.i18n import N_, Translator
from bot.outbox.calls import Message

ASKED = {
    Question.NAME: N_("What is your name?"),
    Question.UNIT: N_("Where do you work? Such as the street office or the community."),
    Question.PHONE: N_("Your phone number, in case something changes at the last minute:"),
    Question.TOPIC: N_("Which question do you want to speak on?"),
    Question.TITLE: N_("What is the title of your speech? At most {most} characters."),
    Question.OUTLINE: N_("What will you say? Two lines are enough."),
    Question.NEEDS: N_(
        "What do you need? A microphone, a flip chart … You can send your slides as a file now, or later."
    ),
    Question.CONSENT: N_("May others who look at the list see your name and title?"),
}
LABELS = {
    Question.TOPIC: N_("❓ Question"),
    Question.TITLE: N_("✍️ Title"),
    Question.OUTLINE: N_("📝 What I say"),
    Question.NEEDS: N_("🧰 What I need"),
    Question.CONSENT: N_("👁 My name"),
}
UNFIT = {
    Unfit.NAME: N_("That does not look like a name. Please send it once more."),
    Unfit.UNIT: N_("Please send it in one line, with at most 100 characters."),
    Unfit.PHONE: N_("That is no phone number. Please send it with digits only, such as 13800000000."),
}
PRIVACY = N_("Only those who run this see it. I forget it 90 days after the last event you came to.")


def render_question(
    call: CallView, sketch: Sketch, question: Question, step: tuple[int, int] | None, t: Translator
) -> Message:
    """One question, with what was answered before where it is asked again."""
    count = t("{n} of {all}", n=step[0], all=step[1]) if step else None
    asked = lines(count, bold(t(ASKED[question], most=rules.LONGEST_TITLE)))
    privacy = t(PRIVACY) if question is Question.NAME else None
    text = paragraphs(name_of(call), asked, _before(sketch, question, t), privacy)
    return Message(text, keyboard(*_answers(call, sketch, question, t), [_pause(call, t, is_edit=sketch.is_edit)]))


def render_fault(fault: TooLong | Unfit | None, t: Translator) -> Message:
    """What was typed cannot be taken; the question stands, and so does what was answered before."""
    if isinstance(fault, TooLong):
        return Message(too_long(fault, t))
    if fault is None:
        return Message(t("I cannot see any words in that. Please write it once more."))
    return Message(t(UNFIT[fault]))


def render_press(t: Translator) -> Message:
    """Something was typed where a button is wanted."""
    return Message(t("Please press one of the buttons above. /cancel leaves; what you wrote is kept."))


def render_text_please(t: Translator) -> Message:
    """A file or sticker came where words are wanted."""
    return Message(t("Please answer in words. I ask for your slides a little later."))


def render_review(own: Own, sketch: Sketch, t: Translator, *, note: Markup | None = None) -> Message:
    """Everything before it is sent; each part can be changed from here."""
    call = own.call
    topic = next((one for one in call.topics if one.id == sketch.topic_id), None)
    named = (
        t("👁 Others may see your name and title.") if sketch.may_name else t("🙈 Others see the topic, not your name.")
    )
    said = lines(
        Markup("❓ {}. {}").format(topic.position, short(topic.text, 200)) if topic else None,
        Markup("✍️ <b>{}</b>").format(sketch.title or ""),
        Markup("📝 {}").format(sketch.outline or ""),
        Markup("🧰 {}").format(sketch.needs) if sketch.needs else t("🧰 nothing"),
        t("📎 {name}", name=sketch.slides.name) if sketch.slides else t("📎 no slides yet"),
        named,
    )
    text = paragraphs(note, heading(call, t), said, _outlook(own, sketch, t))
    send = t.plain("💾 Save") if sketch.is_edit else t.plain("✅ Sign me up")
    asked = [question for question in AGAIN if question is not Question.TOPIC or call.topics]
    change = [act(t.plain(LABELS[question]), "again", call.id, question) for question in asked]
    drop = [act(t.plain("📎 Take the slides out"), "unslide", call.id)] if sketch.slides else []
    rows = [[act(send, "send", call.id)], *(change[start : start + 2] for start in range(0, len(change), 2)), drop]
    return Message(text, keyboard(*rows, [_pause(call, t, is_edit=sketch.is_edit)]))


def render_kept(own: Own, t: Translator) -> Message:
    """After the dialogue was left half-way."""
    go_on = [act(t.plain("▶️ Go on with my sign-up"), "join", own.call.id)] if own.call.is_open else []
    kept = t("⏸ <b>You are not signed up yet.</b> What you wrote is kept; go on whenever you like.")
    return Message(paragraphs(heading(own.call, t), kept), keyboard(go_on, [_show(own.call, t)]))


def render_unchanged(own: Own, t: Translator) -> Message:
    """After an edit was left."""
    return Message(paragraphs(heading(own.call, t), t("Your sign-up stays as it was.")), keyboard([_show(own.call, t)]))


def render_saved(t: Translator) -> Markup:
    """The headline after an edit."""
    return t("💾 <b>Saved.</b>")


def render_slides_note(sketch: Sketch, t: Translator) -> Markup | None:
    """What happens with a file that has just come in."""
    file = sketch.slides
    if file is None:
        return None
    if (file.size or 0) > rules.DOWNLOADABLE:
        return t("📎 <b>I have your file.</b> It is large, so it stays in this chat, and I pass it on from here.")
    return t("📎 <b>I have your file.</b>")


def _answers(call: CallView, sketch: Sketch, question: Question, t: Translator) -> Rows:
    match question:
        case Question.TOPIC:
            return [[act(short(f"{one.position}. {one.text}"), "pick", call.id, one.id)] for one in call.topics]
        case Question.NEEDS:
            return [[act(t.plain("Nothing special"), "none", call.id)]]
        case Question.CONSENT:
            yes, no = t.plain("👁 Yes, with my name"), t.plain("🙈 No, only the topic")
            return [[act(yes, "named", call.id, 1)], [act(no, "named", call.id, 0)]]
    if question in AGAIN and _present(sketch, question):
        return [[act(t.plain("Leave it as it is"), "keep", call.id)]]
    return []


def _before(sketch: Sketch, question: Question, t: Translator) -> Markup | None:
    present = _present(sketch, question)
    return t("So far: {text}", text=present) if present else None


def _present(sketch: Sketch, question: Question) -> str:
    answers = {Question.TITLE: sketch.title, Question.OUTLINE: sketch.outline, Question.NEEDS: sketch.needs}
    return answers.get(question) or ""


def _outlook(own: Own, sketch: Sketch, t: Translator) -> Markup | None:
    call = own.call
    if sketch.is_edit:
        return t("Your place and its order stay as they are.")
    seat = None
    if own.is_active and own.signup is not None and own.signup.part is Part.LISTENER:
        seat = t("⚠️ Your seat as a listener becomes free for somebody else.")
    if call.choice is Choice.FIRST and call.speakers is not None:
        now = (
            t("A slot is free: you get it at once.")
            if call.speakers.left
            else t("All slots are taken: you join the reserve.")
        )
        return lines(seat, now)
    return seat


def _pause(call: CallView, t: Translator, *, is_edit: bool) -> InlineKeyboardButton:
    return act(t.plain("✖ Leave it as it was") if is_edit else t.plain("⏸ Stop for now"), "pause", call.id)


def _show(call: CallView, t: Translator) -> InlineKeyboardButton:
    return act(t.plain("👀 Show me"), "call", call.id)
