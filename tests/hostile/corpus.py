"""What may come from Telegram's side and should not: each a list of raw updates, made for the camp of ``camp.py``."""

from typing import Any

from tests.hostile.camp import DATE, OTHER_TRAINEE, STRANGER, TRAINEE, message, press

Updates = list[dict[str, Any]]

ZALGO = "Z̷̛͓a̸͎͝l̵̙̈g̶̖̽o̷̪͂"
FORWARDED: dict[str, Any] = {
    "forward_origin": {"type": "user", "date": DATE, "sender_user": {"id": 5, "is_bot": False, "first_name": "F"}}
}
ENTITIES = [{"type": "bold", "offset": place, "length": 1} for place in range(5000)]
CHANNEL = {"id": -1001, "type": "channel", "title": "C"}
GROUP = {"id": -1002, "type": "supergroup", "title": "G"}
LOCATION = {"latitude": 32.06, "longitude": 118.79}
FILE = {"file_id": "BQACAgUAAxkB", "file_unique_id": "AgAD"}
BOT = {"id": 9, "is_bot": True, "first_name": "B", "username": "another_bot"}


def nested(levels: int) -> dict[str, Any]:
    """Objects inside objects."""
    made: dict[str, Any] = {}
    for _ in range(levels):
        made = {"in": made}
    return made


def named(first_name: str, **more: Any) -> dict[str, Any]:
    """The stranger under another name."""
    return {"id": STRANGER, "is_bot": False, "first_name": first_name} | more


