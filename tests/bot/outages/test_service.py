from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.outages import service as outages
from bot.outages.messages import announce
from bot.outages.rules import Loss
from bot.people.models import Role
from bot.turn import Turn, Turns
from tests.support.camps import MONDAY, SHANGHAI, TUESDAY, Camps, local
from tests.support.house import HandClock

SINCE, UNTIL = local(MONDAY, 8, 10), local(TUESDAY, 9, 30)
LOSS = Loss(SINCE, UNTIL)


def note(camps: Camps, heard_at: datetime, source: str = "bot:1") -> Loss | None:
    return camps.do(lambda s: outages.note_hearing(s, source=source, heard_at=heard_at))


def tell(camps: Camps, *operators: int) -> Sequence[tuple[int, str]]:
    def work(turn: Turn) -> None:
        announce(turn, LOSS, outages.listeners(turn.session, LOSS, operators, "UTC"))

    Turns(camps.database, HandClock(UNTIL)).take_now(work)
    return [(row.chat_id, row.payload) for row in camps.outbox]


def test_the_first_hearing_follows_no_outage(camps: Camps) -> None:
    assert note(camps, UNTIL) is None


def test_an_outage_of_more_than_a_day_is_noticed_once(camps: Camps) -> None:
    note(camps, SINCE)

    assert [note(camps, UNTIL), note(camps, UNTIL), note(camps, UNTIL + timedelta(minutes=1))] == [LOSS, None, None]


def test_a_bot_that_hears_every_few_hours_loses_nothing(camps: Camps) -> None:
    assert [note(camps, SINCE + timedelta(hours=20 * number)) for number in range(5)] == [None] * 5


def test_a_clock_that_was_set_back_makes_no_loss_when_it_is_right_again(camps: Camps) -> None:
    note(camps, UNTIL)

    assert [note(camps, UNTIL - timedelta(days=3)), note(camps, UNTIL + timedelta(hours=1))] == [None, None]


def test_another_bot_has_heard_nothing_before(camps: Camps) -> None:
    note(camps, SINCE)

    assert note(camps, UNTIL, source="bot:2") is None


def test_coordinators_and_operators_are_told_once_each_in_their_language_and_zone(camps: Camps) -> None:
    first, second = camps.cohort(), camps.cohort("Second")
    camps.person(first)
    english = camps.person(first, second, role=Role.COORDINATOR, language="en")
    chinese = camps.person(second, role=Role.COORDINATOR, language="zh")

    told = tell(camps, 900, english.telegram_id or 0)

    assert [chat for chat, _ in told] == [english.telegram_id, chinese.telegram_id, 900]
    assert "from Monday, December 7 08:10 to Tuesday, December 8 09:30" in told[0][1]
    assert "12月7日 星期一 08:10至12月7日 星期一 09:30之间" in told[1][1]
    assert "from Monday, December 7 00:10 to Monday, December 7 01:30 never arrived" in told[2][1]


def test_camps_that_were_over_when_it_began_are_left_alone(camps: Camps) -> None:
    old = camps.cohort(starts_on=MONDAY - timedelta(days=9), ends_on=MONDAY - timedelta(days=3), zone=SHANGHAI)
    camps.person(old, role=Role.COORDINATOR)

    assert tell(camps) == []
