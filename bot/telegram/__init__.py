"""How we speak HTTP to a server of the Bot API: the transports, and what may go wrong with them."""

from bot.telegram.errors import NetworkInTransaction, NotDelivered, NotDeliveredInTime, ServerFault
from bot.telegram.offline import OfflineRequest
from bot.telegram.requests import AiohttpRequest, call, call_as_written

__all__ = [
    "AiohttpRequest",
    "NetworkInTransaction",
    "NotDelivered",
    "NotDeliveredInTime",
    "OfflineRequest",
    "ServerFault",
    "call",
    "call_as_written",
]
