"""How a notice is getting on, in one message edited in place, and the report when it is through."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from markupsafe import Markup
from msgspec import Struct, field

from bot import buttons
from bot.buttons import Rows
from bot.i18n import N_, Translator
from bot.notices import rules
from bot.notices.audiences import Listener
from bot.notices.messages.wording import (
    STATES,
    act,
    headline,
    lasting,
    lines,
    paragraphs,
    reason_of,
)
from bot.notices.models import Amendment, Notice, Part, State, Status
from bot.notices.sending import NotStarted
from bot.notices.tally import LATELY, Counts
from bot.outbox.calls import Message

PAGE = 8
STALLED_AFTER = timedelta(seconds=15)
"""When nothing has gone for so long, something keeps it: a pause that Telegram asked for, or no network."""
REPORTED = (State.SENT, State.UNKNOWN, State.FAILED, State.BLOCKED, State.SPARED, State.CANCELLED)


class Course(Struct, frozen=True):
    """How far a notice is: the copies, the corrections, the answers, the groups.

    ``owed_since`` is since when the courier has had the oldest of what has not gone.
    """

    notice: Notice
    parts: Sequence[Part]
    counts: Counts
    zone: str
    amendments: Mapping[str, int] = field(default_factory=dict)
    answers: Mapping[int, int] = field(default_factory=dict)
    posts: Sequence[tuple[str, str, str]] = ()
    letters: int = 0
    owed_since: datetime | None = None

    @property
    def settled(self) -> int:
        """Copies of which it is known what became of them."""
        return self.counts.total - self.counts.open


def render_course(course: Course, t: Translator, now: datetime) -> Message:
    """The notice after it has begun: under way or through."""
    notice = course.notice
    parts = [_title(course, t), *_going(course, t, now)] if notice.reported_at is None else [_title(course, t)]
    text = paragraphs(lines(*parts), lines(*_states(course, t)), lines(*_answers(course, t)), lines(*_after(course, t)))
    return Message(text, buttons.keyboard(*_rows(course, t)))


def _title(course: Course, t: Translator) -> Markup:
    words = Markup("<blockquote>{}</blockquote>").format(headline(list(course.parts), t, 120))
    if course.notice.recalled_at is not None:
        return lines(t("🚫 <b>Notice recalled</b>"), words)
    is_correction = course.notice.revision > 0 and not course.counts.open
    titles = {
        Status.SENDING: t("✏️ <b>Correction on its way</b>") if is_correction else t("📨 <b>Notice on its way</b>"),
        Status.PAUSED: t("⏸ <b>Notice paused</b>"),
        Status.CANCELLED: t("✖ <b>Notice cancelled</b>"),
    }
    return lines(titles.get(Status(course.notice.status), t("✅ <b>Notice sent</b>")), words)


def _going(course: Course, t: Translator, now: datetime) -> list[Markup]:
    total, settled = course.counts.total, course.settled
    if not course.counts.open:
        return []
    bar = Markup("{} {}/{}").format(rules.progress_bar(settled, total), settled, total)
    if course.notice.status != Status.SENDING:
        return [bar]
    return [bar, *([left] if (left := _left(course, now, t)) else [])]


def _left(course: Course, now: datetime, t: Translator) -> Markup | None:
    """How fast it goes by what went lately, and how long the rest takes; or that nothing goes just now."""
    counts, started = course.counts, course.notice.started_at or now
    waiting = counts.open - counts.held
    if waiting <= 0:
        return None
    if course.owed_since is not None and now - max(counts.last or started, course.owed_since) > STALLED_AFTER:
        return t("⏳ Telegram takes no messages at the moment. I go on by myself; nothing is lost.")
    rate = counts.lately / min(LATELY.total_seconds(), max((now - started).total_seconds(), 1.0))
    return t("{rate} a second, {time} left", rate=f"{rate:.0f}", time=lasting(waiting / rate, t)) if rate else None


def _states(course: Course, t: Translator) -> list[Markup]:
    found = [
        t("{state}: {n}", state=t.plain(STATES[state]), n=course.counts.of(state))
        for state in REPORTED
        if course.counts.of(state)
    ]
    if course.counts.held:
        found.append(t("🌙 waiting for the end of quiet hours: {n}", n=course.counts.held))
    waiting = course.counts.open - course.counts.held
    if waiting:
        found.append(t("{state}: {n}", state=t.plain(STATES[State.WAITING]), n=waiting))
    if course.notice.wants_seen:
        found.append(t("👁 read: {n}", n=course.counts.seen))
    found += [_post(title, state, error, t) for title, state, error in course.posts]
    return found


def _post(title: str, state: str, error: str, t: Translator) -> Markup:
    outcome = t("📢 {title}: {state}", title=title, state=t.plain(STATES[State(state)]))
    return lines(outcome, Markup("<i>{}</i>").format(reason_of(error, t)) if error else None)


def _answers(course: Course, t: Translator) -> list[Markup]:
    options = [option for part in course.parts for option in json.loads(part.options)]
    if not options:
        return []
    found = [Markup("{} · {}").format(option, course.answers.get(number, 0)) for number, option in enumerate(options)]
    return [t("❓ answered: {n}", n=course.counts.answered), *found]


def _after(course: Course, t: Translator) -> list[Markup]:
    notice, found = course.notice, []
    if course.letters:
        found.append(t.plural("💬 {n} reply", "💬 {n} replies", course.letters))
    if notice.reason:
        found.append(t("Why one more this week: {reason}", reason=notice.reason))
    if notice.revision == 0:
        return found
    done, late = course.amendments.get(Amendment.DONE, 0), course.amendments.get(Amendment.TOO_LATE, 0)
    failed = course.amendments.get(Amendment.FAILED, 0)
    if notice.recalled_at is not None:
        found.append(t("🚫 taken back from: {n}", n=done))
        if late:
            found.append(t("Older than 48 hours, so it could only be marked as withdrawn: {n}", n=late))
    else:
        found.append(t("✏️ corrected in place: {n} ({why})", n=done, why=notice.correction))
    if failed:
        found.append(t("could not be reached for that: {n}", n=failed))
    return found


def _rows(course: Course, t: Translator) -> Rows:
    notice, number = course.notice, course.notice.id or 0
    steering: Rows = []
    if notice.status == Status.SENDING and course.counts.open:
        steering = [[act(t.plain("⏸ Pause"), "pause", number), act(t.plain("✖ Cancel the rest"), "stop", number)]]
    if notice.status == Status.PAUSED:
        steering = [[act(t.plain("▶️ Go on"), "resume", number), act(t.plain("✖ Cancel the rest"), "stop", number)]]
    lists = [act(t.plain("📋 Lists"), "people", number, State.SENT, 0), act(t.plain("📊 As a table"), "table", number)]
    amending: Rows = []
    if notice.recalled_at is None and course.counts.of(State.SENT, State.UNKNOWN):
        amending = [[act(t.plain("✏️ Correct"), "correct", number), act(t.plain("🚫 Recall"), "recall", number)]]
    chase = [[act(t.plain("🔔 Remind the others"), "remind", number)]] if _may_remind(course) else []
    talk = [[act(t.plain("💬 Replies"), "letters", number, 0)]] if course.letters else []
    fresh = [act(t.plain("🔄 Refresh"), "show", number), act(t.plain("« Notices"), "list", notice.cohort_id, 0)]
    return [*steering, lists, *amending, *chase, *talk, fresh]


def _may_remind(course: Course) -> bool:
    reached = course.counts.of(State.SENT, State.UNKNOWN)
    if course.notice.recalled_at is not None or course.notice.reported_at is None:
        return False
    if _asks(course):
        return course.counts.answered < reached
    return course.notice.wants_seen and course.counts.seen < reached


class Line(Struct, frozen=True):
    """One recipient in a list."""

    name: str
    group: str
    phone: str | None
    note: str = ""


TABS = (*(state.value for state in State), "unseen", "unanswered")
OPEN = (State.WAITING, State.QUEUED)
LISTS = (State.SENT, State.WAITING, State.UNKNOWN, State.FAILED, State.BLOCKED, State.SPARED, State.CANCELLED)


def render_people(course: Course, which: str, people: Sequence[Line], page: int, total: int, t: Translator) -> Message:
    """A page of those in one state; ``unseen``, ``unanswered`` and ``unreached`` are lists too."""
    number, pages = course.notice.id or 0, max(1, -(-total // PAGE))
    title = _list_name(which, t)
    rows = [_person(one) for one in people]
    text = paragraphs(lines(t("📋 <b>{title}</b>: {n}", title=title, n=total)), lines(*rows) if rows else t("Nobody."))
    chosen = [
        act(("• " if tab == which else "") + _list_name(tab, t) + (f" {n}" if n else ""), "people", number, tab, 0)
        for tab, n in _tabs(course)
        if n != 0 or tab == which
    ]
    turning = (
        []
        if pages < 2
        else [
            act("◀", "people", number, which, (page - 1) % pages),
            act(f"{page + 1}/{pages}", "people", number, which, page),
            act("▶", "people", number, which, (page + 1) % pages),
        ]
    )
    grid = [chosen[first : first + 3] for first in range(0, len(chosen), 3)]
    return Message(text, buttons.keyboard(turning, *grid, [act(t.plain("« Back"), "show", number)]))


def _tabs(course: Course) -> list[tuple[str, int | None]]:
    """The lists there are, with how many people stand on each where that is known already."""
    counts = course.counts
    reached = counts.of(State.SENT, State.UNKNOWN)
    states = [(str(state), counts.of(*(OPEN if state is State.WAITING else (state,)))) for state in LISTS]
    unseen = [("unseen", reached - counts.seen)] if course.notice.wants_seen else []
    unanswered = [("unanswered", reached - counts.answered)] if _asks(course) else []
    return [*states, *unseen, *unanswered, ("unreached", None)]


def _asks(course: Course) -> bool:
    return any(json.loads(part.options) for part in course.parts)


def _list_name(which: str, t: Translator) -> str:
    names = {
        "unseen": t.plain("not read yet"),
        "unanswered": t.plain("not answered yet"),
        "unreached": t.plain("phone list"),
    }
    return names.get(which) or t.plain(STATES[State(which)])


def _person(one: Line) -> Markup:
    parts = [part for part in (one.group, one.name, one.phone or "", one.note) if part]
    return Markup(" · ").join(Markup("{}").format(part) for part in parts)


def phone_list(listeners: Sequence[Listener], t: Translator) -> list[Line]:
    """Those whom the bot cannot write to, with their phones and why."""
    return [
        Line(one.name, one.group, one.phone, t.plain("blocked") if one.is_unreachable else t.plain("not linked"))
        for one in listeners
    ]


WHY_NOT = {
    NotStarted.AUTHOR: N_("its author no longer coordinates this camp"),
    NotStarted.ENDED: N_("the camp has ended"),
    NotStarted.EMPTY: N_("there was nothing in it"),
    NotStarted.NOBODY: N_("nobody would have got it"),
    NotStarted.TOO_LONG: N_("for some people the text would have been too long"),
}


def render_not_started(headline_: str, why: NotStarted, t: Translator) -> Message:
    """To the coordinators: a scheduled notice did not go."""
    return Message(
        t(
            "⚠️ The scheduled notice “{words}” was not sent: {why}. It is kept as a draft.",
            words=headline_,
            why=t.plain(WHY_NOT[why]),
        )
    )
