from datetime import timedelta

import pytest
from sqlmodel import Session, select

from bot.audit.models import Change
from bot.errors import Gone
from bot.people import linking, service
from bot.people.linking import Account, Linked, LinkFault, NotLinkedBy, NotLinkedYet, TooManyTries
from bot.people.models import Card, Person, Role
from tests.support.camp import NOBODY, add_person, card_for, make_camp
from tests.support.house import MONDAY

ACCOUNT, OTHER = Account(5, "zh-hans"), Account(6)


def a_card(session: Session, role: Role = Role.TRAINEE) -> tuple[int, str]:
    cohort_id = make_camp(session)
    person_id = add_person(session, cohort_id, "李睿", role)
    return person_id, card_for(session, cohort_id, person_id)


def test_a_card_links_once(session: Session) -> None:
    person_id, code = a_card(session)

    outcome = linking.link_account(session, code=code, account=ACCOUNT, now=MONDAY)

    assert isinstance(outcome, Linked)
    assert session.get_one(Person, person_id).telegram_id == 5
    assert linking.link_account(session, code=code, account=OTHER, now=MONDAY) == NotLinkedBy(LinkFault.USED)


def test_the_language_of_the_phone_is_the_first_guess_and_a_choice_outlives_it(session: Session) -> None:
    person_id, code = a_card(session)
    linking.link_account(session, code=code, account=ACCOUNT, now=MONDAY)
    guessed = session.get_one(Person, person_id).language
    service.set_language(session, person_id, "en")
    session.expire_all()
    linking.unlink(session, person_id=person_id, cohort_id=1, actor=NOBODY, now=MONDAY)
    linking.link_account(session, code=card_for(session, 1, person_id), account=ACCOUNT, now=MONDAY)

    assert (guessed, session.get_one(Person, person_id).language) == ("zh", "en")


def test_an_account_that_belongs_to_somebody_cannot_become_somebody_else(session: Session) -> None:
    _, code = a_card(session)
    add_person(session, 1, "杨兰", telegram_id=5)

    outcome = linking.link_account(session, code=code, account=ACCOUNT, now=MONDAY)

    assert outcome == NotLinkedBy(LinkFault.ACCOUNT_TAKEN)
    assert linking.valid_cards(session, 1, MONDAY) != []


def test_a_person_with_an_account_cannot_get_another_one(session: Session) -> None:
    person_id, code = a_card(session)
    session.get_one(Person, person_id).telegram_id = 77
    session.flush()

    outcome = linking.link_account(session, code=code, account=ACCOUNT, now=MONDAY)

    assert outcome == NotLinkedBy(LinkFault.PERSON_TAKEN)


def test_a_card_expires_thirty_days_after_the_camp(session: Session) -> None:
    _, code = a_card(session)

    outcome = linking.link_account(session, code=code, account=ACCOUNT, now=MONDAY + timedelta(days=33))

    assert outcome == NotLinkedBy(LinkFault.EXPIRED)


def test_a_newer_card_revokes_the_older_one(session: Session) -> None:
    person_id, older = a_card(session)
    newer = card_for(session, 1, person_id)

    outcomes = [linking.link_account(session, code=code, account=ACCOUNT, now=MONDAY) for code in (older, newer)]

    assert outcomes[0] == NotLinkedBy(LinkFault.REVOKED)
    assert isinstance(outcomes[1], Linked)


def test_the_fifth_wrong_code_starts_a_wait_that_the_right_code_outlasts(session: Session) -> None:
    _, code = a_card(session)
    wrong = [linking.link_account(session, code="A" * 10, account=ACCOUNT, now=MONDAY) for _ in range(5)]
    minute = MONDAY + timedelta(minutes=1)

    during = linking.link_account(session, code=code, account=ACCOUNT, now=MONDAY + timedelta(seconds=59))
    after = linking.link_account(session, code=code, account=ACCOUNT, now=minute)

    assert wrong[3:] == [NotLinkedBy(LinkFault.UNKNOWN), NotLinkedBy(LinkFault.UNKNOWN, minute)]
    assert during == TooManyTries(minute)
    assert isinstance(after, Linked)


