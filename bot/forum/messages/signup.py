"""What those who may take part see: the list of a camp's forums, one call, who else, a clash, withdrawing."""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.buttons import Rows, keyboard, pack
from bot.forum.messages.desk import OWN
from bot.forum.messages.seat_wording import standing_line, why_line
from bot.forum.messages.wording import (
    STATES,
    act,
    back,
    bold,
    day_and_hour,
    heading,
    label_of,
    lines,
    page_of,
    pager,
    paragraphs,
    phase_line,
    seats_line,
    short,
    slots_line,
    when_of,
)
from bot.forum.models import Choice, Part, SignUpStatus
from bot.forum.others import Others
from bot.forum.signing import Clash
from bot.forum.views import CallView, Phase, SignUpView, TopicView
from bot.forum.visiting import Own
from bot.i18n import Translator
from bot.outbox.calls import Message

MARKS = {
    SignUpStatus.CONFIRMED: "✅",
    SignUpStatus.OFFERED: "🔔",
    SignUpStatus.PENDING: "🕒",
    SignUpStatus.RESERVE: "🕒",
    SignUpStatus.NOT_CHOSEN: "🙏",
}
TOPIC = 300


def render_list(cohort_id: int, owns: Sequence[Own], page: int, t: Translator) -> Message:
    """The forums of a camp, each with how one's own sign-up stands."""
    page, pages, shown = page_of(page, len(owns))
    rows: Rows = [[act(short(f"{_mark(own)}{label_of(own.call)}"), "call", own.call.id)] for own in owns[shown]]
    hint = t("✅ confirmed · 🕒 waiting · 🟢 sign-up is open") if owns else t("There is no forum to sign up to yet.")
    home = [InlineKeyboardButton(t.plain("⌂ Home"), callback_data=pack("people", "home"))]
    return Message(
        paragraphs(t("🎤 <b>Forums</b>"), hint), keyboard(*rows, pager("list", [cohort_id], page, pages), home)
    )


def render_call(own: Own, t: Translator, *, note: Markup | None = None) -> Message:
    """One call: when and where, one's own state, the questions, what can be done now."""
    call = own.call
    is_shown = own.signup is not None and call.phase is not Phase.CANCELLED
    state = state_of(own, t) if is_shown else None
    text = paragraphs(note, heading(call, t), state, _said(own.signup, t), _facts(own, t), _topics(call, t))
    return Message(text, keyboard(*_buttons(own, t)))


def render_ask_withdraw(own: Own, t: Translator) -> Message:
    """Ask before a place is given up."""
    text = paragraphs(
        heading(own.call, t),
        lines(t("Withdraw your sign-up?"), t("The next in reserve is asked at once. What you wrote stays.")),
    )
    yes = [act(t.plain("↩️ Yes, withdraw"), "drop", own.call.id)]
    return Message(text, keyboard(yes, back(t.plain("No, back"), "call", own.call.id)))


def render_clash(clash: Clash, t: Translator) -> Message:
    """Something else at the same hour: nothing was done, and what can be."""
    others = [
        lines(bold(own.call.title), when_of(own.call, t), t(STATES[own.signup.status]))
        for own in clash.others
        if own.signup
    ]
    text = paragraphs(
        t("⚠️ <b>At that hour you are signed up to something else.</b>"),
        *others,
        t("Nothing has been changed. Which of them shall it be?"),
        lines(bold(clash.call.title), when_of(clash.call, t)),
    )
    new = t.plain("Withdraw there, sign up to “{title}”", title=short(clash.call.title, 24))
    rows: Rows = [
        [act(new, "swap", clash.call.id, clash.part, *(own.signup.id for own in clash.others if own.signup))],
        [act(t.plain("Everything stays as it is"), "call", clash.call.id)],
    ]
    return Message(text, keyboard(*rows))


def render_others(others: Others, page: int, t: Translator) -> Message:
    """Who else speaks on what; names only of those who agreed."""
    page, pages, shown = page_of(page, len(others.entries))
    found = [
        lines(
            Markup("• {}").format(short(one.topic or one.title, TOPIC)),
            Markup("   {}").format(_named(one.name, one.title if one.topic else "", t)),
        )
        for one in others.entries[shown]
    ]
    nobody = t("Nobody has signed up to speak yet.") if not found and others.call.speakers else None
    seats = t.plural("💺 {n} listener", "💺 {n} listeners", others.listeners) if others.call.listeners else None
    hint = t("Names are shown of those who agreed.") if found else None
    text = paragraphs(heading(others.call, t), nobody, *found, seats, hint)
    turning = pager("others", [others.call.id], page, pages)
    return Message(text, keyboard(turning, back(t.plain("Back"), "call", others.call.id)))


def render_case(topic: TopicView, t: Translator) -> Message:
    """What stands under the file of a case."""
    return Message(t("📎 {number}. {topic}", number=topic.position, topic=short(topic.text, TOPIC)))


def render_seat_toast(is_news: bool, t: Translator) -> str:
    """The short line after a seat was asked for."""
    return t.plain("Done.") if is_news else t.plain("You are signed up already.")


