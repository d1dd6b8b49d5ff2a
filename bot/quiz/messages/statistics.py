"""How questions did, in words: for the chat, for the workbook and for the picture. Never who answered what."""

import re
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from bot import buttons
from bot.banks.plain import plain
from bot.i18n import N_, Translator
from bot.outbox.calls import Message
from bot.people.messages.wording import lines, paragraphs, shorten
from bot.quiz.measures import Measure
from bot.quiz.measuring import FALSE, TRUE, Missing
from bot.quiz.messages import questions
from bot.quiz.messages.daily import doubts
from bot.quiz.messages.wording import act, percent
from bot.quiz.outcomes import Asked, Correction, Measured
from bot.quiz.rules import SMALLEST_GROUP

STEM, PAGE, NAMES = 60, 6, 40
KINDS = {
    "single": N_("one right option"),
    "multiple": N_("several right options"),
    "true_false": N_("right or wrong"),
    "short": N_("short answer"),
    "numeric": N_("number"),
    "matching": N_("matching"),
    "essay": N_("written answer"),
}


def render_measured(
    measured: Measured, scope: str, subject_id: int, back: str, t: Translator, *, cohort_id: int
) -> Message:
    """The questions that need a second look first, with the way to workbook and picture."""
    ordered = sort(measured)[:PAGE]
    text = paragraphs(
        t("📊 <b>{title}</b>", title=measured.title),
        lines(*summary(measured, t)),
        lines(*(_line(one, measured, t) for one in ordered)) or t("Nothing was answered yet."),
        t("<i>Fewer than five answers to a question are not counted out.</i>") if _has_few(measured) else None,
    )
    looks = [
        [act(shorten(f"{'⚠ ' if one.doubts else ''}{_stem(one, measured)}"), "item", cohort_id, one.question_id)]
        for one in ordered
    ]
    files = [
        act(t.plain("🖼 Picture"), "picture", scope, subject_id),
        act(t.plain("📄 Workbook"), "workbook", scope, subject_id),
    ]
    keyboard = buttons.keyboard(*looks, files if measured.measures else [], [buttons.button(t.plain("◀ Back"), back)])
    return Message(text, keyboard)


def render_item(asked: Asked, measure: Measure | None, back: str, t: Translator, *, may_change: bool) -> Message:
    """One question with its key and what is known of it."""
    head = t("🔎 <b>The question</b>")
    foot = lines(*_details(measure, t)) if measure else None
    fix = [act(t.plain("🔧 Correct the key"), "key", asked.item_id)] if may_change and has_key(asked) else []
    rows = [fix, [buttons.button(t.plain("◀ Back"), back)]]
    return questions.render_key(asked, t, head=head, rows=rows, foot=foot)


def render_key_choice(asked: Asked, version: int, mask: int, t: Translator) -> Message:
    """Tick what is right."""
    marks = [bool(mask >> place & 1) for place in range(_size(asked))]
    labels = (
        [t.plain("Right"), t.plain("Wrong")] if is_truth(asked) else [_letter(place) for place in range(len(marks))]
    )
    following = [1 << place if is_truth(asked) else mask ^ 1 << place for place in range(len(marks))]
    ticks = [
        act(f"{'☑' if is_on else '☐'} {label}", "mask", asked.item_id, version, after)
        for label, is_on, after in zip(labels, marks, following, strict=False)
    ]
    done = [act(t.plain("✔ Correct it"), "fix", asked.item_id, version, mask)] if mask else []
    text = t("<b>Tick what is right.</b> Every result is reckoned anew, and whoever's result changes is told.")
    body = questions.text_of(asked, t)
    return Message(paragraphs(t("🔧 <b>Correct the key</b>"), body, text), buttons.keyboard(ticks, done))


def render_corrected(correction: Correction | None, t: Translator) -> Message:
    """What the correction did."""
    if correction is None:
        return Message(t("The key was like that already, so nothing was changed."))
    worth = t.plural(
        "{n} answer is worth something else now.", "{n} answers are worth something else now.", correction.items
    )
    results = t.plural(
        "{n} result was reckoned anew; the person is told.",
        "{n} results were reckoned anew; the people are told.",
        len(correction.changed),
    )
    return Message(lines(t("🔧 <b>The question is corrected.</b>"), worth, results))


