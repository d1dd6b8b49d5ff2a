"""A coordinator's pages of forums: the list of a camp, one call with everything that can be done to it.

``TOOLS`` are the buttons that the other parts put on a call's page; each decides itself whether it has one now.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.buttons import Rows, keyboard, pack
from bot.forum.messages import day_tools, draw, invitations, lecture_desk, lectures, places, seats
from bot.forum.messages.wording import (
    CHOICES,
    KINDS,
    SIGNS,
    act,
    back,
    day_and_hour,
    heading,
    label_of,
    length,
    lines,
    page_of,
    pager,
    paragraphs,
    phase_line,
    seats_line,
    short,
    slots_line,
    who_of,
    window_of,
)
from bot.forum.models import Audience
from bot.forum.templates import Name
from bot.forum.views import ActivityChoice, CallView, Count, PartCount, Phase, PoolView, SignUpView
from bot.i18n import Translator
from bot.outbox.calls import Message

Tool = Callable[[CallView, Translator], InlineKeyboardButton | None]
Own = Callable[[CallView, SignUpView, Translator], InlineKeyboardButton | None]

TOOLS: tuple[Tool, ...] = (
    places.places_tool,
    draw.draw_tool,
    day_tools.order_tool,
    day_tools.slides_tool,
    day_tools.stage_tool,
    day_tools.results_tool,
    invitations.tool,
    lecture_desk.tool,
)
"""What the other parts offer on a coordinator's page of a call, in the order in which they stand there."""

OWN: tuple[Own, ...] = (
    seats.own_yes,
    seats.own_no,
    draw.own_draw,
    day_tools.own_slides,
    day_tools.own_room,
    day_tools.own_result,
    lectures.own_code,
)
"""What they offer somebody who is signed up, on the call's page."""

LIVE = {
    Phase.COMING: "🟡",
    Phase.OPEN: "🟢",
    Phase.CLOSED: "🟠",
    Phase.SETTLED: "✅",
    Phase.DRAFT: "✏️",
    Phase.OVER: "🏁",
    Phase.CANCELLED: "❌",
}


def render_desk(
    cohort_id: int, camp: str, calls: Sequence[CallView], page: int, t: Translator, *, may_change: bool
) -> Message:
    """All calls of a camp, and the way to a new one."""
    page, pages, shown = page_of(page, len(calls))
    rows: Rows = [[act(f"{LIVE[call.phase]} {label_of(call)}", "manage", call.id)] for call in calls[shown]]
    new = [act(t.plain("➕ New call"), "new", cohort_id)] if may_change else []
    sheet = [act(t.plain("📄 Template for Excel"), "sheet", cohort_id)] if may_change else []
    title = t("🎤 <b>Forums</b> · {camp}", camp=camp)
    hint = None if calls else t("No call yet. A call asks people to sign up: as speakers, as listeners, or both.")
    home = [act_home(cohort_id, t)]
    return Message(paragraphs(title, hint), keyboard(*rows, pager("desk", [cohort_id], page, pages), new + sheet, home))


def act_home(cohort_id: int, t: Translator) -> InlineKeyboardButton:
    """The way back to the screen of the camp."""
    return InlineKeyboardButton(t.plain("« Camp"), callback_data=pack("people", "cohort", cohort_id))


def render_templates(cohort_id: int, t: Translator) -> Message:
    """What kind of call it shall be."""
    rows: Rows = [[act(f"{SIGNS[name]} {t.plain(KINDS[name])}", "about", cohort_id, name, 0)] for name in Name]
    text = paragraphs(
        t("➕ <b>A new call</b>"),
        lines(
            t("🎤 <b>Forum of trainees</b>: trainees sign up to speak on set questions."),
            t("☕ <b>Salon around cases</b>: a small circle, each case with its file."),
            t("🏛 <b>Open lecture</b>: seats for whoever has the link."),
            t("🎙 <b>Forum with invited speakers</b>: each speaker gets a link of their own."),
        ),
    )
    return Message(text, keyboard(*rows, back(t.plain("Forums"), "desk", cohort_id, 0)))


