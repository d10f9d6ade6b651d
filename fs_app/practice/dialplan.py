"""Which applications a dialled number runs through.

Owns the practice floor's dialplan: dial codes, queue numbers, extensions, outside numbers. Pure.
"""

from __future__ import annotations

import re

from fs_app.practice.config import HOLD_MUSIC, SwitchConfig

_OUTSIDE = re.compile(r"0[0-9]{2,19}\Z")
_CODE = re.compile(r"8?(00[0-9]{2})\Z")
_VOICE_TESTS = ("0090", "0091")


def route(config: SwitchConfig, number: str, context: str, user: str) -> list[tuple[str, str]]:
    """The steps for ``number`` dialled in ``context`` (``public``: from outside) by ``user`` (empty: nobody known).

    Empty when there is no such number: the channel is then hung up.
    """
    if spoken := _codes(config, number, context, user):
        return spoken
    queue = next((queue for queue in config.queues if queue.number == number), None)
    if queue is not None:
        return [
            ("set", "hangup_after_bridge=true"),
            ("set", "force_transfer_context=default"),
            ("set", "cc_export_vars=hold_music"),
            ("set", f"hold_music={HOLD_MUSIC}"),
            ("limit", f"hash inbound company1 {config.inbound_limit}"),
            ("export", "company=c1"),
            ("callcenter", queue.name),
        ]
    if number == "limit_exceeded":
        return [("hangup", "USER_BUSY")]
    outside_caller = context == "public"
    inside = [("set", "hangup_after_bridge=true"), ("set", f"hold_music={HOLD_MUSIC}")]
    track = [("callcenter_track", f"{user}@{config.domain}" if user else f"@{config.domain}")]
    if number in config.extensions + config.supervisors + config.unregistered:
        tracked = track if config.track_internal and not outside_caller else []
        return [*inside, *tracked, ("bridge", f"[leg_timeout=30]user/{number}@{config.domain}")]
    if _OUTSIDE.match(number) and outside_caller:
        return [("bridge", f"sofia/gateway/{config.gateways[0]}/{number}")]
    if _OUTSIDE.match(number):
        return [
            *inside,
            ("limit", f"hash outbound company1 {config.inbound_limit}"),
            *track,
            ("set", f"effective_caller_id_number={config.main_number}"),
            ("bridge", f"sofia/gateway/{config.gateways[0]}/{number}"),
        ]
    return [("hangup", "NO_ROUTE_DESTINATION")]


def _codes(config: SwitchConfig, number: str, context: str, user: str) -> list[tuple[str, str]]:
    code = _CODE.match(number) if user else None
    if code is not None:
        return [("answer", ""), ("echo", "")] if code[1] in _VOICE_TESTS else _dialogue("inside")
    return _dialogue("outside") if number in config.dial_numbers and context == "public" else []


def _dialogue(way: str) -> list[tuple[str, str]]:
    script = f"fs_app.dialplan.code {way}"
    return [("answer", ""), ("set", "sensitive_dtmf=true"), ("python", script), ("hangup", "NORMAL_CLEARING")]


def inline_steps(text: str) -> list[tuple[str, str]]:
    """``app:data,app:data`` of the inline dialplan; ``m:X:`` in front changes the separator."""
    separator = ","
    if text.startswith("m:") and len(text) > 4 and text[3] == ":":
        separator, text = text[2], text[4:]
    steps = []
    for part in text.split(separator):
        name, _, data = part.partition(":")
        if name:
            steps.append((name.strip(), data))
    return steps
