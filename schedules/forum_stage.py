"""The day of a forum by the clock: reminders to speakers, changed times, quiet signals, and feedback at the end."""

from functools import partial

from bot.crashpoints import reach
from bot.forum import feedback, questions, signals, speaking, stage
from bot.forum.messages import feedback as feedback_words
from bot.forum.messages import running_order as order_words
from bot.forum.messages import stage as words
from bot.forum.signals import Tick
from bot.i18n import translator
from bot.outbox.lanes import Lane
from bot.people import service as people
from bot.ticker import Ticker
from bot.turn import Turn, Turns

SIGNALS = 1.0
TIMES = 5.0
RESULTS = 60.0


def register(ticker: Ticker, turns: Turns) -> None:
    """Add the passes."""
    ticker.every(SIGNALS, "forum-stage", partial(push_signals, turns))
    ticker.every(TIMES, "forum-speakers", partial(push_times, turns))
    ticker.every(RESULTS, "forum-results", partial(push_results, turns))


async def push_signals(turns: Turns) -> None:
    """Give the quiet signals that are due, and ask the room once a forum is over."""
    for call_id in await turns.read(lambda session: signals.due(session, turns.now())):
        await turns.take(partial(_signal, call_id=call_id))
    for call_id in await turns.read(signals.ended_unasked):
        await turns.take(partial(_ask_room, call_id=call_id))


async def push_times(turns: Turns) -> None:
    """Remind speakers, and tell them when their time has changed and rested."""
    for call_id in await turns.read(lambda session: speaking.waiting(session, turns.now())):
        await turns.take(partial(_tell_speakers, call_id=call_id))


async def push_results(turns: Turns) -> None:
    """Tell speakers what the room said, the day after."""
    for slot_id in await turns.read(lambda session: feedback.untold(session, turns.now())):
        await turns.take(partial(_tell_result, slot_id=slot_id))


def _signal(turn: Turn, call_id: int) -> None:
    tick = signals.take(turn.session, call_id, turn.now)
    if tick is None:
        return
    if tick.item is not None and tick.signal is not None:
        _give(turn, tick)
    _update_panel(turn, tick)
    reach("schedule:before-commit")


def _give(turn: Turn, tick: Tick) -> None:
    assert tick.item is not None  # noqa: S101 - the caller has looked
    assert tick.signal is not None  # noqa: S101 - the caller has looked
    row = stage.panel_of(turn.session, tick.order.call.id)
    begun = int(row.started_at.timestamp()) if row and row.started_at else 0
    key = f"stage:{tick.signal}:{tick.item.piece.id}:{begun}:{row.extra if row else 0}"
    talk = tick.item.talk
    if talk is not None and talk.party.chat_id is not None:
        said = words.render_speaker_signal(tick.item, tick.signal, translator(talk.party.language))
        turn.send(talk.party.chat_id, said, lane=Lane.REPLY, key=f"{key}:speaker")
    keeper = people.reader_of(turn.session, row.keeper_id if row else None, tick.order.call.language)
    if keeper is not None and (talk is None or keeper.telegram_id != talk.party.chat_id):
        said = words.render_moderator_signal(tick.item, tick.signal, translator(keeper.language))
        turn.send(keeper.telegram_id, said, lane=Lane.REPLY, key=f"{key}:moderator")


def _update_panel(turn: Turn, tick: Tick) -> None:
    row = stage.panel_of(turn.session, tick.order.call.id)
    if row is None or row.panel_message_id is None:
        return
    keeper = people.reader_of(turn.session, row.keeper_id, tick.order.call.language)
    if keeper is not None:
        waiting = questions.count_new(turn.session, tick.order.call.id)
        panel = words.render_panel(tick.order, waiting, translator(keeper.language))
        turn.edit(row.panel_chat_id, row.panel_message_id, panel)


def _ask_room(turn: Turn, call_id: int) -> None:
    order, parties = feedback.take_end(turn.session, call_id, turn.now)
    feedback_words.announce_end(turn, order, parties)
    reach("schedule:before-commit")


def _tell_speakers(turn: Turn, call_id: int) -> None:
    order_words.announce(turn, speaking.take(turn.session, call_id, turn.now))
    reach("schedule:before-commit")


def _tell_result(turn: Turn, slot_id: int) -> None:
    feedback_words.announce_result(turn, *feedback.take_untold(turn.session, slot_id, turn.now))
    reach("schedule:before-commit")
