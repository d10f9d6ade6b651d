"""``show channels``, ``show calls``, ``show registrations``: the core's tables as text and JSON.

Owns their columns (switch_core_sqldb.c:2853, 3078). All values are text. Rows are those of channels not yet destroyed, so
a dead one that somebody holds is listed, as ACTIVE.
"""

from __future__ import annotations

import time

from fs_app.practice.callcenter.text import compact
from fs_app.practice.channel import Channel
from fs_app.practice.core import Core

Row = dict[str, str]
_CALL_COLUMNS = (
    "uuid direction created created_epoch name state cid_name cid_num ip_addr dest presence_id presence_data accountcode "
    "callstate callee_name callee_num callee_direction call_uuid hostname sent_callee_name sent_callee_num"
)
_B_COLUMNS = (
    "uuid direction created created_epoch name state cid_name cid_num ip_addr dest presence_id presence_data accountcode "
    "callstate callee_name callee_num callee_direction sent_callee_name sent_callee_num"
)


def show(core: Core, text: str) -> str:
    """``show <what> [like <text>|count] [as json]``."""
    words = text.split()
    as_json = words[-2:] == ["as", "json"]
    if as_json:
        words = words[:-2]
    what = words[0].lower() if words else ""
    if what in ("channels", "calls", "bridged_calls"):
        rows = _channels(core) if what == "channels" else _calls(core, only_bridged=what == "bridged_calls")
        if words[1:2] == ["like"]:
            rows = [row for row in rows if any(" ".join(words[2:]).lower() in value.lower() for value in row.values())]
    elif what == "registrations":
        rows = _registrations(core)
    else:
        return "-USAGE: show channels|calls|bridged_calls|registrations [as json]\n"
    if words[1:2] == ["count"]:
        return compact({"row_count": len(rows)}) if as_json else f"\n{len(rows)} total.\n"
    return _json(rows) if as_json else _text(rows)


def _json(rows: list[Row]) -> str:
    # Without rows there is a blank, a line end and no «rows» (mod_commands.c:6020).
    return compact({"row_count": len(rows), "rows": rows}) if rows else '{"row_count": 0}\n'


def _text(rows: list[Row]) -> str:
    if not rows:
        return "\n0 total.\n"
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    return "\n".join(lines) + f"\n\n{len(rows)} total.\n"


def _channels(core: Core) -> list[Row]:
    return [_channel(core, channel) for channel in core.channels.rows()]


def _channel(core: Core, channel: Channel) -> Row:
    profile = channel.profile
    epoch = channel.times.get("Created", profile.created_us) // 1_000_000
    sent = _sent_callee(channel)
    return {
        "uuid": channel.uuid,
        "direction": channel.direction,
        "created": time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(epoch)),
        "created_epoch": str(epoch),
        "name": channel.name,
        "state": channel.state,
        "cid_name": profile.cid_name,
        "cid_num": profile.cid_number,
        "ip_addr": profile.network_addr if channel.direction == "inbound" else "",
        "dest": profile.destination,
        "application": channel.row_app[0],
        "application_data": channel.row_app[1],
        "dialplan": profile.dialplan,
        "context": profile.context,
        **_codec(channel),
        "secure": "",
        "hostname": core.config.hostname,
        "presence_id": channel.presence_id,
        "presence_data": "",
        "accountcode": channel.variable("accountcode"),
        "callstate": channel.row_callstate,
        "callee_name": profile.callee_name,
        "callee_num": profile.callee_number,
        "callee_direction": "SEND" if channel.bridge is not None else "",
        "call_uuid": channel.call_uuid or channel.uuid,
        "sent_callee_name": sent[0],
        "sent_callee_num": sent[1],
        "initial_cid_name": profile.cid_name,
        "initial_cid_num": profile.cid_number,
        "initial_ip_addr": profile.network_addr if channel.direction == "inbound" else "",
        "initial_dest": channel.variable("original_destination_number") or profile.destination,
        "initial_dialplan": profile.dialplan,
        "initial_context": profile.context,
    }


def _codec(channel: Channel) -> Row:
    values = ("PCMU", "8000", "64000") if channel.has_codec else ("", "", "")
    names = ("codec", "rate", "bit_rate")
    return {f"{way}_{name}": value for way in ("read", "write") for name, value in zip(names, values, strict=True)}


def _sent_callee(channel: Channel) -> tuple[str, str]:
    """Whom the phone was told it talks with."""
    if channel.bridge is None:
        return "", ""
    if channel.other is not None and channel.direction == "outbound":
        return channel.other.profile.cid_name, channel.other.profile.cid_number
    return channel.profile.callee_name, channel.profile.callee_number


def _calls(core: Core, *, only_bridged: bool) -> list[Row]:
    """A row per bridge, A side first, and one per leg that is nobody's B side."""
    rows = []
    for channel in core.channels.rows():
        bridge = channel.bridge
        if (bridge is None and only_bridged) or (bridge is not None and bridge.b is channel):
            continue
        a = _channel(core, channel)
        b = _channel(core, bridge.b) if bridge is not None else {}
        row = {name: a[name] for name in _CALL_COLUMNS.split()}
        row |= {f"b_{name}": b.get(name, "") for name in _B_COLUMNS.split()}
        row["call_created_epoch"] = str(channel.times.get("Bridged", 0) // 1_000_000) if bridge is not None else ""
        rows.append(row)
    return rows


def _registrations(core: Core) -> list[Row]:
    expires = str(core.clock.epoch() + 3600)
    return [
        {
            "reg_user": phone.number,
            "realm": core.config.domain,
            "token": f"{phone.number}-practice",
            "url": f"sofia/internal/sip:{phone.number}@127.0.0.1:15064",
            "expires": expires,
            "network_ip": "127.0.0.1",
            "network_port": "15064",
            "network_proto": "udp",
            "hostname": core.config.hostname,
            "metadata": "",
        }
        for phone in core.phones.everyone()
        if phone.registered and not phone.outside
    ]
