"""Small pieces of wording that the screens of leave and make-up share: states, the activities asked about, buttons."""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.hours.messages.wording import length, lines, span
from bot.i18n import N_, Translator
from bot.leave.models import Kind, Status, Step
from bot.leave.views import Item, RequestView

FEATURE = "leave"
MAKEUP = "makeup"
MOST_ITEMS = 12

STATES = {
    Status.HEAD: N_("waits for the coordinator"),
    Status.DEPARTMENT: N_("waits for the department"),
    Status.APPROVED: N_("approved"),
    Status.DECLINED: N_("not approved"),
    Status.WITHDRAWN: N_("taken back"),
}
SIGNS = {
    Status.HEAD: "⏳",
    Status.DEPARTMENT: "⏳",
    Status.APPROVED: "✅",
    Status.DECLINED: "❌",
    Status.WITHDRAWN: "↩️",
}
STEPS = {
    Step.OFFERED: N_("offered"),
    Step.ACCEPTED: N_("taken on"),
    Step.DONE: N_("said to be done"),
    Step.CONFIRMED: N_("confirmed"),
    Step.REFUSED: N_("not wanted"),
    Step.WITHDRAWN: N_("taken back"),
}


def data(action: str, *ids: int | str) -> str:
    """The callback data of one of leave's buttons."""
    return buttons.pack(FEATURE, action, *ids)


def makeup_data(action: str, *ids: int | str) -> str:
    """The callback data of one of make-up's buttons."""
    return buttons.pack(MAKEUP, action, *ids)


def title(kind: Kind, t: Translator) -> Markup:
    """What a request is, as its headline."""
    return t("📝 <b>Leave</b>") if kind is Kind.LEAVE else t("🙋 <b>Coming after all</b>")


def item_lines(items: Sequence[Item], time_zone: str, t: Translator) -> list[Markup]:
    """The activities asked about, one a line."""
    shown = [_item(item, time_zone, t) for item in items[:MOST_ITEMS]]
    rest = len(items) - MOST_ITEMS
    return [*shown, t.plural("… and {n} more", "… and {n} more", rest)] if rest > 0 else shown


def state_line(request: RequestView, t: Translator) -> Markup:
    """Where a request stands, with who decided and what they said."""
    state = Markup("{} <b>{}</b>").format(SIGNS[request.status], t(STATES[request.status]))
    by = t("decided by {name}", name=request.decider) if request.decider else None
    line = Markup("“{}”").format(request.line) if request.line else None
    return lines(Markup(" · ").join(part for part in (state, by) if part), line)


def who(request: RequestView) -> Markup:
    """Whose request it is, with the group."""
    group = Markup(" · {}").format(request.group) if request.group else Markup("")
    return Markup("<b>{}</b>{}").format(request.name, group)


def total(request: RequestView, t: Translator) -> Markup:
    """How much it is in all."""
    return t("{length} in all", length=length(request.minutes, t))


def back_to_mine(cohort_id: int, t: Translator) -> InlineKeyboardButton:
    """The way back to one's own requests."""
    return buttons.button(t.plain("« My leave"), data("mine", cohort_id))


def _item(item: Item, time_zone: str, t: Translator) -> Markup:
    line = Markup("• {} · {}").format(item.title, span(item.starts_at, item.ends_at, time_zone, t))
    return t("{activity} (cancelled)", activity=line) if item.is_cancelled else line
