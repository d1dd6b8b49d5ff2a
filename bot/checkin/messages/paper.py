"""The words of the paper sheet: what is printed on it, the dialogue in which its codes are typed, and its import."""

import re
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from bot.buttons import button, keyboard
from bot.checkin.messages.wording import clock_time, data, day_of, headline, lines, span
from bot.checkin.outcomes import ActivityView
from bot.checkin.paper import Entry, Kept, PaperPlan, SheetRow
from bot.i18n import Translator
from bot.outbox.calls import Message

MOST_NAMES = 30
COLUMNS = ("签到码", "姓名", "组别", "到达", "离开", "备注")
"""The headings of the table; Chinese in every language, since they are what the import looks for first."""

_UNFIT = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')
"""What a file's name may not hold on some system."""


def render_paper(activity: ActivityView, t: Translator) -> Message:
    """What can be done with paper."""
    return Message(
        lines(
            t("🖨 Paper: {title}", title=headline(activity)),
            t("Print the sheet and let people sign. Each row ends with a short code of its own."),
            t("Afterwards type the codes of those who signed, or fill in the Excel sheet and send it to me here."),
        ),
        keyboard(
            [
                button(t.plain("🖨 Sheet (PDF)"), data("sheet", activity.id, 0)),
                button(t.plain("📊 Sheet (Excel)"), data("sheet", activity.id, 1)),
            ],
            [button(t.plain("⌨️ Type the codes"), data("type", activity.id))],
            [button(t.plain("« Back"), data("more", activity.id))],
        ),
    )


def render_ask_codes(activity: ActivityView, t: Translator) -> Message:
    """Asks for the codes."""
    return Message(
        t(
            "⌨️ {title}\nSend me the codes of those who signed, as many at once as you like. A time after a code is the "
            "arrival, two times are arrival and leaving:\n<code>K7PM  3QXD 9:12  W8RT 9:05-11:30</code>",
            title=headline(activity),
        ),
        keyboard([button(t.plain("Cancel"), data("nopaper"))]),
    )


def render_plan(plan: PaperPlan, rubbish: Sequence[str], t: Translator) -> Message:
    """What was understood so far, and the button that keeps it."""
    activity = plan.activity
    keep = t.plain("✅ Record {n}", n=len(plan.new))
    rows = [[button(keep, data("keep"))]] if plan.new else []
    return Message(
        lines(t("⌨️ {title}", title=headline(activity)), *plan_lines(plan, rubbish, t), *_go_on(plan, t)),
        keyboard(*rows, [button(t.plain("Cancel"), data("nopaper"))]),
    )


def plan_lines(plan: PaperPlan, rubbish: Sequence[str], t: Translator) -> list[Markup | str]:
    """What keeping the lines would do, in words."""
    activity = plan.activity
    found: list[Markup | str] = []
    if plan.new:
        people = _people(plan.new, activity, t)
        found.append(t.plural("{n} to record: {people}", "{n} to record: {people}", len(plan.new), people=people))
    if plan.known:
        found.append(t("Recorded already, and that stands: {names}", names=_cut([one.name for one in plan.known], t)))
    if plan.odd:
        found.append(t("The times cannot be right, please check: {codes}", codes=_cut(plan.odd, t)))
    for code, title in plan.elsewhere[:5]:
        found.append(t("{code} is on the sheet of {title}.", code=code, title=title))
    strange = [*plan.unknown, *rubbish]
    if strange:
        found.append(t("Not on this sheet: {codes}", codes=_cut(strange, t)))
    return found


def render_kept(kept: Kept, t: Translator) -> Message:
    """After the sheet was recorded."""
    text = t.plural(
        "✅ {title}\n{n} person recorded from paper.",
        "✅ {title}\n{n} people recorded from paper.",
        kept.recorded,
        title=headline(kept.activity),
    )
    stood = t.plural("{n} stood there already.", "{n} stood there already.", kept.known) if kept.known else ""
    back = [button(t.plain("« Back"), data("activity", kept.activity.id))]
    return Message(lines(text, stood), keyboard(back))


def render_import(plan: PaperPlan, rubbish: Sequence[str], t: Translator, *, confirm: str, cancel: str) -> Message:
    """The preview of a filled sheet that came as a file."""
    activity = plan.activity
    when = f"{day_of(activity.starts_at, activity, t)} {span(activity)}"
    keep = [button(t.plain("✅ Record {n}", n=len(plan.new)), confirm)] if plan.new else []
    nothing = [] if plan.new else [t("There is nothing new to record.")]
    return Message(
        lines(t("🖨 Paper: {title}", title=headline(activity)), when, "", *plan_lines(plan, rubbish, t), *nothing),
        keyboard(keep, [button(t.plain("✖ Cancel"), cancel)]),
    )


def render_no_sheet(t: Translator) -> Message:
    """A file with codes that stand on no sheet of the camp."""
    return Message(
        t("None of the codes in this file is on a sheet of this camp from the last month. Nothing was recorded.")
    )


def file_name(activity: ActivityView, t: Translator, ending: str) -> str:
    """What the file is called."""
    day = activity.starts_at.date().isoformat()
    name = t.plain("Check-in sheet {day} {title}", day=day, title=activity.title)
    return f"{_UNFIT.sub('-', name)[:80].strip()}.{ending}"


def caption(t: Translator, *, is_table: bool) -> str:
    """Under the file."""
    if is_table:
        return t(
            "Put a time or a tick under 到达 for everybody who came (离开 for who left early), then send me the "
            "file back. I show what I understood before anything is recorded."
        )
    return t("Print on A4 and let people sign. Afterwards: Paper, Type the codes.")


def sheet(cohort: str, activity: ActivityView, rows: Sequence[SheetRow], t: Translator) -> dict[str, Any]:
    """What is printed: plain text only."""
    return {
        "lang": t.language,
        "cohort": cohort,
        "title": activity.title,
        "when": f"{day_of(activity.starts_at, activity, t)}  {span(activity)}",
        "place": activity.place,
        "head": [
            t.plain("No."),
            t.plain("Name"),
            t.plain("Group"),
            t.plain("Signature"),
            t.plain("Arrived"),
            t.plain("Left"),
            t.plain("Code"),
        ],
        "foot": t.plain("For the office: type the codes of those who signed into the bot (Check-in, More, Paper)."),
        "excused": t.plain("excused"),
        "rows": [
            [str(row.number), row.name, row.group, t.plain("excused") if row.excused else "", row.code] for row in rows
        ],
    }


def _go_on(plan: PaperPlan, t: Translator) -> list[Markup]:
    if plan.new:
        return [Markup(""), t("Send more codes, or record these.")]
    return [Markup(""), t("Send me codes from this sheet.")]


def _people(entries: Sequence[Entry], activity: ActivityView, t: Translator) -> str:
    words = []
    for one in entries:
        times = clock_time(one.arrived_at, activity) if one.arrived_at != activity.starts_at else ""
        times += f"–{clock_time(one.left_at, activity)}" if one.left_at else ""
        words.append(f"{one.attendee.name} {times}".strip())
    return _cut(words, t)


def _cut(words: Sequence[str], t: Translator) -> str:
    more = len(words) - MOST_NAMES
    return t.join([*words[:MOST_NAMES], *([f"… (+{more})"] if more > 0 else [])])
