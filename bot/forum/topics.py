"""The set questions or cases of a call, each perhaps with a file that Telegram keeps."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlmodel import Session

from bot.errors import Gone, Refusal
from bot.forum import queries, rules
from bot.forum.calls import log, require_maker
from bot.forum.models import Call, Topic
from bot.forum.queries import SIGNUP
from bot.people.service import Speaker


class TopicInUse(Refusal):
    """Somebody has signed up with this question, so it stays. You can change its words."""


class TooManyTopics(Refusal):
    """A call takes at most twelve questions."""


def add(session: Session, *, speaker: Speaker | None, call_id: int, texts: Sequence[str], now: datetime) -> Call:
    """Add questions or cases at the end; raises NotAllowed, Gone, TooManyTopics."""
    call = require_maker(session, speaker, call_id)
    assert speaker is not None  # noqa: S101 - the guard has looked
    there = queries.topics_of(session, call_id)
    if len(there) + len(texts) > rules.MOST_TOPICS:
        raise TooManyTopics
    last = max((topic.position for topic in there), default=0)
    for number, text in enumerate(texts, start=last + 1):
        session.add(Topic(call_id=call_id, position=number, text=text))
    session.flush()
    log(session, call, speaker.actor, "change", now, after={"topics": list(texts)})
    return call


def change(
    session: Session,
    *,
    speaker: Speaker | None,
    topic_id: int,
    now: datetime,
    text: str | None = None,
    file_id: str | None = None,
) -> Topic:
    """Give a topic other words or another file; raises NotAllowed, Gone."""
    topic, call = _require_topic(session, speaker, topic_id)
    assert speaker is not None  # noqa: S101 - the guard has looked
    before, after = {"topic": topic.text}, {"topic": text if text is not None else topic.text}
    topic.text = text if text is not None else topic.text
    if file_id is not None:
        topic.file_id, after["file"] = file_id, "yes"
    session.add(topic)
    session.flush()
    log(session, call, speaker.actor, "change", now, before=before, after=after)
    return topic


def remove(session: Session, *, speaker: Speaker | None, topic_id: int, now: datetime) -> Call:
    """Take a topic away that nobody has signed up with; raises NotAllowed, Gone, TopicInUse."""
    topic, call = _require_topic(session, speaker, topic_id)
    assert speaker is not None  # noqa: S101 - the guard has looked
    if session.connection().execute(select(exists().where(SIGNUP.c.topic_id == topic_id))).scalar():
        raise TopicInUse
    session.delete(topic)
    session.flush()
    log(session, call, speaker.actor, "change", now, before={"topic": topic.text})
    return call


def call_of(session: Session, topic_id: int) -> int:
    """The call that a topic belongs to; raises Gone."""
    topic = session.get(Topic, topic_id)
    if topic is None:
        raise Gone
    return topic.call_id


def _require_topic(session: Session, speaker: Speaker | None, topic_id: int) -> tuple[Topic, Call]:
    topic = session.get(Topic, topic_id)
    if topic is None:
        raise Gone
    return topic, require_maker(session, speaker, topic.call_id)
