"""What may go wrong between us and a server of the Bot API, so named that the courier knows whether to send again.

    telegram.error.NetworkError     the outcome is unknown: the request may have been carried out
      telegram.error.TimedOut       the same, because time ran out
      NotDelivered                  the request certainly never reached the server
        NotDeliveredInTime          the same, because time ran out (also a TimedOut)
      ServerFault                   the server says that it is out of order (5xx); it did not take the request
    telegram.error.TelegramError
      NetworkInTransaction          a handler called Telegram inside a database transaction

The address of every request contains the token, so no error carries an address, an argument of the request, or the
exception behind it.
"""

from telegram.error import NetworkError, TelegramError, TimedOut


class NotDelivered(NetworkError):
    """The request certainly never reached the server (no address, no connection, refused): sending again is safe."""


class NotDeliveredInTime(TimedOut, NotDelivered):
    """No connection in the time given, so the request certainly never reached the server."""


class ServerFault(NetworkError):
    """The server answered with a 5xx status, so it has most likely not carried the request out."""


class NetworkInTransaction(TelegramError):
    """Telegram was called inside a database transaction; what is to be said belongs into the outbox."""
