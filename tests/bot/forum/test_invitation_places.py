"""The place of an invited speaker in a forum where others sign up too: set aside, taken, given back, never oversold."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.database import Database
from bot.forum import calls, invitation_answers, invitation_links, invitations, publishing, seats
from bot.forum.invitation_answers import AnsweredElsewhere, BadLink, LinkReplaced, Reply
from bot.forum.invitations import AnswerTooLate, Draft, NotPublished, SlotTaken
from bot.forum.models import Choice, InvitationStatus, Part, Pool, SignUp, SignUpStatus, Slot
from bot.forum.pools import SIGNUP, SLOT
from bot.forum.visits import Account
from bot.invariants import check
from tests.support.checkin_camp import START, Camp, build_camp

SLOTS = 2
UNTIL = START + timedelta(hours=1)
GUEST, OTHER = Account(7001, "Secretary", "zh"), Account(7002, "Driver", "zh")


@pytest.fixture
def camp(database_url: str) -> Iterator[Camp]:
    """A camp with a forum of two slots in the afternoon, first come, first served."""
    database = Database(database_url)
    built = build_camp(database)
    yield built
    database.close()


def open_forum(camp: Camp, *, publishes: bool = True) -> int:
    """Publish the call; its number."""

    def work(session: Any) -> int:
        who: dict[str, Any] = {"speaker": camp.coordinator, "now": START}
        call = calls.draft(session, cohort_id=camp.cohort, template="trainees", activity_id=camp.visit, **who)
        call_id = call.id or 0
        calls.set_places(session, call_id=call_id, part=Part.SPEAKER, number=SLOTS, **who)
        calls.change(session, call_id=call_id, choice=Choice.FIRST, **who)
        if publishes:
            publishing.publish(session, call_id=call_id, **who)
        return call_id

    return camp.do(work)


def sign_up(camp: Camp, call_id: int, number: int) -> SignUp:
    """A trainee signs up to speak; the row."""

    def work(session: Any) -> SignUp:
        row = SignUp(call_id=call_id, person_id=camp.trainees[number].person_id, part=Part.SPEAKER, signed_at=START)
        session.add(row)
        session.flush()
        seats.settle(session, signup_id=row.id or 0, now=START)
        session.refresh(row)
        return row

    return camp.do(work)


def invite(camp: Camp, call_id: int, slot_id: int | None = None, name: str = "李书记") -> int:
    """Invite somebody until an hour from now; the number of the invitation."""
    draft = Draft(name, "书记", "", slot_id, UNTIL)
    return camp.do(
        lambda s: invitations.invite(s, speaker=camp.coordinator, call_id=call_id, draft=draft, now=START)
    ).id


def answering(camp: Camp, invitation_id: int, account: Account = GUEST) -> dict[str, Any]:
    """What an answer names: the account and the proof under the opened link."""
    payload = camp.do(lambda s: invitation_links.payload_of(s, invitation_id, 1))
    opened = camp.do(lambda s: invitation_answers.open_link(s, account=account, payload=payload, now=START))
    return {"account": account, "invitation_id": invitation_id, "proof": opened.proof, "now": START}


def pool(camp: Camp, call_id: int) -> tuple[int, int]:
    """Taken and capacity of the speakers' places."""
    row = camp.see(lambda s: s.get_one(Pool, (call_id, Part.SPEAKER)))
    return row.taken, row.capacity


def slots(camp: Camp, call_id: int) -> list[Slot]:
    """The running order."""
    query = select(SLOT.c.id).where(SLOT.c.call_id == call_id).order_by(SLOT.c.position)
    return camp.see(lambda s: [s.get_one(Slot, one) for one in s.connection().execute(query).scalars()])


def status_of(camp: Camp, signup_id: int | None) -> str:
    """How a sign-up stands."""
    query = select(SIGNUP.c.status).where(SIGNUP.c.id == signup_id)
    return str(camp.see(lambda s: s.connection().execute(query).scalar_one()))


def test_a_place_set_aside_is_given_to_no_sign_up_and_its_slot_neither(camp: Camp) -> None:
    call_id = open_forum(camp)
    first, second = slots(camp, call_id)

    invite(camp, call_id, first.id)
    rows = [sign_up(camp, call_id, 0), sign_up(camp, call_id, 1)]

    assert [row.status for row in rows] == [SignUpStatus.CONFIRMED, SignUpStatus.RESERVE]
    assert [slot.signup_id for slot in slots(camp, call_id)] == [None, rows[0].id]
    assert pool(camp, call_id) == (1, 1)
    assert second.id is not None
    assert camp.see(check) == []


def test_a_yes_takes_the_place_and_the_slot_that_were_kept(camp: Camp) -> None:
    call_id = open_forum(camp)
    invitation_id = invite(camp, call_id, slots(camp, call_id)[0].id)
    sign_up(camp, call_id, 0)

    who = answering(camp, invitation_id)
    said = camp.do(lambda s: invitation_answers.accept(s, **who))

    assert said.reply is Reply.ACCEPTED
    assert said.view.status is InvitationStatus.ACCEPTED
    assert said.view.party is not None
    assert said.view.slot is not None
    assert said.view.slot.number == 1
    assert pool(camp, call_id) == (2, 2)
    assert camp.see(check) == []


