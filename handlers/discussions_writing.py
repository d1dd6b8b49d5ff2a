"""What members of a group type: their points in silence, causes and measures; and the recorder's lines of the minutes.

One dialogue for all of it, so that at most one question is open. What a stage no longer takes ends the dialogue.
"""

from collections.abc import Sequence

from telegram import Update
from telegram.ext import MessageHandler

from bot import buttons
from bot.context import CohortApplication, Context
from bot.conversation import END, Conversation, NextState, State
from bot.discussions import service
from bot.discussions.messages import announcing
from bot.discussions.messages import finding as finding_words
from bot.discussions.messages import minutes as minutes_words
from bot.discussions.messages import writing as words
from bot.discussions.models import Kind
from bot.discussions.outcomes import Kept, Member, Paper, Place
from bot.errors import Gone
from bot.outbox.calls import Message
from handlers.discussions_screens import (
    ANYTHING,
    leave,
    on,
    pressed,
    say_home,
    say_other,
    show_home,
    show_other,
)


class Step(State):
    """What is being typed."""

    POINTS = "points"
    ANEW = "anew"
    FINDING = "finding"
    LINE = "line"
    REMARK = "remark"


def register(application: CohortApplication) -> None:
    """Add the dialogue, and the screens of one's own points and of causes and measures."""
    application.add_handler(
        Conversation(
            "talk",
            application.dialogues,
            entry_points=[
                on("write", begin_points),
                on("edit", begin_anew),
                on("add", begin_finding),
                on("reword", begin_line),
                on("remark", begin_remark),
            ],
            states={
                Step.POINTS: [MessageHandler(ANYTHING, take_points)],
                Step.ANEW: [MessageHandler(ANYTHING, take_anew)],
                Step.FINDING: [MessageHandler(ANYTHING, take_finding)],
                Step.LINE: [MessageHandler(ANYTHING, take_line)],
                Step.REMARK: [MessageHandler(ANYTHING, take_remark)],
            },
        )
    )
    for action, callback in (("note", show_note), ("drop", drop), ("point", show_point), ("del", drop_finding)):
        application.add_handler(on(action, callback))


async def begin_points(update: Update, context: Context) -> NextState:
    """Open a question to write on."""
    group_id, question_id = context.numbers(2)
    place, notes = service.writing.show_mine(context.session, speaker=context.speaker, group_id=group_id)
    if place.circle.occasion.question(question_id) is None:
        raise Gone
    if not service.writing.may_write(place):
        show_home(update, context, place)
        return END
    show_other(update, context, place, words.render_writing(place, question_id, notes, context.t))
    context.place.notes = {"group": group_id, "question": question_id, "screen": pressed(update)}
    return Step.POINTS


async def take_points(update: Update, context: Context) -> NextState:
    """Keep what was typed on the question; more may follow."""
    notes = context.place.notes
    group_id, question_id = notes["group"], notes["question"]
    written = service.writing.write(
        context.session,
        speaker=context.speaker,
        group_id=group_id,
        question_id=question_id,
        text=context.text,
        now=context.now,
    )
    if written.kept is Kept.TOO_LATE:
        return _too_late(context, written.place)
    if written.kept is not Kept.KEPT:
        context.reply(words.render_not_kept(written.kept, context.t))
        return None
    _count_up(context, written.place, is_first=written.is_first)
    _put_away(context, words.render_put_away(written.place, question_id, written.count, context.t))
    _, mine = service.writing.show_mine(context.session, speaker=context.speaker, group_id=group_id)
    notes["screen"] = say_other(
        context, written.place, words.render_writing(written.place, question_id, mine, context.t)
    )
    return None


async def begin_anew(update: Update, context: Context) -> NextState:
    """Ask for new words for one's own point."""
    (note_id,) = context.numbers(1)
    note, place = service.writing.require_own(context.session, speaker=context.speaker, note_id=note_id)
    show_other(update, context, place, words.render_ask_anew(note, context.t))
    context.place.notes = {"note": note_id, "screen": pressed(update)}
    return Step.ANEW


async def take_anew(update: Update, context: Context) -> NextState:
    """Word one's own point anew, and go on writing on the question."""
    note_id = context.place.notes["note"]
    note, _ = service.writing.require_own(context.session, speaker=context.speaker, note_id=note_id)
    written = service.writing.change(context.session, speaker=context.speaker, note_id=note_id, text=context.text)
    if written.kept is Kept.TOO_LATE:
        return _too_late(context, written.place)
    if written.kept is not Kept.KEPT:
        context.reply(words.render_not_kept(written.kept, context.t))
        return None
    group_id, question_id = written.place.circle.id, note.question_id
    _put_away(context, words.render_put_away(written.place, question_id, 1, context.t))
    _, mine = service.writing.show_mine(context.session, speaker=context.speaker, group_id=group_id)
    key = say_other(context, written.place, words.render_writing(written.place, question_id, mine, context.t))
    context.place.notes = {"group": group_id, "question": question_id, "screen": key}
    return Step.POINTS


async def show_note(update: Update, context: Context) -> None:
    """Show one of one's own points."""
    (note_id,) = context.numbers(1)
    leave(context)
    note, place = service.writing.require_own(context.session, speaker=context.speaker, note_id=note_id)
    show_other(update, context, place, words.render_note(note, place, context.t))


async def drop(update: Update, context: Context) -> None:
    """Take one of one's own points back."""
    (note_id,) = context.numbers(1)
    leave(context)
    note, _ = service.writing.require_own(context.session, speaker=context.speaker, note_id=note_id)
    question_id = note.question_id
    place = service.writing.drop(context.session, speaker=context.speaker, note_id=note_id)
    _, mine = service.writing.show_mine(context.session, speaker=context.speaker, group_id=place.circle.id)
    show_other(update, context, place, words.render_dropped(place, question_id, mine, context.t))
    _count_up(context, place, is_first=not mine)


