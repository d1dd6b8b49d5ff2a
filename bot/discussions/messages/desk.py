"""Wording of setting a discussion up: the list, one discussion, its questions, how groups come about, the clock."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.discussions.messages.wording import (
    LABEL,
    PAGE,
    STAGES,
    act,
    bold,
    camp,
    clip,
    day_and_hour,
    lines,
    pager,
    paragraphs,
    rows_of,
    step,
    title,
    when,
)
from bot.discussions.models import Discussion, Grouping, Question, Status, Who
from bot.discussions.outcomes import Occasion
from bot.discussions.rules import CLOCKED, LONGEST_QUESTION, MOST_MINUTES, MOST_QUESTIONS, minutes_of, page_of
from bot.i18n import N_, Translator
from bot.outbox.calls import Message
from bot.people.models import Cohort
from bot.timetable.models import Activity

MARKS = {Status.DRAFT: "📝", Status.ANNOUNCED: "💬", Status.ENDED: "✅"}
STATES = {
    Status.DRAFT: N_("a draft; nobody has been told yet"),
    Status.ANNOUNCED: N_("announced, the groups are at work"),
    Status.ENDED: N_("over"),
}
AMOUNTS = {Grouping.COUNT: (2, 3, 4, 5, 6, 7, 8, 9, 10, 12), Grouping.SIZE: (4, 5, 6, 7, 8, 9, 10, 12)}


def render_list(
    cohort: Cohort, occasions: Sequence[Occasion], page: int, t: Translator, *, may_change: bool
) -> Message:
    """All discussions of a camp, the latest first."""
    shown, page, pages = page_of(occasions, page, PAGE)
    number = cohort.id or 0
    text = lines(
        t("💬 <b>Group discussions</b> · {cohort}", cohort=cohort.name),
        t("Tap one to see how it stands.") if occasions else t("There is none yet."),
    )
    rows = [[act(_label(one, t), "sheet", one.id)] for one in shown]
    new = [act(t.plain("➕ New discussion"), "new", number, 0)] if may_change else []
    turning = pager("desk", (number,), page, pages)
    return Message(text, buttons.keyboard(new, *rows, turning, [camp(number, t)]))


def render_activities(cohort: Cohort, activities: Sequence[Activity], page: int, t: Translator) -> Message:
    """Which activity the discussion is about."""
    shown, page, pages = page_of(activities, page, PAGE)
    number = cohort.id or 0
    text = (
        t("Which activity is the discussion about? The timetable says when and where.")
        if activities
        else t("There is no activity left that a discussion could be about. Put one on the timetable first.")
    )
    rows = [[act(_activity(one, cohort.time_zone, t), "about", one.id or 0)] for one in shown]
    back = [act(t.plain("« Discussions"), "desk", number, 0)]
    return Message(text, buttons.keyboard(*rows, pager("new", (number,), page, pages), back))


def render_sheet(occasion: Occasion, groups: int, t: Translator, *, may_change: bool) -> Message:
    """One discussion with everything that can be decided about it."""
    discussion = occasion.discussion
    text = paragraphs(
        lines(
            title(occasion, t), when(occasion, t), t("State: {state}", state=t.plain(STATES[Status(discussion.status)]))
        ),
        lines(bold(t("Questions")), *([_question(one) for one in occasion.questions] or [t("– none yet")])),
        lines(_manner(discussion, t), _drawn(discussion, groups, t), _clocks(discussion, t)),
    )
    rows = _draft_rows(occasion, groups, t) if may_change and discussion.status == Status.DRAFT else []
    if discussion.status != Status.DRAFT:
        rows = _open_rows(occasion, t, may_change=may_change)
    elif not may_change and groups:
        rows = [[act(t.plain("👥 The groups"), "groups", occasion.id, 0)]]
    return Message(text, buttons.keyboard(*rows, [act(t.plain("« Discussions"), "desk", occasion.cohort_id, 0)]))


def render_questions(occasion: Occasion, t: Translator) -> Message:
    """The set questions, to be added to and changed."""
    text = paragraphs(
        title(occasion, t),
        lines(*(_question(one) for one in occasion.questions))
        or t("Put one question or a few; each group answers all."),
    )
    rows = [[act(clip(f"✏️ {one.position}. {one.text}", LABEL), "quest", one.id or 0)] for one in occasion.questions]
    new = [act(t.plain("➕ Add a question"), "ask", occasion.id)] if len(occasion.questions) < MOST_QUESTIONS else []
    return Message(text, buttons.keyboard(*rows, new, [act(t.plain("« Back"), "sheet", occasion.id)]))


def render_question(question: Question, t: Translator) -> Message:
    """One question."""
    number = question.id or 0
    return Message(
        _question(question),
        buttons.keyboard(
            [act(t.plain("✏️ Word it anew"), "request", number), act(t.plain("🗑 Take it away"), "unask", number)],
            [act(t.plain("« Questions"), "asks", question.discussion_id)],
        ),
    )


def render_ask_question(discussion_id: int, t: Translator, before: str = "") -> Message:
    """Ask for a question to be typed."""
    text = lines(
        t("Please send the question ({most} characters at most).", most=LONGEST_QUESTION),
        Markup("<code>{}</code>").format(before) if before else None,
    )
    return Message(text, buttons.keyboard([act(t.plain("« Questions"), "asks", discussion_id)]))


def render_bad_question(t: Translator) -> Message:
    """A question that does not fit."""
    return Message(t("A question needs words, {most} characters at most. Please send it again.", most=LONGEST_QUESTION))


def render_manner(occasion: Occasion, t: Translator) -> Message:
    """How groups come about, and who takes part."""
    discussion = occasion.discussion
    text = paragraphs(title(occasion, t), lines(_manner(discussion, t), t("A change here takes back what was drawn.")))
    return Message(
        text,
        buttons.keyboard(
            [
                _chosen(t.plain("By size"), discussion.grouping == Grouping.SIZE, "by", occasion.id, "size", 10),
                _chosen(t.plain("By number"), discussion.grouping == Grouping.COUNT, "by", occasion.id, "count", 8),
                _chosen(t.plain("The roster's"), discussion.grouping == Grouping.OWN, "by", occasion.id, "own", 1),
            ],
            *_amounts(discussion),
            [
                _chosen(t.plain("The whole roster"), discussion.who == Who.ROSTER, "who", occasion.id, "roster"),
                _chosen(t.plain("Those present"), discussion.who == Who.PRESENT, "who", occasion.id, "present"),
            ],
            [act(t.plain("« Back"), "sheet", occasion.id)],
        ),
    )


def render_clocks(occasion: Occasion, t: Translator) -> Message:
    """How long each stage should take."""
    discussion = occasion.discussion
    rows = []
    for stage in CLOCKED:
        now, number = minutes_of(discussion, stage), step(stage)
        less, more = max(0, now - (5 if now > 5 else 1)), min(MOST_MINUTES, now + (5 if now >= 5 else 1))
        name = t.plain(STAGES[stage])
        label = t.plain("{stage}: {n} min", stage=name, n=now) if now else t.plain("{stage}: no clock", stage=name)
        rows += [
            [act(label, "clocks", occasion.id)],
            [act("−", "clock", occasion.id, number, less), act("＋", "clock", occasion.id, number, more)],
        ]
    text = lines(
        title(occasion, t),
        t("How long should each step take? When the time is up I remind the leader quietly; nobody is cut off."),
    )
    return Message(text, buttons.keyboard(*rows, [act(t.plain("« Back"), "sheet", occasion.id)]))


def render_ask_announce(occasion: Occasion, people: int, groups: int, t: Translator) -> Message:
    """The last look before everybody is told."""
    whom = t.plural("{n} person", "{n} people", people)
    text = lines(
        title(occasion, t),
        when(occasion, t),
        t.plural("Tell {whom} in {n} group now?", "Tell {whom} in {n} groups now?", groups, whom=whom),
        t("Afterwards the questions stay as they are; people can still be moved."),
    )
    yes = act(t.plain("📣 Yes, tell them"), "told", occasion.id)
    return Message(text, buttons.keyboard([yes], [act(t.plain("« Back"), "sheet", occasion.id)]))


def render_ask_delete(occasion: Occasion, t: Translator) -> Message:
    """Before a draft is deleted."""
    text = lines(title(occasion, t), t("Delete this draft? Nobody has been told of it."))
    yes = act(t.plain("🗑 Yes, delete it"), "deleted", occasion.id)
    return Message(text, buttons.keyboard([yes], [act(t.plain("« Back"), "sheet", occasion.id)]))


def render_ask_end(occasion: Occasion, t: Translator) -> Message:
    """Before a discussion is ended."""
    text = lines(
        title(occasion, t),
        t("End the discussion for all groups? What was written is kept; unfinished minutes stay unconfirmed."),
    )
    yes = act(t.plain("⏹ Yes, end it"), "ended", occasion.id)
    return Message(text, buttons.keyboard([yes], [act(t.plain("« Back"), "sheet", occasion.id)]))


def render_told_toast(people: int, unreached: int, t: Translator) -> str:
    """How many have been told."""
    if unreached:
        return t.plain("Told: {people}. Not linked or unreachable: {unreached}.", people=people, unreached=unreached)
    return t.plain("Everybody has been told.")


def _label(occasion: Occasion, t: Translator) -> str:
    local = occasion.starts_at.astimezone(ZoneInfo(occasion.time_zone))
    day = format_skeleton("MMMd", local, locale=t.locale)
    mark = "🚫" if occasion.is_cancelled else MARKS[Status(occasion.discussion.status)]
    return clip(f"{mark} {day} {occasion.title}", LABEL)


def _activity(activity: Activity, time_zone: str, t: Translator) -> str:
    return clip(f"{day_and_hour(activity.starts_at, time_zone, t)} {activity.title}", LABEL + 8)


def _question(question: Question) -> Markup:
    return Markup("{}. {}").format(question.position, question.text)


def _manner(discussion: Discussion, t: Translator) -> Markup:
    amount = discussion.amount
    ways = {
        Grouping.SIZE: t.plural("👥 Groups of about {n} person", "👥 Groups of about {n} people", amount),
        Grouping.COUNT: t.plural("👥 {n} group", "👥 {n} groups", amount),
        Grouping.OWN: t("👥 The groups of the roster"),
    }
    whom = t("those recorded as present") if discussion.who == Who.PRESENT else t("everybody who is not on leave")
    return t("{groups}, {whom}", groups=ways[Grouping(discussion.grouping)], whom=whom)


def _drawn(discussion: Discussion, groups: int, t: Translator) -> Markup:
    if not groups:
        return t("🎲 Not drawn yet")
    return t.plural(
        "🎲 Drawn: {n} group, seed {seed}", "🎲 Drawn: {n} groups, seed {seed}", groups, seed=discussion.seed
    )


def _clocks(discussion: Discussion, t: Translator) -> Markup:
    minutes = "/".join(str(minutes_of(discussion, stage)) for stage in CLOCKED)
    return t("⏱ Minutes for each step: {minutes}", minutes=minutes)


def _amounts(discussion: Discussion) -> list[list[InlineKeyboardButton]]:
    way = Grouping(discussion.grouping)
    number = discussion.id or 0
    offered = [
        _chosen(str(one), discussion.amount == one, "by", number, way.value, one) for one in AMOUNTS.get(way, ())
    ]
    return rows_of(offered, 5)


def _chosen(label: str, is_on: bool, action: str, *ids: int | str) -> InlineKeyboardButton:
    return act(f"✔ {label}" if is_on else label, action, *ids)


def _draft_rows(occasion: Occasion, groups: int, t: Translator) -> buttons.Rows:
    number = occasion.id
    drawing = act(t.plain("🎲 Draw again") if groups else t.plain("🎲 Draw the groups"), "draw", number)
    preview = [act(t.plain("👥 The groups"), "groups", number, 0)] if groups else []
    ready = [act(t.plain("📣 Announce"), "tell", number)] if groups and occasion.questions else []
    return [
        [act(t.plain("❓ Questions"), "asks", number), act(t.plain("👥 How groups come about"), "how", number)],
        [act(t.plain("⏱ Clock"), "clocks", number), drawing],
        preview,
        ready,
        [act(t.plain("🗑 Delete"), "delete", number)],
    ]


def _open_rows(occasion: Occasion, t: Translator, *, may_change: bool) -> buttons.Rows:
    number, is_over = occasion.id, occasion.discussion.status == Status.ENDED
    looking = [act(t.plain("📊 How it goes"), "board", number), act(t.plain("👥 The groups"), "groups", number, 0)]
    paper = [act(t.plain("📄 Minutes of all groups"), "joint", number)]
    if not may_change:
        return [looking, paper]
    if is_over:
        return [looking, paper, [act(t.plain("🔓 Open it again"), "reopen", number)]]
    return [looking, [act(t.plain("⏱ Clock"), "clocks", number)], paper, [act(t.plain("⏹ End it"), "end", number)]]
