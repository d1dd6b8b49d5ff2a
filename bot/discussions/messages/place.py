"""What a member sees first: where the group stands, what to do now, and the buttons for that."""

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.buttons import Rows
from bot.discussions.messages.wording import (
    LABEL,
    SIGNS,
    STAGES,
    act,
    bold,
    clip,
    clock,
    group_name,
    home,
    lines,
    paragraphs,
    question_label,
    step,
    title,
    when,
)
from bot.discussions.models import Stage, Status
from bot.discussions.outcomes import Circle, NumberedPoint, Occasion, Place
from bot.discussions.rules import DOTS, LEADING, following
from bot.i18n import Translator
from bot.outbox.calls import Message

NAMES = 900
"""Characters of the names of a group; a whole camp of 77 fits."""
WAY = (Stage.WRITING, Stage.MERGING, Stage.VOTING, Stage.CAUSES, Stage.MINUTES)


def render_place(place: Place, now: datetime, t: Translator, points: Sequence[NumberedPoint] = ()) -> Message:
    """Where the group stands and what to do; ``points`` are the leading ones, wanted for causes and measures."""
    circle = place.circle
    if circle.occasion.discussion.status == Status.ENDED:
        return _render_over(place, t)
    text = paragraphs(
        lines(title(circle.occasion, t), _who(place, t), when(circle.occasion, t)),
        lines(_way(circle.stage), _now(circle, now, t)),
        lines(what_to_do(place, t), _progress(place, t)),
        _officers(place, t),
    )
    return Message(text, buttons.keyboard(*_doing(place, points, t), *_leading(place, t), *_common(place, t)))


def render_nothing(cohort_id: int, t: Translator) -> Message:
    """There is no discussion for this person."""
    return Message(t("💬 There is no group discussion for you at the moment."), buttons.keyboard([home(t)]))


def render_choice(choices: Sequence[tuple[Occasion, int]], open_ones: Sequence[Occasion], t: Translator) -> Message:
    """Several discussions, or one to come late to: which."""
    rows = [[act(clip(f"💬 {one.title}", LABEL), "here", group_id)] for one, group_id in choices]
    rows += [[act(clip(t.plain("➕ Join: {title}", title=one.title), LABEL), "join", one.id)] for one in open_ones]
    return Message(t("💬 <b>Group discussion</b>: which one?"), buttons.keyboard(*rows, [home(t)]))


def render_going_on_below(occasion: Occasion, t: Translator) -> Message:
    """In place of a screen whose stage is over."""
    return Message(lines(title(occasion, t), t("↓ It goes on below.")))


def render_ask_on(place: Place, t: Translator) -> Message:
    """Before going on without everybody."""
    circle, left = place.circle, len(place.circle.members) - place.done
    question = t.plural(
        "{n} person has not done anything here yet. Go on all the same?",
        "{n} people have not done anything here yet. Go on all the same?",
        left,
    )
    yes = act(t.plain("➡ Yes, go on"), "go", circle.id, step(circle.stage))
    return Message(lines(title(circle.occasion, t), question), buttons.keyboard([yes], [_here(circle, t)]))


def render_ask_back(circle: Circle, t: Translator, *, is_member: bool) -> Message:
    """Before going back by a stage."""
    words = t("Go back by one step? What has been written stays.")
    if circle.stage is Stage.MERGING:
        words = t("Let everybody write again? What has been written stays; the numbers are made anew afterwards.")
    yes = act(t.plain("⬅ Yes, go back"), "undo", circle.id, step(circle.stage))
    no = _here(circle, t) if is_member else act(t.plain("« Back"), "group", circle.id)
    return Message(lines(title(circle.occasion, t), words), buttons.keyboard([yes], [no]))


def render_moved_toast(t: Translator) -> str:
    """Somebody presses what has been pressed already."""
    return t.plain("Your group has already gone on.")


def render_told_toast(t: Translator) -> str:
    """The coordinators have been told that the leader is not here."""
    return t.plain("I have told your coordinators.")


