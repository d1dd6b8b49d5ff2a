from datetime import timedelta
from pathlib import Path

import pytest

from bot.checkin import service as checkin
from bot.database import Database
from bot.turn import Turns
from schedules.checkin import push_closings
from tests.support.checkin_camp import START, build_camp
from tests.support.house import HandClock

pytestmark = pytest.mark.anyio


async def test_a_forgotten_check_in_is_closed_once(tmp_path: Path) -> None:
    camp = build_camp(Database(f"sqlite:///{tmp_path}/test.db"))
    desk = camp.open()
    clock = HandClock(START + timedelta(hours=4))
    turns = Turns(camp.database, clock)

    closed = [await push_closings(turns) for _ in range(2)]

    assert closed == [1, 0]
    assert camp.see(lambda s: checkin.find_projector(s, digits=desk.show_code, now=START)) is None
    camp.database.close()