def render_activities(
    cohort_id: int, template: Name, choices: Sequence[ActivityChoice], page: int, time_zone: str, t: Translator
) -> Message:
    """Which activity of the timetable it is about."""
    page, pages, shown = page_of(page, len(choices))
    rows: Rows = [
        [act(_activity_label(one, time_zone), "make", cohort_id, template, one.activity_id)] for one in choices[shown]
    ]
    title = lines(Markup("<b>{}</b>").format(t(KINDS[template])), t("Which activity of the timetable is it?"))
    hint = t("🎤 has a call already.") if any(one.has_call for one in choices) else None
    nothing = t("Nothing is left on the timetable. Put the forum there first.") if not choices else None
    turning = pager("about", [cohort_id, template], page, pages)
    return Message(paragraphs(title, hint, nothing), keyboard(*rows, turning, back(t.plain("Back"), "new", cohort_id)))


def render_sheet(call: CallView, count: Count, t: Translator, *, may_change: bool) -> Message:
    """One call with its rules, how many have signed up, and what can be done now."""
    rows = [] if call.phase is Phase.CANCELLED else [*_tools(call, t)]
    if call.phase is not Phase.DRAFT:
        rows.insert(0, [act(t.plain("📋 Who has signed up ({n})", n=count.active), "signups", call.id, 0)])
    if may_change:
        rows += _changes(call, t)
    text = paragraphs(heading(call, t), _standing(call, t), _count_line(call, count, t), _rules_text(call, t))
    return Message(text, keyboard(*rows, back(t.plain("Forums"), "desk", call.cohort_id, 0)))


def render_rules(call: CallView, t: Translator) -> Message:
    """The rules of a call, each a button."""
    text = paragraphs(heading(call, t), _rules_text(call, t), t("What shall be different?"))
    return Message(text, keyboard(*_rules(call, t), back(t.plain("Back"), "manage", call.id)))


def render_ask_publish(call: CallView, invited: int, t: Translator, now: datetime) -> Message:
    """Everything once more before it is announced."""
    told = t.plural("{n} person is told", "{n} people are told", invited)
    when = t("at once") if call.opens_at <= now else day_and_hour(call.opens_at, call.time_zone, t)
    rows: Rows = [
        [act(t.plain("📣 Publish and tell them"), "announce", call.id, 1)],
        [act(t.plain("🤫 Publish, tell nobody"), "announce", call.id, 0)],
        back(t.plain("Back"), "manage", call.id),
    ]
    ask = t("If you publish it, {told} {when}.", told=told, when=when)
    return Message(paragraphs(heading(call, t), _rules_text(call, t), ask), keyboard(*rows))


def render_ask_cancel(call: CallView, count: Count, t: Translator) -> Message:
    """Ask before a call is called off."""
    told = t.plural("{n} person is signed up and is told.", "{n} people are signed up and are told.", count.active)
    rows: Rows = [
        [act(t.plain("❌ Yes, cancel it"), "off", call.id)],
        [act(t.plain("✍️ Cancel it with a reason"), "type", call.id, "reason")],
        back(t.plain("No, back"), "manage", call.id),
    ]
    return Message(paragraphs(heading(call, t), lines(t("Cancel this call?"), told)), keyboard(*rows))


def render_ask_delete(call: CallView, t: Translator) -> Message:
    """Ask before a draft is thrown away."""
    rows: Rows = [[act(t.plain("🗑 Delete this draft"), "erase", call.id)], back(t.plain("Back"), "manage", call.id)]
    return Message(paragraphs(heading(call, t), t("Nobody has seen this draft.")), keyboard(*rows))


def render_published_toast(told: int, t: Translator) -> str:
    """The short line after publishing."""
    return t.plain("Published. {n} told.", n=told) if told else t.plain("Published.")


def _tools(call: CallView, t: Translator) -> Rows:
    found = [button for tool in TOOLS if (button := tool(call, t)) is not None]
    return [found[start : start + 2] for start in range(0, len(found), 2)]


