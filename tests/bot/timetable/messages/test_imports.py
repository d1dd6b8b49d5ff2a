from datetime import time

import pytest
from msgspec.structs import replace

from bot.i18n import translator
from bot.ids import ActivityId
from bot.timetable.importing import Applied, Preview
from bot.timetable.messages.imports import FIELDS, PROBLEMS, render_applied, render_preview
from bot.timetable.messages.items import LIMIT
from bot.timetable.sheet_diff import ActivityMatch, Change, FieldChange, KnownActivity
from bot.timetable.sheet_shapes import Problem, ProblemKind
from tests.bot.timetable.messages.days import data, telegram_length
from tests.bot.timetable.sheets import row
from tests.support.camps import MONDAY, TUESDAY

EN, ZH = translator("en"), translator("zh")
KNOWN = KnownActivity(ActivityId(1), MONDAY, time(9), time(10), "Lecture", place="301")
EMPTY = Preview(
    cohort_id=1,
    cohort_name="Camp",
    entries=1,
    new=(),
    changed=(),
    restored=(),
    removed=(),
    kept=(),
    unchanged=0,
    problems=(),
    ignored=(),
    other_sheets=(),
    blocked=False,
)


def text(preview: Preview) -> str:
    return render_preview(preview, EN, confirm="a:b:1", cancel="a:c:1").text


def test_what_would_change_is_counted_and_listed() -> None:
    changes = (FieldChange(Change.STARTS, time(9), time(10, 30)), FieldChange(Change.PLACE, "301", None))
    preview = replace(
        EMPTY,
        entries=4,
        new=(row(2, "Visit", TUESDAY, 14),),
        removed=(KNOWN,),
        unchanged=2,
        changed=(ActivityMatch(KNOWN, row(3, "Lecture"), changes),),
    )

    assert text(preview) == (
        "📅 <b>Timetable</b> · Camp\nNothing is written before you confirm.\n"
        "➕ 1 new\n✏️ 1 changed\n➖ 1 to be cancelled\n2 unchanged\n\n"
        "✏️ <b>Changed</b>\nMon, Dec 7 09:00–10:00 Lecture\n   begins: 09:00 → <b>10:30</b>; place: 301 → <b>—</b>\n\n"
        "➖ <b>No longer in the file: will be cancelled</b>\nMon, Dec 7 09:00–10:00 Lecture\n\n"
        "➕ <b>New</b>\nTue, Dec 8 14:00–15:00 Visit"
    )


def test_the_buttons_are_the_callers() -> None:
    message = render_preview(replace(EMPTY, new=(row(2, "Visit"),)), EN, confirm="a:b:1", cancel="a:c:1")

    assert data(message) == ["a:b:1", "a:c:1"]


def test_a_file_that_changes_nothing_has_nothing_to_confirm() -> None:
    message = render_preview(replace(EMPTY, unchanged=1), EN, confirm="a:b:1", cancel="a:c:1")

    assert "This changes nothing" in message.text
    assert message.keyboard is None


def test_a_file_without_a_usable_row_says_so_and_why() -> None:
    preview = replace(EMPTY, entries=0, problems=(Problem(4, ProblemKind.NO_SUCH_DATE, "2027-02-29"),))

    assert "There is no row in this file" in text(preview)
    assert "⛔ <b>Rows left out</b>\nRow 4: there is no such day as “2027-02-29”" in text(preview)


def test_warnings_stand_apart_from_rows_left_out() -> None:
    preview = replace(EMPTY, new=(row(2, "Visit"),), problems=(Problem(5, ProblemKind.OVERLAP, "Visit", (2, 3)),))

    assert "⚠️ <b>Please check</b>\nRow 5: “Visit” is at the same time as row 2, 3" in text(preview)
    assert "Rows left out" not in text(preview)


def test_what_stays_though_it_is_not_in_the_file_is_explained() -> None:
    preview = replace(EMPTY, new=(row(2, "Visit"),), kept=(KNOWN,))

    assert "1 activity that has begun is not in this file and stays." in text(preview)
    assert "since some rows could not be read" in text(replace(preview, blocked=True))


def test_sheets_and_columns_that_were_not_used_are_named() -> None:
    preview = replace(EMPTY, ignored=("序号", "<x>"), other_sheets=("Week 2",))

    assert "Not read: the sheets Week 2\nColumns not used: 序号, &lt;x&gt;" in text(preview)


@pytest.mark.parametrize("language", [EN, ZH])
@pytest.mark.parametrize("kind", list(ProblemKind))
def test_every_problem_has_its_words(kind: ProblemKind, language: object) -> None:
    t = translator(language.language)  # type: ignore[attr-defined]

    words = t(PROBLEMS[kind], row=7, text="<25:00>", others="3")

    assert "<25:00>" not in words
    assert "7" in words or kind is ProblemKind.DUPLICATE_HEADING


def test_every_field_has_a_name() -> None:
    assert set(FIELDS) == set(Change)


def test_a_preview_of_hundreds_of_rows_fits_and_shows_some_of_each() -> None:
    entries = tuple(row(number, "<课程>" * 40) for number in range(300))
    problems = tuple(Problem(number, ProblemKind.BAD_TIME, "<25:00>" * 50) for number in range(300))
    preview = replace(EMPTY, entries=300, new=entries, problems=problems, removed=(KNOWN,) * 300)

    message = render_preview(preview, ZH, confirm="a:b:1", cancel="a:c:1")

    assert telegram_length(message) <= LIMIT
    assert message.text.count("……还有") == 3


def test_what_was_done_is_counted() -> None:
    one = (ActivityId(1),)

    assert render_applied(Applied(1, one, (), (), one, 5), EN).text == (
        "✅ <b>The timetable is imported.</b>\n➕ 1 new\n➖ 1 cancelled"
    )


def test_an_import_that_did_nothing_says_so() -> None:
    assert render_applied(Applied(1, (), (), (), (), 5), EN).text == (
        "Nothing was changed: the timetable already said this."
    )
