"""The coordinator's side: what will go to whom and what it costs, who has seen it, whom to call."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot import buttons
from bot.changes.reading import Draft
from bot.changes.roll import Overview, Page, Unseen
from bot.i18n import Translator
from bot.outbox.calls import Message
from bot.outbox.lanes import Lane
from bot.people.messages.wording import act, bold, paragraphs
from bot.timetable.messages.items import clock, cut, lines, short_day
from bot.turn import Turn

FEATURE = "changes"
GROUPS_SHOWN = 8
NAME, UNIT, TITLE = 20, 24, 60


def announce(turn: Turn, draft: Draft | None, chat_id: int | None, t: Translator) -> None:
    """Show whoever changed something what will be told of it; one message, kept up to date while more is changed."""
    if draft is None or chat_id is None:
        return
    key = draft_key(draft.announcement_id, chat_id)
    message = render_draft(draft, t)
    turn.send(chat_id, message, lane=Lane.REPLY, key=key)
    if not draft.is_new:
        turn.edit(chat_id, key, message)


def draft_key(announcement_id: int, chat_id: int) -> str:
    """The outbox's key of the draft that a coordinator was shown."""
    return f"draft:{announcement_id}:{chat_id}"


def render_draft(draft: Draft, t: Translator) -> Message:
    """What will go, to whom, when, and what it costs."""
    if not draft.alterations or not draft.cost + draft.unreached:
        return Message(
            lines(t("📣 <b>Nothing to tell</b>"), t("Nothing is different now for anybody, so I write to nobody."))
        )
    text = paragraphs(
        lines(t("📣 <b>Who is told of this change</b>"), bold(draft.cohort.name)),
        lines(_cost(draft, t), *_details(draft, t)),
        _when_it_goes(draft, t),
    )
    return Message(text, buttons.keyboard(*_draft_rows(draft, t)))


def render_forecast(draft: Draft, t: Translator) -> Markup:
    """Under a preview: who would be told of it, and what it costs."""
    if not draft.cost + draft.unreached:
        return t("📣 Nobody gets a message about this.")
    return lines(
        t("📣 <b>Who is told of this</b>"),
        _cost(draft, t),
        *_details(draft, t),
        _when_it_would_go(draft, t),
    )


def render_preview(draft: Draft, text: Markup, t: Translator) -> Message:
    """The very message that a trainee will read, before it goes."""
    head = t("👁 <b>This is what they will read:</b>")
    return Message(paragraphs(head, text, _when_it_goes(draft, t)), buttons.keyboard(*_draft_rows(draft, t)))


def render_released(draft: Draft, t: Translator) -> Message:
    """It goes in a moment."""
    cost = t.plural("{n} message", "{n} messages", draft.cost)
    return Message(t("▶ It goes out now: {messages}. In a moment I show here who has seen it.", messages=cost))


def render_dropped(t: Translator) -> Message:
    """Nobody is told."""
    return Message(
        lines(t("✖ <b>Nobody is told</b>"), t("The timetable stays as you changed it; /today shows it to everybody."))
    )


def render_overview(overview: Overview, t: Translator) -> Message:
    """How far an announcement has got."""
    announcement = overview.announcement
    if announcement.outcome == "nothing":
        return Message(t("📣 Everything was as before after two minutes, so nobody was told."))
    zone = ZoneInfo(overview.cohort.time_zone)
    waiting = overview.concerned - overview.seen
    sent = announcement.settled_at and clock(announcement.settled_at.astimezone(zone))
    text = paragraphs(
        lines(t("📣 <b>The change was sent at {at}</b>", at=sent), bold(overview.cohort.name)),
        lines(*(Markup("· {}").format(cut(one.after.title, TITLE)) for one in overview.alterations[:5])),
        lines(
            t("✔ Seen: {seen} of {all}", seen=overview.seen, all=overview.concerned),
            _unreached(overview.unreached, t),
            t.plural("Reminded once.", "Reminded {n} times.", announcement.nudges) if announcement.nudges else None,
        ),
    )
    return Message(text, buttons.keyboard(*_overview_rows(overview, waiting, t)))


def render_unseen(page: Page, t: Translator) -> Message:
    """Who has not seen it, with phone numbers to call."""
    announcement_id = page.overview.announcement.id or 0
    waiting = page.overview.concerned - page.overview.seen
    head = t.plural("<b>{n} has not seen it</b>", "<b>{n} have not seen it</b>", waiting)
    listed = lines(*(_person(one, t) for one in page.people)) or t("Everybody has seen it.")
    back = buttons.button(t.plain("◀ Back"), buttons.pack(FEATURE, "show", announcement_id))
    return Message(paragraphs(head, listed), buttons.keyboard(_pager(announcement_id, page), [back]))


def render_recent(overviews: Sequence[Overview], cohort_id: int, cohort_name: str, t: Translator) -> Message:
    """The latest changes of a camp."""
    if not overviews:
        text = lines(bold(cohort_name), t("No change of the timetable has been announced yet."))
        return Message(text, buttons.keyboard(_home(cohort_id, t)))
    rows = [[_recent_button(one, t)] for one in overviews]
    text = lines(t("📣 <b>Changes</b>"), bold(cohort_name), t("Which one?"))
    return Message(text, buttons.keyboard(*rows, _home(cohort_id, t)))


def render_nudged(count: int, t: Translator) -> str:
    """The toast after reminding."""
    return str(t.plural("{n} person was reminded.", "{n} people were reminded.", count))


def caption(t: Translator) -> str:
    """Under the file of phone numbers."""
    return str(t("Whoever has not seen the change. Those at the top cannot be reached by a message."))


