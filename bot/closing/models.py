"""The table of the close of day."""

from datetime import datetime

from sqlmodel import Field

from bot.tables import BigKey, Row


class AbsenceNotice(Row, table=True):
    """That the coordinators were told who was missing at an activity, or that nobody was; once an activity."""

    __tablename__ = "absence_notice"

    activity_id: int = Field(
        primary_key=True, sa_type=BigKey, foreign_key="activity.id", sa_column_kwargs={"autoincrement": False}
    )
    missing: int
    told_at: datetime
