"""What the dialogue about a notice asks, and what it says to what it cannot take."""

from collections.abc import Sequence

from markupsafe import Markup

from bot import buttons
from bot.i18n import Translator
from bot.notices.messages.wording import act, headline, paragraphs
from bot.notices.models import Part
from bot.outbox.calls import Message
from bot.timetable.times import TimeFault


def render_ask_content(notice_id: int, t: Translator) -> Message:
    """What a notice may be made of."""
    fields = t("Fields such as {fields} are filled in for each person.", fields=_fields(t))
    text = paragraphs(
        t("✏️ Write the notice to me, or forward it: text with its formatting, photos, files, an album, a poll."),
        fields,
        t("Several messages one after the other become one notice. /cancel leaves it."),
    )
    return _asked(text, notice_id, t)


def _fields(t: Translator) -> Markup:
    names = (
        ("{姓名}", "{小组}", "{单位}", "{下一课次}")
        if t.language == "zh"
        else (
            "{name}",
            "{group}",
            "{unit}",
            "{next activity}",
        )
    )
    return Markup(" ").join(Markup("<code>{}</code>").format(name) for name in names)


def render_ask_wording(notice_id: int, language: str, t: Translator) -> Message:
    """Asks for the text in another language."""
    asked = {
        "en": t("🌐 Send me the text in English. Whoever reads English here gets it instead of the other."),
        "zh": t("🌐 Send me the text in Chinese. Whoever reads Chinese here gets it instead of the other."),
    }
    return _asked(asked[language], notice_id, t)


def render_ask_moment(notice_id: int, t: Translator) -> Message:
    """Asks for the hour."""
    return _asked(t("⏰ When shall it go? For example: tomorrow 8:00, Wed 14:30, Dec 8 19:00."), notice_id, t)


def render_bad_moment(fault: TimeFault, notice_id: int, t: Translator) -> Message:
    """Why a time was not taken, and how it is written."""
    if fault is TimeFault.PAST:
        return _asked(t("That time has already passed. Please name a later one."), notice_id, t)
    if fault in (TimeFault.NO_SUCH_TIME, TimeFault.NO_SUCH_DAY, TimeFault.SKIPPED):
        return _asked(t("There is no such day or hour. Please write it like this: tomorrow 8:00."), notice_id, t)
    return _asked(t("I did not understand the time. Please write it like this: tomorrow 8:00."), notice_id, t)


def render_ask_template(notice_id: int, t: Translator) -> Message:
    """Asks for a template's name."""
    return _asked(t("📄 Under which name shall I keep it?"), notice_id, t)


def render_template_kept(name: str, t: Translator) -> Message:
    """After keeping a template."""
    return Message(t("📄 Kept as “{name}”. You find it under Templates, in every camp.", name=name))


def render_ask_reason(notice_id: int, t: Translator) -> Message:
    """Asks why one more notice must go this week."""
    return _asked(t("This week has had enough notices. Why must one more go? The reason is kept."), notice_id, t)


def render_ask_which(notice_id: int, parts: Sequence[Part], t: Translator) -> Message:
    """Several parts have words: which of them is to be corrected."""
    rows = [[act(headline([part], t), "correctpart", notice_id, part.position)] for part in parts]
    back = [act(t.plain("« Back to the notice"), "show", notice_id)]
    return Message(t("✏️ Which of these shall be corrected?"), buttons.keyboard(*rows, back))


def render_ask_correction(notice_id: int, language: str, t: Translator) -> Message:
    """Asks for the corrected text, in a language where there was a version in it."""
    asked = {
        "": t("✏️ Send me the whole text as it should be. It replaces the old one for everybody."),
        "en": t("✏️ And the corrected text in English, for those who read English?"),
        "zh": t("✏️ And the corrected text in Chinese, for those who read Chinese?"),
    }
    return _asked(asked[language], notice_id, t)


def render_ask_why(notice_id: int, t: Translator) -> Message:
    """Asks for one line why it was corrected."""
    return _asked(t("And in one line: what was wrong? It stands under the corrected notice."), notice_id, t)


def render_being_corrected(t: Translator) -> Message:
    """After a correction was taken; the report follows when everybody has it."""
    return Message(t("✏️ I am correcting it for everybody. The report follows here."))


def _asked(text: Markup, notice_id: int, t: Translator) -> Message:
    return Message(text, buttons.keyboard([act(t.plain("« Back to the notice"), "show", notice_id)]))
