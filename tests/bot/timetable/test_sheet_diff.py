"""A timetable is compared with the activities known."""

from datetime import date, time

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.ids import ActivityId
from bot.sheets.headings import Heading
from bot.timetable.sheet import Field, Timetable, TimetableEntry
from bot.timetable.sheet_diff import Change, FieldChange, KnownActivity, TimetableDiff, compare

MONDAY, TUESDAY = date(2026, 12, 7), date(2026, 12, 8)


def timetable(*entries: TimetableEntry, fields: tuple[Field, ...] = tuple(Field)) -> Timetable:
    headings = tuple(Heading(field, field, column) for column, field in enumerate(fields))
    return Timetable("Sheet1", entries, (), headings, ())


def entry(row: int, title: str, on: date = MONDAY, hour: int = 9, place: str | None = None) -> TimetableEntry:
    return TimetableEntry(row, on, time(hour), time(hour + 1), title, place=place)


def known(number: int, title: str, on: date = MONDAY, hour: int = 9, place: str | None = None) -> KnownActivity:
    return KnownActivity(ActivityId(number), on, time(hour), time(hour + 1), title, place=place)


def saved(diff: TimetableDiff) -> list[KnownActivity]:
    matches = [*diff.unchanged, *diff.changed]
    entries = [*diff.new, *(match.entry for match in matches)]
    return [
        KnownActivity(
            ActivityId(number), one.on, one.starts, one.ends, one.title, one.kind, one.speaker, one.place, one.notes
        )
        for number, one in enumerate(entries, start=1)
    ]


def test_the_same_file_twice_changes_nothing() -> None:
    file = timetable(entry(2, "a"), entry(3, "a", hour=14), entry(4, "b", TUESDAY, place="301"))

    again = compare(saved(compare([], file)), file)

    assert [match.entry.row for match in again.unchanged] == [2, 3, 4]
    assert (again.new, again.changed, again.removed) == ((), (), ())


def test_another_hour_on_the_same_day_is_a_move() -> None:
    diff = compare([known(1, "a", hour=9)], timetable(entry(2, "a", hour=14)))

    (match,) = diff.changed
    assert match.is_moved
    assert match.changes == (
        FieldChange(Change.STARTS, time(9), time(14)),
        FieldChange(Change.ENDS, time(10), time(15)),
    )


def test_another_day_is_a_move_where_the_title_is_unique() -> None:
    diff = compare([known(1, "a", MONDAY)], timetable(entry(2, "a", TUESDAY)))

    assert [match.changes for match in diff.changed] == [(FieldChange(Change.ON, MONDAY, TUESDAY),)]


def test_another_title_at_the_same_time_is_a_new_name() -> None:
    diff = compare([known(1, "a")], timetable(entry(2, "b")))

    (match,) = diff.changed
    assert (match.is_moved, match.changes) == (False, (FieldChange(Change.TITLE, "a", "b"),))


def test_another_room_is_a_change_and_no_move() -> None:
    diff = compare([known(1, "a", place="301")], timetable(entry(2, "a", place="302")))

    (match,) = diff.changed
    assert (match.is_moved, match.changes) == (False, (FieldChange(Change.PLACE, "301", "302"),))


def test_a_column_that_is_not_there_takes_nothing_away() -> None:
    fields = (Field.DATE, Field.START, Field.END, Field.TITLE)

    diff = compare([known(1, "a", place="301")], timetable(entry(2, "a"), fields=fields))

    assert len(diff.unchanged) == 1


def test_a_blank_cell_takes_a_room_away() -> None:
    diff = compare([known(1, "a", place="301")], timetable(entry(2, "a")))

    assert [match.changes for match in diff.changed] == [(FieldChange(Change.PLACE, "301", None),)]


def test_an_empty_text_in_the_database_is_nothing() -> None:
    activity = replace(known(1, "a"), kind="", speaker="", place="", notes="")

    assert len(compare([activity], timetable(entry(2, "a"))).unchanged) == 1


def test_two_that_change_places_are_both_moved_and_neither_renamed() -> None:
    diff = compare(
        [known(1, "a", hour=9), known(2, "b", hour=10)], timetable(entry(2, "b", hour=9), entry(3, "a", hour=10))
    )

    assert [(match.activity.activity_id, match.entry.title, match.is_moved) for match in diff.changed] == [
        (2, "b", True),
        (1, "a", True),
    ]


def test_one_of_several_of_a_title_that_goes_is_removed_and_the_others_stay() -> None:
    diff = compare([known(1, "a", hour=9), known(2, "a", hour=14)], timetable(entry(2, "a", hour=14)))

    assert ([match.activity.activity_id for match in diff.unchanged], [one.activity_id for one in diff.removed]) == (
        [2],
        [1],
    )


def test_what_is_nowhere_else_is_new_and_removed() -> None:
    diff = compare([known(1, "a", MONDAY, 9)], timetable(entry(2, "b", TUESDAY, 14)))

    assert ([one.row for one in diff.new], [one.activity_id for one in diff.removed]) == ([2], [1])


DRAWN = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from([MONDAY, TUESDAY]),
        st.sampled_from([9, 14]),
        st.sampled_from([None, "301"]),
    ),
    max_size=6,
    unique_by=lambda drawn: drawn[:3],
)


@given(DRAWN, DRAWN)
def test_everything_is_in_one_place_and_importing_again_changes_nothing(
    before: list[tuple[str, date, int, str | None]], after: list[tuple[str, date, int, str | None]]
) -> None:
    activities = [known(number, *drawn) for number, drawn in enumerate(before, start=1)]
    file = timetable(*(entry(row, *drawn) for row, drawn in enumerate(after, start=2)))

    diff = compare(activities, file)

    matches = [*diff.changed, *diff.unchanged]
    rows = [*(match.entry.row for match in matches), *(one.row for one in diff.new)]
    ids = [*(match.activity.activity_id for match in matches), *(one.activity_id for one in diff.removed)]
    again = compare(saved(diff), file)
    assert sorted(rows) == [one.row for one in file.entries]
    assert sorted(ids) == [one.activity_id for one in activities]
    assert (again.new, again.changed, again.removed) == ((), (), ())