def headings(t: Translator) -> list[str]:
    """The columns of that file."""
    return [t.plain("Name"), t.plain("Unit"), t.plain("Phone"), t.plain("Reached by a message")]


def reached(one: Unseen, t: Translator) -> str:
    """Whether a message got to somebody, for that file."""
    return t.plain("yes") if one.is_reached else t.plain("no")


def _cost(draft: Draft, t: Translator) -> Markup:
    changes = t.plural("{n} change", "{n} changes", len(draft.alterations))
    return t("{changes}, {messages}", changes=changes, messages=t.plural("{n} message", "{n} messages", draft.cost))


def _details(draft: Draft, t: Translator) -> list[Markup]:
    """To whom, by group, and what else it brings with it."""
    facts = (_lecturers(draft, t), _unreached(draft.unreached, t), _corrections(draft.corrections, t))
    return [*_by_group(draft.messages, t), *(fact for fact in facts if fact)]


def _corrections(count: int, t: Translator) -> Markup | None:
    if not count:
        return None
    return t.plural(
        "⏰ {n} reminder of the old time is corrected.", "⏰ {n} reminders of the old time are corrected.", count
    )


def _by_group(messages: Mapping[str | None, int], t: Translator) -> list[Markup]:
    if len(messages) < 2:
        return []
    found = sorted(messages.items(), key=lambda one: one[0] is None)
    named = [t("· {group}: {n}", group=group or t("without a group"), n=n) for group, n in found[:GROUPS_SHOWN]]
    more = len(found) - GROUPS_SHOWN
    return [*named, t.plural("… and {n} more", "… and {n} more", more)] if more > 0 else named


def _lecturers(draft: Draft, t: Translator) -> Markup | None:
    if not draft.lecturers:
        return None
    return t.plural("· of them {n} to a teacher", "· of them {n} to teachers", draft.lecturers)


def _unreached(count: int, t: Translator) -> Markup | None:
    if not count:
        return None
    return t.plural(
        "📵 {n} person cannot be reached by a message.", "📵 {n} people cannot be reached by a message.", count
    )


def _when_it_goes(draft: Draft, t: Translator) -> Markup:
    if draft.due_at is None:
        return t("⏸ It is held back until you send it.")
    at = draft.due_at.astimezone(ZoneInfo(draft.cohort.time_zone))
    return t("It goes out at {at}. What you change until then is in the same message.", at=f"{at:%H:%M:%S}")


def _when_it_would_go(draft: Draft, t: Translator) -> Markup:
    if draft.is_new:
        return t("It goes out two minutes after you confirm; until then you can hold it back.")
    return lines(t("Earlier changes that have not gone out yet are counted in."), _when_it_goes(draft, t))


def _draft_rows(draft: Draft, t: Translator) -> list[list[InlineKeyboardButton]]:
    def do(label: str, action: str) -> InlineKeyboardButton:
        return buttons.button(label, buttons.pack(FEATURE, action, draft.announcement_id))

    hold = [] if draft.due_at is None else [do(t.plain("⏸ Hold back"), "hold")]
    return [
        [do(t.plain("👁 Read it"), "preview"), do(t.plain("▶ Send now"), "send")],
        [*hold, do(t.plain("✖ Tell nobody"), "drop")],
    ]


def _overview_rows(overview: Overview, waiting: int, t: Translator) -> list[list[InlineKeyboardButton]]:
    def do(label: str, action: str, *ids: int) -> InlineKeyboardButton:
        return buttons.button(label, buttons.pack(FEATURE, action, overview.announcement.id or 0, *ids))

    refresh = do(t.plain("🔄 Refresh"), "show")
    if not waiting:
        return [[refresh]]
    can_be_reminded = waiting - overview.unreached
    nudge = [do(t.plain("🔔 Remind {n}", n=can_be_reminded), "nudge")] if can_be_reminded > 0 else []
    return [
        [do(t.plain("👀 Who has not"), "unseen", 0), *nudge],
        [do(t.plain("📞 Phone list"), "phones"), refresh],
    ]


def _person(one: Unseen, t: Translator) -> Markup:
    phone = one.phone or t("no phone number")
    unit = Markup(" · {}").format(cut(one.unit, UNIT)) if one.unit else ""
    mark = "" if one.is_reached else "📵 "
    return Markup("{}<b>{}</b>{}\n    {}").format(mark, cut(one.name, NAME), unit, phone)


def _pager(announcement_id: int, page: Page) -> list[InlineKeyboardButton]:
    if page.pages < 2:
        return []

    def turn_to(label: str, number: int) -> InlineKeyboardButton:
        return buttons.button(label, buttons.pack(FEATURE, "unseen", announcement_id, number % page.pages))

    return [
        turn_to("◀", page.number - 1),
        turn_to(f"{page.number + 1}/{page.pages}", page.number),
        turn_to("▶", page.number + 1),
    ]


def _recent_button(overview: Overview, t: Translator) -> InlineKeyboardButton:
    announcement = overview.announcement
    zone = ZoneInfo(overview.cohort.time_zone)
    if announcement.settled_at is None:
        label, action = t.plain("⏳ not sent yet"), "preview"
    else:
        at = announcement.settled_at.astimezone(zone)
        label = f"{short_day(at, t)} {clock(at)} · ✔ {overview.seen}/{overview.concerned}"
        action = "show"
    return buttons.button(label, buttons.pack(FEATURE, action, announcement.id or 0))


def _home(cohort_id: int, t: Translator) -> list[InlineKeyboardButton]:
    return [act(t.plain("◀ Back"), "camp", cohort_id)]
