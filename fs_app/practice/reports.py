"""The variables a leg gets when it ends: what a call detail record is made of."""

from __future__ import annotations

import time

from fs_app.practice.channel import Channel
from fs_app.practice.events import Value

Q850 = {
    "UNALLOCATED_NUMBER": "1",
    "NORMAL_CLEARING": "16",
    "USER_BUSY": "17",
    "NO_USER_RESPONSE": "18",
    "NO_ANSWER": "19",
    "SUBSCRIBER_ABSENT": "20",
    "CALL_REJECTED": "21",
    "DESTINATION_OUT_OF_ORDER": "27",
    "NORMAL_UNSPECIFIED": "31",
    "NORMAL_CIRCUIT_CONGESTION": "34",
    "NORMAL_TEMPORARY_FAILURE": "41",
    "NO_ROUTE_DESTINATION": "3",
    "CHAN_NOT_IMPLEMENTED": "66",
    "RECOVERY_ON_TIMER_EXPIRE": "102",
    "ORIGINATOR_CANCEL": "487",
    "LOSE_RACE": "502",
    "MANAGER_REQUEST": "503",
    "BLIND_TRANSFER": "600",
    "ATTENDED_TRANSFER": "601",
    "ALLOTTED_TIMEOUT": "602",
    "USER_CHALLENGE": "603",
    "PICKED_OFF": "605",
    "USER_NOT_REGISTERED": "606",
    "INVALID_GATEWAY": "608",
    "GATEWAY_DOWN": "609",
}
"""Causes by name with their numbers (switch_types.h)."""


def _stamp(micros: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(micros // 1_000_000))


def hangup_variables(channel: Channel, now_us: int) -> dict[str, Value]:
    """Times and durations of a leg that ends at ``now_us``, as CHANNEL_HANGUP_COMPLETE shows them."""
    start = channel.times.get("Created", channel.profile.created_us)
    answer, bridged = channel.times.get("Answered", 0), channel.times.get("Bridged", 0)
    bill = now_us - answer if answer else 0
    rows: dict[str, Value] = {
        "hangup_cause": channel.hangup_cause,
        "hangup_cause_q850": Q850.get(channel.hangup_cause, "31"),
        "start_stamp": _stamp(start),
        "end_stamp": _stamp(now_us),
        "start_epoch": str(start // 1_000_000),
        "start_uepoch": str(start),
        "profile_start_epoch": str(channel.profile.created_us // 1_000_000),
        "profile_start_uepoch": str(channel.profile.created_us),
        "answer_epoch": str(answer // 1_000_000),
        "answer_uepoch": str(answer),
        "bridge_epoch": str(bridged // 1_000_000),
        "bridge_uepoch": str(bridged),
        "last_hold_epoch": str(channel.last_hold_us // 1_000_000),
        "last_hold_uepoch": str(channel.last_hold_us),
        "hold_accum_seconds": str(channel.hold_accum_us // 1_000_000),
        "hold_accum_ms": str(channel.hold_accum_us // 1000),
        "end_epoch": str(now_us // 1_000_000),
        "end_uepoch": str(now_us),
        "caller_id": f'"{channel.profile.cid_name}" <{channel.profile.cid_number}>',
        "duration": str((now_us - start) // 1_000_000),
        "billsec": str(bill // 1_000_000),
        "mduration": str((now_us - start) // 1000),
        "billmsec": str(bill // 1000),
        "sip_hangup_disposition": channel.hangup_disposition,
    }
    if answer:
        rows["answer_stamp"] = _stamp(answer)
    if bridged:
        rows["bridge_stamp"] = _stamp(bridged)
    return rows
