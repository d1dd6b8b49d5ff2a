"""Every button that the bot shows to anybody, and what somebody with ill will makes of its data."""

from bot.buttons import LIMIT
from tests.hostile.camp import COORDINATOR, OTHER_TRAINEE, STRANGER, TRAINEE
from tests.support.house import TestHouse, buttons_of

COMMANDS = ("/start", "/today", "/week", "/me", "/people", "/language", "/help", "/cohorts", "/checkin", "/import")
MOST_PRESSES = 25


async def buttons_of_everybody(house: TestHouse) -> list[str]:
    """The data of all buttons met on a walk through the menus."""
    found: set[str] = set()
    for person_id in (COORDINATOR, TRAINEE, OTHER_TRAINEE, STRANGER):
        for command in COMMANDS:
            await house.person(person_id).say(command)
        for _ in range(MOST_PRESSES):
            new = sorted((number, data) for number, data in _shown_to(house, person_id) if data not in found)
            if not new:
                break
            found.add(new[-1][1])
            await house.person(person_id).press_data(*new[-1])
    return sorted(found)


def tampered(data: str) -> list[str]:
    """The data itself, cut off, lengthened, with other ids, with none."""
    parts = data.split(":")
    variants = [
        data,
        data[:-1],
        data + "9",
        f"{data}:1",
        ":".join(parts[:2]),
        ":".join([*parts[:-1], "-1"]),
        ":".join([*parts[:-1], "999999999"]),
        ":".join([*parts[:-1], "9" * 30]),
        ":".join([*parts[:-1], "x"]),
        data.upper(),
        f"{data}\n",
        f"{data}\x00",
    ]
    return [variant for variant in dict.fromkeys(variants) if variant and len(variant.encode()) <= LIMIT]


def _shown_to(house: TestHouse, person_id: int) -> set[tuple[int, str]]:
    return {
        (message["message_id"], button["callback_data"])
        for message in house.person(person_id).chat
        for button in buttons_of(message)
        if "callback_data" in button
    }
