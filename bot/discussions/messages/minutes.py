"""Wording of the minutes in the chat: read them, correct a line, confirm."""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.buttons import Rows
from bot.discussions.messages.wording import (
    LABEL,
    act,
    clip,
    group_name,
    kept_line,
    lines,
    pager,
    paragraphs,
    question_line,
    title,
)
from bot.discussions.models import Entry, Stage
from bot.discussions.outcomes import Circle, Confirmed, Kept, Line, Paper, Place
from bot.discussions.rules import LONGEST, page_of, without_names
from bot.i18n import N_, Translator
from bot.outbox.calls import Message

PAGE = 8
SHOWN = 180
NAMES = 300
SIGNS = {Entry.POINT: "", Entry.CAUSE: "   ◦ ", Entry.MEASURE: "   ▸ ", Entry.REMARK: "✎ "}
ENTRIES = {
    Entry.CAUSE: N_("Cause: {text}"),
    Entry.MEASURE: N_("Measure: {text}"),
    Entry.REMARK: N_("Note: {text}"),
}


def words_of(line: Line, paper: Paper, t: Translator) -> str:
    """A line as it will stand in the file: without the names of those who have not agreed."""
    text = without_names(line.text, paper.unnamed, t.plain("(a member)"))
    return text if line.entry is Entry.POINT else t.plain(ENTRIES[line.entry], text=text)


def names_line(paper: Paper, t: Translator) -> str:
    """Who took part, named only where they agreed."""
    total = len(paper.circle.members)
    if not paper.named:
        return str(t.plural("{n} person took part.", "{n} people took part.", total))
    names = Markup(t.join(paper.named))  # noqa: S704 - plain text, escaped by whoever shows it
    return str(
        t.plural(
            "{n} person took part; named by their own wish: {names}",
            "{n} people took part; named by their own wish: {names}",
            total,
            names=names,
        )
    )


def render_paper(paper: Paper, place: Place | None, page: int, t: Translator, kept: Kept | None = None) -> Message:
    """A page of the minutes with what this person may do; ``place`` is empty for a coordinator."""
    circle = paper.circle
    shown, page, pages = page_of(paper.lines, page, PAGE)
    edits = place is not None and place.is_recorder and circle.stage is Stage.MINUTES
    text = paragraphs(
        lines(title(circle.occasion, t), t("📝 <b>Minutes</b> · {group}", group=group_name(circle.group, t))),
        kept_line(kept, t) if kept is not None else None,
        *_body(shown, paper, t, numbered=edits, first=page * PAGE),
        Markup("👥 {}").format(clip(names_line(paper, t), NAMES)),
        _state(circle, t),
    )
    tools = _recorder_rows(paper, shown, page, t) if edits else []
    confirm = _confirm_row(circle, place, t) if place is not None else []
    back = act(t.plain("« Back"), "here", circle.id) if place else act(t.plain("« Back"), "group", circle.id)
    file = act(t.plain("📄 As a file"), "file", circle.id)
    return Message(text, buttons.keyboard(*tools, pager("paper", (circle.id,), page, pages), confirm, [file], [back]))


def render_line(paper: Paper, line: Line, t: Translator) -> Message:
    """One line, for the recorder."""
    circle = paper.circle
    text = paragraphs(question_line(circle.occasion, line.question_id, t), Markup("{}").format(clip(line.text, 3000)))
    return Message(
        text,
        buttons.keyboard(
            [act(t.plain("✏️ Word it anew"), "reword", line.id), act(t.plain("🗑 Leave it out"), "cut", line.id)],
            [act(t.plain("« The minutes"), "paper", circle.id, page_of_line(paper, line.id))],
        ),
    )


def render_ask_line(line: Line, t: Translator) -> Message:
    """Ask for the new words of a line; the old ones can be copied by a tap."""
    text = lines(
        t("Please send the new words ({most} characters at most). Now it says:", most=LONGEST),
        Markup("<code>{}</code>").format(clip(line.text, 3000)),
    )
    return Message(text, buttons.keyboard([act(t.plain("« Leave it as it is"), "line", line.id)]))


def render_ask_remark(circle: Circle, question_id: int, t: Translator) -> Message:
    """Ask for a line to be added."""
    text = lines(
        question_line(circle.occasion, question_id, t),
        t("Please send the line to add ({most} characters at most).", most=LONGEST),
    )
    return Message(text, buttons.keyboard([act(t.plain("« The minutes"), "paper", circle.id, 0)]))


