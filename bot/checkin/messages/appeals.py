"""The words of objecting to a record: the question, the receipt, what coordinators read, and the answer."""

from collections.abc import Sequence
from functools import lru_cache

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import i18n
from bot.buttons import button, keyboard, pack
from bot.checkin.appeal_models import AppealStatus
from bot.checkin.appeals import Answered, AppealView, note_told
from bot.checkin.boards import MarkView
from bot.checkin.messages.wording import clock_time, day_of, headline, line_of, lines
from bot.checkin.rules import Status
from bot.i18n import N_, Translator
from bot.outbox.calls import Message
from bot.outbox.lanes import Lane
from bot.people import audience
from bot.people import service as people
from bot.people.models import Role
from bot.turn import Turn

FEATURE = "appeal"
LISTED = 8
CHOICES = (Status.PRESENT, Status.LATE, Status.MISSING)
SIGNS = {Status.PRESENT: "✅", Status.LATE: "🕘", Status.MISSING: "⬜"}
WORDS = {
    Status.PRESENT: N_("present"),
    Status.LATE: N_("late"),
    Status.MISSING: N_("missing"),
    Status.EXCUSED: N_("excused"),
}
SAYINGS = {
    "here": N_("I was there the whole time."),
    "ontime": N_("I came on time."),
    "leave": N_("I had asked for leave."),
}
STATES = {
    AppealStatus.OPEN: N_("waiting for an answer"),
    AppealStatus.ACCEPTED: N_("accepted"),
    AppealStatus.DECLINED: N_("declined"),
    AppealStatus.WITHDRAWN: N_("taken back"),
}


def data(action: str, *ids: int | str) -> str:
    """The callback data of one of this feature's buttons."""
    return pack(FEATURE, action, *ids)


@lru_cache(256)
def appeal_button(activity_id: int, t: Translator) -> InlineKeyboardButton:
    """The button under every record that a person reads about themselves."""
    return button(t.plain("✋ This is wrong"), data("begin", activity_id))


def word(status: Status, t: Translator) -> str:
    """A record in one word."""
    return t.plain(WORDS[status])


def render_ask(mark: MarkView, t: Translator) -> Message:
    """The one question: what is wrong."""
    text = lines(
        t("✋ {title}", title=headline(mark.activity)),
        line_of(mark.activity),
        _record_line(mark, t),
        "",
        t("What is wrong? Press what fits, or write it in one line. A coordinator answers."),
    )
    rows = [[button(t.plain(saying), data("say", name))] for name, saying in SAYINGS.items()]
    return Message(text, keyboard(*rows, _stop(t)))


def render_asked(mark: MarkView, t: Translator) -> Message:
    """The question once it has been answered, without its buttons."""
    return Message(lines(t("✋ {title}", title=headline(mark.activity)), line_of(mark.activity), _record_line(mark, t)))


def render_left(t: Translator) -> Message:
    """The dialogue was left."""
    return Message(t("All right, nothing was sent. The record stays as it is."))


def render_made(appeal: AppealView, t: Translator) -> Message:
    """The receipt of an appeal."""
    text = lines(
        t("✋ Sent to your coordinators: {title}", title=headline(appeal.activity)),
        _quote(appeal.said),
        t("You will have an answer by {when}. I tell you as soon as it is there.", when=_until(appeal, t)),
    )
    return Message(text, keyboard([_take_back(appeal, t)]))


def render_own(appeal: AppealView, t: Translator) -> Message:
    """Where one's own appeal stands."""
    state = [t("State: {state}", state=t(STATES[appeal.status]))]
    if appeal.is_open:
        state.append(t("An answer is due by {when}.", when=_until(appeal, t)))
    text = lines(t("✋ {title}", title=headline(appeal.activity)), _quote(appeal.said), *state, _answer_line(appeal, t))
    return Message(text, keyboard([_take_back(appeal, t)] if appeal.is_open else []))


