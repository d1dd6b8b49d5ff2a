"""What a coordinator changes in a running order: the order itself, minutes, breaks, labels. Each change is logged.

An item that is over or on stage stays where it is. Whom a change concerns is told by the clock, once it has rested.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlmodel import Session

from bot.audit import service as audit
from bot.errors import Refusal
from bot.forum import speaking
from bot.forum.plan import Piece, State
from bot.forum.queries import SLOT
from bot.forum.running_order import Item, Order, call_of, load, require_editor
from bot.people.service import Speaker

SUBJECT = "forum_order"
LONGEST = 240
"""Minutes of one item."""
LABEL = 60
MOST = 80
"""Items of one running order."""


class NotMovable(Refusal):
    """This item is over or on stage now; it stays where it is."""


class PlaceHeld(Refusal):
    """Somebody speaks in this place. Move it, or change who speaks on the forum's own page."""


class TooManyItems(Refusal):
    """A running order can have 80 items at most."""


def step(session: Session, *, speaker: Speaker | None, slot_id: int, by: int, now: datetime) -> Order:
    """Move an item up (``by`` -1) or down (1) by one place; at the end nothing happens.

    Raises:
        Gone, NotAllowed, ForumOff, NotMovable: and nothing has changed.
    """
    order, item, _ = _editable(session, speaker, slot_id, now)
    ids = [one.piece.id for one in order.items]
    here = ids.index(slot_id)
    there = here + (1 if by > 0 else -1)
    if not 0 <= there < len(ids) or order.items[there].timed.state in (State.DONE, State.ON):
        return order
    ids[here], ids[there] = ids[there], ids[here]
    return _rearrange(session, speaker, order, item, ids, now)


def put_before(session: Session, *, speaker: Speaker | None, slot_id: int, target: int, now: datetime) -> Order:
    """Move an item before another one (0: to the end); raises Gone, NotAllowed, ForumOff, NotMovable."""
    order, item, _ = _editable(session, speaker, slot_id, now)
    if target:
        _require_movable(order.item(target))
    ids = [one.piece.id for one in order.items if one.piece.id != slot_id or target == slot_id]
    if target != slot_id:
        ids.insert(ids.index(target) if target else len(ids), slot_id)
    return _rearrange(session, speaker, order, item, ids, now)


def set_minutes(session: Session, *, speaker: Speaker | None, slot_id: int, minutes: int, now: datetime) -> Order:
    """Give an item another length, from one minute to four hours; raises Gone, NotAllowed, ForumOff, NotMovable."""
    order, item, editor = _editable(session, speaker, slot_id, now)
    minutes = max(1, min(LONGEST, minutes))
    if minutes == item.piece.minutes:
        return order
    speaking.note_times(session, order)
    session.execute(update(SLOT).where(SLOT.c.id == slot_id).values(minutes=minutes))
    _log(session, order, editor, item.piece, "minutes", item.piece.minutes, minutes, now)
    return load(session, order.call.id, now)


def add_item(
    session: Session, *, speaker: Speaker | None, call_id: int, label: str, first: bool, minutes: int, now: datetime
) -> tuple[Order, int]:
    """Put in an opening, a break or the like, first or last; the order and the number of the new item.

    Raises:
        Gone, NotAllowed, ForumOff, TooManyItems: and nothing has changed.
    """
    order, editor = require_editor(session, speaker, call_id, now)
    if len(order.items) >= MOST:
        raise TooManyItems
    speaking.note_times(session, order)
    movable = [item.piece.position for item in order.items if item.timed.state not in (State.DONE, State.ON)]
    position = min(movable, default=1) if first else _last(session, call_id) + 1
    if first:
        later = (SLOT.c.call_id == call_id, SLOT.c.position >= position)
        session.execute(update(SLOT).where(*later).values(position=SLOT.c.position + 1))
    row = {"call_id": call_id, "position": position, "minutes": minutes, "label": label[:LABEL], "is_speech": False}
    made = session.connection().execute(SLOT.insert().values(**row)).inserted_primary_key
    assert made is not None  # noqa: S101 - one row was inserted
    _log(session, order, editor, None, "add", None, {"label": label[:LABEL], "minutes": minutes}, now)
    return load(session, call_id, now), int(made[0])


def rename(session: Session, *, speaker: Speaker | None, slot_id: int, label: str, now: datetime) -> Order:
    """Call a break something else; raises Gone, NotAllowed, ForumOff, NotMovable, PlaceHeld (a speech has no label)."""
    order, item, editor = _editable(session, speaker, slot_id, now)
    if item.piece.is_speech:
        raise PlaceHeld
    session.execute(update(SLOT).where(SLOT.c.id == slot_id).values(label=label[:LABEL]))
    _log(session, order, editor, item.piece, "rename", item.piece.label, label[:LABEL], now)
    return load(session, order.call.id, now)


def remove(session: Session, *, speaker: Speaker | None, slot_id: int, now: datetime) -> Order:
    """Take out a break or the like; raises Gone, NotAllowed, ForumOff, NotMovable, PlaceHeld.

    Places of speakers, also free ones, are counted elsewhere: their number is changed on the forum's own page.
    """
    order, item, editor = _editable(session, speaker, slot_id, now)
    if item.piece.is_speech:
        raise PlaceHeld
    speaking.note_times(session, order)
    session.execute(delete(SLOT).where(SLOT.c.id == slot_id))
    _log(session, order, editor, item.piece, "remove", item.piece.label, None, now)
    return load(session, order.call.id, now)


def arrange(session: Session, ids: Sequence[int]) -> None:
    """Number the items in this order, from 1."""
    for position, slot_id in enumerate(ids, start=1):
        session.execute(update(SLOT).where(SLOT.c.id == slot_id, SLOT.c.position != position).values(position=position))


def _editable(session: Session, speaker: Speaker | None, slot_id: int, now: datetime) -> tuple[Order, Item, Speaker]:
    order, editor = require_editor(session, speaker, call_of(session, slot_id), now)
    item = order.item(slot_id)
    _require_movable(item)
    return order, item, editor


def _require_movable(item: Item) -> None:
    if item.timed.state in (State.DONE, State.ON):
        raise NotMovable


def _rearrange(
    session: Session, speaker: Speaker | None, order: Order, item: Item, ids: Sequence[int], now: datetime
) -> Order:
    before = [one.piece.id for one in order.items]
    if list(ids) == before:
        return order
    speaking.note_times(session, order)
    arrange(session, ids)
    slot_id = item.piece.id
    _log(session, order, speaker, item.piece, "move", before.index(slot_id) + 1, list(ids).index(slot_id) + 1, now)
    return load(session, order.call.id, now)


def _last(session: Session, call_id: int) -> int:
    query = select(func.coalesce(func.max(SLOT.c.position), 0)).where(SLOT.c.call_id == call_id)
    return int(session.connection().execute(query).scalar_one())


def _log(
    session: Session,
    order: Order,
    editor: Speaker | None,
    piece: Piece | None,
    action: str,
    before: object,
    after: object,
    now: datetime,
) -> None:
    assert editor is not None  # noqa: S101 - whoever changes the order has been checked
    line = audit.entry(
        actor=editor.actor,
        now=now,
        action=action,
        subject=SUBJECT,
        subject_id=piece.id if piece else order.call.id,
        cohort_id=order.call.cohort_id,
        before=before,
        after=after,
    )
    audit.record(session, line)
