from collections.abc import Iterator

import pytest

from bot.database import Database
from bot.forum import links
from tests.support.camps import Camps, build_camps


@pytest.fixture
def camps(database_url: str) -> Iterator[Camps]:
    database = Database(database_url)
    yield build_camps(database)
    database.close()


@pytest.mark.parametrize("call_id", [1, 35, 36, 2**40])
def test_a_link_leads_back_to_its_call_and_fits_a_deep_link(camps: Camps, call_id: int) -> None:
    payload = camps.do(lambda s: links.payload_of(s, call_id))

    assert camps.do(lambda s: links.read_payload(s, payload)) == call_id
    assert len(payload) <= 64


@pytest.mark.parametrize(
    "payload", ["", "f-1", "f-1-", "f-1-zz", "f-2-{mac}", "f-1-{mac}0", "F-1-{mac}", "f-zzzzzzzzzzzzzz-{mac}"]
)
def test_a_link_that_was_changed_or_made_up_leads_nowhere(camps: Camps, payload: str) -> None:
    mac = camps.do(lambda s: links.payload_of(s, 1)).rpartition("-")[2]

    assert camps.do(lambda s: links.read_payload(s, payload.format(mac=mac))) is None