def test_wrong_codes_are_forgotten_after_a_day_and_after_a_success(session: Session) -> None:
    _, code = a_card(session)
    for _ in range(5):
        linking.link_account(session, code="A" * 10, account=OTHER, now=MONDAY)
    for _ in range(4):
        linking.link_account(session, code="A" * 10, account=ACCOUNT, now=MONDAY)
    linking.link_account(session, code=code, account=ACCOUNT, now=MONDAY)

    next_day = linking.link_account(session, code="A" * 10, account=OTHER, now=MONDAY + timedelta(days=1))
    afterwards = linking.link_account(session, code="A" * 10, account=ACCOUNT, now=MONDAY)

    assert [next_day, afterwards] == [NotLinkedBy(LinkFault.UNKNOWN)] * 2


def test_one_who_guesses_slows_nobody_else_down(session: Session) -> None:
    _, code = a_card(session)
    for _ in range(9):
        linking.link_account(session, code="A" * 10, account=OTHER, now=MONDAY)

    assert isinstance(linking.link_account(session, code=code, account=ACCOUNT, now=MONDAY), Linked)


def test_unlinking_is_recorded_and_frees_the_account(session: Session) -> None:
    person_id, code = a_card(session)
    linking.link_account(session, code=code, account=ACCOUNT, now=MONDAY)

    account = linking.unlink(session, person_id=person_id, cohort_id=1, actor=NOBODY, now=MONDAY)

    log = session.exec(select(Change.action).where(Change.person_id == person_id)).all()
    assert account == 5
    assert session.get_one(Person, person_id).telegram_id is None
    assert log == ["join", "issue", "link", "unlink"]


def test_unlinking_somebody_without_an_account_is_refused(session: Session) -> None:
    person_id, _ = a_card(session)

    with pytest.raises(NotLinkedYet):
        linking.unlink(session, person_id=person_id, cohort_id=1, actor=NOBODY, now=MONDAY)


def test_a_card_for_somebody_outside_the_camp_is_refused(session: Session) -> None:
    person_id, _ = a_card(session)
    other_id = make_camp(session, "Other")

    with pytest.raises(Gone):
        linking.issue_card(session, person_id=person_id, cohort_id=other_id, actor=NOBODY, now=MONDAY)


def test_seat_cards_are_made_for_those_who_need_one_and_kept_where_there_is_one(session: Session) -> None:
    a_card(session)
    add_person(session, 1, "杨兰")
    add_person(session, 1, "顾涛", telegram_id=9)

    counts = [linking.issue_seat_cards(session, cohort_id=1, actor=NOBODY, now=MONDAY) for _ in range(2)]

    assert counts == [2, 2]
    assert len(session.exec(select(Card)).all()) == 2


def test_an_expired_card_is_replaced_when_cards_are_printed_again(session: Session) -> None:
    a_card(session)
    later = MONDAY + timedelta(days=60)

    linking.issue_seat_cards(session, cohort_id=1, actor=NOBODY, now=later)

    assert len(linking.valid_cards(session, 1, later)) == 1


def test_a_seat_card_is_never_made_for_a_coordinator(session: Session) -> None:
    person_id, _ = a_card(session, Role.COORDINATOR)
    other_id = make_camp(session, "Other")
    service.grant(session, person_id=person_id, cohort_id=other_id, role=Role.TRAINEE, actor=NOBODY, now=MONDAY)

    assert linking.issue_seat_cards(session, cohort_id=other_id, actor=NOBODY, now=MONDAY) == 0


def test_only_a_digest_of_a_code_is_stored(session: Session) -> None:
    _, code = a_card(session)

    digest = session.exec(select(Card.digest)).one()

    assert code not in digest
    assert len(digest) == 64