def render_missing(
    title: str,
    missing: Sequence[Missing],
    page: int,
    turn: str,
    subject_id: int,
    back: str,
    t: Translator,
    *,
    may_nudge: bool,
) -> Message:
    """Who has not answered, by group; nothing of what anybody answered."""
    pages = max(1, -(-len(missing) // NAMES))
    page = min(max(page, 0), pages - 1)
    shown = missing[page * NAMES : (page + 1) * NAMES]
    groups = dict.fromkeys(one.group for one in shown)
    named = [
        lines(
            Markup("<b>{}</b>").format(group) if group else None,
            t.join(_name(one) for one in shown if one.group == group),
        )
        for group in groups
    ]
    head = t.plural("{n} person has not answered:", "{n} people have not answered:", len(missing))
    unreached = t("○ cannot be reached by me") if any(not one.is_reachable for one in shown) else None
    text = paragraphs(
        t("🙋 <b>{title}</b>", title=title), head if missing else t("Everybody has answered."), *named, unreached
    )
    turning = [act("◀", turn, subject_id, (page - 1) % pages), act("▶", turn, subject_id, (page + 1) % pages)]
    nudge = [act(t.plain("🔔 Remind them"), "nudge", subject_id)] if may_nudge and missing else []
    rows = [turning if pages > 1 else [], nudge, [buttons.button(t.plain("◀ Back"), back)]]
    return Message(text, buttons.keyboard(*rows))


def render_nudged_toast(count: int, t: Translator) -> str:
    """After they were reminded."""
    return t.plain("{n} people are reminded.", n=count)


def render_written(
    written: Sequence[tuple[str, Asked]], page: int, cohort_id: int, back: str, t: Translator
) -> Message:
    """One written answer with its author, to be read by the teacher."""
    page = min(max(page, 0), len(written) - 1)
    name, asked = written[page]
    turn = [
        act("◀", "written", cohort_id, (page - 1) % len(written)),
        act(f"{page + 1}/{len(written)}", "written", cohort_id, page),
        act("▶", "written", cohort_id, (page + 1) % len(written)),
    ]
    head = t("✍️ <b>{name}</b> wrote", name=name)
    return questions.render_told(asked, t, head=head, rows=[turn, [buttons.button(t.plain("◀ Back"), back)]])


def summary(measured: Measured, t: Translator) -> list[Markup]:
    """How many answered, and how they did together."""
    people = t.plural("{n} person answered.", "{n} people answered.", measured.people)
    mean = t("On average {percent} % of the points.", percent=measured.mean_percent)
    passed = t("{n} passed.", n=measured.passed)
    return (
        [people]
        + ([mean] if measured.mean_percent is not None else [])
        + ([passed] if measured.passed is not None else [])
    )


def sort(measured: Measured) -> list[Measure]:
    """Those that need a second look first, then the hardest."""
    return sorted(
        measured.measures,
        key=lambda one: (not one.doubts, one.difficulty is None, one.difficulty or 0.0, one.question_id),
    )


def headings(t: Translator) -> list[str]:
    """The columns of the workbook."""
    fixed = [
        t.plain("Question"),
        t.plain("Kind"),
        t.plain("Category"),
        t.plain("Answers"),
        t.plain("Difficulty"),
        t.plain("Discrimination"),
    ]
    wrong = t.plain("Most chosen wrong option")
    return [*fixed, t.plain("Right answer"), *"ABCDEFGH", wrong, t.plain("Second look")]


def rows(measured: Measured, t: Translator) -> list[list[Any]]:
    """A line for each question, in their order."""
    return [_row(one, measured, t) for one in measured.measures]


def picture(measured: Measured, t: Translator, most: int) -> dict[str, Any]:
    """What the picture shows."""
    ordered = sort(measured)
    return {
        "lang": t.language,
        "title": measured.title,
        "subtitle": t.plain("Share of the points for each question"),
        "summary": [str(line.striptags()) for line in summary(measured, t)],
        "few": t.plain("too few answers"),
        "more": t.plain("{n} more in the workbook", n=len(ordered) - most) if len(ordered) > most else "",
        "questions": [_pictured(one, measured, t) for one in ordered[:most]],
    }


def file_name(measured: Measured, t: Translator, ending: str) -> str:
    """The name of workbook or picture."""
    return f"{safe_name(t.plain('{title} – questions', title=measured.title))}.{ending}"


def sheet_name(t: Translator) -> str:
    """The name of the workbook's sheet."""
    return t.plain("Questions")


def has_key(asked: Asked) -> bool:
    """Whether its key can be corrected by ticking."""
    return asked.question.kind in ("single", "multiple", "true_false")


def is_truth(asked: Asked) -> bool:
    """Whether it is a statement."""
    return asked.question.kind == "true_false"


def _row(one: Measure, measured: Measured, t: Translator) -> list[Any]:
    question = measured.questions[one.question_id]
    letters = [one.letters.get(letter, 0) if one.letters else "" for letter in "ABCDEFGH"]
    if question.kind == "true_false" and one.letters:
        letters = [one.letters.get(TRUE, 0), one.letters.get(FALSE, 0), *[""] * 6]
    return [
        plain(question.stem),
        t.plain(KINDS[question.kind]),
        question.category,
        one.answers,
        round(one.difficulty, 2) if one.difficulty is not None else "",
        round(one.discrimination, 2) if one.discrimination is not None else "",
        ", ".join(_truth(letter, t) for letter in one.right),
        *letters,
        _truth(one.distractor or "", t),
        " ".join(str(line.striptags()) for line in doubts(one, t)),
    ]


def _pictured(one: Measure, measured: Measured, t: Translator) -> dict[str, Any]:
    return {
        "stem": _stem(one, measured),
        "share": one.difficulty,
        "percent": percent(one.difficulty or 0),
        "details": " · ".join(str(line.striptags()) for line in _details(one, t, doubted=False)),
        "doubts": [str(line.striptags()) for line in doubts(one, t)],
    }


def _line(one: Measure, measured: Measured, t: Translator) -> Markup:
    mark = "⚠ " if one.doubts else ""
    share = t.plain("too few answers") if one.difficulty is None else percent(one.difficulty)
    return Markup("{}<b>{}</b> · {}").format(mark, share, _stem(one, measured))


def _details(one: Measure | None, t: Translator, *, doubted: bool = True) -> list[Markup]:
    if one is None:
        return []
    if one.difficulty is None:
        return [t("Fewer than {n} answers so far.", n=SMALLEST_GROUP)]
    found = [t.plural("{n} answer", "{n} answers", one.answers), t("right {share}", share=percent(one.difficulty))]
    if one.discrimination is not None:
        found.append(t("discrimination {value}", value=f"{one.discrimination:+.2f}"))
    if one.letters:
        counted = ", ".join(f"{_truth(name, t)} {count}" for name, count in sorted(one.letters.items()))
        found.append(t("chosen: {letters}", letters=counted))
    return [*found, *(doubts(one, t) if doubted else [])]


def _stem(one: Measure, measured: Measured) -> str:
    return shorten(" ".join(plain(measured.questions[one.question_id].stem).split()), STEM)


def _has_few(measured: Measured) -> bool:
    return any(one.difficulty is None for one in measured.measures)


def _name(one: Missing) -> str:
    return one.name if one.is_reachable else f"{one.name} ○"


def _truth(letter: str, t: Translator) -> str:
    return {TRUE: t.plain("Right"), FALSE: t.plain("Wrong")}.get(letter, letter)


def _letter(place: int) -> str:
    return chr(ord("A") + place)


def _size(asked: Asked) -> int:
    return 2 if is_truth(asked) else len(asked.order)


def safe_name(name: str) -> str:
    """A title as part of a file name."""
    return re.sub(r'[\\/:*?"<>|\r\n]+', " ", name).strip()[:100]
