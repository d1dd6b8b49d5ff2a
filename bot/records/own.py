"""A person's own record: what is written about them at each activity, and what came of their objections."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from sqlmodel import Session

from bot.checkin import appeals, roll
from bot.checkin import service as checkin
from bot.checkin.appeals import AppealView
from bot.checkin.boards import MarkView
from bot.checkin.service import Record
from bot.errors import Gone
from bot.hours import service as hours
from bot.hours.rules import Entry, Standing
from bot.hours.service import Account
from bot.people.service import Speaker

SIZE = 8


class OwnRecord(Struct, frozen=True):
    """A page of one's own record, the newest first, counted from 0; and one's appeals that wait."""

    account: Account
    entries: Sequence[Entry]
    number: int
    pages: int
    waiting: Sequence[AppealView]


class OwnMark(Struct, frozen=True):
    """Everything that is on record of the speaker at one activity, and the objection to it, if there is one."""

    mark: MarkView
    record: Record | None
    appeal: AppealView | None


def show_own(session: Session, *, speaker: Speaker | None, cohort_id: int, number: int, now: datetime) -> OwnRecord:
    """The speaker's own record in a cohort.

    Raises:
        NotLinked: the account belongs to nobody.
        Gone: the speaker is no trainee of such a cohort.
    """
    account = hours.show_own(session, speaker=speaker, cohort_id=cohort_id, now=now)
    begun = [one for one in account.ledger.entries if one.record.starts_at <= now or one.standing is not Standing.AHEAD]
    begun.reverse()
    pages = max(1, -(-len(begun) // SIZE))
    number = min(max(number, 0), pages - 1)
    waiting = [
        one
        for one in appeals.appeals_of(session, account.trainee.person_id)
        if one.is_open and one.activity.cohort_id == cohort_id
    ]
    return OwnRecord(account, begun[number * SIZE : (number + 1) * SIZE], number, pages, waiting)


def show_own_mark(session: Session, *, speaker: Speaker | None, activity_id: int) -> OwnMark:
    """What is on record of the speaker at one activity.

    Raises:
        NotLinked: the account belongs to nobody.
        Gone: the speaker is no trainee of it.
    """
    mark = roll.show_own(session, speaker=speaker, activity_id=activity_id)
    person_id = mark.attendee.person_id
    said = (one for one in appeals.appeals_of(session, person_id) if one.activity.id == activity_id)
    return OwnMark(mark, checkin.record_of(session, activity_id, person_id), next(said, None))


def own_cohort(cohort_ids: Sequence[int]) -> int:
    """The cohort whose record ``/record`` shows: the newest.

    Raises:
        Gone: there is none.
    """
    if not cohort_ids:
        raise Gone
    return max(cohort_ids)
