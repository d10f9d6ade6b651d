"""Who hears whom: a model of the switch's sound paths.

Owns the rules, measured on 1.10.12 with tones; nothing here fires events or changes state. A voice is the number of the
phone that speaks (every phone in an answered call speaks all the time); music is ``"music"``.
"""

from __future__ import annotations

from fs_app.practice.channel import Channel
from fs_app.practice.eavesdrop import Eavesdrop
from fs_app.practice.hold import NO_MUSIC
from fs_app.practice.loopback import LoopbackPhone

MUSIC = "music"
TONE = "tone "
"""With its pitch in Hz behind it: a tone that the switch itself speaks into a leg."""


def voice(channel: Channel) -> set[str]:
    """What the leg's own phone sends: nothing while it holds or is not answered."""
    if not channel.answered or channel.holding or channel.phone is None:
        return set()
    if isinstance(channel.phone, LoopbackPhone):
        far = channel.phone.far_end(channel)
        return _delivered(far) if far is not None else set()
    return {channel.phone.number}


def sent(channel: Channel) -> set[str]:
    """What goes on from this leg to its partner: its phone, and listeners who speak in mode 1 or 3."""
    heard = voice(channel)
    for listener in channel.listeners:
        if listener.speaks_to_partner and not channel.bypassed:
            heard |= voice(listener.listener)
    return heard


def received(channel: Channel) -> set[str]:
    """What the switch sends to this leg before anybody whispers: music, or what the partner sends."""
    if not channel.answered or channel.holding:
        return set()  # the bridge writes nothing to a leg that holds
    if channel.held_music:
        return {MUSIC} if channel.held_music != NO_MUSIC else set()
    if channel.playing:
        return {channel.playing if channel.playing.startswith(TONE) else MUSIC}
    if isinstance(channel.app, Eavesdrop):
        return _overheard(channel.app)
    peer = channel.peer
    return sent(peer) if peer is not None else set()


def hears(channel: Channel) -> set[str]:
    """All that arrives at the leg's phone, whispers included."""
    return _delivered(channel) - voice(channel)


def _delivered(channel: Channel) -> set[str]:
    heard = received(channel)
    if channel.answered and not channel.holding:
        for listener in channel.listeners:
            if listener.speaks_to_target and not channel.bypassed:
                heard |= voice(listener.listener)
    return heard


def _overheard(tap: Eavesdrop) -> set[str]:
    """What a listener hears: both sides, and whispers of those who were there before him, not of later ones."""
    if not tap.attached or tap.target.bypassed:
        return set()  # sound that goes past the switch cannot be tapped
    target = tap.target
    heard: set[str] = set()
    if tap.hears_own:
        heard |= sent(target)
    if tap.hears_peer and not target.holding:
        heard |= received(target)
        for earlier in target.listeners[: target.listeners.index(tap)]:
            if earlier.speaks_to_target:
                heard |= voice(earlier.listener)
    return heard - voice(tap.listener)
