"""The calendar's screen, and the address that is shown on demand."""

from datetime import datetime
from zoneinfo import ZoneInfo

from telegram import InlineKeyboardButton

from bot import buttons
from bot.calendars.service import Calendar
from bot.i18n import Translator
from bot.outbox.calls import Message
from bot.people.messages.wording import bold, day, lines, paragraphs

FEATURE = "calendars"


def mine_button(cohort_id: int, t: Translator) -> InlineKeyboardButton:
    """The button that opens somebody's own calendar of a camp."""
    return _act(t.plain("🗓 Calendar"), "mine", cohort_id)


def render_calendar(calendar: Calendar, t: Translator) -> Message:
    """What a calendar is good for, and the two ways to get it."""
    cohort_id, count = calendar.cohort.id or 0, calendar.activities
    text = paragraphs(
        lines(
            t("🗓 <b>My calendar</b> · {cohort}", cohort=calendar.cohort.name),
            t.plural("{n} activity of yours", "{n} activities of yours", count) if count else _nothing(t),
        ),
        t(
            "<b>File</b>: puts the timetable as it stands now into your phone's calendar.\n"
            "<b>Address</b>: subscribe to it once, and every change arrives by itself."
        ),
        _since(calendar.since, calendar.cohort.time_zone, t),
    )
    return Message(text, buttons.keyboard(*_rows(calendar, cohort_id, t)))


def render_address(url: str, t: Translator, *, is_public: bool) -> Message:
    """The address itself and where to put it. Whoever has it reads it, so it is handed over alone."""
    warning = None if is_public else t("⚠️ This bot has no public address yet, so a phone may not reach it.")
    return Message(
        paragraphs(
            lines(bold(t("Your calendar address")), t("<code>{url}</code>", url=url)),
            t(
                "iPhone: Settings, Calendar, Accounts, Add Account, Other, Add Subscribed Calendar.\n"
                "Huawei, Xiaomi, OPPO: Calendar, Settings, Subscriptions, Add by URL.\n"
                "Google, Outlook: on the computer, Add calendar, From URL."
            ),
            t("Please keep it to yourself: whoever has it can read your timetable."),
            warning,
        )
    )


def render_revoked(calendar: Calendar, t: Translator) -> Message:
    """After an address was switched off, above the screen as it is now."""
    screen = render_calendar(calendar, t)
    return Message(paragraphs(t("✅ The old address no longer works."), screen.text), screen.keyboard)


def render_file_coming(t: Translator) -> str:
    """The toast while the file is made."""
    return t.plain("The file is on its way.")


def caption(t: Translator) -> str:
    """Under the file."""
    return t("Open it on your phone to add these activities to your calendar. It does not follow later changes.")


def _rows(calendar: Calendar, cohort_id: int, t: Translator) -> list[list[InlineKeyboardButton]]:
    get = [_act(t.plain("📄 File (.ics)"), "file", cohort_id), _act(t.plain("🔗 Address"), "address", cohort_id)]
    off = _act(t.plain("✖ Switch the address off"), "revoke", cohort_id)
    return [get, [off] if calendar.since else [], [buttons.button(t.plain("⌂ Home"), buttons.pack("people", "home"))]]


def _nothing(t: Translator) -> str:
    return t("Nothing is on your timetable yet; an address fills by itself.")


def _since(since: datetime | None, time_zone: str, t: Translator) -> str | None:
    if since is None:
        return None
    return t("Your address works since {day}.", day=day(since.astimezone(ZoneInfo(time_zone)).date(), t))


def _act(label: str, action: str, cohort_id: int) -> InlineKeyboardButton:
    return buttons.button(label, buttons.pack(FEATURE, action, cohort_id))