def _changes(call: CallView, t: Translator) -> Rows:
    change = act(t.plain("⚙️ Change"), "rules", call.id)
    if call.phase is Phase.DRAFT:
        return [
            [change, act(t.plain("🗑 Delete"), "delete", call.id)],
            [act(t.plain("📣 Publish …"), "publish", call.id)],
        ]
    if call.phase is Phase.CANCELLED:
        return [] if call.is_activity_off else [[act(t.plain("↺ Take it up again"), "reopen", call.id)]]
    if call.phase is Phase.OVER:
        return []
    link = [act(t.plain("🔗 Link"), "link", call.id)] if call.audience is Audience.LINK else []
    return [[change, *link, act(t.plain("❌ Cancel"), "cancel", call.id)]]


def _rules(call: CallView, t: Translator) -> Rows:
    is_draft = call.phase is Phase.DRAFT
    found = [
        act(t.plain("✍️ Title"), "type", call.id, "title"),
        act(t.plain("❓ Questions"), "topics", call.id),
        *([act(t.plain("🎤 Slots"), "rule", call.id, "slots")] if is_draft else []),
        *([act(t.plain("⏱ Minutes"), "rule", call.id, "minutes")] if is_draft and call.speakers else []),
        *([act(t.plain("💺 Seats"), "rule", call.id, "seats")] if is_draft else []),
        act(t.plain("👥 Who"), "rule", call.id, "who"),
        act(t.plain("🗓 Opens"), "rule", call.id, "opens"),
        act(t.plain("🗓 Closes"), "rule", call.id, "closes"),
        *([act(t.plain("⚖️ How chosen"), "rule", call.id, "choice")] if call.takes_speakers else []),
        act(t.plain("⌛ Answer time"), "rule", call.id, "answer"),
    ]
    return [found[start : start + 2] for start in range(0, len(found), 2)]


def _standing(call: CallView, t: Translator) -> Markup:
    if call.phase is Phase.DRAFT:
        return t("✏️ <b>A draft.</b> Nobody sees it until you publish it.")
    if call.is_activity_off:
        return t("❌ <b>The activity is cancelled, and this call with it.</b>")
    return phase_line(call, t)


def _count_line(call: CallView, count: Count, t: Translator) -> Markup | None:
    if call.phase is Phase.DRAFT:
        return None
    return lines(
        _places(t("🎤 Speakers"), call.speakers, count.speakers, t),
        _places(t("💺 Listeners"), call.listeners, count.listeners, t),
    )


def _places(label: Markup, pool: PoolView | None, count: PartCount, t: Translator) -> Markup | None:
    if pool is None:
        return None
    taken = t("{label}: <b>{taken}</b> of {capacity} taken", label=label, taken=pool.taken, capacity=pool.capacity)
    waiting = t("{n} waiting for the choice", n=count.pending) if count.pending else ""
    reserve = t("{n} in reserve", n=count.reserve) if count.reserve else ""
    return Markup(" · ").join(part for part in (taken, waiting, reserve) if part)


def _rules_text(call: CallView, t: Translator) -> Markup:
    topics = [
        Markup("{}. {}{}").format(one.position, short(one.text, 120), " 📎" if one.file_id else "")
        for one in call.topics
    ]
    return paragraphs(
        lines(t("❓ <b>Questions</b>"), *topics) if topics else None,
        lines(
            slots_line(call, t),
            seats_line(call, t),
            t("👥 {who}", who=who_of(call, t)),
            t("🗓 {opens} to {closes}", **window_of(call, t)),
            t("⚖️ Speakers: {how}", how=t(CHOICES[call.choice])) if call.takes_speakers else None,
            t("⌛ An offered place waits {length} for its answer", length=length(call.answer_minutes, t)),
        ),
    )


def _activity_label(one: ActivityChoice, time_zone: str) -> str:
    at = one.starts_at.astimezone(ZoneInfo(time_zone))
    return short(f"{'🎤 ' if one.has_call else ''}{at:%m-%d %H:%M} {one.title}")
