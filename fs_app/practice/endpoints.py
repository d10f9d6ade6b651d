"""What an endpoint of a dial string means here: a phone to ring, or the cause why there is none.

Owns ``user/``, ``sofia/gateway/``, ``sofia/<profile>/``, ``loopback/`` and ``error/``. It makes the channel; ringing it is
``originate``'s.
"""

from __future__ import annotations

from dataclasses import dataclass

from fs_app.practice import sip
from fs_app.practice.channel import Channel, Profile
from fs_app.practice.core import Core
from fs_app.practice.loopback import LoopbackPhone
from fs_app.practice.phones import Phone
from fs_app.practice.reports import Q850


@dataclass(frozen=True, slots=True)
class Found:
    """A phone behind an endpoint; ``user`` is set for ``user/…``, ``gateway`` for ``sofia/gateway/…``."""

    phone: Phone
    user: str = ""
    domain: str = ""
    gateway: str = ""


def find(core: Core, endpoint: str) -> Found | str:
    """The phone that ``endpoint`` means, or the hang-up cause that dialling it ends with (seen on 1.10.12)."""
    kind, _, rest = endpoint.partition("/")
    if kind == "user":
        user, _, domain = rest.partition("@")
        return _user(core, user, domain or core.config.domain)
    if kind == "sofia":
        first, _, rest = rest.partition("/")
        if first == "gateway":
            gateway, _, number = rest.partition("/")
            if gateway not in core.config.gateways:
                return "INVALID_GATEWAY"
            return Found(core.phones.outside(number), gateway=gateway) if number else "NO_ROUTE_DESTINATION"
        user = rest.partition("@")[0].removeprefix("sip:")
        return _user(core, user, core.config.domain) if first == "internal" else "CHAN_NOT_IMPLEMENTED"
    if kind == "loopback":
        number, context, dialplan = [*rest.split("/", 2), "", ""][:3]
        if not number:
            return "INVALID_GATEWAY"
        return Found(LoopbackPhone(core, number, context or "default", dialplan or "xml"))
    if kind == "error":
        return rest.upper() if rest.upper() in Q850 else "NORMAL_CLEARING"
    return "CHAN_NOT_IMPLEMENTED"


def _user(core: Core, user: str, domain: str) -> Found | str:
    if user not in core.phones.users or domain != core.config.domain:
        return "SUBSCRIBER_ABSENT"
    phone = core.phones.inside(user)
    return Found(phone, user, domain) if phone.registered else "USER_NOT_REGISTERED"


def make_leg(core: Core, found: Found, cid: tuple[str, str], leg_uuid: str) -> Channel:
    """An outbound channel to that phone, not yet announced. ``cid`` is (name, number) of the caller shown."""
    number = found.phone.number
    outside = bool(found.gateway)
    name = f"sofia/external/{number}" if outside else f"sofia/internal/{number}@127.0.0.1:15064"
    if isinstance(found.phone, LoopbackPhone):
        name = f"loopback/{number}-a"
    profile = Profile(
        cid_name=cid[0],
        cid_number=cid[1],
        destination=number,
        source="src/switch_ivr_originate.c",
        callee_name="Outbound Call",
        callee_number=number,
    )
    channel = core.channels.make("outbound", name, profile, leg_uuid)
    channel.phone = found.phone
    channel.variables = sip.outbound_variables(channel, "external" if outside else "internal", found.gateway)
    if found.user:
        channel.presence_id = f"{found.user}@{found.domain}"
        channel.variables |= {
            "dialed_user": found.user,
            "dialed_domain": found.domain,
            "sip_invite_domain": found.domain,
            "presence_id": channel.presence_id,
        }
    return channel
