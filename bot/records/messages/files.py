"""The words inside files: headings, statuses, file names. For whoever asked for the file, in their language."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton

from bot.checkin.rules import Status
from bot.i18n import N_, Translator
from bot.people.models import Cohort
from bot.records.log import Named
from bot.records.messages.changes import VALUES, deed, differences, who
from bot.records.tables import Cell, Column
from bot.timetable.models import Activity

STATUSES = {
    Status.PRESENT: N_("present"),
    Status.LATE: N_("late"),
    Status.EXCUSED: N_("excused"),
    Status.MISSING: N_("missing"),
}
TITLES = {
    "matrix": N_("Attendance"),
    "ledger": N_("Hours"),
    "log": N_("Change log"),
    "list": N_("Who is there"),
}
STANDINGS = {
    "ahead": N_("to come"),
    "present": N_("present"),
    "late": N_("late"),
    "excused": N_("excused"),
    "absent": N_("absent"),
    "unrecorded": N_("not recorded"),
}


def status(one: Status | None, t: Translator) -> str:
    """A record in one word; nothing where there is none."""
    return t.plain(STATUSES[one]) if one is not None else ""


def method(name: str, t: Translator) -> str:
    """How somebody was recorded."""
    return t.plain(VALUES[name]) if name in VALUES else name


def standing(name: str, t: Translator) -> str:
    """What became of an activity, in the ledger's words."""
    return t.plain(STANDINGS[name]) if name in STANDINGS else name


def heading_of(activity: Activity, zone: ZoneInfo, t: Translator) -> str:
    """An activity as the heading of a column: day, hour, title."""
    at = activity.starts_at.astimezone(zone)
    return f"{format_skeleton('Md', at, locale=t.locale)} {at:%H:%M}\n{activity.title}"


def person_columns(t: Translator) -> list[Column]:
    """The columns that name a person."""
    return [
        Column(t.plain("Name"), 12),
        Column(t.plain("Group"), 10),
        Column(t.plain("Unit"), 18),
        Column(t.plain("Phone"), 14),
    ]


def total_columns(t: Translator) -> list[Column]:
    """The columns at the end of the matrix."""
    return [
        Column(t.plain("Minutes attended"), 10),
        Column(t.plain("Present"), 8),
        Column(t.plain("Late"), 8),
        Column(t.plain("Excused"), 8),
        Column(t.plain("Missing"), 8),
    ]


def record_columns(t: Translator) -> list[Column]:
    """The columns of the records, one row a person and activity."""
    return [
        Column(t.plain("Begins"), 17),
        Column(t.plain("Activity"), 30),
        Column(t.plain("Name"), 12),
        Column(t.plain("Group on that day"), 12),
        Column(t.plain("Unit"), 18),
        Column(t.plain("Record"), 10),
        Column(t.plain("Arrived"), 17),
        Column(t.plain("Left"), 17),
        Column(t.plain("Minutes attended"), 10),
        Column(t.plain("How"), 16),
        Column(t.plain("Marked by"), 12),
        Column(t.plain("Recorded at"), 17),
        Column(t.plain("Location"), 12),
    ]


def overview_columns(t: Translator) -> list[Column]:
    """The columns of the overview, one row an activity."""
    return [
        Column(t.plain("Begins"), 17),
        Column(t.plain("Activity"), 30),
        Column(t.plain("Expected"), 10),
        Column(t.plain("Present"), 10),
        Column(t.plain("Late"), 10),
        Column(t.plain("Excused"), 10),
        Column(t.plain("Missing"), 10),
    ]


def ledger_columns(t: Translator) -> list[Column]:
    """The columns of the ledger, one row a person; all but the last in minutes."""
    names = (
        N_("Total"),
        N_("Attended"),
        N_("Late"),
        N_("Excused"),
        N_("Absent"),
        N_("Made up"),
        N_("Still to come"),
        N_("Not recorded"),
        N_("May be missed"),
        N_("Used of it"),
        N_("Left of it"),
    )
    columns = [Column(t.plain("{name} (min)", name=t.plain(name)), 11) for name in names]
    return [*person_columns(t)[:3], *columns, Column(t.plain("Can still pass"), 10)]


def entry_columns(t: Translator) -> list[Column]:
    """The columns of the ledger's second sheet, one row a person and activity."""
    names = (N_("Counts"), N_("Attended"), N_("Late"), N_("Excused"), N_("Absent"), N_("Made up"))
    return [
        Column(t.plain("Begins"), 17),
        Column(t.plain("Activity"), 30),
        Column(t.plain("Name"), 12),
        Column(t.plain("Standing"), 12),
        *(Column(t.plain("{name} (min)", name=t.plain(name)), 11) for name in names),
        Column(t.plain("Made up by"), 24),
    ]


def log_columns(t: Translator) -> list[Column]:
    """The columns of the change log."""
    return [
        Column(t.plain("When"), 17),
        Column(t.plain("Who"), 12),
        Column(t.plain("What"), 24),
        Column(t.plain("About"), 12),
        Column(t.plain("Activity"), 24),
        Column(t.plain("From"), 36),
        Column(t.plain("To"), 36),
        Column(t.plain("Why"), 36),
    ]


def log_row(named: Named, zone: ZoneInfo, t: Translator) -> list[Cell]:
    """A line of the change log as a row."""
    changed = differences(named, zone, t)
    return [
        named.line.at.astimezone(zone),
        who(named, t),
        deed(named, t),
        named.person,
        named.activity,
        "; ".join(f"{field}: {before}" for field, before, _ in changed if before != "–"),
        "; ".join(f"{field}: {after}" for field, _, after in changed if after != "–"),
        named.line.reason,
    ]


def inside(value: bool | None, t: Translator) -> str:
    """What a location said, where there was one."""
    return "" if value is None else t.plain("inside") if value else t.plain("outside")


def file_name(what: str, of: str, at: datetime, extension: str) -> str:
    """A name that says what, of whom and when, without what file systems refuse."""
    name = re.sub(r"[\\/:*?\"<>|\s]+", " ", f"{of} {what}").strip()[:80]
    return f"{name} {at:%Y-%m-%d %H%M}.{extension}"


def title_of(kind: str, t: Translator) -> str:
    """A file in words."""
    return t.plain(TITLES[kind])


def sheet_titles(t: Translator) -> tuple[str, str, str, str]:
    """The names of the sheets."""
    return t.plain("Matrix"), t.plain("Records"), t.plain("Overview"), t.plain("By activity")


def chart_title(cohort: Cohort, t: Translator) -> str:
    """Above the chart."""
    return t.plain("Attendance by activity · {cohort}", cohort=cohort.name)


def yes_no(value: bool, t: Translator) -> str:
    """Yes or no."""
    return t.plain("yes") if value else t.plain("no")
