"""API commands about the switch as a whole: status, version, variables, limits.

Owns their replies. Commands that would leave the simulation (``system``, ``shutdown``) do not exist.
"""

from __future__ import annotations

import uuid

from fs_app.practice.bus import VERSION
from fs_app.practice.config import HOLD_MUSIC
from fs_app.practice.core import Core
from fs_app.practice.tokens import split_arguments

_MODULES = frozenset(
    (
        "mod_callcenter",
        "mod_commands",
        "mod_dptools",
        "mod_event_socket",
        "mod_sofia",
        "mod_hash",
        "mod_spy",
        "mod_loopback",
        "mod_tone_stream",
    )
)


def up_time(core: Core) -> str:
    """``0 years, 0 days, 0 hours, 6 minutes, 20 seconds, 166 milliseconds, 484 microseconds``."""
    micros = int((core.clock.now() - core.started_at) * 1_000_000)
    parts = []
    for name, size in (
        ("year", 365 * 86_400_000_000),
        ("day", 86_400_000_000),
        ("hour", 3_600_000_000),
        ("minute", 60_000_000),
        ("second", 1_000_000),
        ("millisecond", 1000),
        ("microsecond", 1),
    ):
        count, micros = divmod(micros, size)
        parts.append(f"{count} {name}{'' if count == 1 else 's'}")
    return ", ".join(parts)


def status(core: Core, _text: str) -> str:
    """``UP …`` with sessions."""
    sessions = len(core.channels.by_uuid)
    return (
        f"UP {up_time(core)}\n"
        f"FreeSWITCH (Version 1.10.12 -release 64bit) is ready\n"
        f"{core.channels.sessions} session(s) since startup\n"
        f"{sessions} session(s) - peak {core.channels.peak}, last 5min {core.channels.peak} \n"
        f"0 session(s) per Sec out of max 500, peak 2, last 5min 2 \n"
        f"{core.config.max_sessions} session(s) max\n"
        "min idle cpu 0.00/99.00\nCurrent Stack Size/Max 240K/8192K\n"
    )


def version(_core: Core, text: str) -> str:
    """The version; ``short`` only its number."""
    return "1.10.12\n" if text.strip() == "short" else f"FreeSWITCH Version {VERSION} (-release 64bit)\n"


def _globals(core: Core) -> dict[str, str]:
    return {
        "hostname": core.config.hostname,
        "local_ip_v4": "127.0.0.1",
        "switch_serial": "0242ac110002",
        "domain": core.config.domain,
        "domain_name": core.config.domain,
        "default_areacode": "03",
        "hold_music": HOLD_MUSIC,
        "core_uuid": core.bus.core_uuid,
        **core.globals,
    }


def global_getvar(core: Core, text: str) -> str:
    """One global variable, bare; all of them as ``name=value`` lines without an argument."""
    values = _globals(core)
    if not text:
        return "".join(f"{name}={value}\n" for name, value in values.items())
    return values.get(text.strip(), "")


def global_setvar(core: Core, text: str) -> str:
    """``<name>=<value>``; an empty value removes it."""
    name, _, value = text.partition("=")
    if value:
        core.globals[name.strip()] = value.strip()
    else:
        core.globals.pop(name.strip(), None)
    return "+OK"


def create_uuid(_core: Core, _text: str) -> str:
    """A fresh uuid."""
    return str(uuid.uuid4())


def strepoch(core: Core, _text: str) -> str:
    """Epoch seconds now."""
    return str(core.clock.epoch())


def module_exists(_core: Core, text: str) -> str:
    """``true`` or ``false``."""
    return ("true" if text.strip() in _MODULES else "false") if text else ""


def limit_usage(core: Core, text: str) -> str:
    """``<backend> <realm> <id> [rate]``."""
    args = split_arguments(text, 5)
    if len(args) == 2:
        return "0"  # without a backend the database is asked, which nobody uses
    if len(args) < 3:
        return "USAGE: limit_usage <backend> <realm> <id> [rate]\n"
    count = core.limits.usage.get(f"{args[1]}_{args[2]}", 0) if args[0] == "hash" else 0
    return f"{count}/0" if args[3:4] == ["rate"] else str(count)


