"""What the switch does to a leg's sound besides bridging: sounds mixed in, and sound that goes past the switch.

Owns ``uuid_displace`` and ``uuid_media``, as seen on 1.10.12.
"""

from __future__ import annotations

import re

from fs_app.practice.channel import Channel
from fs_app.practice.core import Core
from fs_app.practice.events import Headers

_TONE = re.compile(r"%\((\d+),(\d+)")
_FILE_S = 2.0


def displace(core: Core, channel: Channel, verb: str, sound: str) -> bool:
    """``start`` mixes a sound into what the leg hears, ``stop`` ends it; ``False`` when that cannot be."""
    if verb == "stop":
        if sound not in channel.displaced:
            return False
        _ended(core, channel, sound)
        return True
    if verb != "start" or not sound or not channel.answered or sound in channel.displaced:
        return False
    channel.displaced.append(sound)
    core.channels.fire(channel, "MEDIA_BUG_START", _bug(channel))
    core.clock.later(_lasts(sound), _ended, core, channel, sound)
    return True


def _ended(core: Core, channel: Channel, sound: str) -> None:
    if sound in channel.displaced:
        channel.displaced.remove(sound)
        core.channels.fire(channel, "MEDIA_BUG_STOP", _bug(channel))


def _bug(channel: Channel) -> Headers:
    return [("Media-Bug-Function", "displace"), ("Media-Bug-Target", channel.uuid)]


def _lasts(sound: str) -> float:
    """Seconds: the sum of a tone's beats; a file lasts two."""
    beats = _TONE.findall(sound)
    return sum(int(on) + int(off) for on, off in beats) / 1000 if beats else _FILE_S


def bypass(core: Core, channel: Channel) -> bool:
    """Let the two phones send their sound to each other: ``uuid_media off``. Listeners hear nothing then."""
    bridge = channel.bridge
    if bridge is None or channel.bypassed:
        return False
    core.bridges.unbridge(bridge)
    core.bridges.join(bridge.a, bridge.b)
    for side in (bridge.a, bridge.b):
        side.bypassed = True
        side.state = "CS_HIBERNATE"
        side.variables["signal_bridge"] = "true"
    return True


def bring_back(core: Core, channel: Channel) -> bool:
    """Have the sound through the switch again: ``uuid_media``. The variable ``signal_bridge`` stays."""
    bridge = channel.bridge
    if bridge is None:
        return False
    if channel.bypassed:
        core.bridges.unbridge(bridge)
        for side in (bridge.a, bridge.b):
            side.bypassed = False
            side.state = "CS_SOFT_EXECUTE"
        core.bridges.join(bridge.a, bridge.b)
    return True
