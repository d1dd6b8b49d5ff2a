"""When a call may leave for Telegram: pure arithmetic, so that limits can be proved without waiting for them.

It may not sleep, read a clock or know of rows. All instants are monotonic seconds, given by the caller and never
running backwards; the courier asks one pacer for everything, since separate pacers would each use the whole limit.

The limits are Telegram's (its FAQ for bots): about one message a second in a chat with short bursts, 20 a minute in a
group, about 30 a second in all, up to 1,000 with paid broadcast. It documents none for answers to pressed buttons.
An edit counts as a message.
"""

from bisect import bisect_left, bisect_right, insort
from math import inf
from typing import Final

from bot.outbox.lanes import Lane

MARGIN: Final = 0.02
"""Seconds added to every window, so that a server that counts strictly sees no breach in spite of the jitter of the
network. More costs throughput: 0.02 s is 2 % when the window is the limit."""

_FREE: Final = 0.0
_BURST: Final = 3
_GROUP_MESSAGES: Final = 18
_GROUP_SECONDS: Final = 60.0
_CATCH_UP: Final = 1.0
_ROOM_SHARE: Final = 10
"""At most a tenth of the window is kept free for replies to come; most rates leave that much anyway."""
_ROOM_SECONDS: Final = 10.0
"""For so long room is kept for as many replies as there were in one second; they come in swarms."""
_SLOWEST: Final = 1.0
_RECOVERY: Final = 0.01
_FORGETTING: Final = 1.05
"""By how much the shortest way may be longer each second, so that a path that became longer is believed. By the second
and not by the answer: a thousand answers a second would have a moment's crowd on the way taken for the way itself."""
_LONGEST_MEMORY: Final = 60.0


def window_of(rate: float) -> int:
    """Return how many messages any second may hold when bulk goes at `rate` a second.

    Up to Telegram's ordinary 30 it is 30; above that the broadcast is paid for and its 1,000 are the limit, of which
    a fifth more than the rate is used, so that there is room for replies.
    """
    return 30 if rate <= 30 else min(1000, int(rate * 1.2))


class Window:
    """A strict sliding window: never more than `size` in any `seconds`."""

    __slots__ = ("_seconds", "_size", "_times")

    def __init__(self, size: int, seconds: float) -> None:
        """Begin empty."""
        self._size = size
        self._seconds = seconds
        self._times: list[float] = []

    def ready_at(self, kept: int = 0) -> float:
        """Return the first instant at which one more fits beside the `kept` places that are left free for others."""
        size = max(1, self._size - kept)
        return self._times[-size] + self._seconds if len(self._times) >= size else _FREE

    def count(self, now: float) -> int:
        """How many it holds."""
        return len(self._times) - bisect_right(self._times, now - self._seconds)

    def record(self, now: float) -> None:
        """Count one more, even above the limit: only the last `size` decide when the next fits."""
        insort(self._times, now)
        del self._times[: -self._size]

    def delay(self, left: float, seconds: float) -> None:
        """Count the one that left at that instant as if it had left so many seconds later."""
        index = bisect_left(self._times, left)
        if index < len(self._times) and self._times[index] == left:
            del self._times[index]
            insort(self._times, left + seconds)

    def is_idle(self, now: float) -> bool:
        """Whether nothing in it counts any more."""
        return not self._times or self._times[-1] + self._seconds <= now


class AdaptiveRate:
    """A rate that halves at a flood refusal and grows back by 10 % of the full rate each 10 s without one."""

    __slots__ = ("_base", "_full", "_since")

    def __init__(self, full: float) -> None:
        """Begin at the full rate, in messages a second."""
        self._full = full
        self._base = full
        self._since = _FREE

    def at(self, now: float) -> float:
        """Return the messages a second allowed at `now`."""
        return min(self._full, self._base + self._full * _RECOVERY * max(0.0, now - self._since))

    def is_reduced(self, now: float) -> bool:
        """Whether the last refusal still tells."""
        return self.at(now) < self._full

    def refuse(self, now: float, resume_at: float) -> None:
        """Halve, down to one a second at the least, and grow again from `resume_at`.

        While an earlier refusal still holds everything back it is not halved again, only held longer.
        """
        if now >= self._since:
            self._base = max(min(_SLOWEST, self._full), self.at(now) / 2)
        self._since = max(self._since, resume_at)


class ChatLimits:
    """The limits of each chat. Chats that could send freely anyway are forgotten, so memory follows the last minute."""

    __slots__ = ("_due", "_groups")

    def __init__(self) -> None:
        """Begin with no chat known."""
        self._due: dict[int, float] = {}
        self._groups: dict[int, Window] = {}

    def __len__(self) -> int:
        """How many records are kept."""
        return len(self._due) + len(self._groups)

    def ready_at(self, chat_id: int) -> float:
        """Return the first instant at which the chat may get one more; `chat_id` 0 stands for no chat at all."""
        ready = self._due.get(chat_id, _FREE) - (_BURST - 1)
        group = self._groups.get(chat_id)
        return ready if group is None else max(ready, group.ready_at())

    def record(self, chat_id: int, now: float) -> None:
        """Count one message to the chat."""
        if chat_id == 0:
            return
        # Taken out and put in again, so that the dictionaries stand in the order of last use.
        self._due[chat_id] = max(self._due.pop(chat_id, now), now) + 1.0
        if chat_id < 0:
            group = self._groups.pop(chat_id, None) or Window(_GROUP_MESSAGES, _GROUP_SECONDS + MARGIN)
            group.record(now)
            self._groups[chat_id] = group
        self._forget(now)

    def _forget(self, now: float) -> None:
        # Two at most for each one that came, so that no call is slow and yet the idle ones always run out.
        for _ in range(2):
            oldest = next(iter(self._due), None)
            if oldest is not None and self._due[oldest] <= now:
                del self._due[oldest]
            oldest = next(iter(self._groups), None)
            if oldest is not None and self._groups[oldest].is_idle(now):
                del self._groups[oldest]


