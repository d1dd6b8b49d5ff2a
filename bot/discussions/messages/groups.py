"""Wording of the groups for the coordinator: the preview, one group, one person, a swap; and how all groups stand."""

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup

from bot import buttons
from bot.buttons import Rows
from bot.discussions.messages.place import go_on_label
from bot.discussions.messages.wording import (
    LABEL,
    SIGNS,
    STAGES,
    act,
    bold,
    clip,
    clock,
    group_name,
    hour,
    lines,
    pager,
    paragraphs,
    rows_of,
    step,
    title,
)
from bot.discussions.models import Grouping, Stage, Status
from bot.discussions.outcomes import Board, Circle, Division, Member
from bot.discussions.rules import following, page_of
from bot.i18n import Translator
from bot.outbox.calls import Message

GROUPS = 6
"""Groups with all their names in one message."""


def render_division(division: Division, page: int, t: Translator, *, may_change: bool) -> Message:
    """The groups with their people, how even they are, and how they came about."""
    occasion = division.occasion
    shown, page, pages = page_of(division.circles, page, GROUPS)
    text = paragraphs(
        lines(title(occasion, t), _sum(division, t)),
        *(_group(circle, t) for circle in shown),
        _balance(division, t),
    )
    rows = rows_of([act(group_name(one.group, t), "group", one.id) for one in shown], 2)
    is_draft = may_change and occasion.discussion.status == Status.DRAFT
    again = [act(t.plain("🎲 Draw again"), "draw", occasion.id)] if is_draft else []
    back = [act(t.plain("« Back"), "sheet", occasion.id)]
    return Message(text, buttons.keyboard(*rows, pager("groups", (occasion.id,), page, pages), again, back))


def render_circle(circle: Circle, done: int, now: datetime, t: Translator, *, may_change: bool) -> Message:
    """One group for the coordinator: its people, where it stands, on and back."""
    announced = circle.occasion.discussion.status != Status.DRAFT
    text = paragraphs(
        lines(title(circle.occasion, t), _stands(circle, done, now, t) if announced else None),
        _group(circle, t),
        t("Tap somebody to move or swap them, or to let them lead or record.") if may_change else None,
    )
    people = [act(_person(circle, one), "person", circle.occasion.id, one.person_id) for one in circle.members]
    driving = _driving(circle, t) if may_change and circle.occasion.discussion.status == Status.ANNOUNCED else []
    paper = circle.stage in (Stage.MINUTES, Stage.DONE)
    reading = [act(t.plain("📝 The minutes"), "paper", circle.id, 0)] if paper else []
    back = act(t.plain("« How it goes"), "board", circle.occasion.id)
    back = back if announced else act(t.plain("« The groups"), "groups", circle.occasion.id, 0)
    return Message(text, buttons.keyboard(*driving, *(rows_of(people, 2) if may_change else []), reading, [back]))


def render_person(circle: Circle, member: Member, circles: Sequence[Circle], t: Translator) -> Message:
    """One person: into which group, with whom to swap, leader or recorder."""
    text = paragraphs(
        title(circle.occasion, t),
        lines(bold(member.name), _about(member), t("In: {group}", group=group_name(circle.group, t))),
    )
    others = [one for one in circles if one.id != circle.id]
    moves = [act(f"→ {_short(one, t)} ({len(one.members)})", "move", member.person_id, one.id) for one in others]
    swaps = [act(f"⇄ {_short(one, t)}", "swapin", circle.occasion.id, member.person_id, one.id) for one in others]
    posts = [
        act(t.plain("🧭 Let them lead"), "lead", circle.id, member.person_id),
        act(t.plain("🖊 Let them record"), "record", circle.id, member.person_id),
    ]
    back = [act(t.plain("« Back"), "group", circle.id)]
    return Message(text, buttons.keyboard(posts, *rows_of(moves, 3), *rows_of(swaps, 3), back))


def render_swap(source: Circle, member: Member, target: Circle, t: Translator) -> Message:
    """With whom of another group."""
    text = lines(
        title(source.occasion, t),
        t("With whom does {name} change places?", name=member.name),
    )
    number = source.occasion.id
    people = [act(clip(one.name, 20), "swap", number, member.person_id, one.person_id) for one in target.members]
    back = [act(t.plain("« Back"), "person", number, member.person_id)]
    return Message(text, buttons.keyboard(*rows_of(people, 2), back))


