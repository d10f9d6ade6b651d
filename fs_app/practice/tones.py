"""Tones spoken into a leg and detected on others: ``uuid_broadcast`` of a tone, and ``tone_detect``.

Owns what is heard of them when. As seen on 1.10.12: a detector fires once, 0.1 to 0.5 s after its tone is the only thing
that arrives, and again only when it is set again; its event comes twice, first without the leg (switch_ivr_async.c:4267).
"""

from __future__ import annotations

import re

from fs_app.practice import media
from fs_app.practice.channel import Channel
from fs_app.practice.core import Core
from fs_app.practice.events import Headers

_TONE = re.compile(r"tone_stream://%\((\d+),0,(\d+)\)")
_LISTEN_S = (0.1, 0.2, 0.3)
"""When after its beginning a tone is listened for, s."""


def speak(core: Core, channel: Channel, path: str) -> bool:
    """Let the switch send a tone into the leg, ``tone_stream://%(ms,0,Hz)``; ``False`` for anything else."""
    found = _TONE.fullmatch(path)
    if found is None or not channel.answered:
        return False
    sound = channel.playing = f"{media.TONE}{found[2]}"
    core.clock.later(int(found[1]) / 1000, _silent, channel, sound)
    for after in _LISTEN_S:
        core.clock.later(after, _listen, core)
    return True


def detect(core: Core, channel: Channel, key: str, pitch: str) -> None:
    """Tell once when this tone, in Hz, and nothing else arrives from the leg's far end."""
    if not channel.detectors:
        core.channels.fire(channel, "MEDIA_BUG_START", [("Media-Bug-Function", "tone_detect")])
    channel.detectors[key] = pitch


def _silent(channel: Channel, sound: str) -> None:
    if channel.playing == sound:
        channel.playing = ""


def _listen(core: Core) -> None:
    for channel in tuple(core.channels.by_uuid.values()):
        heard = media.voice(channel) if any(channel.detectors.values()) else set()
        for key, pitch in channel.detectors.items():
            if pitch and heard == {f"{media.TONE}{pitch}"}:
                channel.detectors[key] = ""
                _tell(core, channel, [("Detected-Tone", key)])


def _tell(core: Core, channel: Channel, tone: Headers) -> None:
    core.bus.fire("DETECTED_TONE", lambda: tone)
    core.channels.fire(channel, "DETECTED_TONE", after=tone)
