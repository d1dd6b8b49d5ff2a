import pytest
from msgspec.structs import replace
from sqlmodel import Session

from bot.errors import Gone
from bot.people import linking, service
from bot.people.cards import SeatCard, draw_seat_cards, render_card_link, render_seat_cards, seat_cards
from bot.people.models import Person, Role
from tests.support.camp import NOBODY, add_person, card_for, make_camp
from tests.support.house import MONDAY

CARD = SeatCard("翀堃𬭎", "第一组", "阅江楼社区", "ABCDEFGH23")


@pytest.fixture(autouse=True)
def _camp(session: Session) -> None:
    make_camp(session, "第四期 / A")


def test_cards_come_group_by_group_with_codes_that_link(session: Session) -> None:
    for name, group in (("李睿", "第二组"), ("杨兰", "第一组"), ("顾涛", "第二组")):
        person_id = add_person(session, 1, name)
        _move(session, person_id, group)
    linking.issue_seat_cards(session, cohort_id=1, actor=NOBODY, now=MONDAY)

    printed = seat_cards(session, 1)

    assert [card.name for card in printed] == ["李睿", "顾涛", "杨兰"]
    outcome = linking.link_account(session, code=printed[0].code, account=linking.Account(5), now=MONDAY)
    assert isinstance(outcome, linking.Linked)


def test_whoever_is_linked_gets_no_card(session: Session) -> None:
    person_id = add_person(session, 1, "李睿")
    card_for(session, 1, person_id)
    session.get_one(Person, person_id).telegram_id = 5
    session.flush()

    assert seat_cards(session, 1) == []


def test_the_file_is_a_pdf_named_after_the_camp(session: Session) -> None:
    card_for(session, 1, add_person(session, 1, "李睿"))

    file = render_seat_cards(session, cohort_id=1, language="en", bot_username="camp_bot")

    assert file.name == "Seat cards - 第四期 - A.pdf"
    assert file.content.startswith(b"%PDF-")


def test_the_same_cards_give_the_same_file_and_another_name_another_one(session: Session) -> None:
    cohort = service.get_cohort(session, 1)
    sheets = [[CARD], [CARD], [replace(CARD, name="李睿")]]

    first, again, other = (draw_seat_cards(cohort, one, language="zh", bot_username="camp_bot") for one in sheets)

    assert first == again
    assert first != other


def test_names_cannot_break_out_of_the_layout(session: Session) -> None:
    hostile = replace(CARD, name='#panic("x") $ ] } \\ "', group="*_`<>", unit="x" * 100)

    content = draw_seat_cards(service.get_cohort(session, 1), [hostile] * 9, language="en", bot_username="camp_bot")

    assert content.startswith(b"%PDF-")


def test_a_cards_link_carries_its_code_twice(session: Session) -> None:
    card = linking.issue_card(
        session, person_id=add_person(session, 1, "Ms Wang", Role.COORDINATOR), cohort_id=1, actor=NOBODY, now=MONDAY
    )
    code = linking.code_of(session, card.id or 0)

    message = render_card_link(session, card_id=card.id or 0, language="en", bot_username="camp_bot")

    assert f"https://t.me/camp_bot?start={code}" in message.text
    assert f"<code>{code[:5]} {code[5:]}</code>" in message.text


def test_the_link_of_a_card_that_is_gone_is_refused(session: Session) -> None:
    with pytest.raises(Gone):
        render_card_link(session, card_id=99, language="en", bot_username="camp_bot")


def _move(session: Session, person_id: int, group: str) -> None:
    statement = service.MEMBERSHIP.update().where(service.MEMBERSHIP.c.person_id == person_id)
    session.execute(statement.values(group_name=group))
