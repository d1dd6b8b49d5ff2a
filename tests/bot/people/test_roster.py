"""Rosters are understood as coordinators write them."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.people.roster import Field, Problem, ProblemKind, Roster, RosterEntry, read_roster
from bot.sheets.headings import HeaderNotFound
from bot.sheets.reader import read_workbook_now
from bot.sheets.shapes import Cell, CellError, Workbook
from tests.bot.sheets.builders import DATA, sheet, workbook

HEAD: tuple[Cell, ...] = ("序号", "姓名", "手机号", "所属社区", "组别", "职务", "备注")


def read(*rows: Sequence[Cell]) -> Roster:
    roster = read_roster(workbook(*rows))
    assert isinstance(roster, Roster)
    return roster


def person(
    name: Cell, phone: Cell = None, unit: Cell = None, group: Cell = None, post: Cell = None, notes: Cell = None
) -> tuple[Cell, ...]:
    return ("1", name, phone, unit, group, post, notes)


def problems_of(*rows: Sequence[Cell]) -> tuple[Problem, ...]:
    return read(HEAD, *rows).problems


def test_the_roster_of_the_sample_camp_has_its_people() -> None:
    book = read_workbook_now(DATA / "camp" / "roster.xlsx", name="roster.xlsx")

    roster = read_roster(book)

    assert isinstance(roster, Roster)
    names = [entry.name for entry in roster.entries]
    assert (len(names), len(names) - len(set(names)), roster.problems) == (77, 1, ())
    assert roster.entries[0] == RosterEntry(3, "杨兰远", "13900007000", "小桃园社区", "第一组", "党务专干")
    assert roster.ignored == ("序号", "性别", "所属街道")


@pytest.mark.parametrize("name", ["roster_gb18030.csv", "roster_utf-8-sig.csv"])
def test_a_roster_with_the_usual_traps_is_understood(name: str) -> None:
    book = read_workbook_now(DATA / "rosters" / name, name=name)

    roster = read_roster(book)

    assert isinstance(roster, Roster)
    assert roster.entries == (
        RosterEntry(4, "王玥", "13800000001", "幸福社区"),
        RosterEntry(5, "欧阳翀堃", "13800000002", "和平社区", leads_group=True),
        RosterEntry(6, "李𬭎", "13800000003", "和平社区"),
        RosterEntry(7, "阿卜杜·热合曼", "13800000004", "团结社区"),
        RosterEntry(8, "Anna Müller", "13800000005", "涉外社区"),
        RosterEntry(9, "张三", None, "幸福社区"),
    )
    assert roster.problems == (Problem(9, ProblemKind.BAD_PHONE, "１３８００００００６"),)


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        *(
            (word, Field.PHONE)
            for word in ("手机号", "手机", "手机号码", "联系电话", "联系方式", "电话", "Phone", "Mobile", "Tel")
        ),
        *(
            (word, Field.UNIT)
            for word in ("所属社区", "单位", "工作单位", "所在单位", "部门", "Unit", "Organisation", "Community")
        ),
        *((word, Field.GROUP) for word in ("组别", "小组", "分组", "Group", "Team")),
        *((word, Field.POST) for word in ("职务", "岗位", "Post", "Position", "Title")),
    ],
)
def test_the_usual_headings_are_understood(heading: str, field: Field) -> None:
    roster = read(["姓名", heading], ["张三", None])

    assert roster.fields == {Field.NAME, field}


@pytest.mark.parametrize(
    "heading", ["姓名", "姓 名", "姓　名", "名字", "学员姓名", "Name", "Full name", "姓名（必填）"]
)
def test_the_usual_headings_of_names_are_understood(heading: str) -> None:
    roster = read([heading, "电话"], ["张三", "13800000001"])

    assert [entry.name for entry in roster.entries] == ["张三"]


def test_a_column_of_names_alone_is_enough() -> None:
    roster = read(["第一期"], ["姓名"], ["张三"], ["李四"])

    assert [(entry.row, entry.name) for entry in roster.entries] == [(3, "张三"), (4, "李四")]


def test_a_word_that_only_looks_like_the_heading_is_no_header() -> None:
    outcome = read_roster(workbook(["姓名"], ["请在此处填写一段不是姓名的文字"], ["42"]))

    assert isinstance(outcome, HeaderNotFound)
    assert "姓名" in outcome.looked_for


def test_without_headings_it_is_said_what_stands_there_instead() -> None:
    outcome = read_roster(workbook(["张三", "13800000001"], ["李四", "13800000002"]))

    assert outcome == HeaderNotFound(
        ("姓名", "学员姓名", "人员姓名", "手机号", "手机号码", "手机", "所属社区", "单位", "工作单位"),
        ("张三", "13800000001"),
    )


def test_a_header_over_nobody_gives_a_roster_of_nobody() -> None:
    assert read(HEAD).entries == ()


def test_private_columns_are_ignored_and_named() -> None:
    roster = read(["姓名", "身份证号", "所属街道", "电话"], ["张三", "320102199001011234", "甲街道", "13800000001"])

    assert roster.ignored == ("身份证号", "所属街道")
    assert roster.entries == (RosterEntry(2, "张三", "13800000001"),)


@pytest.mark.parametrize(
    "row",
    [
        (None, "合计", None, "5人"),
        ("合计：5人",),
        ("总 计", None, None, "5"),
        (None, "Total", "77"),
        (None, "Grand total"),
        ("7",),
        ("填表人：李四",),
        ("序号", "姓名", "手机号", "所属社区"),
    ],
)
def test_totals_fillers_and_repeated_headings_are_nobody(row: tuple[Cell, ...]) -> None:
    roster = read(HEAD, person("张三", "13800000001"), row)

    assert (len(roster.entries), roster.problems) == (1, ())


@pytest.mark.parametrize(
    ("post", "notes", "expected"),
    [
        (None, "组长", True),
        ("第一组组长", None, True),
        ("Group leader", None, True),
        ("副组长", None, False),
        ("Deputy group leader", None, False),
        ("网格员", "清真餐", False),
    ],
)
def test_who_leads_a_group_is_seen_in_post_or_notes(post: Cell, notes: Cell, expected: bool) -> None:
    roster = read(HEAD, person("张三", "13800000001", "甲", "1", post, notes))

    assert roster.entries[0].leads_group is expected


@pytest.mark.parametrize(
    ("cell", "expected"), [("是", True), ("√", True), ("张三", True), ("李四", False), (None, False)]
)
def test_a_column_of_leaders_ticks_or_names_them(cell: Cell, expected: bool) -> None:
    roster = read(("姓名", "手机号", "组别", "组长"), ("张三", "13800000001", "1", cell))

    assert roster.entries[0].leads_group is expected


def test_a_group_stays_as_it_is_written() -> None:
    roster = read(HEAD, person("张三", group="第一组"), person("李四", group="1"), person("王五", group=" 一组 "))

    assert [entry.group for entry in roster.entries] == ["第一组", "1", "一组"]


def test_a_row_without_a_name_is_reported_with_what_stands_in_it() -> None:
    assert problems_of(person(None, "13800000001", "甲")) == (Problem(2, ProblemKind.MISSING_NAME, "1 13800000001 甲"),)


@pytest.mark.parametrize("name", ["填表人：李四", "123", "—", CellError("#REF!")])
def test_what_cannot_be_a_name_is_reported_and_left_out(name: Cell) -> None:
    roster = read(HEAD, person(name, "13800000001"))

    assert roster.entries == ()
    assert [problem.kind for problem in roster.problems] == [ProblemKind.BAD_NAME]


@pytest.mark.parametrize(
    ("cell", "kind", "text"),
    [
        ("12345", ProblemKind.BAD_PHONE, "12345"),
        ("1.38E+10", ProblemKind.DAMAGED_NUMBER, "1.38E+10"),
        ("320102199001011000", ProblemKind.DAMAGED_NUMBER, "320102199001011000"),
        (CellError("#N/A"), ProblemKind.CELL_ERROR, "#N/A"),
    ],
)
def test_a_phone_that_cannot_be_used_is_reported_and_the_person_kept(cell: Cell, kind: ProblemKind, text: str) -> None:
    roster = read(HEAD, person("张三", cell))

    assert roster.entries == (RosterEntry(2, "张三"),)
    assert roster.problems == (Problem(2, kind, text),)


def test_one_phone_of_two_people_is_reported_for_both_and_given_to_neither() -> None:
    roster = read(HEAD, person("张三", "13800000001", "甲"), person("李四", "138 0000 0001", "乙"))

    assert [entry.phone for entry in roster.entries] == [None, None]
    assert roster.problems == (
        Problem(2, ProblemKind.DUPLICATE_PHONE, "13800000001", (3,)),
        Problem(3, ProblemKind.DUPLICATE_PHONE, "13800000001", (2,)),
    )


def test_a_row_that_stands_twice_counts_once() -> None:
    roster = read(HEAD, person("张三", "13800000001", "甲"), person("张　三", "+8613800000001", "甲"))

    assert [entry.row for entry in roster.entries] == [2]
    assert roster.problems == (Problem(3, ProblemKind.DUPLICATE_ROW, "张三", (2,)),)


def test_one_person_in_two_groups_counts_once_and_is_reported() -> None:
    roster = read(HEAD, person("张三", "13800000001", "甲", "1"), person("张三", "13800000001", "甲", "2"))

    assert [entry.group for entry in roster.entries] == ["1"]
    assert roster.problems == (Problem(3, ProblemKind.SAME_PERSON_TWICE, "张三", (2,)),)


def test_two_of_one_name_with_two_phones_are_two_people() -> None:
    roster = read(HEAD, person("张伟", "13800000001"), person("张伟", "13800000002"))

    assert (len(roster.entries), roster.problems) == (2, ())


def test_two_of_one_name_in_two_units_are_two_people() -> None:
    roster = read(HEAD, person("张伟", unit="甲"), person("张伟", unit="乙"))

    assert (len(roster.entries), roster.problems) == (2, ())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (person("张伟", unit="甲", group="1"), person("张伟", unit="甲", group="2")),
        (person("张伟", "13800000001"), person("张伟", unit="甲")),
        (person("张伟", group="1"), person("张伟", unit="甲")),
    ],
)
def test_two_of_one_name_that_nothing_tells_apart_are_reported(one: Sequence[Cell], other: Sequence[Cell]) -> None:
    roster = read(HEAD, one, other)

    assert len(roster.entries) == 2
    assert roster.problems == (
        Problem(2, ProblemKind.SAME_NAME_UNCLEAR, "张伟", (3,)),
        Problem(3, ProblemKind.SAME_NAME_UNCLEAR, "张伟", (2,)),
    )


def test_a_failed_formula_in_another_column_leaves_that_field_empty() -> None:
    roster = read(HEAD, person("张三", "13800000001", CellError("#N/A")))

    assert roster.entries == (RosterEntry(2, "张三", "13800000001"),)
    assert roster.problems == (Problem(2, ProblemKind.CELL_ERROR, "#N/A"),)


def test_an_endless_text_is_cut_and_reported() -> None:
    roster = read(HEAD, person("张三", "13800000001", "甲" * 300))

    assert roster.entries[0].unit == "甲" * 100
    assert [problem.kind for problem in roster.problems] == [ProblemKind.TOO_LONG]


def test_two_rosters_side_by_side_are_reported_because_only_one_is_read() -> None:
    roster = read(["姓名", "电话", "姓名", "电话"], ["张三", "13800000001", "李四", "13800000002"])

    assert roster.problems == (
        Problem(1, ProblemKind.DUPLICATE_HEADING, "姓名"),
        Problem(1, ProblemKind.DUPLICATE_HEADING, "电话"),
    )


def test_the_sheet_with_people_is_read_and_others_like_it_are_named() -> None:
    sheets = [
        sheet(["说明"], title="封面"),
        sheet(HEAD, title="空表"),
        sheet(HEAD, person("张三", "13800000001"), title="一组"),
        sheet(HEAD, person("李四", "13800000002"), title="二组"),
    ]

    roster = read_roster(Workbook("a.xlsx", tuple(sheets)))

    assert isinstance(roster, Roster)
    assert (roster.sheet, len(roster.entries), roster.other_sheets) == ("一组", 1, ("二组",))


def test_twenty_thousand_of_one_name_are_no_burden() -> None:
    rows = [person("张伟", group=str(number)) for number in range(20_000)]

    roster = read(HEAD, *rows)

    assert (len(roster.entries), len(roster.problems)) == (20_000, 20_000)
    assert max(len(problem.others) for problem in roster.problems) == 5


ANY_CELL: st.SearchStrategy[Cell] = st.one_of(
    st.none(), st.text(max_size=20).filter(bool), st.sampled_from(["张三", "13800000001", "合计", "甲", "组长"]),
    st.floats(0.1, 0.9), st.dates(), st.times(), st.just(CellError("#N/A")),
)  # fmt: skip


@given(st.lists(st.lists(ANY_CELL, max_size=7), max_size=12))
def test_whatever_stands_in_the_rows_every_entry_is_whole(rows: list[list[Cell]]) -> None:
    roster = read(HEAD, *rows)

    kept = {entry.row for entry in roster.entries}
    assert len(kept) == len(roster.entries)
    assert all(entry.name for entry in roster.entries)
    phones = [entry.phone for entry in roster.entries if entry.phone]
    assert len(phones) == len(set(phones))
    assert not kept & {problem.row for problem in roster.problems if problem.kind.drops_row}
