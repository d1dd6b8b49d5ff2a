"""A roster is compared with the people known; what is not certain is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ids import PersonId
from bot.people.roster import Field, Roster, RosterEntry
from bot.people.roster_diff import Doubt, FieldChange, KnownPerson, Question, RosterDiff, compare, resolve
from bot.people.roster_repeats import without_repeats
from bot.sheets.headings import Heading

P1, P2, P3 = "13800000001", "13800000002", "13800000003"
ALL = (Field.NAME, Field.PHONE, Field.UNIT, Field.GROUP, Field.POST)


def roster(*entries: RosterEntry, fields: tuple[Field, ...] = ALL) -> Roster:
    headings = tuple(Heading(field, field, column) for column, field in enumerate(fields))
    return Roster("Sheet1", entries, (), headings, ())


def entry(
    row: int, name: str, phone: str | None = None, unit: str | None = None, group: str | None = None
) -> RosterEntry:
    return RosterEntry(row, name, phone, unit, group)


def known(
    number: int, name: str, phone: str | None = None, unit: str | None = None, group: str | None = None,
    enrolled: bool = True,
) -> KnownPerson:  # fmt: skip
    return KnownPerson(PersonId(number), name, phone, unit, group, None, enrolled)


def saved(diff: RosterDiff, people: list[KnownPerson]) -> list[KnownPerson]:
    """Return whom the database would know after the change: a plain reading of what the diff promises."""
    by_id = {person.person_id: person for person in people}
    for person in diff.released:
        by_id[person.person_id] = _with(by_id[person.person_id], {Field.PHONE: None})
    for match in (*diff.changed, *diff.returning):
        changes = {change.field: change.after for change in match.changes}
        by_id[match.person.person_id] = _with(by_id[match.person.person_id], changes)
    for number, one in enumerate(diff.new, start=len(people) + 1):
        by_id[PersonId(number)] = KnownPerson(PersonId(number), one.name, one.phone, one.unit, one.group, one.post)
    return list(by_id.values())


def _with(person: KnownPerson, changes: dict[Field, str | None]) -> KnownPerson:
    fields = {field: getattr(person, field) for field in ALL} | changes
    return KnownPerson(person.person_id, **{str(field): value for field, value in fields.items()})


def test_nobody_known_makes_everybody_new() -> None:
    diff = compare([], roster(entry(2, "张伟", P1), entry(3, "张伟", P2)))

    assert ([one.row for one in diff.new], diff.questions) == ([2, 3], ())


def test_the_same_file_twice_changes_nothing() -> None:
    file = roster(entry(2, "张伟", P1, "甲", "1"), entry(3, "张伟", P2, "甲", "1"), entry(4, "李四", None, "乙"))

    again = compare(saved(compare([], file), []), file)

    assert ([match.entry.row for match in again.unchanged], again.new, again.changed) == ([2, 3, 4], (), ())
    assert (again.missing, again.questions) == ((), ())


def test_one_phone_is_one_person_and_changes_are_shown() -> None:
    diff = compare([known(1, "王玥", P1, "甲", "1")], roster(entry(2, "王月", P1, "乙", "2")))

    assert [match.changes for match in diff.changed] == [
        (
            FieldChange(Field.NAME, "王玥", "王月"),
            FieldChange(Field.UNIT, "甲", "乙"),
            FieldChange(Field.GROUP, "1", "2"),
        )
    ]


@pytest.mark.parametrize(("before", "after"), [("Anna Müller", "Anna Schmidt"), ("Jon Smith", "John Smyth")])
def test_a_similar_latin_name_with_the_same_phone_is_a_changed_name(before: str, after: str) -> None:
    diff = compare([known(1, before, P1)], roster(entry(2, after, P1)))

    assert (len(diff.changed), diff.questions) == (1, ())


@pytest.mark.parametrize(("before", "after"), [("王玥", "李四"), ("Anna Müller", "Bob Zhou"), ("王玥", "Wang Yue")])
def test_an_entirely_different_name_with_the_same_phone_is_asked(before: str, after: str) -> None:
    person, row = known(1, before, P1), entry(2, after, P1)

    diff = compare([person], roster(row))

    assert diff.questions == (Question(row, (person,), Doubt.NAME_DIFFERS),)
    assert (diff.new, diff.missing) == ((), ())


def test_without_phones_name_and_unit_are_one_person() -> None:
    diff = compare(
        [known(1, "张伟", None, "甲"), known(2, "张伟", None, "乙")], roster(entry(2, "张伟", None, "乙", "3"))
    )

    assert [(match.person.person_id, match.changes) for match in diff.changed] == [
        (2, (FieldChange(Field.GROUP, None, "3"),))
    ]
    assert [person.person_id for person in diff.missing] == [1]


def test_a_phone_is_added_to_the_person_of_that_name_and_unit() -> None:
    diff = compare([known(1, "张伟", None, "甲")], roster(entry(2, "张伟", P1, "甲")))

    assert [match.changes for match in diff.changed] == [(FieldChange(Field.PHONE, None, P1),)]


def test_a_file_of_names_alone_finds_the_people_of_the_cohort() -> None:
    file = roster(entry(2, "张三", group="1"), entry(3, "李四", group="2"), fields=(Field.NAME, Field.GROUP))

    diff = compare([known(1, "张三", P1, "甲", "1"), known(2, "李四", P2, "乙", "1")], file)

    assert [match.entry.row for match in diff.unchanged] == [2]
    assert [match.changes for match in diff.changed] == [(FieldChange(Field.GROUP, "1", "2"),)]


def test_a_name_that_fits_several_is_asked_with_all_of_them() -> None:
    people = [known(1, "张伟", P1, "甲"), known(2, "张伟", P2, "乙")]

    diff = compare(people, roster(entry(2, "张伟")))

    assert diff.questions == (Question(entry(2, "张伟"), tuple(people), Doubt.SEVERAL),)


def test_the_one_of_that_name_with_another_phone_is_asked() -> None:
    diff = compare([known(1, "张伟", P1)], roster(entry(2, "张伟", P2)))

    assert [(asked.entry.row, asked.doubt) for asked in diff.questions] == [(2, Doubt.PHONE_DIFFERS)]


def test_the_one_of_that_name_in_another_unit_is_asked() -> None:
    diff = compare([known(1, "张伟", None, "甲")], roster(entry(2, "张伟", None, "乙")))

    assert [asked.doubt for asked in diff.questions] == [Doubt.UNIT_DIFFERS]


def test_two_rows_that_fit_one_person_are_both_asked() -> None:
    diff = compare([known(1, "张伟", None, "甲")], roster(entry(2, "张伟", P1, "甲"), entry(3, "张伟", P2, "甲")))

    assert [(asked.entry.row, asked.doubt) for asked in diff.questions] == [(2, Doubt.SEVERAL), (3, Doubt.SEVERAL)]


def test_a_namesake_already_found_by_phone_is_no_candidate() -> None:
    diff = compare([known(1, "张伟", P1)], roster(entry(2, "张伟", P1), entry(3, "张伟", P2)))

    assert ([match.entry.row for match in diff.unchanged], [one.row for one in diff.new]) == ([2], [3])
    assert diff.questions == ()


def test_somebody_from_another_cohort_is_known_again_by_phone() -> None:
    diff = compare([known(1, "张伟", P1, "甲", enrolled=False)], roster(entry(2, "张伟", P1, "甲", "1")))

    assert [(match.person.person_id, match.changes) for match in diff.returning] == [
        (1, (FieldChange(Field.GROUP, None, "1"),))
    ]
    assert diff.missing == ()


def test_a_namesake_from_another_cohort_with_another_phone_and_unit_is_somebody_else() -> None:
    diff = compare([known(1, "张伟", P1, "甲", enrolled=False)], roster(entry(2, "张伟", P2, "乙")))

    assert ([one.row for one in diff.new], diff.questions) == ([2], ())


def test_a_namesake_from_another_cohort_of_whom_nothing_else_is_known_is_asked() -> None:
    diff = compare([known(1, "张伟", P1, "甲", enrolled=False)], roster(entry(2, "张伟")))

    assert [asked.doubt for asked in diff.questions] == [Doubt.OTHER_COHORT]


def test_a_phone_of_one_and_the_name_of_another_is_asked() -> None:
    people = [known(1, "李华", P1), known(2, "李明", None, "甲")]

    diff = compare(people, roster(entry(2, "李明", P1, "甲")))

    assert [asked.candidates for asked in diff.questions] == [tuple(people)]


def test_a_blank_cell_takes_a_group_away_but_no_phone_and_no_unit() -> None:
    diff = compare([known(1, "张三", P1, "甲", "1")], roster(entry(2, "张三")))

    assert [match.changes for match in diff.changed] == [(FieldChange(Field.GROUP, "1", None),)]


def test_a_column_that_is_not_there_takes_nothing_away() -> None:
    diff = compare([known(1, "张三", P1, "甲", "1")], roster(entry(2, "张三", P1), fields=(Field.NAME, Field.PHONE)))

    assert len(diff.unchanged) == 1


def test_an_empty_text_in_the_database_is_nothing() -> None:
    person = KnownPerson(PersonId(1), "张三", P1, "", "", "")

    assert len(compare([person], roster(entry(2, "张三", P1))).unchanged) == 1


def test_who_is_no_longer_in_the_file_is_missing() -> None:
    people = [known(1, "张三", P1), known(2, "李四", P2), known(3, "王五", P3, enrolled=False)]

    diff = compare(people, roster(entry(2, "张三", P1)))

    assert [person.person_id for person in diff.missing] == [2]


def test_an_answer_this_person_makes_a_change() -> None:
    diff = compare([known(1, "张伟", P1)], roster(entry(2, "张伟", P2)))

    resolved = resolve(diff, {2: PersonId(1)})

    assert [match.changes for match in resolved.changed] == [(FieldChange(Field.PHONE, P1, P2),)]
    assert (resolved.questions, resolved.missing) == ((), ())


def test_an_answer_somebody_new_leaves_the_candidate_missing() -> None:
    diff = compare([known(1, "张伟", P1)], roster(entry(2, "张伟", P2)))

    resolved = resolve(diff, {2: None})

    assert ([one.row for one in resolved.new], [person.person_id for person in resolved.missing]) == ([2], [1])


def test_a_phone_given_to_somebody_new_is_released_by_who_had_it() -> None:
    diff = compare([known(1, "王玥", P1)], roster(entry(2, "李四", P1)))

    resolved = resolve(diff, {2: None})

    assert [person.person_id for person in resolved.released] == [1]


def test_a_person_taken_by_one_answer_is_no_candidate_for_the_next() -> None:
    diff = compare([known(1, "张伟", None, "甲")], roster(entry(2, "张伟", P1, "甲"), entry(3, "张伟", P2, "甲")))

    resolved = resolve(diff, {2: PersonId(1)})

    assert ([match.entry.row for match in resolved.changed], [one.row for one in resolved.new]) == ([2], [3])
    assert resolved.questions == ()


def test_an_answer_that_was_no_choice_leaves_the_question_open() -> None:
    diff = compare([known(1, "张伟", P1)], roster(entry(2, "张伟", P2)))

    assert resolve(diff, {2: PersonId(9), 7: None}) == diff


def test_answers_one_by_one_or_all_at_once_come_to_the_same() -> None:
    people = [known(1, "张伟", P1, "甲"), known(2, "张伟", P2, "乙")]
    diff = compare(people, roster(entry(2, "张伟"), entry(3, "张伟", P3)))

    at_once = resolve(diff, {2: PersonId(2), 3: None})
    one_by_one = resolve(resolve(diff, {2: PersonId(2)}), {3: None})

    assert at_once == one_by_one
    assert [person.person_id for person in at_once.missing] == [1]


ENTRIES = st.lists(
    st.builds(
        entry,
        st.just(0),
        st.sampled_from(["张伟", "张三", "李四", "Li Wei"]),
        st.sampled_from([None, P1, P2, P3]),
        st.sampled_from([None, "甲", "乙"]),
        st.sampled_from([None, "1", "2"]),
    ),
    max_size=6,
)
PEOPLE = st.lists(
    st.builds(
        known,
        st.just(0),
        st.sampled_from(["张伟", "张三", "李四", "Li Wei"]),
        st.sampled_from([None, P1, P2, P3]),
        st.sampled_from([None, "甲", "乙"]),
        st.sampled_from([None, "1", "2"]),
        st.booleans(),
    ),
    max_size=6,
)


def file_of(drawn: list[RosterEntry]) -> Roster:
    numbered = [entry(row, one.name, one.phone, one.unit, one.group) for row, one in enumerate(drawn, start=2)]
    return roster(*without_repeats(numbered)[0])


def people_of(drawn: list[KnownPerson]) -> list[KnownPerson]:
    """Number the people, and give each phone to one of them only, as the database does."""
    people: list[KnownPerson] = []
    for number, one in enumerate(drawn, start=1):
        phone = None if any(other.phone == one.phone for other in people) else one.phone
        people.append(known(number, one.name, phone, one.unit, one.group, one.enrolled))
    return people


@given(PEOPLE, ENTRIES)
def test_every_row_and_every_person_is_in_one_place(people: list[KnownPerson], rows: list[RosterEntry]) -> None:
    cohort, file = people_of(people), file_of(rows)

    diff = compare(cohort, file)

    matches = [*diff.changed, *diff.unchanged, *diff.returning]
    placed = [*(match.entry.row for match in matches), *(one.row for one in diff.new)]
    placed += [asked.entry.row for asked in diff.questions]
    assert sorted(placed) == [one.row for one in file.entries]
    asked_about = {person.person_id for asked in diff.questions for person in asked.candidates}
    matched = [match.person.person_id for match in matches]
    missing = {person.person_id for person in diff.missing}
    assert len(matched) == len(set(matched))
    assert not set(matched) & asked_about
    assert not missing & (asked_about | set(matched))
    assert {person.person_id for person in cohort if person.enrolled} <= missing | asked_about | set(matched)


@given(PEOPLE, ENTRIES, st.lists(st.integers(0, 6), min_size=6, max_size=6))
def test_whatever_is_answered_the_next_import_of_the_file_changes_nothing(
    people: list[KnownPerson], rows: list[RosterEntry], chosen: list[int]
) -> None:
    cohort, file = people_of(people), file_of(rows)
    diff = compare(cohort, file)
    for choice in chosen:
        if diff.questions:
            asked = diff.questions[0]
            choices = [*(person.person_id for person in asked.candidates), None]
            diff = resolve(diff, {asked.entry.row: choices[choice % len(choices)]})

    after = saved(diff, cohort)

    phones = [person.phone for person in after if person.phone]
    assert (diff.questions, len(phones)) == ((), len(set(phones)))
    again = compare(after, file)
    assert (again.changed, again.new) == ((), ())