def render_board(board: Board, now: datetime, t: Translator, *, may_change: bool) -> Message:
    """How all groups stand, a line each."""
    occasion, circles = board.occasion, board.circles
    done = sum(circle.stage is Stage.DONE for circle in circles)
    head = t.plural("{done} of {n} group is done.", "{done} of {n} groups are done.", len(circles), done=done)
    text = paragraphs(
        lines(title(occasion, t), head),
        lines(*(_stands(circle, board.done[circle.id], now, t) for circle in circles)),
    )
    is_open = occasion.discussion.status == Status.ANNOUNCED
    waiting = is_open and may_change and any(one.stage is Stage.GATHERING for one in circles)
    start = [act(t.plain("▶ Let all groups begin"), "start", occasion.id)] if waiting else []
    rows = rows_of([act(f"{SIGNS[one.stage]} {_short(one, t)}", "group", one.id) for one in circles], 3)
    again = [act(t.plain("🔄 Refresh"), "board", occasion.id), act(t.plain("« Back"), "sheet", occasion.id)]
    return Message(text, buttons.keyboard(start, *rows, again))


def render_moved_toast(member: Member, circle: Circle, t: Translator) -> str:
    """Somebody sits elsewhere now."""
    return t.plain("{name} is in {group} now.", name=member.name, group=group_name(circle.group, t))


def render_swapped_toast(t: Translator) -> str:
    """Two have changed places."""
    return t.plain("They have changed places.")


def render_post_toast(member: Member, t: Translator, *, is_leader: bool) -> str:
    """Somebody leads or records now."""
    if is_leader:
        return t.plain("{name} leads the group now.", name=member.name)
    return t.plain("{name} records now.", name=member.name)


def _sum(division: Division, t: Translator) -> Markup:
    people = t.plural("{n} person", "{n} people", division.people)
    count = t.plural("{people} in {n} group", "{people} in {n} groups", len(division.circles), people=people)
    if not division.waiting:
        return count
    more = t.plural("{n} more has no seat yet", "{n} more have no seat yet", division.waiting)
    return Markup("{} · {}").format(count, more)


def _group(circle: Circle, t: Translator) -> Markup:
    names = t.join(_name(circle, one) for one in circle.members)
    head = Markup("<b>{}</b> ({})").format(group_name(circle.group, t), len(circle.members))
    return lines(head, Markup("{}").format(clip(names, 520)))


def _name(circle: Circle, member: Member) -> str:
    posts = ("🧭" if member.person_id == circle.group.leader_id else "") + (
        "🖊" if member.person_id == circle.group.recorder_id else ""
    )
    return f"{posts}{clip(member.name, 24)}" + ("⁺" if member.is_late else "")


def _balance(division: Division, t: Translator) -> Markup | None:
    discussion, balance = division.occasion.discussion, division.balance
    if discussion.grouping == Grouping.OWN:
        return t("These are the groups of the roster; whoever has none came to the smallest.")
    return lines(
        t("Drawn so that people of one unit, people who sat together before, and people of one post sit apart."),
        t(
            "Pairs left together: {unit} of one unit, {met} who have met before, {post} of one post.",
            unit=balance.same_unit,
            met=balance.met_before,
            post=balance.same_post,
        ),
        t("Seed {seed}: the same people and seed always give the same groups.", seed=discussion.seed),
        t("🧭 leads · 🖊 records"),
    )


def _stands(circle: Circle, done: int, now: datetime, t: Translator) -> Markup:
    stage = circle.stage
    counted = Markup(" {}/{}").format(done, len(circle.members)) if stage in (Stage.WRITING, Stage.VOTING) else ""
    since = circle.group.stage_at
    begun = hour(since, circle.occasion.time_zone) if since else ""
    until = clock(circle, now, t)
    line = Markup("{} <b>{}</b> {}{}").format(
        SIGNS[stage], group_name(circle.group, t), t.plain(STAGES[stage]), counted
    )
    line += Markup(" · {}").format(until or begun) if until or begun else Markup("")
    return line if circle.leader or not circle.members else Markup("{} · {}").format(line, t("⚠️ no leader"))


def _driving(circle: Circle, t: Translator) -> Rows:
    stage = circle.stage
    on = [act(go_on_label(stage, t), "go", circle.id, step(stage))] if following(stage) is not stage else []
    has_way_back = stage not in (Stage.GATHERING, Stage.WRITING)
    back = [act(t.plain("⬅ Back one step"), "back", circle.id, step(stage))] if has_way_back else []
    return [on, back]


def _person(circle: Circle, member: Member) -> str:
    return clip(_name(circle, member), LABEL // 2 + 6)


def _about(member: Member) -> Markup | None:
    facts = [one for one in (member.unit, member.post) if one]
    return Markup("{}").format(" · ".join(facts)) if facts else None


def _short(circle: Circle, t: Translator) -> str:
    return clip(group_name(circle.group, t), 12)
