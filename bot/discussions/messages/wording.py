"""Small pieces of wording that the screens of discussions share: buttons, stages, hours, how a group is called."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.discussions.models import Group, Stage
from bot.discussions.outcomes import Circle, Kept, NumberedPoint, Occasion
from bot.discussions.rules import LONGEST, MOST_NOTES, ORDER
from bot.i18n import N_, Translator

FEATURE = "talk"
PAGE = 8
LABEL = 38
SHOWN = 240
"""Characters of a point in a list of eight; the whole stands on its own page."""

STAGES = {
    Stage.GATHERING: N_("gathering"),
    Stage.WRITING: N_("everybody writes"),
    Stage.MERGING: N_("number and put together"),
    Stage.VOTING: N_("vote with dots"),
    Stage.CAUSES: N_("causes and measures"),
    Stage.MINUTES: N_("the minutes"),
    Stage.DONE: N_("done"),
}
SIGNS = {
    Stage.GATHERING: "🪑",
    Stage.WRITING: "✍️",
    Stage.MERGING: "🔢",
    Stage.VOTING: "🔵",
    Stage.CAUSES: "🔎",
    Stage.MINUTES: "📝",
    Stage.DONE: "✅",
}


def data(action: str, *ids: int | str) -> str:
    """The callback data of one of this feature's buttons."""
    return buttons.pack(FEATURE, action, *ids)


def act(label: str, action: str, *ids: int | str) -> InlineKeyboardButton:
    """A button of this feature."""
    return buttons.button(label, data(action, *ids))


def step(stage: Stage) -> int:
    """The number of a stage in a button."""
    return ORDER.index(stage)


def rows_of(items: Sequence[InlineKeyboardButton], width: int) -> list[list[InlineKeyboardButton]]:
    """The buttons in rows of at most that width."""
    return [list(items[start : start + width]) for start in range(0, len(items), width)]


def pager(action: str, ids: Sequence[int | str], page: int, pages: int) -> list[InlineKeyboardButton]:
    """The row that turns pages; the page is the last of the ids."""
    if pages < 2:
        return []
    return [
        act("◀", action, *ids, (page - 1) % pages),
        act(f"{page + 1}/{pages}", action, *ids, page),
        act("▶", action, *ids, (page + 1) % pages),
    ]


def lines(*parts: Markup | str | None) -> Markup:
    """The parts that are not empty, one a line."""
    return Markup("\n").join(part for part in parts if part)


def paragraphs(*parts: Markup | str | None) -> Markup:
    """The parts that are not empty, with a blank line between."""
    return Markup("\n\n").join(part for part in parts if part)


def bold(text: str) -> Markup:
    """The text in bold, escaped."""
    return Markup("<b>{}</b>").format(text)


def clip(text: str, length: int) -> str:
    """The text on one line, cut where it is too long."""
    plain = " ".join(text.split())
    return plain if len(plain) <= length else f"{plain[: length - 1].rstrip()}…"


def hour(at: datetime, time_zone: str) -> str:
    """Hours and minutes by the camp's own clock."""
    return f"{at.astimezone(ZoneInfo(time_zone)):%H:%M}"


def day_and_hour(at: datetime, time_zone: str, t: Translator) -> str:
    """Day, weekday and hour by the camp's own clock."""
    local = at.astimezone(ZoneInfo(time_zone))
    return f"{format_skeleton('MMMEd', local, locale=t.locale)} {local:%H:%M}"


def group_name(group: Group, t: Translator) -> str:
    """How a group is called: its own name, or its number."""
    return group.name or t.plain("Group {number}", number=group.number)


def title(occasion: Occasion, t: Translator) -> Markup:
    """The heading of every screen."""
    return t("💬 <b>Group discussion</b> · {title}", title=clip(occasion.title, 80))


def when(occasion: Occasion, t: Translator) -> Markup:
    """When and where, as the timetable now says."""
    at = day_and_hour(occasion.starts_at, occasion.time_zone, t)
    if occasion.is_cancelled:
        return t("🚫 The activity was cancelled.")
    return Markup("🕘 {}").format(at) + (Markup(" · 📍 {}").format(clip(occasion.place, 60)) if occasion.place else "")


def question_line(occasion: Occasion, question_id: int, t: Translator) -> Markup:
    """A question with its number, in bold."""
    question = occasion.question(question_id)
    text = question.text if question else ""
    if len(occasion.questions) < 2:
        return bold(text)
    return bold(f"{question.position if question else 0}. {text}")


def question_label(occasion: Occasion, question_id: int, sign: str, t: Translator) -> str:
    """A question on a button."""
    question = occasion.question(question_id)
    return clip(f"{sign} {question.position if question else 0}. {question.text if question else ''}", LABEL)


def clock(circle: Circle, now: datetime, t: Translator) -> Markup | None:
    """How long the stage should take, where a clock runs."""
    if circle.until is None:
        return None
    at = hour(circle.until, circle.occasion.time_zone)
    return (
        t("⏳ until about {hour}", hour=at)
        if circle.until > now
        else t("⏰ the time for this was up at {hour}", hour=at)
    )


def point_line(point: NumberedPoint, t: Translator, *, dots: bool = False, length: int = SHOWN) -> Markup:
    """A numbered point in a list: its first wording, how many others it holds, its dots once they count."""
    line = Markup("<b>{}</b> {}").format(point.number, clip(point.text, length))
    if len(point.texts) > 1:
        line += Markup(" <i>×{}</i>").format(len(point.texts))
    return line + Markup(" {}").format("●" * point.dots if point.dots <= 8 else f"● {point.dots}") if dots else line


def kept_line(kept: Kept, t: Translator) -> Markup:
    """Why a text was not kept."""
    sayings = {
        Kept.EMPTY: t("I need words for this: please send it as text."),
        Kept.TOO_LONG: t(
            "That is longer than {most} characters. Please say it shorter, or as two points.", most=LONGEST
        ),
        Kept.FULL: t(
            "That would be more than fits here ({most} at most). Please keep the most important.", most=MOST_NOTES
        ),
        Kept.SAME: t("That stands here already."),
        Kept.TOO_LATE: t("Your group has gone on, so I can no longer take this. What you sent is still above."),
        Kept.KEPT: t("✓ Kept."),
    }
    return sayings[kept]


def home(t: Translator) -> InlineKeyboardButton:
    """The way back to the first screen."""
    return buttons.button(t.plain("⌂ Home"), buttons.pack("people", "home"))


def camp(cohort_id: int, t: Translator) -> InlineKeyboardButton:
    """The way back to the screen of the camp."""
    return buttons.button(t.plain("« The camp"), buttons.pack("people", "camp", cohort_id))
