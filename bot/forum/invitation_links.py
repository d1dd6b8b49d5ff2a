"""The link of an invitation: made from the row and a secret of the installation, good until it is issued anew.

Nothing of it is stored. The buttons under an opened invitation carry another proof, made for the one account that
opened it, so that a forwarded or forged button opens nothing.
"""

import hmac
import re

from msgspec import Struct
from sqlmodel import Session

from bot import codes
from bot.forum.models import Invitation, InvitationStatus
from bot.people import service as people

PREFIX = "i-"
SECRET = "invitation_link"  # noqa: S105 - the name of a key
MAC_LENGTH = 24
_PAYLOAD = re.compile(r"i-([0-9a-z]{1,12})-([0-9a-z]{1,6})-([0-9a-f]{24})")
LARGEST = 2**63
OPEN = (InvitationStatus.SENT, InvitationStatus.HELD)
"""While an invitation stands so, its answer is awaited."""


class Link(Struct, frozen=True):
    """A genuine link: which invitation, issued for which time, and what the deep link carries."""

    invitation_id: int
    issue: int
    payload: str


def link_of(session: Session, invitation_id: int) -> Link | None:
    """The link as it is now; ``None`` where there is none to give away: not sent yet, or over."""
    row = session.get(Invitation, invitation_id)
    if row is None or row.status not in (*OPEN, InvitationStatus.ACCEPTED) or row.issue < 1:
        return None
    return Link(invitation_id, row.issue, payload_of(session, invitation_id, row.issue))


def payload_of(session: Session, invitation_id: int, issue: int) -> str:
    """What the deep link carries; inside a writing transaction when the secret is first needed."""
    mac = _mac(session, f"invitation:{invitation_id}:{issue}")
    return f"{PREFIX}{codes.to_base36(invitation_id)}-{codes.to_base36(issue)}-{mac}"


def read_payload(session: Session, payload: str) -> Link | None:
    """The link that a payload is; ``None`` where it was cut off, changed or made up."""
    found = _PAYLOAD.fullmatch(payload)
    invitation_id, issue = (int(found[1], 36), int(found[2], 36)) if found else (0, 0)
    if found is None or invitation_id >= LARGEST:
        return None
    is_ours = hmac.compare_digest(found[3], _mac(session, f"invitation:{invitation_id}:{issue}"))
    return Link(invitation_id, issue, payload) if is_ours else None


def proof_of(session: Session, invitation_id: int, issue: int, telegram_id: int) -> str:
    """What makes the buttons under an opened invitation work for the account that opened it, and no other."""
    return _mac(session, f"answer:{invitation_id}:{issue}:{telegram_id}")


def is_proof(session: Session, proof: str, invitation_id: int, issue: int, telegram_id: int) -> bool:
    """Whether the button was made for this account and the present link."""
    return hmac.compare_digest(proof.encode(), proof_of(session, invitation_id, issue, telegram_id).encode())


def _mac(session: Session, purpose: str) -> str:
    return codes.digest(people.secret(session, SECRET), purpose).hex()[:MAC_LENGTH]
