"""Where one FreeSWITCH is and how to log in to it. Owns the reading of ``esl://…``; never shows a password."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import unquote

_PORT = 8021
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
_HOST = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[A-Za-z0-9][A-Za-z0-9.-]*))(?::(?P<port>[0-9]{1,5}))?/?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Secret(Protocol):
    """What pydantic's SecretStr offers: a text that does not show itself."""

    def get_secret_value(self) -> str:
        """The text itself."""
        ...


@dataclass(frozen=True, slots=True)
class NodeAddress:
    """One event socket. ``user`` is ``user@domain`` for ``userauth``, None for ``auth`` by the password alone."""

    name: str
    host: str
    port: int = _PORT
    user: str | None = None
    password: str = field(default="", repr=False)

    @classmethod
    def parse(cls, text: str) -> NodeAddress:
        """Read ``[NAME=]esl://[USER@[DOMAIN]][:PASSWORD@]HOST[:PORT]``; USER, DOMAIN and PASSWORD may be %-encoded.

        Without NAME the host is the name. Without DOMAIN the host is the domain, because FreeSWITCH refuses a user without
        one (mod_event_socket.c:1790). Raises ValueError with a sentence that repeats nothing of what was given but the name.
        """
        head, scheme, rest = text.strip().partition("esl://")
        name, equals, more = head.partition("=")
        if not scheme or more or (head and not equals):
            raise ValueError("is not an event socket. Write esl://:PASSWORD@HOST:8021.")
        if head and not _NAME.fullmatch(name):
            raise ValueError("has a name with other characters than letters, digits, - and _. Write NAME=esl://…")
        # The last @ ends the log-in, so a password may hold one; HOST cannot.
        login, _, place = rest.rpartition("@")
        found = _HOST.fullmatch(place)
        if found is None:
            raise ValueError(
                "names no host. Write esl://:PASSWORD@HOST:8021, with %40 for @ and %2F for / in the password."
            )
        host = found["six"] or found["host"]
        port = int(found["port"] or _PORT)
        if not 0 < port < 65536:
            raise ValueError("has a port outside 1-65535. FreeSWITCH's event socket listens on 8021.")
        who, _, password = login.partition(":")
        if any(_CONTROL.search(unquote(part)) for part in (who, password)):
            raise ValueError("has a control character in the user or the password, which an event socket cannot take.")
        return cls(name or host, host, port, _user(who, host), unquote(password))


def _user(who: str, host: str) -> str | None:
    if not who:
        return None
    user, _, domain = unquote(who).partition("@")
    full = f"{user}@{domain or host}"
    if not re.fullmatch(r"[^@:\s]+@[^@:\s]+", full):
        raise ValueError("has a user that is none. Write esl://USER@DOMAIN:PASSWORD@HOST:8021.")
    return full


def parse_nodes(text: str) -> list[NodeAddress]:
    """Read ``SASAYAKI_FREESWITCH``: none, one, or several addresses separated by commas (a comma in a password is ``%2C``).

    Raises ValueError as :meth:`NodeAddress.parse` does, and for two nodes of one name.
    """
    nodes = [NodeAddress.parse(part) for part in text.split(",") if part.strip()]
    if len({node.name for node in nodes}) < len(nodes):
        raise ValueError("has two nodes of one name. Write NAME=esl://… for each of several.")
    return nodes
