"""Dial strings: how a phone inside or outside is rung, built from checked digits and the site's own patterns only.

What does not fit raises ``UnsafeOrder`` and nothing is sent. ``switch.orders`` puts the strings into commands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from fs_app.floor import orders

EXTENSION = re.compile(r"[0-9]{1,12}")
NUMBER = re.compile(r"\+?[0-9]{3,20}")
DOMAIN = re.compile(r"(?!.*:_:)[A-Za-z0-9.:_-]{1,128}")
"""``:_:`` would part the dial string into two calls (switch_ivr_originate.c)."""
FOLDER = re.compile(r"/[A-Za-z0-9/_.-]{1,200}")
TONES = "tone_stream://%(300,200,880);loops=3"
_PROMPT = "${prompts}/take_call.wav"
"""The switch's own folder of prompts. Where the file (or the folder) is missing, ``file_string`` plays what follows it."""
_PROMPT_S = 8
"""About as long as prompt and tones take, and somebody needs to find the key."""
_QUEUES_NUMBER = "${sasayaki_number_${cc_queue}}"
"""Global variables that the controller sets; one that is not set leaves the caller's number (seen on 1.10.12)."""
EXTENSION_RING_S = 20
OUTSIDE_RING_S = 25


_LEADING = re.compile(r"(?:\{[^}]*\}|<[^>]*>)*")


class UnsafeOrder(ValueError):
    """A value of an order does not have the form that alone may reach the switch. It is not echoed."""


def match(pattern: re.Pattern[str], value: str, what: str) -> str:
    """``value`` where all of it fits; raises UnsafeOrder otherwise, for what is no text as well."""
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise UnsafeOrder(f"{what} has a form that may not reach the switch")
    return value


def whole(value: int, least: int, most: int, what: str) -> int:
    """``value`` where it is a whole number within these limits; raises UnsafeOrder."""
    if type(value) is not int or not least <= value <= most:
        raise UnsafeOrder(f"{what} is a whole number from {least} to {most}")
    return value


def flag(value: bool, what: str) -> bool:
    """``value`` where it is yes or no and nothing like it; raises UnsafeOrder."""
    if type(value) is not bool:
        raise UnsafeOrder(f"{what} is yes or no")
    return value


@dataclass(frozen=True, slots=True)
class DialPlan:
    """How this site is dialled: patterns of the settings, checked there, and the switch's own domain.

    ``outside_calls``: how many calls with the outside the switch's dialplan allows at once; None where it has no such limit.
    ``prompts``: the folder of its prompts; empty where it has none.
    """

    domain: str
    extension_dial: str = "user/{extension}@{domain}"
    external_dial: str = ""
    caller_id_name: str = "Sasayaki"
    outside_calls: int | None = None
    prompts: str = ""

    def extension(self, extension: str) -> str:
        """The dial string of an internal extension (digits)."""
        return self._at_home(self.extension_dial.replace("{extension}", match(EXTENSION, extension, "extension")))

    def external(self, number: str) -> str:
        """The dial string of an outside number; raises where the site has none."""
        if not self.external_dial:
            raise UnsafeOrder("outside numbers are not set up")
        return self._at_home(self.external_dial.replace("{number}", match(NUMBER, number, "number")))

    def _at_home(self, dialled: str) -> str:
        return dialled.replace("{domain}", match(DOMAIN, self.domain, "domain")) if "{domain}" in dialled else dialled


def contact(order: orders.SetAgentContact, dial: DialPlan) -> str:
    """The dial string by which mod_callcenter rings an agent: his extension, his outside phone, or the one after the other.

    Side by side and never ``|``: that would ring the next phone after the caller has gone (seen on 1.10.12).
    """
    phones = []
    if order.extension is not None:
        # user/ rings 60 s by itself, whatever agent-originate-timeout says (mod_dptools.c:4441).
        phones.append((f"[leg_timeout={EXTENSION_RING_S}]", dial.extension(order.extension)))
    if order.outside is not None:
        phones.append((_outside(order.outside, dial), dial.external(order.outside.number)))
    if not phones:
        raise UnsafeOrder("an agent without a phone")
    return _side_by_side(phones)


def _side_by_side(phones: list[tuple[str, str]]) -> str:
    """Each phone's own variables before it; what a pattern of the settings has in {} is allowed in front of all only."""
    shared, legs = "", []
    for own, dialled in phones:
        blocks = _LEADING.match(dialled)
        length = blocks.end() if blocks is not None else 0
        shared += dialled[:length]
        legs.append(own + dialled[length:])
    return shared + ",".join(legs)


def _outside(phone: orders.OutsidePhone, dial: DialPlan) -> str:
    number = match(NUMBER, phone.number, "number")
    # ~ separates, because the tones hold commas. leg_timeout counts from the end of the delay (switch_ivr_originate.c:3186).
    variables = [f"sasayaki_outside={number}", f"leg_timeout={OUTSIDE_RING_S}"]
    if whole(phone.delay_s, 0, 60, "a delay in seconds"):
        variables.append(f"leg_delay_start={phone.delay_s}")
    if flag(phone.confirm, "«confirm»"):
        variables += _confirmation(phone)
    if phone.caller_id != orders.CALLERS_NUMBER:
        shown = _QUEUES_NUMBER
        if phone.caller_id != orders.QUEUES_NUMBER:
            shown = match(NUMBER, phone.caller_id, "caller id")
        variables.append(f"origination_caller_id_number={shown}")
    return f"[^^~{'~'.join([*variables, *counted(dial)])}]"


def counted(dial: DialPlan) -> list[str]:
    """Variables by which a leg to the outside counts as a call of the switch's limit; none where it has no such limit.

    Before the INVITE: at the limit no phone rings and an offer fails with a cause that is no «no answer» (mod_callcenter.c:2147).
    The leg passes CS_ROUTING, where it would be given back (switch_limit.c:76).
    """
    if dial.outside_calls is None:
        return []
    most = whole(dial.outside_calls, 0, 1_000_000, "a limit of calls")
    limit = f"limit hash outbound all {most} !NORMAL_CIRCUIT_CONGESTION"
    return ["limit_ignore_transfer=true", f"execute_on_originate={limit}"]


def call_back_confirmation(dial: DialPlan) -> str:
    """Key 1 on the agent's own phone, asked for twice by prompt and tones; by tones alone where the switch has no prompts.

    The folder is written out: nothing of an ``originate`` is expanded.
    """
    prompt = f"{match(FOLDER, dial.prompts, 'folder of prompts')}/call_back.wav!" if dial.prompts else ""
    played = "!".join([f"{prompt}{TONES}!silence_stream://2000"] * 2)
    variables = ["group_confirm_key=1", f"group_confirm_file=file_string://{played}", "group_confirm_timeout=20"]
    return f"[^^~{'~'.join([f'leg_timeout={OUTSIDE_RING_S}', *variables])}]"


def _confirmation(phone: orders.OutsidePhone) -> list[str]:
    """Key 1 takes the call; a voicemail never does. In [] FreeSWITCH knows key, file and timeout only (…originate.c:2464)."""
    rounds, pause_s = whole(phone.rounds, 1, 5, "rounds"), whole(phone.pause_s, 1, 10, "a pause in seconds")
    played = "!".join([f"{_PROMPT}!{TONES}!silence_stream://{pause_s * 1000}"] * rounds)
    limit_s = rounds * (_PROMPT_S + pause_s)
    return ["group_confirm_key=1", f"group_confirm_file=file_string://{played}", f"group_confirm_timeout={limit_s}"]