def render_withdrawn_toast(is_news: bool, t: Translator) -> str:
    """The short line after withdrawing."""
    return t.plain("You have withdrawn.") if is_news else t.plain("You had withdrawn already.")


def state_of(own: Own, t: Translator) -> Markup | None:
    """How one's own sign-up stands, why, and what comes next."""
    call, standing = own.call, own.standing
    if standing is None:
        return None
    following = None
    if standing.status is SignUpStatus.PENDING:
        when = day_and_hour(call.closes_at, call.time_zone, t)
        how = (
            t("The speakers are drawn after sign-up closes ({when}).", when=when)
            if call.choice is Choice.DRAW
            else t("The coordinator chooses after sign-up closes ({when}).", when=when)
        )
        following = lines(how, t("I tell you in any case how it came out."))
    elif standing.status is SignUpStatus.WITHDRAWN and call.phase is Phase.OPEN:
        following = t("You can sign up again while it is open.")
    return lines(standing_line(call, standing, t), why_line(standing.reason, t), following)


def _named(name: str, title: str, t: Translator) -> Markup:
    who = bold(name) if name else t("somebody")
    return Markup("{} · {}").format(who, title) if name and title else who


def _mark(own: Own) -> str:
    if own.call.phase in (Phase.CANCELLED, Phase.OVER):
        return "❌ " if own.call.phase is Phase.CANCELLED else "🏁 "
    if own.signup is not None and own.signup.status in MARKS:
        return f"{MARKS[own.signup.status]} "
    return "🟢 " if own.call.phase is Phase.OPEN else ""


def _said(signup: SignUpView | None, t: Translator) -> Markup | None:
    if signup is None or signup.part is not Part.SPEAKER or signup.status is SignUpStatus.WITHDRAWN:
        return None
    slides = t("📎 {name}", name=signup.slides_name) if signup.has_slides else None
    return lines(bold(signup.title), Markup("{}").format(signup.outline), slides)


def _facts(own: Own, t: Translator) -> Markup:
    call = own.call
    speaks = slots_line(call, t) if call.takes_speakers else None
    if call.takes_speakers and call.speakers is not None:
        left = _left(call.speakers.left, t) if call.choice is Choice.FIRST and call.phase is Phase.OPEN else None
        speaks = Markup(" · ").join(part for part in (speaks, left) if part)
    seats = seats_line(call, t)
    if call.listeners is not None:
        left = _left(call.listeners.left, t) if call.phase is Phase.OPEN else None
        seats = Markup(" · ").join(part for part in (seats, left) if part)
    return lines(phase_line(call, t), speaks, seats)


def _left(left: int, t: Translator) -> Markup:
    return t.plural("{n} free", "{n} free", left) if left else t("all taken, with a reserve list")


def _topics(call: CallView, t: Translator) -> Markup | None:
    if not call.topics:
        return None
    listed = [
        Markup("{}. {}{}").format(one.position, short(one.text, TOPIC), " 📎" if one.file_id else "")
        for one in call.topics
    ]
    return lines(t("❓ <b>The questions</b>"), *listed)


def _buttons(own: Own, t: Translator) -> Rows:
    call = own.call
    rows: Rows = [*_ways(own, t)]
    if own.signup is not None and own.is_active and call.phase not in (Phase.OVER, Phase.CANCELLED):
        edit = [act(t.plain("✏️ Edit"), "edit", call.id)] if own.signup.part is Part.SPEAKER else []
        rows.append([*edit, act(t.plain("↩️ Withdraw"), "leave", call.id)])
    if own.signup is not None and call.phase is not Phase.CANCELLED:
        more = [button for offer in OWN if (button := offer(call, own.signup, t)) is not None]
        rows += [[button] for button in more]
    files = [act(t.plain("📎 Case {n}", n=one.position), "case", one.id) for one in call.topics if one.file_id]
    rows += [files[start : start + 3] for start in range(0, len(files), 3)]
    if call.phase is not Phase.CANCELLED and (call.takes_speakers or call.listeners):
        rows.append([act(t.plain("👥 Who else?"), "others", call.id, 0)])
    rows.append(back(t.plain("Forums"), "list", call.cohort_id, 0) if own.visitor.speaker else [])
    return rows


def _ways(own: Own, t: Translator) -> Rows:
    """How one can sign up now."""
    call = own.call
    if call.phase is not Phase.OPEN or (own.signup and own.signup.status is SignUpStatus.NOT_CHOSEN):
        return []
    part = own.signup.part if own.signup is not None and own.is_active else None
    rows: Rows = []
    if call.takes_speakers and part is not Part.SPEAKER:
        is_begun = own.sketch is not None and own.sketch.part == Part.SPEAKER
        label = t.plain("▶️ Go on with my sign-up") if is_begun else t.plain("🎤 Sign up to speak")
        rows.append([act(label, "join", call.id)])
    if call.listeners is not None and part is None:
        free = call.listeners.left
        rows.append(
            [act(t.plain("💺 Take a seat") if free else t.plain("💺 Onto the reserve list"), "listen", call.id)]
        )
    return rows
