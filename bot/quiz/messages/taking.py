"""A test as the person who takes it sees it: from outside, question by question, at the end, and afterwards."""

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.i18n import Translator
from bot.outbox.calls import Message
from bot.people.messages.wording import bold, lines, paragraphs
from bot.quiz.messages import questions
from bot.quiz.messages.wording import act, day_and_hour, length, rows_of, time_left
from bot.quiz.models import POINT, Exam
from bot.quiz.outcomes import Asked, Entry, Finished, Page
from bot.quiz.rules import Bar, Standing

GRID = 8


def render_entry(entry: Entry, t: Translator) -> Message:
    """The test from outside, with the way in."""
    exam = entry.exam
    text = paragraphs(
        t("📝 <b>{title}</b>", title=exam.title),
        lines(*_rules(entry, t)),
        _bar(entry, t),
        lines(*(_past(number, one, t) for number, one in entry.finished)),
    )
    return Message(text, buttons.keyboard(*_ways_in(entry, t)))


def render_page(page: Page, t: Translator, *, part: int = 0) -> Message:
    """One question of a running test, or its end."""
    clock = time_left(page.due_at, page.at, page.time_zone, t)
    if page.asked is None:
        return _render_end(page, clock, t)
    head = lines(t("📝 {title} · <b>{n}/{all}</b>", title=page.exam.title, n=page.position + 1, all=page.count), clock)
    rows = [_moves(page, t), _end_row(page, t)] if page.exam.can_go_back else [[_next(page, t)]]
    return questions.render(page.asked, t, head=head, rows=rows, part=part, confirms=False)


def render_finished(finished: Finished, t: Translator) -> Message:
    """How it came out: for this person only."""
    exam = finished.exam
    text = paragraphs(
        t("🏁 <b>{title}</b>", title=exam.title),
        t("Time was up before this arrived, so it does not count. What you had answered was handed in.")
        if finished.was_late
        else _how_it_ended(finished, t),
        lines(score_line(finished.standing, t), passed_line(finished, t)),
        t.plural(
            "Your teacher reads your written answer.", "Your teacher reads your {n} written answers.",
            finished.reflections,
        ) if finished.reflections else None,
        t.plural("You may try once more.", "You may try {n} more times.", finished.attempts_left)
        if finished.attempts_left
        else None,
        None if exam.released_at else t("The explanations come once everybody has finished."),
    )  # fmt: skip
    review = [act(t.plain("🔎 My answers"), "review", finished.attempt_id, 0)] if exam.released_at else []
    again = [act(t.plain("🔁 Try again"), "test", exam.id or 0)] if finished.attempts_left else []
    return Message(text, buttons.keyboard(review, again))


def render_review(exam: Exam, position: int, count: int, attempt_id: int, asked: Asked, t: Translator) -> Message:
    """One answer afterwards, with its explanation."""
    head = t("🔎 {title} · <b>{n}/{all}</b>", title=exam.title, n=position + 1, all=count)
    turn = [
        act("◀", "review", attempt_id, (position - 1) % count),
        act("▶", "review", attempt_id, (position + 1) % count),
    ]
    return questions.render_told(asked, t, head=head, rows=[turn] if count > 1 else [])


def render_ask_hand_in(page: Page, t: Translator) -> Message:
    """Ask once more before nothing can be changed."""
    missing = t.plural("{n} question has no answer yet.", "{n} questions have no answer yet.", page.missing)
    text = paragraphs(
        t("📝 <b>Hand in {title}?</b>", title=page.exam.title),
        missing if page.missing else t("Every question has an answer."),
        t("Afterwards nothing can be changed."),
        time_left(page.due_at, page.at, page.time_zone, t),
    )
    row = [
        act(t.plain("◀ Back"), "go", page.attempt_id, page.position),
        act(t.plain("✔ Hand in"), "in", page.attempt_id),
    ]
    return Message(text, buttons.keyboard(row))


def render_open(exam: Exam, time_zone: str, questions_count: int, t: Translator) -> Message:
    """To everybody, when a test opens."""
    text = paragraphs(
        t("📝 <b>{title}</b> is open", title=exam.title),
        lines(
            t.plural("{n} question", "{n} questions", questions_count),
            t("You have {time} from the moment you begin.", time=length(exam.minutes, t)) if exam.minutes else None,
            t("It closes {when}.", when=day_and_hour(exam.closes_at, time_zone, t)),
        ),
    )
    return Message(text, buttons.keyboard([act(t.plain("📝 To the test"), "test", exam.id or 0)]))


def render_nudge(exam: Exam, time_zone: str, t: Translator) -> Message:
    """To somebody who has not handed in yet, because a coordinator asked."""
    text = lines(
        t("📝 <b>{title}</b>: you have not handed it in yet.", title=exam.title),
        t("It closes {when}.", when=day_and_hour(exam.closes_at, time_zone, t)),
    )
    return Message(text, buttons.keyboard([act(t.plain("📝 To the test"), "test", exam.id or 0)]))


def render_released(exam: Exam, attempt_id: int, t: Translator) -> Message:
    """To those who took it, once the answers are released."""
    text = t("🔎 <b>{title}</b>: you can look at your answers now, with the explanations.", title=exam.title)
    return Message(text, buttons.keyboard([act(t.plain("🔎 My answers"), "review", attempt_id, 0)]))


