"""Tells systemd, where it started us, that the bot is ready and that it still lives (``Type=notify``, ``WatchdogSec``).

Does nothing anywhere else. The socket's address comes from systemd itself and is no setting of an operator's.
"""

import os
import socket


def ready() -> None:
    """Say that the bot serves; the unit counts as started from here on."""
    _notify("READY=1")


def alive() -> None:
    """Say that the bot still lives; without it for ``WatchdogSec`` systemd starts the bot anew."""
    _notify("WATCHDOG=1")


def stopping() -> None:
    """Say that the bot is finishing its work."""
    _notify("STOPPING=1")


def _notify(state: str) -> None:
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
        # An address that begins with @ lies in Linux's abstract name space, whose names begin with a zero byte.
        channel.connect(f"\0{address[1:]}" if address.startswith("@") else address)
        channel.sendall(state.encode())