def test_a_no_gives_the_place_to_the_reserve_list_of_those_who_signed_up(camp: Camp) -> None:
    call_id = open_forum(camp)
    invitation_id = invite(camp, call_id, slots(camp, call_id)[0].id)
    sign_up(camp, call_id, 0)
    waiting = sign_up(camp, call_id, 1)
    who = answering(camp, invitation_id)

    fallen = camp.do(lambda s: invitation_answers.decline(s, reason="出差", **who))

    assert fallen is not None
    assert [one.signup_id for one in fallen.offered] == [waiting.id]
    assert status_of(camp, waiting.id) == SignUpStatus.OFFERED
    assert pool(camp, call_id) == (2, 2)
    assert camp.see(check) == []


def test_an_invitation_beyond_all_places_brings_a_place_and_a_slot_of_its_own(camp: Camp) -> None:
    call_id = open_forum(camp)
    sign_up(camp, call_id, 0)
    sign_up(camp, call_id, 1)
    invitation_id = invite(camp, call_id)
    who = answering(camp, invitation_id)

    camp.do(lambda s: invitation_answers.accept(s, **who))

    assert pool(camp, call_id) == (3, 3)
    assert [slot.signup_id is not None for slot in slots(camp, call_id)] == [True, True, True]
    assert camp.see(check) == []


def test_somebody_who_holds_a_place_already_keeps_that_one(camp: Camp) -> None:
    call_id = open_forum(camp)
    row = sign_up(camp, call_id, 0)
    account = Account(camp.trainees[0].telegram_id, "学员", "zh", camp.trainees[0])
    invitation_id = invite(camp, call_id)
    who = answering(camp, invitation_id, account)

    said = camp.do(lambda s: invitation_answers.accept(s, **who))

    assert said.view.talk is not None
    assert said.view.talk.signup_id == row.id
    assert pool(camp, call_id) == (1, 2)
    assert camp.see(check) == []


def test_taking_back_gives_back_what_was_set_aside_once(camp: Camp) -> None:
    call_id = open_forum(camp)
    invitation_id = invite(camp, call_id, slots(camp, call_id)[0].id)

    taken = [
        camp.do(lambda s: invitations.take_back(s, speaker=camp.coordinator, invitation_id=invitation_id, now=START))
        for _ in range(2)
    ]

    assert [one is not None for one in taken] == [True, False]
    assert pool(camp, call_id) == (0, 2)
    assert camp.see(check) == []


def test_two_invitations_never_keep_one_slot(camp: Camp) -> None:
    call_id = open_forum(camp)
    slot_id = slots(camp, call_id)[0].id
    invite(camp, call_id, slot_id)

    with pytest.raises(SlotTaken):
        invite(camp, call_id, slot_id, "周书记")


def test_an_answer_time_after_the_beginning_is_refused(camp: Camp) -> None:
    call_id = open_forum(camp)
    late = Draft("李书记", "", "", None, START + timedelta(days=2))

    with pytest.raises(AnswerTooLate):
        camp.do(lambda s: invitations.invite(s, speaker=camp.coordinator, call_id=call_id, draft=late, now=START))


def test_nobody_is_invited_to_a_draft(camp: Camp) -> None:
    call_id = open_forum(camp, publishes=False)

    with pytest.raises(NotPublished):
        invite(camp, call_id)


@pytest.mark.parametrize("cut", [1, 5, 30])
def test_a_link_that_was_cut_off_is_no_link(camp: Camp, cut: int) -> None:
    call_id = open_forum(camp)
    invitation_id = invite(camp, call_id)
    payload = camp.do(lambda s: invitation_links.payload_of(s, invitation_id, 1))

    with pytest.raises(BadLink):
        camp.do(lambda s: invitation_answers.open_link(s, account=GUEST, payload=payload[:-cut], now=START))


def test_a_second_account_is_refused_once_the_first_has_answered(camp: Camp) -> None:
    call_id = open_forum(camp)
    invitation_id = invite(camp, call_id)
    first, second = answering(camp, invitation_id), answering(camp, invitation_id, OTHER)
    camp.do(lambda s: invitation_answers.accept(s, **first))

    with pytest.raises(AnsweredElsewhere):
        camp.do(lambda s: invitation_answers.accept(s, **second))


def test_a_proof_of_the_old_link_is_worth_nothing_after_a_new_one(camp: Camp) -> None:
    call_id = open_forum(camp)
    invitation_id = invite(camp, call_id)
    who = answering(camp, invitation_id)
    camp.do(lambda s: invitations.renew(s, speaker=camp.coordinator, invitation_id=invitation_id, now=START))

    with pytest.raises(LinkReplaced):
        camp.do(lambda s: invitation_answers.accept(s, **who))

    view = camp.see(lambda s: invitations.show(s, speaker=camp.coordinator, invitation_id=invitation_id))
    assert (view.status, view.issue) == (InvitationStatus.SENT, 2)
