"""What makes the value of one setting good. Each rule returns the value or raises ``ValueError`` with a sentence.

The sentences go to the terminal after the setting's name, so they quote nothing that may hold a password.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import SecretStr

from fs_app.switch.node import NodeAddress

HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
PASSWORD_IN_ADDRESS = re.compile(r"://[^:/]*:([^/]*)@")
PLACEHOLDER = re.compile(r"\{([A-Za-z_]*)\}")
# What would end the dial string's argument, start another leg after the first, or make FreeSWITCH expand a command.
UNSAFE_IN_DIAL = re.compile(r"[\s\x00-\x1f\x7f'\"\\;|`]|\$\{|\$\$\{")


def joined(value: object) -> object:
    """A list, as a configuration file may hold it, becomes the text that the environment would hold."""
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ",".join(value)
    return value


def parts(value: str) -> list[str]:
    """The parts of a comma-separated text, without blanks and empty ones."""
    return [part.strip() for part in value.split(",") if part.strip()]


def freeswitch(value: SecretStr) -> SecretStr:
    """``esl://[USER[@DOMAIN]][:PASSWORD]@HOST[:PORT]``, or several ``NAME=esl://…`` separated by commas."""
    given = parts(value.get_secret_value())
    names: set[str] = set()
    for number, part in enumerate(given, start=1):
        which = f"address {number} " if len(given) > 1 else ""
        try:
            name = NodeAddress.parse(part).name
        except ValueError as fault:
            raise ValueError(f"{which}{fault}") from None
        if name in names:
            raise ValueError(f"{which}has the name of another. Write NAME=esl://… with a name of its own for each.")
        names.add(name)
    return value


def redis_url(value: SecretStr) -> SecretStr:
    """``redis://``, ``rediss://``, ``unix://`` or ``sentinel://HOST:PORT,HOST:PORT/NAME``."""
    url = _split(value)
    if url is None:
        return value
    if url.scheme not in ("redis", "rediss", "unix", "sentinel", "sentinels"):
        raise ValueError("is not an address of Redis. Write redis://, rediss://, unix:// or sentinel:// first.")
    if url.scheme == "unix" and not url.path.startswith("/"):
        raise ValueError("names no socket. Write unix:///run/redis/redis.sock.")
    if url.scheme.startswith("sentinel") and not url.path.strip("/"):
        raise ValueError("names no master. Write sentinel://HOST:26379,HOST:26379/NAME_OF_THE_MASTER.")
    if url.scheme != "unix" and not url.netloc.rpartition("@")[2]:
        raise ValueError("names no host. Write redis://HOST:6379/0.")
    return value


def database_url(value: SecretStr) -> SecretStr:
    """``postgresql://…`` or ``sqlite:///…``."""
    url = _split(value)
    if url is None:
        return value
    if url.scheme not in ("postgresql", "postgresql+psycopg", "sqlite"):
        raise ValueError("is not a database that is known here. Write postgresql://USER:PASSWORD@HOST/NAME.")
    if url.scheme.startswith("postgresql") and not url.path.strip("/"):
        raise ValueError("names no database. Write postgresql://USER:PASSWORD@HOST/NAME.")
    return value


def _split(value: SecretStr) -> SplitResult | None:
    text = value.get_secret_value()
    if not text:
        return None
    if any(character.isspace() for character in text):
        raise ValueError("holds a blank or a line break. Write a blank in a password as %20.")
    try:
        return urlsplit(text)
    except ValueError:
        raise ValueError("cannot be read as an address. Write special signs of a password as %XX.") from None


def passwords(value: str) -> list[str]:
    """What must not be told of a secret setting: itself, and the passwords of addresses in it, in both spellings."""
    written = [found for part in parts(value) for found in PASSWORD_IN_ADDRESS.findall(part)]
    return [value, *written, *map(unquote, written)]


def host_and_port(value: str) -> tuple[str, int]:
    """``HOST:PORT`` or ``[IPv6]:PORT``; raises ``ValueError`` on anything else."""
    host, colon, port = value.rpartition(":")
    remedy = "Write HOST:PORT, e.g. 127.0.0.1:8080 or [::1]:8080."
    if not colon or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise ValueError(f"has no port between 0 and 65535. {remedy}")
    if host.startswith("[") and host.endswith("]"):
        try:
            return str(ipaddress.IPv6Address(host[1:-1])), int(port)
        except ValueError:
            raise ValueError(f"is not an address. {remedy}") from None
    if not HOST.fullmatch(host):
        raise ValueError(f"is not an address. {remedy}")
    return host, int(port)


def listen(value: str) -> str:
    """An address to listen on."""
    host_and_port(value)
    return value


def domain(value: str) -> str:
    """A SIP domain: letters, digits, dots and dashes."""
    if value and not HOST.fullmatch(value):
        raise ValueError("is not a domain. Write letters, digits, dots and dashes only.")
    return value


def _dial(value: str, needed: str, allowed: tuple[str, ...]) -> str:
    if f"{{{needed}}}" not in value:
        raise ValueError(f"does not say where the number goes. Put {{{needed}}} into it.")
    for name in PLACEHOLDER.findall(value):
        if name not in allowed:
            known = " and ".join(f"{{{word}}}" for word in allowed)
            raise ValueError(f"holds {{{name}}}, which is not known. Use {known} only.")
    if UNSAFE_IN_DIAL.search(value):
        raise ValueError("holds a blank, a quotation mark, «;», «|», «\\» or «${». Write one plain dial string.")
    if "/" not in value:
        raise ValueError("is not a dial string. Write the endpoint first, e.g. user/… or sofia/gateway/NAME/….")
    return value


def extension_dial(value: str) -> str:
    """The dial string of an internal extension, with ``{extension}`` and, if wanted, ``{domain}``."""
    return _dial(value, "extension", ("extension", "domain"))


def external_dial(value: str) -> str:
    """The dial string of an outside number, with ``{number}``; empty refuses outside numbers."""
    return _dial(value, "number", ("number",)) if value else value


def external_allow(value: str) -> str:
    """``national``, or numbers' beginnings with + and the country's code, separated by commas."""
    for part in parts(value):
        if part != "national" and not re.fullmatch(r"\+[1-9][0-9]{0,14}", part):
            raise ValueError("has a part that is not known. Write national, or beginnings such as +81,+4930.")
    return ",".join(parts(value))


def region(value: str) -> str:
    """Two capital letters of a country that telephone numbers are known for."""
    from phonenumbers import SUPPORTED_REGIONS  # noqa: PLC0415 - slow to load, and most keep the default

    if value != "JP" and value not in SUPPORTED_REGIONS:
        raise ValueError("is not a country. Write its two capital letters, e.g. JP.")
    return value


def trusted_proxies(value: str) -> str:
    """Addresses or networks of reverse proxies, separated by commas."""
    for part in parts(value):
        try:
            ipaddress.ip_network(part)
        except ValueError:
            raise ValueError("has a part that is not an address. Write e.g. 10.0.0.5,192.168.1.0/24.") from None
    return ",".join(parts(value))
