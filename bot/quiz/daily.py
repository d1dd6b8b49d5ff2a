"""The question of the day: when and from where it comes, who is asked, when it closes, how the cohort did.

The hour is a recurrence like every other push; the question closes at the local midnight after it, by the answer's own
time. The only writer of the plan and of the days.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from sqlalchemy import bindparam, select
from sqlmodel import Session, col
from sqlmodel import select as find

from bot.audit import service as audit
from bot.banks import service as banks
from bot.database import insert_missing
from bot.errors import Gone
from bot.people import access
from bot.people import service as people
from bot.people.models import Cohort, Role
from bot.people.service import MEMBERSHIP, PERSON, Reader, Speaker
from bot.preferences import service as preferences
from bot.quiz import asking, changing, exams, pool, records
from bot.quiz.changing import Change
from bot.quiz.models import Daily, DailyPlan, Item
from bot.quiz.outcomes import DailyAsked, DailyPush, NoQuestions
from bot.recurrence import service as recurrence
from bot.recurrence.models import Outcome, Recurrence
from bot.recurrence.rules import DAY, first_instant
from bot.recurrence.service import Plan

QUESTION, SUMMARY = "daily_question", "daily_summary"
"""The kinds of the two recurrences."""

USUAL_HOUR = time(12, 30)
ITEM = Item.__table__  # type: ignore[attr-defined]
DAILY = Daily.__table__  # type: ignore[attr-defined]


def plan_of(session: Session, *, speaker: Speaker | None, cohort_id: int) -> DailyPlan:
    """The cohort's plan, also where nothing was planned yet; raises NotAllowed."""
    access.require_role(session, speaker, cohort_id, *exams.SEEING)
    return session.get(DailyPlan, cohort_id) or DailyPlan(cohort_id=cohort_id, at=USUAL_HOUR)


def set_plan(
    session: Session,
    *,
    speaker: Speaker | None,
    cohort_id: int,
    now: datetime,
    is_on: bool | None = None,
    at: time | None = None,
    bank_id: int | None = None,
    category: str | None = None,
) -> DailyPlan:
    """Turn the daily question on or off, or change its hour, its bank (0: all banks) or its category (empty: all).

    Raises:
        NotAllowed: the speaker is neither coordinator nor teacher.
        NoQuestions: it is to be turned on and there is no bank.
        Gone: the bank is not the cohort's.
    """
    maker = access.require_role(session, speaker, cohort_id, *records.MAKING)
    kept = pool.of_cohort(session, cohort_id)
    if is_on and not kept:
        raise NoQuestions
    if bank_id and bank_id not in {bank.id for bank in kept}:
        raise Gone
    plan = session.get(DailyPlan, cohort_id) or DailyPlan(cohort_id=cohort_id, at=USUAL_HOUR)
    before = _facts(plan)
    plan.is_on = plan.is_on if is_on is None else is_on
    plan.at = at or plan.at
    if bank_id is not None:
        plan.bank_id, plan.category = bank_id or None, ""
    plan.category = plan.category if category is None else category
    session.add(plan)
    session.flush()
    _schedule(session, people.get_cohort(session, cohort_id), plan, now)
    _log(session, plan, maker, now, before)
    return plan


def _log(session: Session, plan: DailyPlan, maker: Speaker, now: datetime, before: dict[str, object]) -> None:
    line = audit.entry(
        actor=maker.actor,
        now=now,
        action="change",
        subject="daily question",
        cohort_id=plan.cohort_id,
        before=before,
        after=_facts(plan),
    )
    audit.record(session, line)


def _facts(plan: DailyPlan) -> dict[str, object]:
    """What the change log keeps of a plan."""
    return {"is_on": plan.is_on, "at": plan.at, "bank": plan.bank_id, "category": plan.category}


def categories(session: Session, plan: DailyPlan) -> list[tuple[str, int]]:
    """The categories of the bank that the plan takes from; none where it takes from several banks."""
    kept = pool.of_cohort(session, plan.cohort_id)
    only = kept[0].id if len(kept) == 1 else None
    bank_id = plan.bank_id or only
    return banks.categories(session, bank_id) if bank_id else []


