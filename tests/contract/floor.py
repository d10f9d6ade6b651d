"""The steps that many contract tests begin with, in the words of a call centre. Asserts nothing but that each step worked."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from tests.contract.driver import QUEUE_NUMBERS, SUPPORT, Driver, Phone, answers
from tests.contract.esl import Esl, Event
from tests.contract.patience import LIMIT_S, wait

MONITOR, WHISPER, BARGE = "0", "2", "3"
"""Eavesdrop's modes on the agent's leg."""
STAY = "playback:silence_stream://-1"
"""What a follower's leg does between calls: silence that is really sent (``park`` sends nothing)."""
CUSTOMER = "0312345678"


@dataclass(frozen=True, slots=True)
class QueueCall:
    """An answered queue call: its two legs, the queue entry, and the phones."""

    agent_leg: str
    member_leg: str
    member: str
    agent: Phone
    customer: Phone


class Floor:
    """A driver and an event socket connection, together."""

    def __init__(self, driver: Driver, esl: Esl) -> None:
        self.driver, self.esl = driver, esl

    def config(self, command: str) -> str:
        """``callcenter_config`` …; the body of the reply."""
        return self.esl.api(f"callcenter_config {command}")

    def agent(self, extension: str, *tiers: str, status: str = "Available", level: int = 1, contact: str = "") -> str:
        """An agent ``<extension>@default`` with a tier in each queue; returns its name."""
        name = f"{extension}@default"
        contact = contact or f"[leg_timeout=10]user/{name}"
        commands = [f"agent add {name} Callback", f"agent set contact {name} {contact}"]
        commands += [f"tier add {queue} {name} {level} 1" for queue in tiers or (SUPPORT,)]
        for command in [*commands, f"agent set status {name} '{status}'"]:
            assert self.config(command) == "+OK\n", command
        return name

    def call(self, number: str = CUSTOMER, queue: str = SUPPORT, name: str = "Taro") -> tuple[Phone, Event]:
        """A caller in a queue; the phone and its member-queue-start."""
        caller = self.driver.caller(number, name)
        caller.dial(QUEUE_NUMBERS[queue])
        return caller, self.esl.wait("cc:member-queue-start", CC_Queue=queue, CC_Member_CID_Number=number)

    def answered_call(self, extension: str = "1001", number: str = CUSTOMER, queue: str = SUPPORT) -> QueueCall:
        """A queue call that the phone of ``extension`` (an agent made before) has answered."""
        self.driver.phone(extension).behave(answers(0.2))
        customer, _ = self.call(number, queue)
        start = self.esl.wait("cc:bridge-agent-start", CC_Member_CID_Number=number)
        self.esl.wait("CHANNEL_BRIDGE", Unique_ID=start["CC-Member-Session-UUID"])
        # Only now mod_callcenter itself has seen the bridge; who hangs up earlier ends a call that it takes for failed.
        self.esl.wait("cc:agent-state-change", CC_Agent=start["CC-Agent"], CC_Agent_State="In a queue call")
        return QueueCall(
            start["CC-Agent-UUID"],
            start["CC-Member-Session-UUID"],
            start["CC-Member-UUID"],
            self.driver.phone(extension),
            customer,
        )

    def listen(self, extension: str, leg: str, mode: str = MONITOR, follow: bool = False, variables: str = "") -> str:
        """A supervisor's phone rung, answered, and listening to ``leg``; returns the uuid of its leg."""
        self.driver.phone(extension).behave(answers(0))
        own = str(uuid.uuid4())
        result = self.esl.bgapi(f"originate {eavesdrop(own, extension, leg, mode, follow, variables)}")
        assert result == f"+OK {own}\n", result
        self.esl.wait("MEDIA_BUG_START", Unique_ID=leg)
        return own

    def switch_mode(self, supervisor_leg: str, mode: str) -> None:
        """Another mode for a supervisor who is listening."""
        packet = (
            f"sendevent CUSTOM\nEvent-Subclass: sasayaki::mode\nUnique-ID: {supervisor_leg}\neavesdrop-command: {mode}"
        )
        assert self.esl.command(packet).startswith("+OK")

    def move(self, supervisor_leg: str, leg: str) -> None:
        """A listener put on another leg, silent: both whisper variables are read again at each start."""
        steps = f"set:eavesdrop_whisper_aleg=false,set:eavesdrop_whisper_bleg=false,eavesdrop:{leg},{STAY}"
        assert self.esl.api(f"uuid_transfer {supervisor_leg} '{steps}' inline") == "+OK\n"
        self.esl.wait("MEDIA_BUG_START", Unique_ID=leg)

    def rows(self, arguments: str, queue: str = "") -> list[dict[str, object]]:
        """Rows of mod_callcenter's JSON list (``agent list``, ``tier list``, ``queue list members`` …)."""
        data = f'"arguments":"{arguments}"' + (f',"queue_name":"{queue}"' if queue else "")
        reply = self.esl.api_json(f'json {{"command":"callcenter_config","data":{{{data}}}}}')
        assert reply["status"] == "success", reply
        return list(reply["response"])

    def agent_row(self, name: str) -> dict[str, object]:
        """One agent's row."""
        return next(row for row in self.rows("agent list") if row["name"] == name)

    def hear(self, expected: dict[str, set[str]], limit_s: float = LIMIT_S) -> None:
        """Wait until everybody hears whom they should, and nobody else."""
        heard: dict[str, set[str]] = {}

        def as_wanted() -> bool:
            heard.update(self.hears(list(expected)))
            return heard == expected

        wait(as_wanted, lambda: f"heard {heard}, wanted {expected}", limit_s)

    def hears(self, numbers: Sequence[str]) -> dict[str, set[str]]:
        """Whom each of these phones hears now; at one moment where the driver can."""
        together = getattr(self.driver, "hears_all", None)
        if together is not None:
            return dict(together(list(numbers)))
        return {number: self.driver.hears(number) for number in numbers}


def eavesdrop(
    own: str, extension: str, leg: str, mode: str = MONITOR, follow: bool = False, variables: str = ""
) -> str:
    """What stands after ``originate`` to let a supervisor listen on an agent's leg, his phone being rung first."""
    values = [
        f"origination_uuid={own}",
        "originate_timeout=10",
        "eavesdrop_enable_dtmf=false",
        f"eavesdrop_whisper_bleg={'true' if mode in (WHISPER, BARGE) else 'false'}",
        f"eavesdrop_whisper_aleg={'true' if mode == BARGE else 'false'}",
    ]
    values += [variables] if variables else []
    application = f"'eavesdrop:{leg},{STAY}' inline" if follow else f"&eavesdrop({leg})"
    return f"{{{','.join(values)}}}user/{extension}@default {application}"