def render_which_question(circle: Circle, t: Translator) -> Message:
    """To which question a line is added."""
    rows = [
        [act(clip(f"{one.position}. {one.text}", LABEL), "remark", circle.id, one.id or 0)]
        for one in circle.occasion.questions
    ]
    back = [act(t.plain("« The minutes"), "paper", circle.id, 0)]
    return Message(t("To which question does the line belong?"), buttons.keyboard(*rows, back))


def render_ask_anew(circle: Circle, t: Translator) -> Message:
    """Before the recorder's changes are thrown away."""
    text = t("Draft the minutes again from what was written? Your corrections in them would be lost.")
    yes = act(t.plain("↺ Yes, draft again"), "afresh", circle.id)
    return Message(text, buttons.keyboard([yes], [act(t.plain("« The minutes"), "paper", circle.id, 0)]))


def page_of_line(paper: Paper, line_id: int) -> int:
    """The page on which a line stands; the last one for a line that has just been added."""
    last = len(paper.lines) - 1
    return next((at for at, one in enumerate(paper.lines) if one.id == line_id), last) // PAGE


def render_confirmed_toast(confirmed: Confirmed, t: Translator) -> str:
    """What a confirmation came to."""
    if not confirmed.is_news:
        return t.plain("You have confirmed this already.")
    if confirmed.is_final:
        return t.plain("Confirmed by both. Everybody gets the file.")
    return t.plain("Confirmed. The other confirmation is still to come.")


def render_file_caption(circle: Circle, t: Translator) -> str:
    """Under the file."""
    return t(
        "📄 Minutes · {group} · {title}",
        group=group_name(circle.group, t),
        title=clip(circle.occasion.title, 80),
    )


def _body(shown: Sequence[Line], paper: Paper, t: Translator, *, numbered: bool, first: int) -> list[Markup]:
    if not shown:
        return [t("There is nothing in the minutes yet.")]
    parts, order = [], {line.id: first + at for at, line in enumerate(shown, 1)}
    for question in paper.circle.occasion.questions:
        mine = [line for line in shown if line.question_id == question.id]
        if mine:
            listed = [_line(line, paper, t, order[line.id] if numbered else 0) for line in mine]
            parts.append(lines(question_line(paper.circle.occasion, question.id or 0, t), *listed))
    return parts


def _line(line: Line, paper: Paper, t: Translator, at: int) -> Markup:
    words = clip(words_of(line, paper, t), SHOWN)
    mark = Markup("<i>[{}]</i> ").format(at) if at else Markup("")
    dots = Markup(" ● {}").format(line.dots) if line.dots else Markup("")
    number = Markup("<b>{}</b> ").format(line.number) if line.entry is Entry.POINT else Markup("")
    body = bold_if(words, is_bold=line.is_top)
    return Markup("{}{}{}{}{}").format(mark, SIGNS[line.entry], number, body, dots)


def bold_if(words: str, *, is_bold: bool) -> Markup:
    """The words, in bold where the group went on with them."""
    return Markup("<b>{}</b>").format(words) if is_bold else Markup("{}").format(words)


def _state(circle: Circle, t: Translator) -> Markup:
    group = circle.group
    if circle.stage is Stage.DONE:
        return t("✅ Confirmed by the leader and the recorder.")
    leader = t("✅ Leader") if group.leader_confirmed_at else t("▫️ Leader")
    recorder = t("✅ Recorder") if group.recorder_confirmed_at else t("▫️ Recorder")
    return t("Confirmed so far: {leader} · {recorder}", leader=leader, recorder=recorder)


def _recorder_rows(paper: Paper, shown: Sequence[Line], page: int, t: Translator) -> Rows:
    circle = paper.circle
    edits = [act(f"✏️ {page * PAGE + at}", "line", line.id) for at, line in enumerate(shown, 1)]
    questions = circle.occasion.questions
    single = questions[0].id or 0 if len(questions) == 1 else 0
    return [
        *(edits[start : start + 5] for start in range(0, len(edits), 5)),
        [
            act(t.plain("➕ Add a line"), "remark", circle.id, single),
            act(t.plain("↺ Draft again"), "anew", circle.id),
        ],
    ]


def _confirm_row(circle: Circle, place: Place, t: Translator) -> list[InlineKeyboardButton]:
    if not place.is_officer or circle.stage is not Stage.MINUTES:
        return []
    group = circle.group
    mine = [group.leader_confirmed_at] * place.is_leader + [group.recorder_confirmed_at] * place.is_recorder
    return [] if all(mine) else [act(t.plain("✅ I confirm these minutes"), "confirm", circle.id, group.version)]