def render_consent_toast(t: Translator, *, may_name: bool) -> str:
    """One's name in the minutes, or not."""
    if may_name:
        return t.plain("Your name may stand in the minutes. You can take this back at any time.")
    return t.plain("Your name stays out of the minutes.")


def what_to_do(place: Place, t: Translator) -> Markup:
    """What the stage asks of this person, in a sentence or two."""
    stage = place.circle.stage
    if stage is Stage.MINUTES:
        return _minutes_task(place, t)
    if stage is Stage.GATHERING and place.is_leader:
        return t("You lead this group. Once everybody is here, let them begin.")
    if stage is Stage.MERGING and place.is_officer:
        return t("Tap a question to put points together that mean the same. What reads the same is together already.")
    sayings = {
        Stage.GATHERING: t("Please sit down together. Your leader lets you begin."),
        Stage.WRITING: t("Everybody writes first, in silence. Nobody sees your points before all go on."),
        Stage.MERGING: t(
            "The points have numbers now, and no names. Leader and recorder put together what means the same."
        ),
        Stage.VOTING: t("You have {n} dots for each question: give them to the points that matter most.", n=DOTS),
        Stage.CAUSES: t("Where does it come from, and what can we do? Tap a point and write. Everybody sees it."),
        Stage.DONE: t("The minutes are confirmed. Thank you for your part!"),
    }
    return sayings[stage]


def _minutes_task(place: Place, t: Translator) -> Markup:
    group = place.circle.group
    if place.is_officer:
        has = group.leader_confirmed_at if place.is_leader else group.recorder_confirmed_at
        if has is not None:
            return t("You have confirmed the minutes; the other confirmation is still to come.")
        if place.is_recorder:
            return t("I have drafted the minutes. Please read them, correct what is wrong, and confirm.")
        return t("The minutes are drafted. Please read them with your recorder, and confirm.")
    return t("Leader and recorder go over the minutes. May your name stand in them? Without your yes it stays out.")


def _render_over(place: Place, t: Translator) -> Message:
    circle = place.circle
    done = circle.stage is Stage.DONE
    words = what_to_do(place, t) if done else t("This discussion is over. What was written has been kept.")
    text = paragraphs(lines(title(circle.occasion, t), _who(place, t), when(circle.occasion, t)), words)
    rows = [[act(t.plain("📄 The minutes as a file"), "file", circle.id)]] if done else []
    return Message(text, buttons.keyboard(*rows, _consent(place, t), [home(t)]))


def _who(place: Place, t: Translator) -> Markup:
    size, group = len(place.circle.members), group_name(place.circle.group, t)
    return t.plural("👥 {group} · {n} person", "👥 {group} · {n} people", size, group=group)


def _way(stage: Stage) -> Markup | None:
    """The stages in small signs, those behind filled."""
    if stage is Stage.GATHERING:
        return None
    here = step(stage)
    return Markup(" ").join(SIGNS[one] if step(one) == here else "●" if step(one) < here else "○" for one in WAY)


def _now(circle: Circle, now: datetime, t: Translator) -> Markup:
    if circle.stage is Stage.GATHERING:
        return t("Together: {names}", names=clip(t.join(one.name for one in circle.members), NAMES))
    name = t("Now: {stage}", stage=t.plain(STAGES[circle.stage]))
    until = clock(circle, now, t)
    return Markup("<b>{}</b> · {}").format(name, until) if until else bold(name)


def _progress(place: Place, t: Translator) -> Markup | None:
    total = len(place.circle.members)
    sayings = {
        Stage.WRITING: t("{done} of {total} have written.", done=place.done, total=total),
        Stage.VOTING: t("{done} of {total} have voted.", done=place.done, total=total),
        Stage.CAUSES: t("{done} of {total} have added something.", done=place.done, total=total),
    }
    said = sayings.get(place.circle.stage)
    if said is None or not place.mine:
        return said
    if place.circle.stage is Stage.WRITING:
        return lines(said, t.plural("You have written {n} point.", "You have written {n} points.", place.mine))
    return lines(said, t.plural("You have placed {n} dot.", "You have placed {n} dots.", place.mine))