def hash_dump(core: Core, text: str) -> str:
    """``hash_dump limit``: a line per key; nothing at all without keys."""
    if text.split(" ", maxsplit=1)[0] not in ("limit", "all"):
        return "-USAGE: all|limit|db [<realm>]\n"
    return "".join(f"L/{name}/{count}/0/0/0\n" for name, count in core.limits.usage.items())


def sofia(core: Core, text: str) -> str:
    """``sofia status`` in short: profiles and gateways; ``sofia status gateway <name>``: one of these."""
    words = text.split()
    if words[:1] != ["status"]:
        return "Invalid command!\n"
    if words[1:2] == ["gateway"] and len(words) > 2:
        if words[2] not in core.config.gateways:
            return "Invalid Gateway!\n"
        rows = (("Name", words[2]), ("Profile", "external"), ("State", "NOREG"), ("Status", "UP"))
        bar = "=" * 65 + "\n"
        return bar + "".join(f"{name:<8}\t{value}\n" for name, value in rows) + bar
    line = "=" * 90
    lines = [f"{name:>25}\tprofile\tsip:mod_sofia@127.0.0.1\tRUNNING (0)" for name in ("external", "internal")]
    lines += [f"{name:>25}\tgateway\tsip:{name}@127.0.0.1\tNOREG" for name in core.config.gateways]
    head = f"{'Name':>25}\t   Type\tData\tState"
    return f"{head}\n{line}\n" + "\n".join(lines) + f"\n{line}\n2 profiles 0 aliases\n\n"


def sofia_contact(core: Core, text: str) -> str:
    """The registered contact of ``user@domain``, or the error that mod_sofia answers."""
    user = text.strip().rpartition("/")[2].partition("@")[0]
    if user in core.phones.users and core.phones.inside(user).registered:
        return f"sofia/internal/sip:{user}@127.0.0.1:15064"
    return "error/user_not_registered"


def user_exists(core: Core, text: str) -> str:
    """``id <user> <domain>``: ``true`` or ``false``."""
    args = split_arguments(text, 3)
    known = len(args) == 3 and args[1] in core.phones.users and args[2] == core.config.domain
    return "true" if known else "false"


def user_data(core: Core, text: str) -> str:
    """``<user>@<domain> var <name>``: what the directory says of a user, empty when nothing."""
    args = split_arguments(text, 3)
    if len(args) < 3:
        return "-USAGE: <user>@<domain> [var|param|attr] <name>\n"
    user, _, domain = args[0].partition("@")
    if user not in core.phones.users or domain != core.config.domain or args[1] != "var":
        return ""
    return core.phones.inside(user).directory_variables().get(args[2], "")


def echo(_core: Core, text: str) -> str:
    """The text again."""
    return text


def hupall(core: Core, text: str) -> str:
    """``[cause] [variable value]``: end all channels, or those that match."""
    args = split_arguments(text, 3)
    cause = args[0] if args else "MANAGER_REQUEST"
    if len(args) == 3:
        core.channels.hangup_matching(args[1], args[2], cause)
        return f"+OK hangup all channels matching [{args[1]}]=[{args[2]}] with cause: {cause}\n"
    for channel in tuple(core.channels.by_uuid.values()):
        core.channels.hangup(channel, cause)
    return f"+OK hangup all channels with cause {cause}\n"


def reloadxml(_core: Core, _text: str) -> str:
    """Nothing to reload."""
    return "+OK [Success]\n"


COMMANDS = {
    "status": status,
    "version": version,
    "global_getvar": global_getvar,
    "global_setvar": global_setvar,
    "create_uuid": create_uuid,
    "strepoch": strepoch,
    "module_exists": module_exists,
    "limit_usage": limit_usage,
    "hash_dump": hash_dump,
    "sofia": sofia,
    "sofia_contact": sofia_contact,
    "user_exists": user_exists,
    "user_data": user_data,
    "echo": echo,
    "hupall": hupall,
    "reloadxml": reloadxml,
}
