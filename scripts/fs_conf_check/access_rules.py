"""Rules about ways in: the event socket, other interfaces, and the users' passwords."""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Iterator

from scripts.fs_conf_check.finding import NOTE, SERIOUS, WARNING, Finding
from scripts.fs_conf_check.source import UNKNOWN
from scripts.fs_conf_check.switch_conf import SwitchConf, is_true
from scripts.fs_conf_check.tree import Element

PUBLISHED = ("ClueCon", "works", "1234", "password")
SHORTEST = 12
"""Characters of an event socket's password that nobody guesses in a year of trying."""


def check(conf: SwitchConf) -> Iterator[Finding]:
    """All of them."""
    yield from _event_socket(conf)
    yield from _xml_rpc(conf)
    yield from _users(conf)


def _event_socket(conf: SwitchConf) -> Iterator[Finding]:
    found = conf.configuration("event_socket.conf")
    settings = conf.settings("event_socket.conf")
    where = found.where if found else "event_socket.conf.xml"
    if found is None:
        yield Finding(
            SERIOUS,
            "no-event-socket",
            where,
            "There is no event_socket.conf.",
            "FreeSWITCH then listens with its published password, on the loopback address.",
            "Write autoload_configs/event_socket.conf.xml with listen-ip 127.0.0.1 and a long random password.",
        )
        return
    address = settings["listen-ip"].get("value") if "listen-ip" in settings else "127.0.0.1"
    local = _is_loopback(address)
    acl = settings["apply-inbound-acl"].get("value") if "apply-inbound-acl" in settings else ""
    if acl and _allows_nobody(conf, acl):
        yield Finding(
            SERIOUS,
            "event-socket-closed",
            where,
            f"The event socket's list «{acl}» lets nobody in.",
            "The controller cannot log in.",
            "Put this machine into the list, or loopback.auto; in Sasayaki's own configuration run scripts/provision.",
        )
        return
    password = settings["password"].get("value") if "password" in settings else ""
    yield from _event_socket_password(where, password, local)
    yield from _event_socket_address(conf, where, address, local, settings)


def _event_socket_password(where: str, password: str, local: bool) -> Iterator[Finding]:
    near = "Every program of this machine" if local else "Everybody who reaches the port"
    if password in ("", *PUBLISHED):
        what = "no password, which means the published one" if not password else "a password that is published"
        yield Finding(
            SERIOUS,
            "event-socket-password",
            where,
            f"The event socket has {what}.",
            f"{near} commands FreeSWITCH, and through `system` the machine.",
            "Set a long random password (openssl rand -hex 24) and write it into SASAYAKI_FREESWITCH and /etc/fs_cli.conf.",
        )
    elif UNKNOWN not in password and len(password) < SHORTEST:
        yield Finding(
            WARNING,
            "event-socket-password-short",
            where,
            f"The event socket's password has fewer than {SHORTEST} characters.",
            f"{near} may try as many as he likes: FreeSWITCH does not slow him down.",
            "Set a long random one: openssl rand -hex 24.",
        )


def _event_socket_address(
    conf: SwitchConf, where: str, address: str, local: bool, settings: dict[str, Element]
) -> Iterator[Finding]:
    if local:
        return
    acl = settings["apply-inbound-acl"].get("value") if "apply-inbound-acl" in settings else ""
    mend = "Set listen-ip to 127.0.0.1; for a controller elsewhere an address of a private network, a list, and a firewall."
    if acl == "any" or (acl and _allows_everybody(conf, acl)):
        yield Finding(
            SERIOUS,
            "event-socket-open",
            where,
            f"The event socket listens on {address} and its list «{acl}» lets everybody in.",
            "Strangers may try passwords, and before the log-in make FreeSWITCH reserve memory (CVE-2026-49840).",
            mend,
        )
    else:
        guard = f"the list «{acl}»" if acl else "FreeSWITCH's own rule that only this machine may log in"
        yield Finding(
            WARNING,
            "event-socket-everywhere",
            where,
            f"The event socket listens on {address}; only {guard} stands before it.",
            "It has no encryption: on a network the password and every event can be read.",
            mend,
        )


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def _allows_nobody(conf: SwitchConf, name: str) -> bool:
    lists = [one for one in _lists(conf) if one.get("name") == name]
    return bool(lists) and all(
        not is_true(one.get("default")) and not any(node.get("type") == "allow" for node in one.all("node"))
        for one in lists
    )


def _lists(conf: SwitchConf) -> list[Element]:
    acl = conf.configuration("acl.conf")
    return list(acl.all("network-lists", "list")) if acl else []


def _allows_everybody(conf: SwitchConf, name: str) -> bool:
    for one in (one for one in _lists(conf) if one.get("name") == name):
        if is_true(one.get("default")):
            return True
        if any(node.get("type") == "allow" and node.get("cidr") in ("0.0.0.0/0", "::/0") for node in one.all("node")):
            return True
    return False


def _xml_rpc(conf: SwitchConf) -> Iterator[Finding]:
    if "mod_xml_rpc" not in conf.modules:
        return
    settings = conf.settings("xml_rpc.conf")
    password = settings["auth-pass"].get("value") if "auth-pass" in settings else ""
    published = password in ("", *PUBLISHED)
    yield Finding(
        SERIOUS if published else NOTE,
        "xml-rpc",
        conf.modules["mod_xml_rpc"].where,
        f"mod_xml_rpc is loaded{' with a published password, or none' if published else ''}.",
        "It runs every command of FreeSWITCH over HTTP, on all addresses (CVE-2018-19911).",
        "Remove it from modules.conf.xml; Sasayaki does not need it.",
    )


def _users(conf: SwitchConf) -> Iterator[Finding]:
    without: list[Element] = []
    weak: list[Element] = []
    passwords: Counter[str] = Counter()
    for domain in conf.domains():
        refused = _refuses_empty(domain)
        for user in domain.every("user"):
            if user.get("type") == "pointer" or (user.get("cidr") and not user.children):
                continue
            parameters = {name: element.get("value") for name, element in user.parameters("params").items()}
            password = parameters.get("password", "")
            if not password and not parameters.get("a1-hash"):
                if not refused and is_true(parameters.get("allow-empty-password", "true")):
                    without.append(user)
            elif password:
                passwords[password] += 1
                if password in PUBLISHED or password == user.get("id"):
                    weak.append(user)
    yield from _told(
        without,
        "user-without-password",
        "no password",
        "Whoever names the extension is let in without one (sofia_reg.c:3333).",
    )
    yield from _told(
        weak,
        "published-password",
        "a password that is published or is the extension itself",
        "Strangers log in and telephone.",
    )
    common = sum(count for count in passwords.values() if count > 1)
    if common and not weak:
        yield Finding(
            WARNING,
            "shared-password",
            "directory",
            f"{common} users share passwords with others.",
            "Who has one phone has the others: dial codes rely on which phone it is.",
            "Give each its own random password.",
        )


def _refuses_empty(domain: Element) -> bool:
    parameters = domain.parameters("params")
    return "allow-empty-password" in parameters and not is_true(parameters["allow-empty-password"].get("value"))


def _told(users: list[Element], identity: str, what: str, breaks: str) -> Iterator[Finding]:
    if users:
        names = ", ".join(user.get("id") for user in users[:6]) + (" …" if len(users) > 6 else "")
        yield Finding(
            SERIOUS,
            identity,
            users[0].where,
            f"{len(users)} user{'s have' if len(users) > 1 else ' has'} {what}: {names}.",
            breaks,
            "Give each a random password of its own (openssl rand -hex 12).",
        )
