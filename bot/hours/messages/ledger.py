"""A ledger on a phone: the meter, the sums, the list of activities, one activity with its receipt."""

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.buttons import Rows, button, keyboard, pack
from bot.checkin.messages.appeals import appeal_button
from bot.hours.messages.wording import (
    SIGNS,
    WORDS,
    data,
    day_time,
    entry_label,
    home,
    length,
    line_of,
    lines,
    meter,
    page_of,
    pager,
    paragraphs,
    share,
)
from bot.hours.rules import Ending, Entry, Ledger, Standing
from bot.hours.viewing import Account
from bot.i18n import N_, Translator
from bot.outbox.calls import Message

SUMS = (
    ("attended", N_("Attended: {length}")),
    ("made_up", N_("Made up: {length}")),
    ("late", N_("Missed by coming late or leaving early: {length}")),
    ("excused", N_("On leave: {length}")),
    ("absent", N_("Away without leave: {length}")),
    ("unrecorded", N_("No attendance taken: {length}")),
    ("ahead", N_("Still to come: {length}")),
)


def render_account(account: Account, t: Translator) -> Message:
    """The meter and what it is made of."""
    ledger = account.ledger
    text = paragraphs(
        lines(_title(account, t), Markup("{}").format(account.cohort_name)),
        lines(meter(ledger, t), _allowance(ledger, t), *_endings(ledger, t)),
        lines(*(t(words, length=length(ledger.sum(part), t)) for part, words in SUMS if ledger.sum(part))),
    )
    return Message(text, keyboard(*_rows(account, t)))


def render_list(account: Account, page: int, t: Translator) -> Message:
    """Every activity with what became of it, eight a page."""
    entries = account.ledger.entries
    page, pages, shown = page_of(page, len(entries))
    ids = _ids(account)
    rows = [
        [button(entry_label(entry, account.ledger.time_zone, t), data("record", *ids, entry.record.activity_id, page))]
        for entry in entries[shown]
    ]
    signs = dict.fromkeys(entry.standing for entry in entries[shown])
    legend = (Markup("{} {}").format(SIGNS[one], t(WORDS[one])) for one in signs)
    text = lines(_title(account, t), *legend) if entries else lines(_title(account, t), t("Nothing is planned yet."))
    return Message(text, keyboard(*rows, pager("list", ids, page, pages), [_back(account, t)]))


def render_record(account: Account, entry: Entry, page: int, t: Translator) -> Message:
    """One activity: what is on record, the receipt, what was made up, and what can be done about it."""
    record, zone = entry.record, account.ledger.time_zone
    arrived = t("Arrived {time}.", time=day_time(record.arrived_at, zone, t)) if record.arrived_at else None
    text = lines(
        _title(account, t),
        line_of(record, zone, t),
        Markup("{} {}").format(SIGNS[entry.standing], t(WORDS[entry.standing])),
        arrived,
        t("Receipt {receipt}", receipt=Markup("<code>{}</code>").format(record.receipt)) if record.receipt else None,
        *(t(words, length=length(getattr(entry, part), t)) for part, words in SUMS[:5] if getattr(entry, part)),
        *(t("Made up by: {source}", source=source) for source in record.sources),
    )
    rows: Rows = []
    if account.is_own and entry.standing not in (Standing.AHEAD, Standing.UNRECORDED):
        rows.append([appeal_button(record.activity_id, t)])
    if account.may_act and entry.missed:
        offer = pack("makeup", "offer", account.cohort_id, account.trainee.person_id, record.activity_id)
        rows.append([button(t.plain("🔁 Let it be made up"), offer)])
    back = button(t.plain("« Back"), data("list", *_ids(account), page))
    return Message(text, keyboard(*rows, [back]))


def used_line(entry: Entry, time_zone: str, t: Translator) -> Markup:
    """What a warning names: the activity, and what is on record of it."""
    words = Markup("{} {}").format(SIGNS[entry.standing], t(WORDS[entry.standing]))
    missed = t("missed {length}", length=length(entry.missed, t))
    return lines(line_of(entry.record, time_zone, t), Markup(" · ").join((words, missed)))


def _title(account: Account, t: Translator) -> Markup:
    if account.is_own:
        return t("⏳ <b>My hours</b>")
    group = Markup(" · {}").format(account.trainee.group) if account.trainee.group else Markup("")
    return Markup("⏳ <b>{}</b>{}").format(account.trainee.name, group)


def _allowance(ledger: Ledger, t: Translator) -> Markup | None:
    if not ledger.rules.has_limit:
        return None
    return t(
        "At most {allowance} may be missed: {share} of {total}. Used so far: {used}.",
        allowance=length(ledger.allowance, t),
        share=share(ledger.rules.share, ledger.rules.of, t),
        total=length(ledger.total, t),
        used=length(ledger.used, t),
    )


def _endings(ledger: Ledger, t: Translator) -> list[Markup]:
    words = {
        Ending.HOURS: t("More is missed than the rules allow: the course cannot be passed as things stand."),
        Ending.DAYS: t("Too many whole days without leave: the course cannot be passed as things stand."),
    }
    return [words[ending] for ending in ledger.endings]


def _rows(account: Account, t: Translator) -> Rows:
    activities = button(t.plain("📋 By activity"), data("list", *_ids(account), 0))
    rules = button(t.plain("📖 The rules"), data("rules", account.cohort_id))
    if account.is_own:
        leave = button(t.plain("📝 Leave"), pack("leave", "mine", account.cohort_id))
        return [[activities, rules], [leave, home(t)]]
    return [[activities], [button(t.plain("« Back"), data("camp", account.cohort_id, 0, 0))]]


def _back(account: Account, t: Translator) -> InlineKeyboardButton:
    action = "mine" if account.is_own else "person"
    return button(t.plain("« Back"), data(action, *_ids(account)))


def _ids(account: Account) -> tuple[int, ...]:
    """Cohort and person; one's own ledger has 0 for the person, since whoever presses is asked anew."""
    return account.cohort_id, 0 if account.is_own else account.trainee.person_id