def render_request(appeal: AppealView, t: Translator, *, may_answer: bool = True) -> Message:
    """What a coordinator reads and answers, and an auditor only reads."""
    if not appeal.is_open:
        return render_closed(appeal, t)
    if not may_answer:
        text = lines(*_request_lines(appeal, t), t("An answer is due by {when}.", when=_until(appeal, t)))
        return Message(text, keyboard(_all_open(appeal.activity.cohort_id, t)))
    accept = [
        button(
            f"{SIGNS[one]} " + t.plain("Make it {status}", status=word(one, t)), data("accept", appeal.id, _code(one))
        )
        for one in CHOICES
        if one is not appeal.before
    ]
    text = lines(
        *_request_lines(appeal, t),
        t("Please answer by {when}. What you choose is written to the change log.", when=_until(appeal, t)),
    )
    decline = [button(t.plain("✍ Leave it as it is …"), data("decline", appeal.id))]
    return Message(text, keyboard(accept, decline, _all_open(appeal.activity.cohort_id, t)))


def render_closed(appeal: AppealView, t: Translator) -> Message:
    """The same after it was answered, by whomever."""
    state = t("{state} by {name}", state=t(STATES[appeal.status]).capitalize(), name=appeal.answered_by)
    text = lines(*_request_lines(appeal, t), state, _answer_line(appeal, t))
    return Message(text, keyboard(_all_open(appeal.activity.cohort_id, t)))


def render_ask_why(appeal: AppealView, t: Translator) -> Message:
    """Why the record stays; the person reads the line."""
    text = t(
        "The record of {name} stays as it is ({status}). Please write one line why; {name} reads it.",
        name=Markup("<b>{}</b>").format(appeal.name),
        status=word(appeal.before, t),
    )
    return Message(text, keyboard(_stop(t)))


def render_list(appeals: Sequence[AppealView], cohort: str, t: Translator) -> Message:
    """The appeals of a cohort that wait."""
    if not appeals:
        return Message(t("✋ {cohort}: no appeal waits for an answer.", cohort=Markup("<b>{}</b>").format(cohort)))
    count = t.plural("{n} appeal waits for an answer", "{n} appeals wait for an answer", len(appeals))
    rows = [[button(_label(one, t), data("show", one.id))] for one in appeals[:LISTED]]
    return Message(
        lines(t("✋ {cohort}: {count}", cohort=Markup("<b>{}</b>").format(cohort), count=count)), keyboard(*rows)
    )


def render_toast(answered: Answered, t: Translator) -> str:
    """The short line over the chat after an answer."""
    if answered.news:
        return t.plain("Done. {name} has been told.", name=answered.appeal.name)
    return t.plain("{name} has already answered this.", name=answered.appeal.answered_by)


def render_answer(appeal: AppealView, t: Translator) -> Message:
    """To whoever made it: the answer."""
    title = headline(appeal.activity)
    if appeal.status is AppealStatus.ACCEPTED:
        said = t("✅ You were right: {title}\nThe record now says: {status}.", title=title, status=_became(appeal, t))
    else:
        said = t(
            "✋ {title}\n{name} has looked at it, and the record stays: {status}.\n“{answer}”",
            title=title,
            name=appeal.answered_by,
            status=word(appeal.before, t),
            answer=appeal.answer,
        )
    return Message(lines(said, t("You had written: {line}", line=_quote(appeal.said))))


def announce_new(turn: Turn, appeal: AppealView) -> None:
    """Tell the coordinators, and remember where."""
    readers = [
        reader
        for reader in people.readers(turn.session, appeal.activity.cohort_id, Role.COORDINATOR)
        if reader.person_id != appeal.person_id
    ]
    for reader in readers:
        message = render_request(appeal, i18n.translator(reader.language))
        turn.send(reader.telegram_id, message, key=_key(appeal, reader.telegram_id))
    note_told(turn.session, appeal.id, [reader.telegram_id for reader in readers])


