"""The SIP and media variables that mod_sofia puts on a leg.

Owns their names and plausible values, so that events have a real one's size and shape. Nothing may depend on them.
"""

from __future__ import annotations

import random

from fs_app.practice.channel import Channel
from fs_app.practice.events import Value

_noise = random.Random(5060)  # noqa: S311 - tags and ports for show
_LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ0123456789"
_ALLOW = "INVITE, ACK, BYE, CANCEL, OPTIONS, MESSAGE, INFO, UPDATE, REGISTER, REFER, NOTIFY"
_PHONE = "127.0.0.1:15064"
_PORTS = {"internal": "15062", "external": "15063"}


def _tag() -> str:
    return "".join(_noise.choices(_LETTERS, k=13))


def inbound_variables(channel: Channel, profile: str, host: str, user: str) -> dict[str, Value]:
    """What an INVITE from a phone leaves on its channel; ``profile`` is the Sofia profile, ``host`` of the From."""
    number, name = channel.profile.destination, channel.profile.cid_name
    port, tag = _PORTS[profile], _tag()
    return {
        "direction": "inbound",
        "uuid": channel.uuid,
        "call_uuid": channel.uuid,
        "session_id": str(channel.session_id),
        "sip_from_user": user,
        "sip_from_uri": f"{user}@{host}",
        "sip_from_host": host,
        "video_media_flow": "disabled",
        "text_media_flow": "disabled",
        "channel_name": channel.name,
        "sip_call_id": f"{_noise.getrandbits(32):08x}-6109-1240-e2ac-0ec3f7ca8e1c",
        "sip_local_network_addr": "127.0.0.1",
        "sip_network_ip": "127.0.0.1",
        "sip_network_port": "15064",
        "sip_invite_stamp": str(channel.profile.created_us),
        "sip_received_ip": "127.0.0.1",
        "sip_received_port": "15064",
        "sip_via_protocol": "udp",
        "sip_from_user_stripped": user,
        "sip_from_tag": tag,
        "sofia_profile_name": profile,
        "sofia_profile_url": f"sip:mod_sofia@127.0.0.1:{port}",
        "recovery_profile_name": profile,
        "sip_cid_type": "rpid",
        "sip_full_via": f"SIP/2.0/UDP {_PHONE};rport=15064;branch=z9hG4bK{_tag()}",
        "sip_from_display": name,
        "sip_full_from": f'"{name}" <sip:{user}@{host}>;tag={tag}',
        **_request(number, port),
        "max_forwards": "70",
        **_media(),
        "endpoint_disposition": "RECEIVED",
    }


def _request(number: str, port: str) -> dict[str, Value]:
    return {
        "sip_full_to": f"<sip:{number}@127.0.0.1:{port}>",
        "sip_allow": _ALLOW,
        "sip_req_user": number,
        "sip_req_uri": f"{number}@127.0.0.1:{port}",
        "sip_req_host": "127.0.0.1",
        "sip_to_user": number,
        "sip_to_uri": f"{number}@127.0.0.1:{port}",
        "sip_contact_user": "mod_sofia",
        "sip_contact_uri": f"mod_sofia@{_PHONE}",
        "sip_user_agent": "practice",
    }


def outbound_variables(channel: Channel, profile: str, gateway: str = "") -> dict[str, Value]:
    """What dialling a phone (or a number behind ``gateway``) puts on the new leg."""
    number, port = channel.profile.destination, _PORTS[profile]
    rows: dict[str, Value] = {
        "direction": "outbound",
        "is_outbound": "true",
        "uuid": channel.uuid,
        "call_uuid": channel.uuid,
        "session_id": str(channel.session_id),
    }
    if gateway:
        rows["sip_gateway_name"] = gateway
    return rows | {
        "sip_local_network_addr": "127.0.0.1",
        "sip_profile_name": "gateway" if gateway else profile,
        "video_media_flow": "disabled",
        "text_media_flow": "disabled",
        "channel_name": channel.name,
        "sip_destination_url": f"sip:{number}@{_PHONE}",
        "sofia_profile_name": profile,
        "recovery_profile_name": profile,
        "sofia_profile_url": f"sip:mod_sofia@127.0.0.1:{port}",
        "sip_req_uri": f"{number}@{_PHONE}",
        "sip_to_host": _PHONE,
        "rtp_use_codec_string": "PCMU",
        "local_media_ip": "127.0.0.1",
        "local_media_port": str(_noise.randrange(30_000, 32_000, 2)),
        "advertised_media_ip": "127.0.0.1",
        "audio_media_flow": "sendrecv",
    }


def ringing_variables(channel: Channel) -> dict[str, Value]:
    """What the phone's first response adds."""
    number = channel.profile.destination
    return {
        "sip_reply_host": "127.0.0.1",
        "sip_network_ip": "127.0.0.1",
        "sip_network_port": "15064",
        "sip_user_agent": "practice",
        "sip_allow": _ALLOW,
        "sip_full_to": f"<sip:{number}@{_PHONE}>;tag={_tag()}",
        "sip_to_user": number,
        "sip_to_uri": f"{number}@{_PHONE}",
        "sip_contact_uri": f"{number}@{_PHONE}",
        "sip_call_id": f"{_noise.getrandbits(32):08x}-6109-1240-da91-0ec3f7ca8e1c",
    }


def answer_variables() -> dict[str, Value]:
    """What the negotiated media adds to a leg that was answered."""
    return {
        **_media(),
        "rtp_use_timer_name": "soft",
        "rtp_use_pt": "0",
        "rtp_use_ssrc": str(_noise.getrandbits(32)),
        "rtp_2833_send_payload": "101",
        "rtp_2833_recv_payload": "101",
        "endpoint_disposition": "ANSWER",
    }


def _media() -> dict[str, Value]:
    return {
        "ep_codec_string": "CORE_PCM_MODULE.PCMU@8000h@20i@64000b",
        "rtp_use_codec_string": "PCMU",
        "remote_video_media_flow": "inactive",
        "remote_text_media_flow": "inactive",
        "remote_audio_media_flow": "sendrecv",
        "audio_media_flow": "sendrecv",
        "remote_media_ip": "127.0.0.1",
        "remote_media_port": str(_noise.randrange(35_000, 40_000, 2)),
        "rtp_audio_recv_pt": "0",
        "rtp_use_codec_name": "PCMU",
        "rtp_use_codec_rate": "8000",
        "rtp_use_codec_ptime": "20",
        "rtp_use_codec_channels": "1",
        "rtp_last_audio_codec_string": "PCMU@8000h@20i@1c",
        "read_codec": "PCMU",
        "original_read_codec": "PCMU",
        "read_rate": "8000",
        "original_read_rate": "8000",
        "write_codec": "PCMU",
        "write_rate": "8000",
        "dtmf_type": "rfc2833",
    }