def render_rescored(finished: Finished, before: int, t: Translator) -> Message:
    """To somebody whose score changed because a question was corrected."""
    old = Standing(before, finished.standing.counted)
    text = paragraphs(
        t("🔧 <b>{title}</b>: a question was corrected, and your result with it.", title=finished.exam.title),
        lines(
            t("Before: {percent} %", percent=old.percent or 0),
            t("Now: <b>{percent} %</b>", percent=finished.standing.percent or 0),
            passed_line(finished, t),
        ),
    )
    return Message(text)


def score_line(standing: Standing, t: Translator) -> Markup:
    """The points and the share."""
    if not standing.counted:
        return t("There were no points to give.")
    return t(
        "Your result: <b>{percent} %</b> ({points} of {all} points)",
        percent=standing.percent,
        points=points(standing.score),
        all=standing.counted,
    )


def passed_line(finished: Finished, t: Translator) -> Markup | None:
    """Whether the mark was reached."""
    if finished.is_passed is None:
        return None
    mark = finished.exam.pass_percent
    return (
        t("✅ Passed (from {mark} %)", mark=mark)
        if finished.is_passed
        else t("Not passed this time (from {mark} %)", mark=mark)
    )


def points(score: int) -> str:
    """Points with at most two decimals, none where they are whole."""
    return f"{score / POINT:.2f}".rstrip("0").rstrip(".")


def _rules(entry: Entry, t: Translator) -> list[Markup | None]:
    exam = entry.exam
    minutes = (exam.minutes or 0) + entry.extra
    return [
        t.plural("{n} question", "{n} questions", entry.questions),
        t("{time} from the moment you begin", time=length(minutes, t)) if exam.minutes else None,
        t("Open from {start} to {end}", start=day_and_hour(exam.opens_at, entry.time_zone, t),
          end=day_and_hour(exam.closes_at, entry.time_zone, t)),
        t("Passed from {mark} %", mark=exam.pass_percent) if exam.pass_percent else None,
        t.plural("{n} attempt", "{n} attempts", exam.attempts),
        t("You can go back to earlier questions.")
        if exam.can_go_back
        else t("There is no way back to earlier questions."),
    ]  # fmt: skip


def _bar(entry: Entry, t: Translator) -> Markup | None:
    exam = entry.exam
    match entry.bar:
        case Bar.NOT_YET:
            return t("It opens {when}.", when=day_and_hour(exam.opens_at, entry.time_zone, t))
        case Bar.OVER:
            return t("It is over.")
        case Bar.CANCELLED:
            return t("This test was withdrawn. You need not take it.")
        case Bar.USED_UP:
            return t("You have used all attempts.")
        case Bar.PASSED:
            return t("You have done it, nothing is left to do.")
    if entry.running_until is not None and entry.at is not None:
        return t("You are in the middle of it. {clock}",
                 clock=time_left(entry.running_until, entry.at, entry.time_zone, t))  # fmt: skip
    return None


def _ways_in(entry: Entry, t: Translator) -> list[questions.Row]:
    exam_id = entry.exam.id or 0
    rows: list[questions.Row] = []
    if entry.running_id is not None:
        rows.append([act(t.plain("▶ Go on"), "begin", exam_id)])
    elif entry.bar is None:
        rows.append([act(t.plain("▶ Begin now"), "begin", exam_id)])
    return rows


def _past(number: int, standing: Standing, t: Translator) -> Markup:
    return t("Attempt {n}: {percent} %", n=number, percent=standing.percent if standing.counted else "–")


def _how_it_ended(finished: Finished, t: Translator) -> Markup:
    if finished.is_by_clock:
        return t("Time is up. What you had answered was handed in.")
    return t("Handed in. Thank you!")


def _moves(page: Page, t: Translator) -> questions.Row:
    back = [act("◀", "go", page.attempt_id, page.position - 1)] if page.position else []
    return [
        *back,
        act(t.plain("☷ Overview"), "go", page.attempt_id, page.count),
        act("▶", "go", page.attempt_id, page.position + 1),
    ]


def _end_row(page: Page, t: Translator) -> questions.Row:
    return [act(t.plain("✔ Hand in"), "hand", page.attempt_id)] if not page.missing else []


def _next(page: Page, t: Translator) -> InlineKeyboardButton:
    return act(t.plain("Next ▶"), "go", page.attempt_id, page.position + 1)


def _render_end(page: Page, clock: Markup, t: Translator) -> Message:
    grid = [
        act(f"{number + 1}{'✓' if is_answered else ''}", "go", page.attempt_id, number)
        for number, is_answered in enumerate(page.answered)
    ]
    missing = t.plural("{n} question has no answer yet.", "{n} questions have no answer yet.", page.missing)
    text = paragraphs(
        lines(t("📝 {title}", title=bold(page.exam.title)), clock),
        missing if page.missing else t("Every question has an answer."),
        t("✓ answered · press a number to go there") if page.exam.can_go_back else None,
    )
    rows = rows_of(grid, GRID) if page.exam.can_go_back else []
    return Message(text, buttons.keyboard(*rows, [act(t.plain("✔ Hand in"), "hand", page.attempt_id)]))
