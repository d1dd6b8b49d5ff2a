"""The minutes as documents, made when the courier sends them, with the consents of that moment. Writes nothing."""

from sqlmodel import Session

from bot import i18n
from bot.discussions import docx, minutes, queries
from bot.discussions.messages import paper as words
from bot.discussions.messages.wording import group_name
from bot.outbox.delivery import Rendered

TAGS = {"en": "en-GB", "zh": "zh-CN"}


def render_minutes(session: Session, *, group_id: int, language: str) -> Rendered:
    """The minutes of one group."""
    t = i18n.translator(language)
    circle = queries.circle_of(session, group_id)
    content = docx.write(words.group_paper(minutes.paper_of(session, circle), t), TAGS[language])
    return Rendered(words.file_name(circle.occasion, group_name(circle.group, t), t), content)


def render_joint(session: Session, *, discussion_id: int, language: str) -> Rendered:
    """The minutes of all groups."""
    t = i18n.translator(language)
    discussion = queries.require_discussion(session, discussion_id)
    papers = [minutes.paper_of(session, circle) for circle in queries.circles_of(session, discussion)]
    occasion = queries.occasion_of(session, discussion)
    content = docx.write(words.joint_paper(occasion, papers, t), TAGS[language])
    return Rendered(words.file_name(occasion, words.all_groups(t), t), content)
