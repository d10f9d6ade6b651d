"""Whether one FreeSWITCH can be reached and has what the controller needs. Asks; orders nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from fs_app.check.finding import Finding
from fs_app.settings import Settings
from fs_app.switch.client import EventSocket
from fs_app.switch.errors import AuthFailed, CannotConnect, Refused, SwitchError
from fs_app.switch.node import NodeAddress

LIMIT_S = 5.0
OLDEST = (1, 10)
MODULES = {
    "mod_callcenter": "it distributes the calls",
    "mod_dptools": "it holds eavesdrop, which supervision is made of",
}
GATEWAY = re.compile(r"sofia/gateway/([A-Za-z0-9_.-]+)/")


def check_switch(address: NodeAddress, settings: Settings, extensions: Iterable[str]) -> Iterator[Finding]:
    """Everything that is asked of one node; ``extensions`` are some that accounts use."""
    name = f"switch {address.name}"
    where = f"{address.host}:{address.port}"
    connection = EventSocket(address.host, address.port, address.password, address.user, LIMIT_S)
    try:
        connection.connect()
    except SwitchError as error:
        yield Finding(name, False, f"{where}: {why_not(error)}")
        return
    try:
        yield _version(name, where, connection)
        for module, purpose in MODULES.items():
            yield _module(name, connection, module, purpose)
        yield _extension_dial(name, connection, settings, list(extensions))
        if settings.external_dial:
            yield _external_dial(name, connection, settings.external_dial)
    except SwitchError as error:
        yield Finding(name, False, f"{where}: stopped answering ({error.id}). Look at the switch's own log.")
    finally:
        connection.close()


def why_not(error: SwitchError) -> str:
    """What went wrong with a connection, and the remedy, as a sentence."""
    match error:
        case AuthFailed():
            return "refuses the password. Take the one in its event_socket.conf.xml."
        case Refused():
            return "does not let this machine in. Add it to apply-inbound-acl in event_socket.conf.xml."
        case CannotConnect():
            return "nobody answers. Is FreeSWITCH running, mod_event_socket loaded, and the port open from here?"
        case _:
            return f"does not work ({error.id}). Look at the switch's own log."


def _version(name: str, where: str, connection: EventSocket) -> Finding:
    told = connection.api("version", LIMIT_S)
    found = re.search(r"(\d+)\.(\d+)(?:\.\d+)?", told)
    if found is None:
        return Finding(
            name, False, f"{where} does not tell its version; the user may lack the right to ask (esl-allowed-api)."
        )
    if (int(found[1]), int(found[2])) < OLDEST:
        return Finding(name, False, f"{where} is FreeSWITCH {found[0]}. Install 1.10 or newer.")
    return Finding(name, True, f"FreeSWITCH {found[0]} at {where}")


def _module(name: str, connection: EventSocket, module: str, purpose: str) -> Finding:
    if connection.api(f"module_exists {module}", LIMIT_S).strip() == "true":
        return Finding(name, True, f"{module} is loaded")
    return Finding(
        name, False, f"{module} is not loaded ({purpose}). Add it to modules.conf.xml, or fs_cli -x 'load {module}'."
    )


def _extension_dial(name: str, connection: EventSocket, settings: Settings, extensions: list[str]) -> Finding:
    domain = settings.domain or connection.api("global_getvar domain", LIMIT_S).strip()
    if not domain or domain.startswith("-"):
        return Finding(name, False, "names no default domain. Set SASAYAKI_DOMAIN to the domain of the extensions.")
    if not settings.extension_dial.startswith("user/"):
        return Finding(name, True, f"extensions are rung as {settings.extension_dial} (not tried)")
    if not extensions:
        return Finding(name, True, f"domain {domain}; no account has an extension yet, so none was looked up")
    unknown = [one for one in extensions if not _exists(connection, one, domain)]
    if unknown:
        text = f"does not know the extensions {', '.join(unknown)} in the domain {domain}. "
        return Finding(name, False, text + "Correct the accounts, SASAYAKI_DOMAIN or SASAYAKI_EXTENSION_DIAL.")
    return Finding(name, True, f"knows the extensions {', '.join(extensions)} in the domain {domain}")


def _exists(connection: EventSocket, extension: str, domain: str) -> bool:
    digits = re.fullmatch(r"[0-9]{1,20}", extension) and re.fullmatch(r"[A-Za-z0-9.-]+", domain)
    return bool(digits) and connection.api(f"user_exists id {extension} {domain}", LIMIT_S).strip() == "true"


def _external_dial(name: str, connection: EventSocket, dial: str) -> Finding:
    found = GATEWAY.match(dial)
    if found is None:
        return Finding(name, True, f"outside numbers are rung as {dial} (not tried)")
    if "Invalid Gateway" in connection.api(f"sofia status gateway {found[1]}", LIMIT_S):
        return Finding(name, False, f"has no gateway {found[1]}. Correct SASAYAKI_EXTERNAL_DIAL.")
    return Finding(name, True, f"has the gateway {found[1]} for outside numbers")