def take(session: Session, waiting: Recurrence, *, now: datetime, after: int, room: int) -> DailyPush:
    """Put the question of a day that is due to the next page of trainees; the day is settled with the last.

    A day whose question would be closed already is left out, and recorded as such.
    """
    cohort = people.get_cohort(session, waiting.cohort_id)
    closing = closes_at(cohort, waiting.next_on)
    if now >= closing:
        recurrence.settle(session, waiting, Outcome.SKIPPED, now, "it would have been closed already")
        return DailyPush(waiting.cohort_id)
    daily = _open(session, cohort, waiting.next_on, closing, now)
    if daily is None:
        recurrence.settle(session, waiting, Outcome.NOTHING_TO_SAY, now)
        return DailyPush(waiting.cohort_id, told_empty=records.staff_of(session, waiting.cohort_id))
    readers = _to_ask(session, waiting.cohort_id, now, after, room)
    asked = _ask(session, cohort, daily, readers)
    if len(readers) < room:
        recurrence.settle(session, waiting, Outcome.FIRED, now)
    return DailyPush(waiting.cohort_id, asked, goes_on=len(readers) == room)


def show(session: Session, *, speaker: Speaker | None, cohort_id: int, at: datetime) -> DailyAsked | None:
    """Today's question for somebody who asks for it; ``None`` where there is none. Raises NotAllowed."""
    person = access.require_role(session, speaker, cohort_id, Role.TRAINEE)
    cohort = people.get_cohort(session, cohort_id)
    daily = session.exec(
        find(Daily).where(Daily.cohort_id == cohort_id, Daily.on == people.local_day(cohort, at))
    ).first()
    if daily is None:
        return None
    reader = Reader(person.person_id, person.telegram_id, person.name, person.language)
    ((_, asked),) = _ask(session, cohort, daily, [reader])
    return replace(asked, is_closed=at >= daily.closes_at)


# Put together once, since each first screen asks them.
_NOW = bindparam("now", type_=DAILY.c.closes_at.type)
_OPEN = (
    select(DAILY.c.id)
    .where(DAILY.c.cohort_id == bindparam("cohort"), DAILY.c.closes_at > _NOW, DAILY.c.asked_at <= _NOW)
    .limit(1)
)
_SETTLED = select(ITEM.c.id).where(
    ITEM.c.daily_id == bindparam("daily"), ITEM.c.person_id == bindparam("person"), ITEM.c.settled_at.is_not(None)
)


def waits_for(session: Session, person_id: int, cohort_id: int, now: datetime) -> bool:
    """Whether there is a question of today that the person has not answered."""
    connection = session.connection()
    daily_id = connection.execute(_OPEN, {"cohort": cohort_id, "now": now}).scalar()
    return daily_id is not None and not connection.execute(_SETTLED, {"daily": daily_id, "person": person_id}).first()


def answer(session: Session, *, item: Item, wanted: Change, at: datetime) -> DailyAsked:
    """Take an answer to a day's question: the first final one stands, and what comes after the close does not count."""
    daily = _daily(session, item)
    is_open = at < daily.closes_at
    was_settled = item.settled_at is not None
    if is_open and not was_settled:
        asking.change(session, item, wanted, at)
        kept = banks.question(session, item.question_id)
        if changing.settles_at_once(wanted) and changing.is_whole(kept.question, asking.answer_of(item)):
            asking.settle(item, kept, at)
        session.add(item)
        session.flush()
    cohort = people.get_cohort(session, daily.cohort_id)
    asked = _seen(session, cohort, daily, item)
    return replace(asked, is_new=not was_settled and item.settled_at is not None, is_closed=not is_open)


def look(session: Session, *, item: Item, at: datetime) -> DailyAsked:
    """A day's question as it stands for the person it was put to."""
    daily = _daily(session, item)
    seen = _seen(session, people.get_cohort(session, daily.cohort_id), daily, item)
    return replace(seen, is_closed=at >= daily.closes_at)


