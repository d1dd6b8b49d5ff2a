"""The desk of those who make tests: the list, one test with all its rules, and the choice of each rule."""

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.i18n import Translator
from bot.outbox.calls import Message
from bot.people.messages.wording import bold, lines, paragraphs, shorten
from bot.quiz.messages.wording import act, day_and_hour, length, rows_of
from bot.quiz.models import Exam, ExamStatus, Retake
from bot.quiz.outcomes import ExamSheet

Row = list[InlineKeyboardButton]
PAGE = 8


def render_desk(
    cohort_name: str,
    cohort_id: int,
    exams: Sequence[Exam],
    t: Translator,
    *,
    may_change: bool,
    reflections: int,
    page: int = 0,
) -> Message:
    """All tests of a camp, and what else there is to look after."""
    pages = max(1, -(-len(exams) // PAGE))
    page = min(max(page, 0), pages - 1)
    listed = [[act(shorten(_named(exam, t)), "exam", exam.id or 0)] for exam in exams[page * PAGE : (page + 1) * PAGE]]
    turn = [act("◀", "desk", cohort_id, (page - 1) % pages), act("▶", "desk", cohort_id, (page + 1) % pages)]
    text = paragraphs(
        lines(t("🗂 <b>Questions and tests</b>"), bold(cohort_name)),
        None if exams else t("There is no test yet."),
    )
    made = [act(t.plain("➕ New test"), "new", cohort_id)] if may_change else []
    daily = [act(t.plain("❓ Daily question"), "daily", cohort_id)]
    read = [act(t.plain("✍️ Written answers ({n})", n=reflections), "written", cohort_id, 0)]
    back = [buttons.button(t.plain("◀ Back"), buttons.pack("people", "camp", cohort_id))]
    rows = [*listed, turn if pages > 1 else [], [*made, *daily], read if reflections and may_change else [], back]
    return Message(text, buttons.keyboard(*rows))


def render_sheet(sheet: ExamSheet, t: Translator) -> Message:
    """One test: its rules while it is made, how it goes afterwards."""
    exam = sheet.exam
    state = None if exam.status == ExamStatus.DRAFT else _state(sheet, t)
    hint = t("Nobody sees it before you publish it.") if exam.status == ExamStatus.DRAFT else None
    text = paragraphs(t("📝 <b>{title}</b>", title=exam.title), state, lines(*_rules(sheet, t)), hint)
    rows = _draft_rows(sheet, t) if exam.status == ExamStatus.DRAFT else _running_rows(sheet, t)
    return Message(text, buttons.keyboard(*(rows if sheet.may_change else _reading_rows(sheet, t)), [_home(exam, t)]))


def render_ask_cancel(exam: Exam, t: Translator) -> Message:
    """Ask once more before a test is withdrawn."""
    text = t("Withdraw <b>{title}</b>? Nobody can begin it any more. What was answered is kept.", title=exam.title)
    row = [act(t.plain("◀ Keep it"), "exam", exam.id or 0), act(t.plain("🗑 Withdraw"), "drop", exam.id or 0)]
    return Message(text, buttons.keyboard(row))


def render_cancelled(exam: Exam, t: Translator) -> Message:
    """After it was withdrawn."""
    return Message(t("<b>{title}</b> is withdrawn.", title=exam.title), buttons.keyboard([_home(exam, t)]))


def render_more_time(
    exam: Exam, people: Sequence[tuple[int, str, int]], page: int, pages: int, t: Translator
) -> Message:
    """Who has more time: every trainee with a button."""
    exam_id = exam.id or 0
    rows = [
        [act(shorten(f"{name} · +{minutes}" if minutes else name), "time", exam_id, person_id, page)]
        for person_id, name, minutes in people
    ]
    turn = [
        act("◀", "extra", exam_id, (page - 1) % pages),
        act(f"{page + 1}/{pages}", "extra", exam_id, page),
        act("▶", "extra", exam_id, (page + 1) % pages),
    ]
    text = lines(
        t("⏱ <b>More time for one person</b>"),
        t("Who needs it? Only you and this person see it, and nobody is asked why."),
    )
    return Message(text, buttons.keyboard(*rows, turn if pages > 1 else [], [act(t.plain("◀ Back"), "exam", exam_id)]))


def render_time_choice(exam: Exam, person_id: int, name: str, minutes: int, page: int, t: Translator) -> Message:
    """Ask how much more time."""
    exam_id = exam.id or 0
    base = exam.minutes or 60
    offered = sorted({0, max(5, base // 4), max(10, base // 2), base})
    row = [act(f"{'✔ ' if one == minutes else ''}+{one}", "allow", exam_id, person_id, one, page) for one in offered]
    text = lines(t("⏱ <b>{name}</b>", name=name), t("How many minutes more than the others?"))
    return Message(text, buttons.keyboard(row, [act(t.plain("◀ Back"), "extra", exam_id, page)]))


def render_published_toast(t: Translator) -> str:
    """After a test was published."""
    return t.plain("Published. Everybody is told when it opens.")


def render_released_toast(count: int, t: Translator) -> str:
    """After the answers were released."""
    return t.plain("Released. {n} people are told.", n=count)


def _named(exam: Exam, t: Translator) -> str:
    return f"✏️ {exam.title}" if exam.status == ExamStatus.DRAFT else f"📝 {exam.title}"


def _state(sheet: ExamSheet, t: Translator) -> Markup:
    if sheet.exam.status == ExamStatus.CANCELLED:
        return t("Withdrawn.")
    return lines(
        t("Handed in: <b>{n} of {all}</b>", n=sheet.handed_in, all=sheet.trainees),
        t.plural("{n} person is in it now.", "{n} people are in it now.", sheet.running) if sheet.running else None,
        t("The answers are released.") if sheet.exam.released_at else None,
    )


def _rules(sheet: ExamSheet, t: Translator) -> list[Markup]:
    exam = sheet.exam
    again = t("for everybody") if exam.retake == Retake.ANYONE else t("for those who did not pass")
    tries = t.plural("{n} attempt", "{n} attempts", exam.attempts)
    going_back = t("↩ Going back is allowed") if exam.can_go_back else t("↩ No going back")
    drawn = (
        t("🎲 Drawn anew for each person")
        if exam.is_drawn
        else t("🎲 The same questions for all, each in an own order")
    )
    ends = moment(exam.closes_at, sheet, t)
    return [
        t("📚 {n}", n=t.plural("{n} question", "{n} questions", sheet.questions)),
        drawn,
        t("🗓 {start} – {end}", start=moment(exam.opens_at, sheet, t), end=ends),
        t("⏳ {time}", time=length(exam.minutes, t)) if exam.minutes else t("⏳ Until it closes"),
        t("🔁 {attempts}, {again}", attempts=tries, again=again)
        if exam.attempts > 1
        else t("🔁 {attempts}", attempts=tries),
        t("🎯 Passed from {mark} %", mark=exam.pass_percent) if exam.pass_percent else t("🎯 No pass mark"),
        going_back,
    ]


def moment(at: datetime, sheet: ExamSheet, t: Translator) -> str:
    """A day and an hour by the clock of the camp."""
    return day_and_hour(at, sheet.time_zone, t)


def _draft_rows(sheet: ExamSheet, t: Translator) -> list[Row]:
    exam_id = sheet.exam.id or 0
    choices = (
        ("title", t.plain("✏️ Title")),
        ("window", t.plain("🗓 When")),
        ("minutes", t.plain("⏳ Time")),
        ("attempts", t.plain("🔁 Attempts")),
        ("mark", t.plain("🎯 Pass mark")),
        ("drawn", t.plain("🎲 Same or drawn")),
        ("back", t.plain("↩ Going back")),
    )
    picked = [act(label, "type" if rule == "title" else "rule", exam_id, rule) for rule, label in choices]
    parts = act(t.plain("📚 Questions"), "parts", exam_id)
    end = [act(t.plain("🗑 Drop"), "cancel", exam_id)]
    publish = [act(t.plain("✔ Publish"), "publish", exam_id)] if sheet.questions else []
    return [*rows_of([parts, *picked], 2), [*end, *publish]]


def _running_rows(sheet: ExamSheet, t: Translator) -> list[Row]:
    exam_id = sheet.exam.id or 0
    later = act(t.plain("🗓 Close later"), "rule", exam_id, "later")
    release = [act(t.plain("🔎 Release the answers"), "release", exam_id)] if not sheet.exam.released_at else []
    return [
        *_reading_rows(sheet, t),
        [act(t.plain("⏱ More time"), "extra", exam_id, 0), later],
        release if sheet.is_over else [act(t.plain("🗑 Withdraw"), "cancel", exam_id)],
    ]


def _reading_rows(sheet: ExamSheet, t: Translator) -> list[Row]:
    exam_id = sheet.exam.id or 0
    return [
        [act(t.plain("🙋 Who is missing"), "missing", exam_id, 0), act(t.plain("📊 Questions"), "stats", exam_id)],
        [act(t.plain("📄 Results (xlsx)"), "results", exam_id)],
    ]


def _home(exam: Exam, t: Translator) -> InlineKeyboardButton:
    return act(t.plain("🗂 All tests"), "desk", exam.cohort_id)