class ReplyRoom:
    """How many places bulk leaves free, so that replies to come do not break the limit together with it.

    Telegram would refuse a call for that, and the pause it asks for would hold up everybody.
    """

    __slots__ = ("_most", "_seen", "_size", "_until")

    def __init__(self, rate: float, window: int) -> None:
        """Begin with none. What the window holds beyond the rate is free in any case."""
        self._size = max(0, window // _ROOM_SHARE - max(0, window - int(rate)))
        self._seen = Window(max(1, self._size), 1.0 + MARGIN)
        self._most = 0
        self._until = _FREE

    def record(self, now: float) -> None:
        """Count a reply."""
        self._seen.record(now)
        seen = self._seen.count(now)
        if seen >= self._most or now >= self._until:
            self._most, self._until = seen, now + _ROOM_SECONDS

    def at(self, now: float) -> int:
        """Return the number of places to keep free."""
        return min(self._size, self._most) if now < self._until else 0


class Pacer:
    """Says when a call may go and keeps account of those that went.

    - Answers go at once; only a pause holds them.
    - Replies go as fast as their chats allow, and may burst above the window of the whole bot, which they fill before
      bulk does. While the rate is reduced after a refusal they keep within it too.
    - Bulk goes at `rate` a second, evenly, and never when the last second already held `window` messages, less the
      replies that may come by what the last seconds saw. When it was kept back for less than a second it catches up,
      else it starts afresh.
    - A pause holds everything and can only become longer.

    So bulk waits at most until replies have stayed below the window for one second and the margin.
    """

    __slots__ = ("_chats", "_landed", "_paused_until", "_rate", "_room", "_shortest", "_slot", "_window")

    def __init__(self, rate: float, window: int | None = None) -> None:
        """Begin with nothing sent. `rate` is bulk messages a second, 1 to 1,000; `window` all messages a second."""
        self._rate = AdaptiveRate(rate)
        self._window = Window(window or window_of(rate), 1.0 + MARGIN)
        self._room = ReplyRoom(rate, window or window_of(rate))
        self._chats = ChatLimits()
        self._slot = _FREE
        self._paused_until = _FREE
        self._shortest = inf
        self._landed = _FREE

    @property
    def paused_until(self) -> float:
        """The instant before which nothing may go; in the past when there is no pause."""
        return self._paused_until

    @property
    def chats_remembered(self) -> int:
        """How many records of chats are in memory."""
        return len(self._chats)

    def rate_at(self, now: float) -> float:
        """Return the bulk messages a second allowed at `now`."""
        return self._rate.at(now)

    def ready_at(self, lane: Lane, chat_id: int, now: float) -> float:
        """Return the first instant at which the call may go: not later than `now` when it may go at once.

        It holds as long as nothing else is recorded in between. Calls of lane ANSWER have no limit of their chat.
        """
        ready = self.lane_ready_at(lane, now)
        return ready if lane is Lane.ANSWER else max(ready, self._chats.ready_at(chat_id))

    def lane_ready_at(self, lane: Lane, now: float) -> float:
        """Return the same for a chat that has been quiet: until then there is no need to look at the lane at all."""
        if lane.is_bulk:
            return max(self._paused_until, self._slot, self._window.ready_at(self._room.at(now)))
        if lane is Lane.REPLY and self._rate.is_reduced(now):
            return max(self._paused_until, self._window.ready_at())
        return self._paused_until

    def record(self, lane: Lane, chat_id: int, now: float) -> None:
        """Count a call that leaves at `now`."""
        if lane is Lane.ANSWER:
            return
        self._window.record(now)
        self._chats.record(chat_id, now)
        if lane is Lane.REPLY:
            self._room.record(now)
        if lane.is_bulk:
            due = self._slot if now - self._slot <= _CATCH_UP else now
            self._slot = due + 1.0 / self._rate.at(now)

    def land(self, left: float, now: float) -> None:
        """Note that a call that left then has been answered now.

        Whatever it took longer than the shortest did, it may have spent on its way there, as behind the opening of a
        connection. The server counts it when it comes, so it is counted as if it had left later.
        """
        took = now - left
        since, self._landed = min(_LONGEST_MEMORY, max(0.0, now - self._landed)), now
        self._shortest = min(took, self._shortest * _FORGETTING**since)
        self._window.delay(left, took - self._shortest)

    def pause(self, until: float) -> None:
        """Let nothing go before `until`; a pause that lasts longer already stays as it is.

        Bulk begins one step later than the rest, so that whoever waits for a reply is served first.
        """
        self._paused_until = max(self._paused_until, until)
        self._slot = max(self._slot, self._paused_until + 1.0 / self._rate.at(self._paused_until))

    def penalise(self, retry_after: float, now: float) -> None:
        """Heed a refusal (429) that says to wait `retry_after` seconds: pause, and halve the bulk rate.

        The refusals of what was under way when the pause began only prolong it: the rate halves once a pause.
        """
        self._rate.refuse(now, now + retry_after)
        self.pause(now + retry_after)