def announce_answer(turn: Turn, appeal: AppealView, *, but: int | None = None) -> None:
    """Tell whoever made it, and bring the coordinators' messages up to date, ``but`` for the chat that answered."""
    if appeal.status is not AppealStatus.WITHDRAWN:
        reader = audience.find_reader(turn.session, appeal.person_id, appeal.activity.cohort_id)
        if reader is not None:
            turn.send(reader.telegram_id, render_answer(appeal, i18n.translator(reader.language)))
    languages = {
        reader.telegram_id: reader.language
        for reader in people.readers(turn.session, appeal.activity.cohort_id, Role.COORDINATOR)
    }
    for chat in appeal.told:
        if chat != but and chat in languages:
            turn.edit(chat, _key(appeal, chat), render_closed(appeal, i18n.translator(languages[chat])))


def announce_due(turn: Turn, appeals: Sequence[AppealView]) -> None:
    """Remind the coordinators of one cohort of what waits."""
    cohort_id = appeals[0].activity.cohort_id
    for reader in people.readers(turn.session, cohort_id, Role.COORDINATOR):
        t = i18n.translator(reader.language)
        turn.send(reader.telegram_id, _render_due(appeals, turn, t), lane=Lane.REMINDER)


def _render_due(appeals: Sequence[AppealView], turn: Turn, t: Translator) -> Message:
    over = any(appeal.due_at <= turn.now for appeal in appeals)
    count = t.plural("{n} appeal waits for an answer", "{n} appeals wait for an answer", len(appeals))
    when = (
        t("The time promised for it is over. The trainee is still waiting.")
        if over
        else t("An answer was promised by {when}.", when=_until(appeals[0], t))
    )
    rows = [[button(_label(one, t), data("show", one.id))] for one in appeals[:LISTED]]
    return Message(lines(t("⏳ {count}", count=count), when), keyboard(*rows))


def _request_lines(appeal: AppealView, t: Translator) -> list[Markup]:
    return [
        t("✋ {name} says that a record is wrong", name=Markup("<b>{}</b>").format(appeal.name)),
        Markup("{}, {}").format(day_of(appeal.activity.starts_at, appeal.activity, t), line_of(appeal.activity)),
        t("Record: {status}", status=word(appeal.before, t)),
        _quote(appeal.said),
    ]


def _answer_line(appeal: AppealView, t: Translator) -> Markup:
    if appeal.status is AppealStatus.ACCEPTED:
        return t("The record now says: {status}.", status=_became(appeal, t))
    return t("Answer: “{answer}”", answer=appeal.answer) if appeal.answer else Markup("")


def _became(appeal: AppealView, t: Translator) -> str:
    return word(Status(appeal.answer), t)


def _record_line(mark: MarkView, t: Translator) -> Markup:
    status = word(mark.attendee.status, t)
    if mark.attendee.arrived_at is None:
        return t("The record says: {status}", status=status)
    time = clock_time(mark.attendee.arrived_at, mark.activity)
    return t("The record says: {status}, arrived {time}", status=status, time=time)


def _quote(text: str) -> Markup:
    return Markup("<i>“{}”</i>").format(text)


def _until(appeal: AppealView, t: Translator) -> str:
    return f"{day_of(appeal.due_at, appeal.activity, t)} {clock_time(appeal.due_at, appeal.activity)}"


def _label(appeal: AppealView, t: Translator) -> str:
    return f"✋ {appeal.name} · {appeal.activity.title}"[:44]


def _take_back(appeal: AppealView, t: Translator) -> InlineKeyboardButton:
    return button(t.plain("Take it back"), data("back", appeal.id))


def _all_open(cohort_id: int, t: Translator) -> list[InlineKeyboardButton]:
    return [button(t.plain("All open appeals"), data("list", cohort_id))]


def _stop(t: Translator) -> list[InlineKeyboardButton]:
    return [button(t.plain("Cancel"), data("stop"))]


def _code(status: Status) -> int:
    return CHOICES.index(status)


def read_status(code: int) -> Status | None:
    """The record that a button's number means."""
    return CHOICES[code] if 0 <= code < len(CHOICES) else None


def _key(appeal: AppealView, chat: int) -> str:
    return f"appeal:{appeal.id}:{chat}"