VALID: dict[str, Updates] = {
    "the lowest id": [message(STRANGER, "/start") | {"update_id": -(2**31)}],
    "id zero": [message(STRANGER, "/start") | {"update_id": 0}],
    "the highest id": [message(STRANGER, "/start") | {"update_id": 2**31 - 1}],
    "an update sent twice at once": [message(STRANGER, "/start") | {"update_id": 55}] * 2,
    "two taps within ten milliseconds": [press(TRAINEE, "checkin:arrive:1")] * 2,
    "a hundred taps at once": [press(TRAINEE, "timetable:day:1")] * 100,
    "a press on what no longer exists": [press(TRAINEE, "checkin:arrive:999999")],
    "a press that names no message": [
        {"callback_query": {"id": "4", "from": named("M"), "chat_instance": "1", "data": "people:home"}}
    ],
    "a press on a message that Telegram forgot": [
        press(TRAINEE, "people:home", message={"chat": {"id": TRAINEE, "type": "private"}, "message_id": 1, "date": 0})
    ],
    "a press on an inline message": [
        {"callback_query": {"id": "2", "from": named("I"), "chat_instance": "1", "inline_message_id": "x", "data": "a"}}
    ],
    "a press on a game": [
        {"callback_query": {"id": "3", "from": named("G"), "chat_instance": "1", "game_short_name": "chess"}}
    ],
    "an edited message": [{"edited_message": message(TRAINEE, "1234")["message"] | {"edit_date": DATE + 5}}],
    "a forwarded code": [message(TRAINEE, "ABCDE23456", **FORWARDED)],
    "a forwarded location": [message(TRAINEE, location=LOCATION, **FORWARDED)],
    "a location as wide as a town": [message(TRAINEE, location=LOCATION | {"horizontal_accuracy": 1500.0})],
    "a live location": [message(TRAINEE, location=LOCATION | {"live_period": 900, "heading": 90})],
    "somebody else's contact": [
        message(TRAINEE, contact={"phone_number": "+8613900000000", "first_name": "X", "user_id": OTHER_TRAINEE})
    ],
    "a contact of nobody": [message(STRANGER, contact={"phone_number": "not a number", "first_name": "X"})],
    "an anonymous administrator": [
        message(
            STRANGER,
            "/start",
            chat=GROUP,
            sender_chat=GROUP,
            **{"from": {"id": 1087968824, "is_bot": True, "first_name": "Group"}},
        )
    ],
    "a channel as sender": [
        {"message": {"message_id": 1, "date": DATE, "chat": GROUP, "sender_chat": CHANNEL, "text": "/start"}}
    ],
    "a post in a channel": [{"channel_post": {"message_id": 1, "date": DATE, "chat": CHANNEL, "text": "/start"}}],
    "a bot as sender": [message(9, "/start", **{"from": BOT})],
    "a command in a group": [message(STRANGER, "/start@cohort_sandbox_bot ABCDE23456", chat=GROUP)],
    "a name right to left": [message(STRANGER, "/start", **{"from": named("\u202egnirtS")})],
    "a name of zalgo": [message(STRANGER, "/start", **{"from": named(ZALGO * 20)})],
    "a name of emoji": [message(STRANGER, "/start", **{"from": named("👩‍👩‍👧‍👦" * 10)})],
    "a name of 4,096 characters": [message(STRANGER, "/start", **{"from": named("N" * 4096)})],
    "a name of HTML": [message(STRANGER, "/start", **{"from": named("<b>&lt;</i><a href='x'>")})],
    "a name of Markdown": [message(STRANGER, "/start", **{"from": named("*_`[](tg://user?id=1)")})],
    "a name that is empty": [message(STRANGER, "/start", **{"from": named("")})],
    "a name with a NUL": [message(STRANGER, "/start", **{"from": named("a\x00b")})],
    "a language that does not exist": [message(STRANGER, "/start", **{"from": named("L", language_code="../../etc")})],
    "4,096 characters": [message(TRAINEE, "字" * 4096)],
    "a megabyte of text": [message(TRAINEE, "x" * 1_000_000)],
    "5,000 entities": [message(TRAINEE, "x" * 5000, entities=ENTITIES)],
    "entities beyond the text": [
        message(TRAINEE, "hi", entities=[{"type": "bot_command", "offset": 90, "length": 99}])
    ],
    "half a surrogate pair": [message(TRAINEE, "\ud83d")],
    "a NUL": [message(TRAINEE, "a\x00b")],
    "a NUL that was typed": [message(TRAINEE, "\\u0000")],
    "a payload of 64 characters": [message(STRANGER, "/start " + "aZ09_-" * 10 + "abcd")],
    "a payload that climbs": [message(STRANGER, "/start ../../etc/passwd")],
    "a payload of another kind": [message(STRANGER, "/start c1_999999_zzzzzzzzzzzzzzzz")],
    "a payload much too long": [message(STRANGER, "/start " + "a" * 4000)],
    "a code in full-width letters": [message(STRANGER, "ＡＢＣＤＥ２３４５６")],
    "SQL in a code": [message(STRANGER, "'; DROP TABLE inbox; --")],
    "an unknown command": [message(TRAINEE, "/no_such_command@cohort_sandbox_bot x")],
    "a file without a size": [message(STRANGER, document=FILE)],
    "a roster from a trainee": [message(TRAINEE, document=FILE | {"file_name": "roster.xlsx", "file_size": 5000})],
    "a name of a file that climbs": [message(TRAINEE, document=FILE | {"file_name": "../../x.xlsx"})],
    "a photo of 20 MB": [message(TRAINEE, photo=[FILE | {"width": 9000, "height": 9000, "file_size": 20_000_000}])],
    "a voice as answer": [message(TRAINEE, voice=FILE | {"duration": 5})],
    "an answer to a poll that nobody knows": [
        {"poll_answer": {"poll_id": "404", "user": named("V"), "option_ids": [0], "option_persistent_ids": ["a"]}}
    ],
    "a poll that nobody knows": [
        {
            "poll": {
                "id": "404",
                "question": "?",
                "options": [],
                "total_voter_count": 0,
                "is_closed": True,
                "is_anonymous": True,
                "type": "regular",
                "allows_multiple_answers": False,
                "allows_revoting": False,
                "members_only": False,
            }
        }
    ],
    "a group that moved": [message(STRANGER, chat=GROUP | {"type": "group"}, migrate_to_chat_id=-100777)],
    "paid things": [
        message(
            TRAINEE,
            successful_payment={
                "currency": "XTR",
                "total_amount": 1,
                "invoice_payload": "x",
                "telegram_payment_charge_id": "1",
                "provider_payment_charge_id": "1",
            },
        ),
        {"purchased_paid_media": {"from": named("P"), "paid_media_payload": "x"}},
    ],
    "a kind of update that does not exist yet": [{"subscription": {"anything": [1, {"deep": None}]}}],
    "a kind of message that does not exist yet": [message(TRAINEE, hologram={"depth": 3})],
    "nothing but an id": [{}],
    "a message from the future": [message(TRAINEE, "/start", date=2**31 - 1)],
    "a message from 1970": [message(TRAINEE, "/start", date=0)],
}
"""Each must be dealt with: an answer, a refusal, or silence; none is set aside."""

BROKEN: dict[str, Updates] = {
    "a message without anything": [{"message": {}}],
    "a message that is text": [{"message": "text"}],
    "a message that is a list": [{"message": [1, 2]}],
    "a press without an instance": [{"callback_query": {"id": "1", "from": named("W"), "data": "x"}}],
    "a date that no calendar has": [message(STRANGER, "x", date=10**20)],
    "a date that is text": [message(STRANGER, "x", date="yesterday")],
    "a chat whose id no column takes": [message(STRANGER, "/start", chat={"id": 10**30, "type": "private"})],
    "a person whose id no column takes": [message(STRANGER, "/start", **{"from": named("H") | {"id": 10**30}})],
    "a person whose id is text": [message(STRANGER, "/start", **{"from": named("H") | {"id": "1 OR 1=1"}})],
    "a chat without an id": [message(STRANGER, "/start", chat={"type": "private"})],
    "a text that is a number": [message(STRANGER, "7") | {"message": message(STRANGER, "7")["message"] | {"text": 7}}],
    "four hundred levels": [message(STRANGER, "x", hologram=nested(400))],
    "lists inside lists": [message(STRANGER, entities=[[[[[]]]]])],
}
"""No client of Telegram's can send these; whatever becomes of them, nobody else may notice."""
