"""The table of when Telegram was last heard."""

from datetime import datetime

from sqlmodel import Field

from bot.tables import Row


class Hearing(Row, table=True):
    """Until when a bot's updates have been fetched; ``source`` is that of its inbox rows."""

    __tablename__ = "hearing"

    source: str = Field(primary_key=True)
    heard_at: datetime