def _officers(place: Place, t: Translator) -> Markup:
    circle = place.circle
    leader, recorder = circle.leader, circle.recorder
    if leader is not None and recorder is not None and leader.person_id == recorder.person_id:
        return t("🧭 Leader and recorder: {name}", name=_name(place, leader.person_id, leader.name, t))
    return lines(
        t("🧭 Leader: {name}", name=_name(place, leader.person_id, leader.name, t) if leader else "–"),
        t("🖊 Recorder: {name}", name=_name(place, recorder.person_id, recorder.name, t) if recorder else "–"),
    )


def _name(place: Place, person_id: int, name: str, t: Translator) -> str:
    return t.plain("{name} (you)", name=name) if person_id == place.me.person_id else name


def _doing(place: Place, points: Sequence[NumberedPoint], t: Translator) -> Rows:
    circle = place.circle
    questions = circle.occasion.questions
    match circle.stage:
        case Stage.WRITING:
            return [
                [act(question_label(circle.occasion, q.id or 0, "✍️", t), "write", circle.id, q.id or 0)]
                for q in questions
            ]
        case Stage.MERGING if place.is_officer:
            return [
                [act(question_label(circle.occasion, q.id or 0, "🔗", t), "list", circle.id, q.id or 0, 0)]
                for q in questions
            ]
        case Stage.MERGING:
            return [[act(t.plain("📋 All points"), "points", circle.id, 0)]]
        case Stage.VOTING:
            return [
                [act(question_label(circle.occasion, q.id or 0, "🔵", t), "vote", circle.id, q.id or 0, 0)]
                for q in questions
            ]
        case Stage.CAUSES:
            leading = [[act(_point_label(circle, one), "point", one.id)] for one in points[: LEADING * 10]]
            return [*leading, [act(t.plain("📋 All points"), "points", circle.id, 0)]]
        case Stage.MINUTES:
            return [[act(t.plain("📝 The minutes"), "paper", circle.id, 0)]]
        case Stage.DONE:
            return [[act(t.plain("📄 The minutes as a file"), "file", circle.id)]]
    return []


def _point_label(circle: Circle, point: NumberedPoint) -> str:
    question = circle.occasion.question(point.question_id)
    number = f"{question.position}.{point.number}" if question and len(circle.occasion.questions) > 1 else point.number
    return clip(f"🔎 {number} {point.text}", LABEL)


def _leading(place: Place, t: Translator) -> Rows:
    """What only the leader sees: on, and back."""
    circle, stage = place.circle, place.circle.stage
    if not place.is_leader:
        return []
    rows = []
    if following(stage) is not stage:
        rows.append([act(go_on_label(stage, t), "on", circle.id, step(stage))])
    if stage in WAY[1:]:
        rows.append([act(t.plain("⬅ Back one step"), "back", circle.id, step(stage))])
    return rows


def go_on_label(stage: Stage, t: Translator) -> str:
    """What comes next, on a button."""
    if stage is Stage.GATHERING:
        return t.plain("▶ Begin: everybody writes")
    return t.plain("➡ Go on: {stage}", stage=t.plain(STAGES[following(stage)]))


def _common(place: Place, t: Translator) -> Rows:
    circle = place.circle
    missing = [act(t.plain("🙋 Our leader is not here"), "noleader", circle.id)]
    return [
        _consent(place, t),
        missing if not place.is_leader and circle.stage is not Stage.DONE else [],
        [act(t.plain("🔄 Refresh"), "here", circle.id), home(t)],
    ]


def _consent(place: Place, t: Translator) -> list[InlineKeyboardButton]:
    now = place.me.may_name
    label = t.plain("🪪 My name in the minutes: yes") if now else t.plain("🪪 My name in the minutes: no")
    return [act(label, "name", place.circle.id, int(not now))]


def _here(circle: Circle, t: Translator) -> InlineKeyboardButton:
    return act(t.plain("« Back"), "here", circle.id)
