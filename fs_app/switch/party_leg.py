"""What the parties of the self-test are made of: loopback calls, tones spoken into them, and tones detected.

Only words put together; every value in them has been checked by ``orders``.
"""

from __future__ import annotations

DIAL = "loopback/m:^:answer^sched_hangup:+60^park/default/inline"
"""Somebody inside the switch who answers, stays on the line, and is gone after a minute whatever happens."""
_VARIABLES = "originate_timeout=5,ignore_early_media=true,process_cdr=false,loopback_bowout=false"


def rung(leg: str) -> str:
    """A party on a leg with this id."""
    return f"originate {{origination_uuid={leg},{_VARIABLES}}}{DIAL} 'm:^:park' inline"


def spoken(leg: str, pitch_hz: int, lasts_ms: int) -> str:
    """A tone that the far end speaks.

    Not by ``gentones``: its frames name no number of channels, and barging divides by that. FreeSWITCH ends with SIGFPE
    then (switch_ivr_async.c:2092, switch_core_io.c:729; seen on 1.10.12).
    """
    return f"uuid_broadcast {leg} tone_stream://%({lasts_ms},0,{pitch_hz})"


def heard(leg: str, key: str, pitch_hz: int) -> str:
    """Detect a tone in what comes from the leg."""
    return f"tone_detect {leg} {key} {pitch_hz} r"
