"""The deep link of a call, which opens it for whoever has it: made from the call's number and a secret.

Nobody can make one for another call, and nothing of it is stored.
"""

import hmac
import re

from sqlmodel import Session

from bot import codes
from bot.people import service as people

PREFIX = "f-"
SECRET = "forum_link"  # noqa: S105 - the name of a key
MAC_LENGTH = 20
_PAYLOAD = re.compile(rf"f-([0-9a-z]{{1,12}})-([0-9a-f]{{{MAC_LENGTH}}})")


def payload_of(session: Session, call_id: int) -> str:
    """What the link of a call carries; inside a writing transaction when it is first asked for."""
    return f"{PREFIX}{codes.to_base36(call_id)}-{_mac(session, call_id)}"


def read_payload(session: Session, payload: str) -> int | None:
    """The call that a link leads to; ``None`` where it was cut off, changed or made up."""
    found = _PAYLOAD.fullmatch(payload)
    call_id = int(found[1], 36) if found else 0
    if found is None or call_id >= 2**63 or not hmac.compare_digest(found[2], _mac(session, call_id)):
        return None
    return call_id


def _mac(session: Session, call_id: int) -> str:
    return codes.digest(people.secret(session, SECRET), f"call:{call_id}").hex()[:MAC_LENGTH]
