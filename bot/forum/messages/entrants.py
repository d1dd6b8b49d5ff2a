"""Who has signed up, as those who run a camp see it: the list, and one sign-up with what is needed."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.buttons import Rows, keyboard
from bot.forum.entries import Entrance, Entrant
from bot.forum.messages.seat_wording import SIGNS
from bot.forum.messages.wording import (
    PARTS,
    STATES,
    act,
    back,
    bold,
    heading,
    lines,
    page_of,
    pager,
    paragraphs,
    short,
)
from bot.forum.models import Part
from bot.forum.views import CallView
from bot.i18n import Translator
from bot.outbox.calls import Message


def render_entrants(call: CallView, entrants: Sequence[Entrant], page: int, t: Translator) -> Message:
    """All sign-ups that stand, eight a page."""
    page, pages, shown = page_of(page, len(entrants))
    rows: Rows = [[act(_label(one, t), "signup", one.signup.id)] for one in entrants[shown]]
    nobody = t("Nobody has signed up yet.") if not entrants else None
    count = t.plural("{n} person has signed up.", "{n} people have signed up.", len(entrants)) if entrants else None
    text = paragraphs(heading(call, t), nobody, count)
    turning = pager("signups", [call.id], page, pages)
    return Message(text, keyboard(*rows, turning, back(t.plain("Back"), "manage", call.id)))


def render_entrance(found: Entrance, t: Translator) -> Message:
    """One sign-up with everything that was said."""
    call, signup, party = found.call, found.entrant.signup, found.entrant.party
    who = Markup(" · ").join(part for part in (bold(party.name), Markup("{}").format(party.unit)) if part)
    state = t("{part}: {state}", part=t(PARTS[signup.part]), state=t(STATES[signup.status]))
    number = t("number {n}", n=found.standing.number) if found.standing.number else None
    outside = t("outside the roster") if signup.guest_id is not None else None
    facts = Markup(" · ").join(part for part in (state, number, outside) if part)
    said = None
    if signup.part is Part.SPEAKER:
        said = lines(
            Markup("❓ {}. {}").format(signup.topic.position, short(signup.topic.text, 200)) if signup.topic else None,
            Markup("✍️ <b>{}</b>").format(signup.title),
            Markup("📝 {}").format(signup.outline) if signup.outline else None,
            Markup("🧰 {}").format(signup.needs) if signup.needs else None,
            t("👁 may be named") if signup.may_name else t("🙈 wants not to be named to others"),
        )
    rows: Rows = [[act(short(f"📎 {found.slides.name}"), "slides", signup.id)]] if found.slides else []
    text = paragraphs(heading(call, t), lines(who, facts), said)
    return Message(text, keyboard(*rows, back(t.plain("Back"), "signups", call.id, 0)))


def render_slides_caption(found: Entrance, t: Translator) -> Message:
    """What stands under a file of slides that is handed on."""
    signup, party = found.entrant.signup, found.entrant.party
    return Message(t("📎 Slides of {name}: {title}", name=party.name, title=short(signup.title, 100)))


def _label(one: Entrant, t: Translator) -> str:
    about = one.signup.title or t.plain(PARTS[one.signup.part])
    return short(f"{SIGNS[one.signup.status]} {one.party.name} · {about}")
