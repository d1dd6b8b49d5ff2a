"""Who may record others: a coordinator everybody of the cohort, a group leader the own group and nobody else."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import func, select
from sqlmodel import Session

from bot.checkin.attendees import activity_of
from bot.checkin.outcomes import ActivityView
from bot.checkin.queries import MEMBERSHIP
from bot.errors import NotAllowed
from bot.people import access
from bot.people.models import Role
from bot.people.service import Speaker
from bot.timetable import service as timetable


class Helper(Struct, frozen=True):
    """Somebody who records others. ``group`` is the only one they may record; ``None`` stands for everybody."""

    speaker: Speaker
    group: str | None = None

    def may(self, group: str) -> bool:
        """Whether they may record somebody of that group."""
        return self.group is None or self.group == group


def require_helper(session: Session, speaker: Speaker | None, cohort_id: int) -> Helper:
    """Let a coordinator or a group leader of the cohort pass, or an operator.

    Raises:
        NotAllowed: anybody else, and a leader without a group.
    """
    found = find_helper(session, speaker, cohort_id)
    if found is None:
        raise NotAllowed
    return found


def find_helper(session: Session, speaker: Speaker | None, cohort_id: int) -> Helper | None:
    """The same without raising."""
    if speaker is None:
        return None
    roles = access.roles_in(session, speaker.person_id, cohort_id)
    if speaker.is_operator or Role.COORDINATOR in roles:
        return Helper(speaker)
    group = led_group(session, speaker.person_id, cohort_id) if Role.GROUP_LEADER in roles else None
    return Helper(speaker, group) if group else None


def require_group(helper: Helper, activity: ActivityView, group: str | None) -> str | None:
    """The group that is meant: the one named, or for a leader the own one; ``None`` stands for everybody.

    Raises:
        NotAllowed: a leader names another group, or the activity is not for the leader's.
    """
    wanted = helper.group if group is None else group
    if wanted is not None and not helper.may(wanted):
        raise NotAllowed
    if activity.group is not None and not helper.may(activity.group):
        raise NotAllowed
    return wanted


def led_group(session: Session, person_id: int, cohort_id: int) -> str | None:
    """The group that somebody leads: that of the leader's membership, else of the trainee's."""
    query = (
        select(func.max(MEMBERSHIP.c.group_name))
        .where(
            MEMBERSHIP.c.person_id == person_id,
            MEMBERSHIP.c.cohort_id == cohort_id,
            MEMBERSHIP.c.left_at.is_(None),
            MEMBERSHIP.c.role.in_((Role.GROUP_LEADER, Role.TRAINEE)),
        )
        .group_by(MEMBERSHIP.c.role)
        .order_by(MEMBERSHIP.c.role)
    )
    return next((group for group in session.connection().execute(query).scalars() if group), None)


def led_activities(
    session: Session, *, speaker: Speaker | None, cohort_id: int, now: datetime
) -> tuple[str, list[ActivityView]]:
    """A group leader's group, and what is on for it about now, the nearest first.

    Raises:
        NotAllowed: the speaker leads no group there.
    """
    group = led_group(session, speaker.person_id, cohort_id) if speaker is not None else None
    helper = require_helper(session, speaker, cohort_id)
    if group is None or not helper.may(group):
        raise NotAllowed
    near = [activity_of(session, one.id or 0) for one in timetable.near(session, cohort_id, now)]
    return group, [one for one in near if one.group in (None, group)]
