import pytest

from bot.banks import exporting
from bot.banks.formats.gift import read_gift
from bot.errors import Gone
from tests.bot.banks.conftest import Banks
from tests.bot.banks.formats.test_sheet_export import read_back
from tests.bot.banks.questions import matching, multiple, single, true_false

ALL = (
    single("a", "b", category="x/y", tags=("t",)),
    multiple(("a", 60.0), ("b", 40.0), ("c", -10.0)),
    true_false(False, stem="甲。"),
    matching(("x", "1"), ("y", "2")),
)


def test_a_bank_given_back_as_gift_is_what_came_in(banks: Banks) -> None:
    bank_id = banks.fill(*ALL, name="题库 1/2")

    file = banks.camps.see(lambda s: exporting.render_gift(s, bank_id=bank_id))

    assert file.name == "题库 1_2.gift"
    assert [found.question for found in read_gift(file.content.decode()).found] == list(ALL)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_bank_given_back_as_a_workbook_is_what_came_in(banks: Banks, language: str) -> None:
    bank_id = banks.fill(*ALL)

    file = banks.camps.see(lambda s: exporting.render_sheet(s, bank_id=bank_id, language=language))

    assert (file.name, read_back(file.content)) == ("Bank.xlsx", list(ALL))


def test_a_bank_that_is_not_there_gives_no_file(banks: Banks) -> None:
    with pytest.raises(Gone):
        banks.camps.see(lambda s: exporting.render_gift(s, bank_id=99))
