"""What can go wrong between us and a FreeSWITCH, one class each.

Owns the names and the ids of these faults. No text here ever holds a password or the text of a command.
"""

from __future__ import annotations


class SwitchError(Exception):
    """Base of all; ``id`` is the stable name for logs, metrics and answers."""

    id = "switch_error"


class CannotConnect(SwitchError):
    """Nobody answers at the address, or not in the way an event socket does."""

    id = "switch_unreachable"


class Refused(SwitchError):
    """The switch's access list does not let this address in (``text/rude-rejection``, mod_event_socket.c:2666)."""

    id = "switch_refuses_address"


class AuthFailed(SwitchError):
    """Wrong password or user; the switch closes the connection after it."""

    id = "switch_password_refused"


class ConnectionLost(SwitchError):
    """The connection is gone, or was given up because nothing on it could be trusted any more."""

    id = "switch_lost"


class CommandTimeout(SwitchError):
    """No answer, or no turn to ask, within the caller's time. Whether the command was carried out is unknown."""

    id = "switch_silent"


class CommandRefused(SwitchError):
    """The switch answered ``-ERR …`` where only ``+OK`` lets the caller go on; ``reply`` is that answer."""

    id = "switch_refused"

    def __init__(self, reply: str) -> None:
        super().__init__(reply)
        self.reply = reply


class UnsafeCommand(SwitchError):
    """A command that would mean something else to FreeSWITCH than to whoever wrote it; it was not sent."""

    id = "unsafe_command"
