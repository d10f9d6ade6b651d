"""Dialling: rings one or more legs and hands back the one that answers, or the cause why none did.

Owns time-outs, parallel and sequential legs, delays and key confirmation, as switch_ivr_originate.c. It must not know
who asked for the call.
"""

from __future__ import annotations

from collections.abc import Callable

from fs_app.practice import dialstring, endpoints
from fs_app.practice.channel import Channel
from fs_app.practice.clock import TICK, Timer
from fs_app.practice.core import Core
from fs_app.practice.leg import Leg

DEFAULT_TIMEOUT_S = 60.0


class Originate:
    """One dialling of a dial string. Exactly one of ``on_answer`` and ``on_fail`` is called, later."""

    def __init__(
        self,
        core: Core,
        text: str,
        *,
        on_answer: Callable[[Channel], None],
        on_fail: Callable[[str], None],
        variables: dict[str, str] | None = None,
        cid: tuple[str, str] = ("", "0000000000"),
        timeout_s: float = DEFAULT_TIMEOUT_S,
        originator: Channel | None = None,
        on_progress: Callable[[], None] | None = None,
    ) -> None:
        self.core = core
        self.originator = originator
        self.on_progress = on_progress
        self._text = text
        self._on_answer, self._on_fail = on_answer, on_fail
        self._given = variables or {}
        self._cid, self._timeout_s = cid, timeout_s
        self._legs: list[Leg] = []
        self._groups: list[list[dialstring.Target]] = []
        self._shared: dict[str, str] = {}
        self._timer: Timer | None = None
        self._cause = ""
        self._over = False
        self._timed_out = False

    def start(self) -> None:
        """Begin; legs and results come in later ticks."""
        try:
            parsed = dialstring.parse(self._text)
        except ValueError:
            self.core.clock.later(TICK, self._fail, "CHAN_NOT_IMPLEMENTED")
            return
        self._shared = {**self._given, **parsed.variables}
        self._groups = list(parsed.groups)
        self.core.clock.soon(self._next_group)

    def cancel(self, cause: str = "ORIGINATOR_CANCEL") -> None:
        """The caller has gone: end all legs and report nothing."""
        self._over = True
        self._stop_timer()
        for leg in self._legs:
            leg.end(cause)

    def _next_group(self) -> None:
        if self._over:
            return
        group = self._groups.pop(0)
        timeout = _seconds(self._shared.get("originate_timeout"), self._timeout_s)
        self._timer = self.core.clock.later(timeout, self._timeout)
        self._legs = []
        for target in group:
            self._legs.append(Leg(self, target, alone=len(group) == 1))
        for leg in self._legs:
            leg.start()

    def make_channel(self, leg: Leg) -> Channel | str:
        """The leg's channel with all its variables, or the cause why there is none."""
        found = endpoints.find(self.core, leg.target.endpoint)
        if isinstance(found, str):
            return found
        variables = {**leg.target.variables, **self._shared}
        wanted = variables.get("origination_uuid", "")
        if wanted and wanted in self.core.channels.by_uuid:
            return "DESTINATION_OUT_OF_ORDER"
        local = leg.target.variables
        cid = (
            local.get("origination_caller_id_name") or self._shared.get("origination_caller_id_name") or self._cid[0],
            local.get("origination_caller_id_number")
            or self._shared.get("origination_caller_id_number")
            or self._cid[1],
        )
        if self.core.channels.full():
            return "NORMAL_TEMPORARY_FAILURE"
        channel = endpoints.make_leg(self.core, found, cid, wanted)
        channel.variables |= variables
        channel.variables |= self.core.config.user_variables.get(found.user, {})  # they win (mod_dptools.c:4508)
        if "cc_agent" in variables:
            channel.variables |= {"origination_caller_id_name": cid[0], "origination_caller_id_number": cid[1]}
        channel.variables |= {"originate_early_media": "false", "originate_endpoint": "sofia"}
        if self.originator is not None:
            _inherit(channel, self.originator)
            channel.variables |= {"originator": self.originator.uuid, "signal_bond": self.originator.uuid}
            channel.call_uuid = self.originator.uuid
        return channel

    def leg_ready(self, leg: Leg) -> None:
        """A leg is answered (and confirmed): it wins, the others lose."""
        if self._over or leg.channel is None:
            return
        self._over = True
        self._stop_timer()
        for other in self._legs:
            if other is not leg:
                other.end("LOSE_RACE")
        leg.settle()
        self.core.clock.soon(self._on_answer, leg.channel)

    def leg_failed(self, cause: str) -> None:
        """A leg is over. The cause of the last one stands for all; held-back legs begin when no other is left."""
        self._cause = cause
        if self._over:
            return
        if all(leg.dead for leg in self._legs):
            self._stop_timer()
            self.core.clock.later(TICK / 2, self._group_failed)
        elif all(leg.dead or leg.waiting for leg in self._legs):
            for leg in self._legs:
                leg.begin()

    def _group_failed(self) -> None:
        if self._over:
            return
        if self._groups and not self._timed_out:
            # Also after a cancel of the ringing leg from outside: the next number is rung for nobody (ghost call).
            self._next_group()
            return
        self._over = True
        self._on_fail("NO_ANSWER" if self._timed_out else self._cause)

    def _timeout(self) -> None:
        self._timed_out = self._shared.get("originate_continue_on_timeout") != "true"
        for leg in self._legs:
            leg.end("NO_ANSWER")

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _fail(self, cause: str) -> None:
        if not self._over:
            self._over = True
            self._on_fail(cause)


def _inherit(leg: Channel, originator: Channel) -> None:
    """A leg dialled for a channel carries that channel's caller profile, its user name too (seen on 1.10.12)."""
    leg.other, leg.other_type = originator, "originator"
    mine, theirs = leg.profile, originator.profile
    mine.username, mine.dialplan, mine.context = theirs.username, theirs.dialplan, theirs.context
    mine.orig_cid_name, mine.orig_cid_number = theirs.cid_name, theirs.cid_number
    mine.network_addr, mine.source = theirs.network_addr, theirs.source


def _seconds(text: str | None, default: float) -> float:
    try:
        return float(text) if text else default
    except ValueError:
        return default
