"""Drawing a person's code of the day as a picture. Called by the courier; writes nothing."""

import io

import segno
from sqlmodel import Session

from bot.checkin import gate
from bot.checkin.messages import gate as words
from bot.outbox.delivery import Rendered
from bot.people import service as people

SCALE, QUIET_ZONE = 12, 4


def render_my_code(session: Session, *, person_id: int, step: int, bot_username: str) -> Rendered:
    """The QR code whose link staff open: of one person, in one half day."""
    secret = people.secret(session, gate.SECRET)
    payload = gate.payload_of(secret, person_id, step)
    drawn = io.BytesIO()
    code = segno.make_qr(f"https://t.me/{bot_username}?start={payload}", error="m")
    code.save(drawn, kind="png", scale=SCALE, border=QUIET_ZONE)
    return Rendered(words.file_name(person_id), drawn.getvalue())
