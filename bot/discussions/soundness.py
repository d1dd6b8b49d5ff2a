"""What must always hold of discussions, as queries: no dot too many, nothing lost between notes and points."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from bot.discussions.models import Stage
from bot.discussions.queries import DOT, GROUP, NOTE, POINT, SEAT
from bot.discussions.rules import DOTS

_EARLY = (Stage.GATHERING, Stage.WRITING)
_OFFICER_SITS = and_(SEAT.c.group_id == GROUP.c.id, SEAT.c.person_id.in_((GROUP.c.leader_id, GROUP.c.recorder_id)))

TOO_MANY_DOTS = (
    select(POINT.c.question_id, DOT.c.person_id)
    .join(DOT, DOT.c.point_id == POINT.c.id)
    .group_by(POINT.c.group_id, POINT.c.question_id, DOT.c.person_id)
    .having(func.count() > DOTS)
)
WORDLESS = (
    select(POINT.c.id)
    .outerjoin(NOTE, NOTE.c.point_id == POINT.c.id)
    .group_by(POINT.c.id)
    .having(func.count(NOTE.c.id) < 1)
)
MISNUMBERED = (
    select(NOTE.c.id)
    .join(GROUP, GROUP.c.id == NOTE.c.group_id)
    .where(
        or_(
            and_(GROUP.c.stage.in_(_EARLY), NOTE.c.point_id.is_not(None)),
            and_(GROUP.c.stage.not_in(_EARLY), NOTE.c.point_id.is_(None)),
        )
    )
)
UNCONFIRMED = select(GROUP.c.id).where(
    GROUP.c.stage == Stage.DONE,
    or_(GROUP.c.leader_confirmed_at.is_(None), GROUP.c.recorder_confirmed_at.is_(None)),
)
STRAY_OFFICER = (
    select(GROUP.c.id)
    .outerjoin(SEAT, _OFFICER_SITS)
    .where(or_(GROUP.c.leader_id.is_not(None), GROUP.c.recorder_id.is_not(None)))
    .group_by(GROUP.c.id, GROUP.c.leader_id, GROUP.c.recorder_id)
    .having(
        or_(
            and_(GROUP.c.leader_id != GROUP.c.recorder_id, func.count(SEAT.c.person_id) < 2),
            func.count(SEAT.c.person_id) < 1,
        )
    )
)
WRONG_SEAT = (
    select(SEAT.c.discussion_id, SEAT.c.person_id)
    .join(GROUP, GROUP.c.id == SEAT.c.group_id)
    .where(GROUP.c.discussion_id != SEAT.c.discussion_id)
)
BROKEN: Mapping[str, Select[Any]] = {
    "somebody has more dots on a question than there are": TOO_MANY_DOTS,
    "a point of a discussion holds nothing that anybody wrote": WORDLESS,
    "what was written has a number too early, or none": MISNUMBERED,
    "minutes count as done and are not confirmed by both": UNCONFIRMED,
    "somebody leads or records a group without sitting in it": STRAY_OFFICER,
    "somebody sits in a group of another discussion": WRONG_SEAT,
}
