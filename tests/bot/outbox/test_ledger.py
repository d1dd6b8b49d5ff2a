"""What a claimed call knows of itself; the bookkeeping is tested with the courier."""

from datetime import UTC, datetime

import pytest

from bot.outbox import calls
from bot.outbox.calls import Call, Document, Message
from bot.outbox.lanes import Lane
from bot.outbox.ledger import Parcel

HELLO = Message('He said: "render": nothing')
RENDERED = calls.send_document(7, Document("list", {"activity_id": 1}), Lane.REPLY)


def parcel(call: Call, chat_id: int = 7) -> Parcel:
    return Parcel(1, "k", Lane(call["lane"]), chat_id, call["method"], call["payload"], datetime.now(UTC))


@pytest.mark.parametrize(
    "call",
    [
        calls.send_message(7, HELLO, Lane.REPLY),
        calls.edit_message(7, 3, HELLO),
        calls.answer_callback(7, "q", "done", alert=False),
    ],
)
def test_what_is_complete_goes_out_as_it_was_written(call: Call) -> None:
    assert parcel(call).is_as_written


@pytest.mark.parametrize(
    ("call", "chat_id"), [(RENDERED, 7), (calls.send_message(7, HELLO, Lane.REPLY), 77), (RENDERED, 77)]
)
def test_what_is_still_to_be_made_or_has_moved_is_put_together_anew(call: Call, chat_id: int) -> None:
    assert not parcel(call, chat_id).is_as_written


def test_the_answer_to_a_press_names_no_chat_and_goes_out_wherever_the_chat_has_moved() -> None:
    assert parcel(calls.answer_callback(7, "q", None, alert=False), chat_id=77).is_as_written
