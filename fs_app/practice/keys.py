"""Keys pressed during a call: the DTMF event, bound keys, and who else listens for them.

Owns ``bind_digit_action`` and its relatives. A bound key is taken before any application sees it and stays bound when the
channel is transferred (seen on 1.10.12).
"""

from __future__ import annotations

from collections.abc import Callable

from fs_app.practice.channel import Channel
from fs_app.practice.core import Core
from fs_app.practice.events import Headers

RunApi = Callable[[Core, str, str, Callable[[str], None]], None]


def pressed(core: Core, channel: Channel, digits: str, *, told: bool = True) -> None:
    """The far phone presses ``digits``; ``told`` fires DTMF (unless ``sensitive_dtmf``)."""
    for digit in digits:
        if channel.down:
            return
        if told and not channel.true("sensitive_dtmf"):
            core.channels.fire(channel, "DTMF", after=_dtmf(digit))
        if not _bound(core, channel, digit):
            for hook in tuple(channel.on_dtmf):
                hook(channel, digit)


def _dtmf(digit: str) -> Headers:
    return [("DTMF-Digit", digit), ("DTMF-Duration", "2000"), ("DTMF-Source", "RTP")]


def _bound(core: Core, channel: Channel, digit: str) -> bool:
    binds = channel.key_binds.get(channel.key_realm, {})
    channel.key_typed = (channel.key_typed + digit)[-16:]
    for keys, (action, value) in binds.items():
        if channel.key_typed.endswith(keys):
            channel.key_typed = ""
            kind, _, command = action.partition(":")
            if kind == "api":
                core.run_api(core, command, value, lambda _reply: None)
            return True
    return False


def bind(_core: Core, channel: Channel, data: str) -> None:
    """``bind_digit_action <realm>,<digits>,api:<command>[,<argument>]``; other actions are noted and do nothing."""
    realm, _, rest = data.partition(",")
    keys, _, rest = rest.partition(",")
    action, _, value = rest.partition(",")
    if realm and keys and action:
        channel.key_binds.setdefault(realm, {})[keys] = (action, value)
        channel.key_realm = channel.key_realm or realm


def clear(_core: Core, channel: Channel, data: str) -> None:
    """``clear_digit_action <realm>|all``."""
    if data.partition(",")[0] == "all":
        channel.key_binds.clear()
        channel.key_realm = ""
    else:
        channel.key_binds.pop(data.partition(",")[0], None)


def set_realm(_core: Core, channel: Channel, data: str) -> None:
    """``digit_action_set_realm <realm>``: which of the bound sets counts."""
    channel.key_realm = data.partition(",")[0]