def _schedule(session: Session, cohort: Cohort, plan: DailyPlan, now: datetime) -> None:
    """Bring the two pushes into line; one that is turned off has no day left."""
    yesterday = people.local_day(cohort, now) - DAY
    for kind, at, shift in ((QUESTION, plan.at, 0), (SUMMARY, cohort.push_at, 1)):
        if not plan.is_on and (kind == SUMMARY or recurrence.find_recurrence(session, cohort.id or 0, kind) is None):
            continue
        until = cohort.ends_on + DAY * shift if plan.is_on else yesterday
        recurrence.ensure(
            session,
            Plan(
                cohort_id=cohort.id or 0,
                kind=kind,
                at=at,
                time_zone=cohort.time_zone,
                starts_on=cohort.starts_on + DAY * shift,
                until=until,
            ),
            now,
        )


def closes_at(cohort: Cohort, on: date) -> datetime:
    """The local midnight after a day: from then on its question takes no answer."""
    return first_instant(on + DAY, time(0), ZoneInfo(cohort.time_zone)).astimezone(UTC)


def _open(session: Session, cohort: Cohort, on: date, closes_at: datetime, now: datetime) -> Daily | None:
    """The day's question: the one chosen already, or a new one; ``None`` where no question is left."""
    daily = session.exec(find(Daily).where(Daily.cohort_id == cohort.id, Daily.on == on)).first()
    if daily is not None:
        return daily
    plan = session.get(DailyPlan, cohort.id)
    asked = session.exec(select(col(Daily.question_id)).where(col(Daily.cohort_id) == cohort.id)).scalars().all()  # type: ignore[call-overload]
    question_id = pool.next_question(
        session,
        cohort.id or 0,
        bank_id=plan.bank_id if plan else None,
        category=plan.category if plan else "",
        asked=asked,
        seed=asking.seed(session, f"daily:{cohort.id}:{on}"),
    )
    if question_id is None:
        return None
    daily = Daily(cohort_id=cohort.id or 0, on=on, question_id=question_id, asked_at=now, closes_at=closes_at)
    session.add(daily)
    session.flush()
    return daily


def _to_ask(session: Session, cohort_id: int, now: datetime, after: int, room: int) -> list[Reader]:
    """The next trainees who can be reached and have not paused it."""
    cohort = people.get_cohort(session, cohort_id)
    query = (
        select(PERSON.c.id, PERSON.c.telegram_id, PERSON.c.name, PERSON.c.language)
        .join(MEMBERSHIP, MEMBERSHIP.c.person_id == PERSON.c.id)
        .where(
            MEMBERSHIP.c.cohort_id == cohort_id,
            MEMBERSHIP.c.role == Role.TRAINEE,
            MEMBERSHIP.c.left_at.is_(None),
            PERSON.c.id > after,
            PERSON.c.telegram_id.is_not(None),
            PERSON.c.unreachable_at.is_(None),
            PERSON.c.id.not_in(preferences.paused(cohort_id, preferences.Topic.DAILY_QUESTION, now)),
        )
        .order_by(PERSON.c.id)
        .limit(room)
    )
    rows = session.connection().execute(query)
    return [Reader(row.id, row.telegram_id, row.name, row.language or cohort.language) for row in rows]


def _ask(session: Session, cohort: Cohort, daily: Daily, readers: Sequence[Reader]) -> list[tuple[Reader, DailyAsked]]:
    """Put the question to these people, in each one's own order, once each."""
    question = banks.question(session, daily.question_id).question
    rows = [
        asking.row(
            reader.person_id,
            daily.question_id,
            asking.arrangement(session, question, f"daily:{daily.id}:{reader.person_id}"),
            daily_id=daily.id,
        )
        for reader in readers
    ]
    insert_missing(session, ITEM, [dict(row) for row in rows])
    wanted = [reader.person_id for reader in readers]
    items = session.exec(find(Item).where(Item.daily_id == daily.id, col(Item.person_id).in_(wanted))).all()
    by_person = {item.person_id: item for item in items}
    return [(reader, _seen(session, cohort, daily, by_person[reader.person_id])) for reader in readers]


def _seen(session: Session, cohort: Cohort, daily: Daily, item: Item) -> DailyAsked:
    asked = asking.see(session, item, told=True)
    return DailyAsked(cohort.id or 0, daily.on, cohort.time_zone, daily.closes_at, asked)


def _daily(session: Session, item: Item) -> Daily:
    daily = session.get(Daily, item.daily_id)
    if daily is None:
        raise Gone
    return daily
