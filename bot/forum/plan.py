"""When each item of a running order begins and ends, planned or as it turns out. Pure: no session, no clock.

Before the day everything follows from the activity's beginning and the minutes of the items. Once the stage is open,
what has happened counts, and the rest moves behind it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct


class State(StrEnum):
    """Where an item of the running order stands."""

    LATER = "later"
    ON = "on"
    DONE = "done"
    SKIPPED = "skipped"


class Piece(Struct, frozen=True):
    """One item as the table has it; ``signup_id`` is whose speech it is, if anybody's."""

    id: int
    position: int
    minutes: int
    label: str
    is_speech: bool
    signup_id: int | None
    began_at: datetime | None = None
    done_at: datetime | None = None
    skipped_at: datetime | None = None

    @property
    def is_free(self) -> bool:
        """Whether it is a speech that nobody gives yet."""
        return self.is_speech and self.signup_id is None


class OnStage(Struct, frozen=True):
    """What the stage is doing: the item that is on (``None``: between two), since when, with how many minutes more."""

    slot_id: int | None
    started_at: datetime | None
    extra: int
    opened_at: datetime
    ended_at: datetime | None

    @property
    def is_live(self) -> bool:
        """Whether the forum is going on."""
        return self.ended_at is None


class Timed(Struct, frozen=True):
    """An item with its times: planned, expected, or as they were."""

    piece: Piece
    starts_at: datetime
    ends_at: datetime
    state: State


def lay_out(pieces: Iterable[Piece], *, begins: datetime, now: datetime, stage: OnStage | None) -> list[Timed]:
    """Every item with its times, in the running order.

    While the forum goes on, nothing that has not begun can begin before ``now``, an item that runs over pushes the
    rest, and speeches that nobody gives take no time.
    """
    ordered = sorted(pieces, key=lambda piece: (piece.position, piece.id))
    live = stage if stage is not None and stage.is_live else None
    cursor = _first_free_minute(ordered, begins, now, live)
    laid: list[Timed] = []
    for piece in ordered:
        timed = _past_or_present(piece, cursor, now, live)
        if timed is None:
            length = timedelta() if live is not None and piece.is_free else timedelta(minutes=piece.minutes)
            timed = Timed(piece, cursor, cursor + length, State.LATER)
            cursor = timed.ends_at
        laid.append(timed)
    return laid


def due_end(piece: Piece, stage: OnStage) -> datetime:
    """When the item that is on should end."""
    assert stage.started_at is not None  # noqa: S101 - something is on
    return stage.started_at + timedelta(minutes=piece.minutes + stage.extra)


def on_stage(pieces: Iterable[Piece], stage: OnStage | None) -> Piece | None:
    """The item that is on."""
    if stage is None or not stage.is_live or stage.slot_id is None:
        return None
    return next((piece for piece in pieces if piece.id == stage.slot_id), None)


def next_up(pieces: Iterable[Piece], stage: OnStage | None) -> Piece | None:
    """The first item that is neither over, nor passed over, nor on; a speech that nobody gives is never next."""
    current = stage.slot_id if stage is not None and stage.is_live else None
    ordered = sorted(pieces, key=lambda piece: (piece.position, piece.id))
    return next((piece for piece in ordered if piece.id != current and is_open(piece)), None)


def is_open(piece: Piece) -> bool:
    """Whether the item is still to come."""
    return piece.done_at is None and piece.skipped_at is None and not piece.is_free


def overrun(laid: Sequence[Timed], ends_at: datetime) -> timedelta:
    """How much later than the activity's end the last item ends; negative where time is left."""
    return max((timed.ends_at for timed in laid), default=ends_at) - ends_at


def _first_free_minute(pieces: Sequence[Piece], begins: datetime, now: datetime, live: OnStage | None) -> datetime:
    if live is None:
        return begins
    current = on_stage(pieces, live)
    if current is not None:
        return max(due_end(current, live), now)
    has_begun = any(piece.began_at is not None for piece in pieces)
    return now if has_begun else max(begins, now)


def _past_or_present(piece: Piece, cursor: datetime, now: datetime, live: OnStage | None) -> Timed | None:
    if live is not None and live.slot_id == piece.id and live.started_at is not None:
        return Timed(piece, live.started_at, max(due_end(piece, live), now), State.ON)
    if piece.done_at is not None:
        return Timed(piece, piece.began_at or piece.done_at, piece.done_at, State.DONE)
    if piece.skipped_at is not None:
        return Timed(piece, cursor, cursor, State.SKIPPED)
    return None