async def show_point(update: Update, context: Context) -> None:
    """Show a leading point with its causes and measures."""
    (point_id,) = context.numbers(1)
    leave(context)
    page, place = service.finding.show_point(context.session, speaker=context.speaker, point_id=point_id)
    show_other(update, context, place, finding_words.render_point(page, place, context.t))


async def begin_finding(update: Update, context: Context) -> NextState:
    """Ask for causes or measures."""
    point_id, kind = _point_and_kind(context)
    page, place = service.finding.show_point(context.session, speaker=context.speaker, point_id=point_id)
    show_other(update, context, place, finding_words.render_ask(page, kind, context.t))
    context.place.notes = {"point": point_id, "kind": kind.value, "screen": pressed(update)}
    return Step.FINDING


async def take_finding(update: Update, context: Context) -> NextState:
    """Keep causes or measures; more may follow."""
    notes = context.place.notes
    written, page = service.finding.add(
        context.session,
        speaker=context.speaker,
        point_id=notes["point"],
        kind=Kind(notes["kind"]),
        text=context.text,
        now=context.now,
    )
    if page is None:
        return _too_late(context, written.place)
    if written.kept is not Kept.KEPT:
        context.reply(words.render_not_kept(written.kept, context.t))
        return None
    _put_away(context, finding_words.render_put_away(page, written.count, context.t))
    message = finding_words.render_point(page, written.place, context.t, Kept.KEPT)
    notes["screen"] = say_other(context, written.place, message)
    return None


async def drop_finding(update: Update, context: Context) -> None:
    """Take a cause or measure away."""
    (finding_id,) = context.numbers(1)
    leave(context)
    page = service.finding.drop(context.session, speaker=context.speaker, finding_id=finding_id)
    place = service.stages.show_place(context.session, speaker=context.speaker, group_id=page.circle.id)
    show_other(update, context, place, finding_words.render_point(page, place, context.t))


async def begin_line(update: Update, context: Context) -> NextState:
    """Ask the recorder for new words for a line of the minutes."""
    (line_id,) = context.numbers(1)
    _, line = service.minutes.require_line(context.session, speaker=context.speaker, line_id=line_id)
    context.edit(minutes_words.render_ask_line(line, context.t))
    context.place.notes = {"line": line_id, "screen": pressed(update)}
    return Step.LINE


async def take_line(update: Update, context: Context) -> NextState:
    """Word a line of the minutes anew."""
    line_id = context.place.notes["line"]
    paper, _ = service.minutes.require_line(context.session, speaker=context.speaker, line_id=line_id)
    confirmed = service.minutes.confirmers(paper.circle)
    paper, kept = service.minutes.change_line(
        context.session, speaker=context.speaker, line_id=line_id, text=context.text
    )
    return _after_edit(context, paper, kept, confirmed, line_id)


async def begin_remark(update: Update, context: Context) -> NextState:
    """Ask the recorder for a line to be added, and before that to which question."""
    group_id, question_id = context.numbers(2)
    circle = service.minutes.require_edited(context.session, speaker=context.speaker, group_id=group_id)
    if circle.occasion.question(question_id) is None:
        context.edit(minutes_words.render_which_question(circle, context.t))
        return END
    context.edit(minutes_words.render_ask_remark(circle, question_id, context.t))
    context.place.notes = {"group": group_id, "question": question_id, "screen": pressed(update)}
    return Step.REMARK


async def take_remark(update: Update, context: Context) -> NextState:
    """Add a line to the minutes."""
    notes = context.place.notes
    circle = service.minutes.require_edited(context.session, speaker=context.speaker, group_id=notes["group"])
    confirmed = service.minutes.confirmers(circle)
    paper, kept = service.minutes.add_remark(
        context.session,
        speaker=context.speaker,
        group_id=notes["group"],
        question_id=notes["question"],
        text=context.text,
    )
    return _after_edit(context, paper, kept, confirmed)


def _after_edit(context: Context, paper: Paper, kept: Kept, confirmed: Sequence[Member], line_id: int = 0) -> NextState:
    if kept is not Kept.KEPT:
        context.reply(words.render_not_kept(kept, context.t))
        return None
    place = service.stages.show_place(context.session, speaker=context.speaker, group_id=paper.circle.id)
    others = [one for one in confirmed if one.person_id != place.me.person_id]
    announcing.announce_edited(context.turn, paper.circle, others)
    _put_away(context, words.render_not_kept(Kept.KEPT, context.t))
    page = minutes_words.page_of_line(paper, line_id)
    say_other(context, place, minutes_words.render_paper(paper, place, page, context.t))
    return END


def _too_late(context: Context, place: Place) -> NextState:
    context.reply(words.render_not_kept(Kept.TOO_LATE, context.t))
    say_home(context, place)
    return END


def _put_away(context: Context, message: Message) -> None:
    """Take the buttons off the screen under which something has been typed."""
    screen = context.place.notes.get("screen") or ""
    if screen:
        context.turn.edit(context.chat_id, int(screen) if screen.isdigit() else screen, message)


def _count_up(context: Context, place: Place, *, is_first: bool) -> None:
    if is_first and not place.is_leader:
        announcing.update_leader(context.turn, place.circle, place.done)


def _point_and_kind(context: Context) -> tuple[int, Kind]:
    parts = buttons.unpack(context.data)
    if len(parts) != 2 or parts[1] not in finding_words.CODES:
        raise Gone
    return buttons.number(parts[0]), finding_words.CODES[parts[1]]
