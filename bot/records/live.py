"""The live screen of one activity for one reader: an address nobody can guess, and what it shows.

The address names the reader: it stops working when the reader may no longer read the cohort, and when the check-in has
been over for a while. It is derived from a secret of the installation, so nothing is stored and nothing leaks by a log.
"""

import hmac
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace
from sqlmodel import Session

from bot import codes
from bot.checkin import service as checkin
from bot.checkin.boards import Attendee
from bot.checkin.outcomes import ActivityView
from bot.errors import Refusal
from bot.ids import PersonId
from bot.people import access
from bot.people import service as people
from bot.people.models import Secret
from bot.people.service import Speaker
from bot.timetable import service as timetable

SECRET = "live"  # noqa: S105 - the name of a key
LENGTH = 32
AFTER = timedelta(hours=12)
"""How long after its end the page of an activity still opens."""
_TOKEN = re.compile(r"([0-9]{1,18})-([0-9]{1,18})-([0-9a-f]{32})")


class GroupLive(Struct, frozen=True):
    """One group: who has arrived, and who is missing by name. Groups stand in the order of the roster: no ranking."""

    name: str
    arrived: int
    expected: int
    missing: Sequence[str]
    excused: Sequence[str]


class Live(Struct, frozen=True):
    """What the page shows at one instant."""

    activity: ActivityView
    language: str
    is_open: bool
    arrived: int
    expected: int
    late: int
    groups: Sequence[GroupLive]


def token_for(session: Session, *, speaker: Speaker | None, activity_id: int) -> str:
    """The end of the address for this reader; to be asked for inside a writing transaction.

    Raises:
        Gone: there is no such activity.
        NotAllowed: the speaker may not read everything of its cohort.
    """
    activity = timetable.get_activity(session, activity_id)
    reader = access.require_reader(session, speaker, activity.cohort_id)
    secret = people.secret(session, SECRET)
    return f"{activity_id}-{reader.person_id}-{_mac(secret, activity_id, reader.person_id)}"


def look(session: Session, *, token: str, operators: frozenset[int], now: datetime) -> Live | None:
    """What the page shows now; ``None`` for an address that never was one, or is none any more."""
    ids = read_token(session, token=token, operators=operators)
    if ids is None:
        return None
    activity = timetable.get_activity(session, ids[0])
    if activity.cancelled_at is not None or now > activity.ends_at + AFTER:
        return None
    reader = _speaker(session, ids[1], operators)
    board = checkin.read_board(session, activity_id=ids[0])
    # The desk is a coordinator's; who looks here has been let in as a reader, and sees of it only whether it is open.
    desk = checkin.show_desk(session, speaker=_as_operator(reader), activity_id=ids[0], now=now)
    language = (reader.language if reader else "") or people.get_cohort(session, activity.cohort_id).language
    arrived = [*board.present, *board.late]
    return Live(
        board.activity,
        language,
        desk.is_open,
        len(arrived),
        board.counts.expected,
        len(board.late),
        _groups(arrived, board.missing, board.excused),
    )


def read_token(session: Session, *, token: str, operators: frozenset[int]) -> tuple[int, int] | None:
    """The activity and the reader that an address names, if it is genuine and the reader may still read."""
    found = _TOKEN.fullmatch(token)
    secret = session.get(Secret, SECRET)
    if found is None or secret is None:
        return None
    activity_id, person_id = int(found[1]), int(found[2])
    if not hmac.compare_digest(found[3], _mac(secret.value, activity_id, person_id)):
        return None
    try:
        activity = timetable.get_activity(session, activity_id)
        access.require_reader(session, _speaker(session, person_id, operators), activity.cohort_id)
    except Refusal:
        return None
    return activity_id, person_id


def _groups(
    arrived: Sequence[Attendee], missing: Sequence[Attendee], excused: Sequence[Attendee]
) -> Sequence[GroupLive]:
    names = sorted({one.group for one in (*arrived, *missing, *excused)}, key=_natural)
    return [
        GroupLive(
            name,
            sum(one.group == name for one in arrived),
            sum(one.group == name for one in (*arrived, *missing)),
            [one.name for one in missing if one.group == name],
            [one.name for one in excused if one.group == name],
        )
        for name in names
    ]


def _natural(name: str) -> tuple[bool, list[tuple[int, str]]]:
    """第2组 before 第10组, and those in no group last."""
    order = "零一二三四五六七八九十"
    parts = re.findall(r"[0-9]+|[零一二三四五六七八九十]|[^0-9零一二三四五六七八九十]+", name)
    return not name, [
        (int(part), "") if part.isdigit() else (order.index(part), "") if part in order else (0, part) for part in parts
    ]


def _speaker(session: Session, person_id: int, operators: frozenset[int]) -> Speaker | None:
    person = people.get_person(session, person_id)
    if person.telegram_id is None:
        return None
    is_operator = person.telegram_id in operators
    return Speaker(PersonId(person_id), person.telegram_id, person.name, person.language, is_operator)


def _as_operator(reader: Speaker | None) -> Speaker | None:
    return replace(reader, is_operator=True) if reader is not None else None


def _mac(secret: str, activity_id: int, person_id: int) -> str:
    return codes.digest(secret, f"live:{activity_id}:{person_id}").hex()[:LENGTH]
