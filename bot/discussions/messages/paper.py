"""The words of the minutes as a document, of one group or of all. Plain text; decides nothing of what stands there."""

import re
from collections.abc import Iterator, Sequence

from bot.discussions.docx import Paragraph, Style
from bot.discussions.messages.minutes import names_line, words_of
from bot.discussions.messages.wording import STAGES, day_and_hour, group_name
from bot.discussions.models import Entry, Stage
from bot.discussions.outcomes import Line, Occasion, Paper
from bot.i18n import Translator

_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
LONGEST_NAME = 60


def group_paper(paper: Paper, t: Translator) -> list[Paragraph]:
    """The minutes of one group."""
    occasion = paper.circle.occasion
    title = t.plain("Minutes of the group discussion: {group}", group=group_name(paper.circle.group, t))
    return [Paragraph(title, Style.TITLE), *_occasion(occasion, t), *_of_group(paper, t)]


def joint_paper(occasion: Occasion, papers: Sequence[Paper], t: Translator) -> list[Paragraph]:
    """The minutes of all groups, one after the other; a group that is not so far is named as such."""
    found = [Paragraph(t.plain("Minutes of the group discussion: all groups"), Style.TITLE), *_occasion(occasion, t)]
    for number, paper in enumerate(papers):
        found.append(Paragraph(group_name(paper.circle.group, t), Style.HEADING, breaks=number > 0))
        if paper.circle.stage in (Stage.MINUTES, Stage.DONE):
            found += _of_group(paper, t)
        else:
            stage = t.plain(STAGES[paper.circle.stage])
            found.append(Paragraph(t.plain("No minutes. The group came as far as: {stage}", stage=stage), Style.SMALL))
    return found


def file_name(occasion: Occasion, group: str, t: Translator) -> str:
    """The document's name as its reader sees it."""
    name = t.plain("Minutes {title} {group}", title=occasion.title, group=group)
    return f"{_UNFIT.sub(' ', name).strip()[:LONGEST_NAME].strip()}.docx"


def all_groups(t: Translator) -> str:
    """What stands for the group in the name of the joint document."""
    return t.plain("all groups")


def _occasion(occasion: Occasion, t: Translator) -> list[Paragraph]:
    at = day_and_hour(occasion.starts_at, occasion.time_zone, t)
    facts = [occasion.cohort_name, occasion.title, at, occasion.place]
    return [Paragraph(" · ".join(fact for fact in facts if fact), Style.SMALL)]


def _of_group(paper: Paper, t: Translator) -> Iterator[Paragraph]:
    yield Paragraph(names_line(paper, t), Style.SMALL)
    for question in paper.circle.occasion.questions:
        yield Paragraph(f"{question.position}. {question.text}", Style.SUBHEADING)
        mine = [line for line in paper.lines if line.question_id == question.id]
        if not mine:
            yield Paragraph(t.plain("Nothing was written on this question."))
        yield from (_paragraph(line, paper, t) for line in mine)
    yield Paragraph(_confirmed(paper, t), Style.SMALL)


def _paragraph(line: Line, paper: Paper, t: Translator) -> Paragraph:
    words = words_of(line, paper, t)
    if line.entry is not Entry.POINT:
        return Paragraph(words, Style.BODY if line.entry is Entry.REMARK else Style.INDENTED)
    dots = str(t.plural(" ({n} dot)", " ({n} dots)", line.dots)) if line.dots else ""
    return Paragraph(f"{line.number}. {words}{dots}", Style.STRONG if line.is_top else Style.BODY)


def _confirmed(paper: Paper, t: Translator) -> str:
    if paper.is_confirmed:
        return t.plain("Confirmed by the leader and the recorder of the group.")
    return t.plain("A draft: leader and recorder have not both confirmed it.")
