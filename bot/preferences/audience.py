"""Whom a push reaches and in which manner.

It is ``bot.people.audience`` with what people chose: who has paused the topic is left out, and everybody else is sorted
by *manner*: language, sound, quiet hours and, where it matters, group. A message is worded once a manner.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import Integer, Select, String, Text, bindparam, case, cast, exists, func, literal, or_, select
from sqlmodel import Session

from bot.outbox.copies import Chats, sort_chats
from bot.outbox.models import TABLE as OUTBOX
from bot.people.models import Cohort, Membership, Person, Role
from bot.preferences.models import Pause, Preference, Topic
from bot.preferences.rules import QuietHours, quiet_until

COHORT = Cohort.__table__  # type: ignore[attr-defined]
MEMBERSHIP = Membership.__table__  # type: ignore[attr-defined]
PAUSE = Pause.__table__  # type: ignore[attr-defined]
PERSON = Person.__table__  # type: ignore[attr-defined]
PREFERENCE = Preference.__table__  # type: ignore[attr-defined]

NOBODY_PAUSES = ""
"""In place of a topic, for what comes anyway."""


class Manner(Struct, frozen=True):
    """How some people want to be told: in which language, with or without a sound, outside which hours."""

    key: str
    language: str
    is_silent: bool
    quiet: QuietHours | None
    group: str | None = None

    @classmethod
    def read(cls, key: str) -> "Manner":
        """Read what the query has put together."""
        language, silent, quiet, *group = key.split(":", 3)
        hours = QuietHours(*(int(part) for part in quiet.split("-"))) if quiet else None
        return cls(key, language, silent == "1", hours, (group or [""])[0] or None)

    def waits_until(self, zone: ZoneInfo, now: datetime) -> datetime | None:
        """When the quiet hours end, where ``now`` lies in them."""
        return quiet_until(self.quiet, zone, now)


class Wanted(Struct, frozen=True):
    """Whom to look for. ``by_group`` sorts them by their group too; ``group`` keeps one group only.

    ``lead`` keeps those who want to be reminded so many minutes ahead, ``usual_lead`` being that of whoever chose none.
    ``unsaid`` leaves out whoever was sent a message whose key is this prefix and their number: they know it already.
    """

    cohort_id: int
    topic: Topic | None
    role: Role = Role.TRAINEE
    by_group: bool = False
    group: str | None = None
    lead: int | None = None
    usual_lead: int = 0
    unsaid: str = ""


class Audience(Struct, frozen=True):
    """A page of those people: the chats of each manner, the last person's id."""

    chats: Mapping[Manner, Chats]
    last: int

    @property
    def size(self) -> int:
        """How many people it is."""
        return sum(len(chats) for chats in self.chats.values())


def find_audience(session: Session, wanted: Wanted, now: datetime, *, after: int = 0, limit: int) -> Audience:
    """At most ``limit`` people in the order of their ids, beginning after one of them."""
    values = {
        "audience_cohort": wanted.cohort_id,
        "audience_role": wanted.role,
        "audience_topic": wanted.topic or NOBODY_PAUSES,
        "audience_now": now,
        "audience_group": wanted.group,
        "audience_any": int(wanted.lead is None),
        "audience_lead": wanted.lead or 0,
        "audience_usual": wanted.usual_lead,
        "audience_after": after,
        "audience_limit": limit,
    }
    values |= {"audience_said": wanted.unsaid} if wanted.unsaid else {}
    rows = session.connection().execute(_query(wanted.by_group, bool(wanted.unsaid)), values).all()
    last = rows[-1].person_id if rows else after
    return Audience({Manner.read(key): chats for key, chats in sort_chats(rows).items()}, last)


@cache
def _query(by_group: bool, unsaid: bool) -> Select[Any]:
    """Everybody of a role who is linked and reachable and has not paused the topic."""
    query = (
        select(PERSON.c.id.label("person_id"), PERSON.c.telegram_id, _manner(by_group).label("manner"))
        .join(MEMBERSHIP, MEMBERSHIP.c.person_id == PERSON.c.id)
        .join(COHORT, COHORT.c.id == MEMBERSHIP.c.cohort_id)
        .outerjoin(PREFERENCE, PREFERENCE.c.person_id == PERSON.c.id)
        .where(
            MEMBERSHIP.c.cohort_id == bindparam("audience_cohort"),
            MEMBERSHIP.c.role == bindparam("audience_role"),
            MEMBERSHIP.c.left_at.is_(None),
            MEMBERSHIP.c.person_id > bindparam("audience_after"),
            PERSON.c.telegram_id.is_not(None),
            PERSON.c.unreachable_at.is_(None),
            or_(_number("any") == 1, func.coalesce(PREFERENCE.c.before, _number("usual")) == _number("lead")),
            or_(_text("group").is_(None), MEMBERSHIP.c.group_name == _text("group")),
            ~_has_paused(),
        )
        .order_by(MEMBERSHIP.c.person_id)
        .limit(bindparam("audience_limit"))
    )
    return query.where(~_was_said()) if unsaid else query


def _manner(by_group: bool) -> Any:
    parts = [
        func.coalesce(func.nullif(PERSON.c.language, ""), COHORT.c.language),
        case((PREFERENCE.c.is_silent, "1"), else_="0"),
        func.coalesce(cast(PREFERENCE.c.quiet_from, String) + "-" + cast(PREFERENCE.c.quiet_until, String), ""),
    ]
    parts += [func.coalesce(MEMBERSHIP.c.group_name, "")] if by_group else []
    whole: Any = cast(parts[0], Text)
    for part in parts[1:]:
        whole = whole.concat(literal(":")).concat(part)
    return whole


def _has_paused() -> Any:
    return exists(
        select(PAUSE.c.id).where(
            PAUSE.c.person_id == PERSON.c.id,
            PAUSE.c.topic == bindparam("audience_topic"),
            PAUSE.c.cohort_id.in_((0, bindparam("audience_cohort"))),
            or_(PAUSE.c.until.is_(None), PAUSE.c.until > bindparam("audience_now", type_=PAUSE.c.until.type)),
        )
    )


def _was_said() -> Any:
    return exists(select(OUTBOX.c.id).where(OUTBOX.c.key == _text("said").concat(cast(PERSON.c.id, Text))))


def _text(name: str) -> Any:
    return cast(bindparam(f"audience_{name}", type_=Text), Text)


def _number(name: str) -> Any:
    return cast(bindparam(f"audience_{name}", type_=Integer), Integer)
