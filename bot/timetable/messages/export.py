"""The words of the exported workbook. Each heading is one that the import understands."""

from bot.i18n import N_, Translator
from bot.people.models import Cohort
from bot.timetable.sheet_shapes import Field

HEADINGS = {
    Field.DATE: N_("Date"),
    Field.START: N_("Start"),
    Field.END: N_("End"),
    Field.KIND: N_("Type"),
    Field.TITLE: N_("Title"),
    Field.SPEAKER: N_("Speaker"),
    Field.PLACE: N_("Place"),
    Field.GROUP: N_("Group"),
    Field.HOURS: N_("Hours"),
    Field.NOTES: N_("Notes"),
    Field.ID: N_("Activity ID (do not change)"),
}


def headings(t: Translator) -> list[str]:
    """The row of headings."""
    return [t.plain(heading) for heading in HEADINGS.values()]


def sheet_name(t: Translator) -> str:
    """What the sheet is called."""
    return t.plain("Timetable")


def file_name(cohort: Cohort, version: int, t: Translator) -> str:
    """What the file is called; an old version says which it is."""
    name = t.plain("Timetable - {cohort}", cohort=cohort.name)
    number = t.plain(" (version {n})", n=version) if version else ""
    return f"{name}{number}.xlsx".replace("/", "-")


def caption(t: Translator) -> str:
    """Under the file."""
    return t("Edit it in Excel and send it back here: I show what would change before anything does.")
