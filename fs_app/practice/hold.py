"""Hold and resume, as a phone does it (re-INVITE sendonly) or ``uuid_hold``.

Events as recorded: on the holding leg CALLSTATE HELD then HOLD; on the other one only the music, 0.1 s later.
"""

from __future__ import annotations

from fs_app.practice.channel import Channel
from fs_app.practice.core import Core

_MUSIC_AFTER_S = 0.1
NO_MUSIC = "local_stream://moh"
"""What plays when the holding leg has no hold_music: silence here, as no stream is configured (seen on 1.10.12)."""


def hold(core: Core, channel: Channel) -> bool:
    """Put the call on hold from this leg; ``False`` when it is not an answered, free leg."""
    if not channel.answered or channel.holding:
        return False
    channel.holding = True
    channel.last_hold_us = core.clock.exact_us()
    channel.row_app = ("", "")
    core.channels.callstate(channel, "HELD")
    core.channels.fire(channel, "CHANNEL_HOLD")
    core.clock.later(_MUSIC_AFTER_S, _music, core, channel)
    return True


def _music(core: Core, holder: Channel) -> None:
    peer = holder.peer
    if holder.holding and peer is not None and peer.up and not peer.held_music:
        # The music is taken from the leg that holds, not from the one that hears it (seen on 1.10.12).
        peer.held_music = holder.variable("hold_music") or NO_MUSIC
        core.executor.execute_event(peer, "playback", peer.held_music)


def resume(core: Core, channel: Channel) -> bool:
    """Take the call back; ``False`` when it is not held."""
    if channel.down or not channel.holding:
        return False
    peer = channel.peer
    if peer is not None and peer.held_music:
        core.bridges.stop_music(peer)
    channel.holding = False
    channel.hold_accum_us += core.clock.exact_us() - channel.last_hold_us
    channel.row_app = ("", "")
    core.channels.callstate(channel, "UNHELD")
    core.channels.fire(channel, "CHANNEL_UNHOLD")
    core.channels.callstate(channel, "ACTIVE")
    return True
