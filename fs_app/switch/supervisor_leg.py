"""What a supervisor's leg executes: his keypad, the listening, and the silence between an agent's calls.

Only words put together; every value in them has been checked by ``orders``.
"""

from __future__ import annotations

STAY = "playback:silence_stream://-1"
"""What a following supervisor's leg does between calls: park sends no RTP and phones may give up (seen on 1.10.12)."""
COUNT_ANEW = "set:max_session_transfers=70"
"""The 71st ``uuid_transfer`` of a leg would end it (switch_ivr.c:2173; seen on 1.10.12): some 35 calls of a follower."""
KEY_WORD = "sasayaki_key"
_READ_MS = 40


def keypad(leg: str) -> list[str]:
    """Keys 0, 2 and 3 of the supervisor's phone come to us as a BACKGROUND_JOB event; 1 and * do nothing.

    Eavesdrop's own keys stay off: they would switch without our knowing, and 1 speaks to the customer. A digit machine on
    the leg takes the keys before eavesdrop could (switch_core_io.c:1009) and survives ``uuid_transfer`` (seen on 1.10.12).
    """
    binds = [f"bind_digit_action:supervisor,{key},api:bgapi,echo {KEY_WORD} {leg} {key}" for key in (0, 2, 3)]
    return ["clear_digit_action:all", *binds, "digit_action_set_realm:supervisor"]


def listening(watched: str, whisper: tuple[str, str], *, follow: bool) -> list[str]:
    """Eavesdrop with these ``eavesdrop_whisper_aleg`` and ``_bleg``, its own keys off, then silence for a follower.

    Set on the leg itself and not in the dial string: variables of the extension's directory entry come after those and
    would win, so that an entry with ``eavesdrop_whisper_aleg`` let the customer hear who only listens (mod_dptools.c:4508).
    """
    aleg, bleg = whisper
    steps = [
        COUNT_ANEW,
        "set:eavesdrop_enable_dtmf=false",
        f"set:eavesdrop_whisper_aleg={aleg}",
        f"set:eavesdrop_whisper_bleg={bleg}",
    ]
    return [*steps, f"eavesdrop:{watched}", *([STAY] if follow else [])]


def drained(unread: int) -> list[str]:
    """Silence in which so many unread commands are dropped; none without any.

    ``playback`` reads one with each frame (switch_ivr_play_say.c:1719): 20 ms, for some codecs 40.
    """
    return [f"playback:silence_stream://{(unread + 1) * _READ_MS}"] if unread else []
