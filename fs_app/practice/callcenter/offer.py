"""One offer of a caller to an agent: ring, bridge, talk, end (mod_callcenter.c:1700-2250).

Owns the agent's state from ``Receiving`` back to ``Waiting`` or ``Idle``, and the events in between.
"""

from __future__ import annotations

from fs_app.practice.bridges import SILENT_WAIT_S
from fs_app.practice.callcenter.member import RING_STRATEGIES
from fs_app.practice.callcenter.report import OfferFacts
from fs_app.practice.callcenter.rows import (
    ABANDONED,
    ACTIVE_INBOUND,
    ANSWERED,
    CALLBACK,
    IDLE,
    IN_CALL,
    NO_ANSWER,
    OFFERING,
    ON_DEMAND,
    READY,
    SINGLE_BOX,
    STANDBY,
    TRYING,
    UUID_STANDBY,
    WAITING,
    Agent,
    Member,
    Queue,
)
from fs_app.practice.callcenter.state import CallCenter
from fs_app.practice.channel import Channel
from fs_app.practice.clock import TICK
from fs_app.practice.expand import expand
from fs_app.practice.loopback import REAL_LEG_WAIT_S, behind
from fs_app.practice.originate import Originate

# The module looks every 100 ms whether the agent's leg is still up; recordings show the end 20 to 80 ms after it.
_NOTICE_S = 2 * TICK
_UNREGISTERED_DELAY_S = 5
AGENT_ORIGINATE_TIMEOUT_S = 60.0


class Offer:
    """The thread that mod_callcenter runs per offer. Facts of the agent are those of the moment of the offer."""

    def __init__(self, callcenter: CallCenter, queue: Queue, member: Member, agent: Agent) -> None:
        self._callcenter = callcenter
        self._core = callcenter.core
        self._queue = queue
        self._member = member
        self._agent = agent
        self._status = agent.status
        self._delays = (agent.busy_delay_time, agent.reject_delay_time, agent.no_answer_delay_time)
        self._no_answers, self._max_no_answer = agent.no_answer_count, agent.max_no_answer
        self._ring = queue.config.strategy.lower() in RING_STRATEGIES
        self._facts = OfferFacts(queue.config.name, agent.name, agent.type, member, member.joined_epoch)
        self._caller: Channel | None = None
        self._leg: Channel | None = None
        self._bridged = False
        self._over = False
        self._cause = "NONE"

    def start(self) -> None:
        """Ring the agent, unless the caller is gone."""
        caller = self._caller = self._core.channels.find(self._member.session_uuid)
        if caller is None:
            if self._member.state != ABANDONED:
                self._abandon()
            self._release(READY)
            return
        self._core.channels.lock(caller)
        self._callcenter.offers.add(self)
        self._facts.dnis = caller.profile.rdnis
        self._facts.offering(self._core)
        self._facts.called = self._core.clock.epoch()
        if self._agent.type.lower() == UUID_STANDBY:
            self._stand_by(caller)
        elif self._agent.type.lower() == CALLBACK.lower():
            self._dial(caller)

    def is_for(self, channel: Channel) -> bool:
        """Whether this offer is of that caller and not bridged yet."""
        return self._caller is channel and not self._bridged

    def _dial(self, caller: Channel) -> None:
        exported = [name for name in caller.variable("cc_export_vars").split(",") if name]
        variables = {
            "cc_queue": self._queue.config.name,
            "cc_queue_joined_epoch": str(self._member.joined_epoch),
            "cc_member_uuid": self._member.uuid,
            "cc_member_session_uuid": self._member.channel_uuid,
            "cc_member_pre_answer_uuid": self._member.uuid,
            "cc_agent": self._agent.name,
            "cc_agent_type": self._agent.type,
            "cc_side": "agent",
            "loopback_bowout": "false",
            "loopback_bowout_on_execute": "false",
            "ignore_early_media": "true",
        }
        if exported:
            variables["cc_export_vars"] = ",".join(exported)
        variables |= {name: caller.variable(name) for name in exported if caller.variable(name)}
        name = caller.variable("effective_caller_id_name") or self._member.cid_name
        number = caller.variable("effective_caller_id_number") or self._member.cid_number
        Originate(
            self._core,
            expand(self._core, caller, self._agent.contact or ""),
            on_answer=self._answered,
            on_fail=self._failed,
            variables=variables,
            cid=(caller.variable("cc_outbound_cid_name_prefix") + name, number),
            timeout_s=AGENT_ORIGINATE_TIMEOUT_S,
        ).start()

    def _stand_by(self, caller: Channel) -> None:
        leg = self._core.channels.find(self._agent.uuid or "")
        if leg is None or leg.down:
            self._callcenter.standby_lost(self._agent)
            self._failed("NONE")
            return
        leg.variables |= {
            "cc_side": "agent",
            "cc_queue": self._queue.config.name,
            "cc_agent": self._agent.name,
            "cc_agent_type": self._agent.type,
            "cc_member_uuid": self._member.uuid,
            "cc_member_session_uuid": caller.uuid,
        }
        self._connect(leg, "NONE")

    def _answered(self, leg: Channel) -> None:
        # Cleared before the race is decided: a loser is then neither hung up nor reported (orphan leg, seen live).
        leg.set("cc_member_pre_answer_uuid", None)
        self._core.clock.later(TICK / 2, self._behind, leg, REAL_LEG_WAIT_S)

    def _behind(self, leg: Channel, patience_s: float) -> None:
        """Of a loopback the leg behind it talks; it takes a moment until it is bridged."""
        real = behind(leg)
        if real is not None:
            self._connect(real, "SUCCESS")
        elif leg.up and patience_s > 0:
            self._core.clock.later(TICK, self._behind, leg, patience_s - TICK)
        else:
            self._connect(leg, "SUCCESS")

    def _connect(self, leg: Channel, cause: str) -> None:
        member, caller = self._member, self._caller
        assert caller is not None  # noqa: S101 - start() has set it
        self._cause = cause
        if self._ring:
            if member.state != TRYING or member.serving_agent.lower() != self._queue.config.strategy.lower():
                self._release(READY)
                return
            member.serving_agent, member.serving_system = self._agent.name, SINGLE_BOX
            self._core.channels.hangup_matching("cc_member_pre_answer_uuid", member.uuid, "LOSE_RACE")
        self._leg = leg
        self._core.channels.lock(leg)
        self._facts.agent_uuid, self._facts.answered = leg.uuid, self._core.clock.epoch()
        self._facts.bridge_start(self._core, leg)
        if caller.up:
            caller.set("cc_agent_found", "true")
        caller.set("cc_agent_uuid", leg.uuid)
        if caller.down:
            self._core.clock.soon(self._lost, leg)
            return
        self._core.clock.later(TICK, self._core.bridges.uuid_bridge, caller, leg)
        self._watch(leg, SILENT_WAIT_S)

    def _watch(self, leg: Channel, patience_s: float) -> None:
        """Wait for the bridge, as the module does for three seconds."""
        if leg.bridge is not None and leg.bridge.peer_of(leg) is self._caller:
            self._talking(leg)
        elif leg.down or patience_s <= 0:
            self._lost(leg)
        else:
            self._core.clock.later(TICK / 2, self._watch, leg, patience_s - TICK / 2)

    def _talking(self, leg: Channel) -> None:
        caller, agent, now = self._caller, self._agent, self._core.clock.epoch()
        assert caller is not None  # noqa: S101 - start() has set it
        self._bridged = True
        caller.set("cc_agent_bridged", "true")
        leg.set("cc_agent_bridged", "true")
        self._member.state, self._member.bridge_epoch = ANSWERED, now
        caller.set("cc_agent", agent.name)
        caller.set("cc_queue_answered_epoch", str(now))
        agent.uuid, agent.last_bridge_start, agent.no_answer_count = leg.uuid, now, 0
        agent.calls_answered += 1
        tier = self._callcenter.tiers.get((self._queue.config.name, agent.name))
        if tier is not None:
            tier.state = ACTIVE_INBOUND
        self._callcenter.set_state(agent, IN_CALL)
        self._callcenter.talking[leg.uuid] = self
        if leg.down:
            self.release_agent()
        else:
            leg.on_hangup.append(lambda _leg: self.release_agent())

    def release_agent(self) -> None:
        """The agent's leg has ended, or callcenter_break: the call is over for the queue."""
        self._core.clock.later(_NOTICE_S, self._ended)

    def _ended(self) -> None:
        leg, caller, agent = self._leg, self._caller, self._agent
        if self._over or leg is None or caller is None:
            return
        now = self._core.clock.epoch()
        self._callcenter.talking.pop(leg.uuid, None)
        self._facts.bridge_end(self._core, leg, bridged=True, cause=self._cause)
        caller.set("cc_queue_terminated_epoch", str(now))
        if agent.type.lower() != UUID_STANDBY:
            agent.uuid = ""
        agent.last_bridge_end = now
        agent.talk_time += now - agent.last_bridge_start
        self._callcenter.members.pop(self._member.uuid, None)
        self._facts.member_end(self._core, caller, self._cause)
        self._release(READY)

    def _lost(self, leg: Channel) -> None:
        """Answered, but never bridged: the caller has gone, or the agent has (mod_callcenter.c:1986)."""
        caller = self._caller
        if caller is not None and caller.down:
            leg.set("cc_agent_bridged", "false")
            caller.set("cc_agent_bridged", "false")
            self._abandon()
            if self._agent.type.lower() != UUID_STANDBY:
                self._core.channels.hangup(leg, "ORIGINATOR_CANCEL", "send_bye")
                leg.state = "CS_HANGUP"
        else:
            self._member.state = WAITING
        self._facts.bridge_end(self._core, leg, bridged=False, cause=self._cause)
        self._core.clock.soon(self._release, READY)

    def _abandon(self) -> None:
        self._member.state, self._member.session_uuid = ABANDONED, ""
        self._member.abandoned_epoch = self._core.clock.epoch()

    def _failed(self, cause: str) -> None:
        member, agent = self._member, self._agent
        if member.serving_agent == agent.name and member.serving_system == SINGLE_BOX:
            member.state = WAITING if member.state == TRYING else member.state
            member.serving_agent = member.serving_system = ""
        delay, tier_state = self._consequence(cause)
        if delay > 0:
            agent.ready_time = self._core.clock.epoch() + delay
        self._facts.failed(self._core, cause)
        self._release(tier_state)

    def _consequence(self, cause: str) -> tuple[int, str]:
        """Seconds until the next offer, and the tier's state after it (mod_callcenter.c:2139)."""
        busy, reject, no_answer = self._delays
        if cause in ("LOSE_RACE", "ORIGINATOR_CANCEL"):
            return 0, READY
        if cause in ("USER_BUSY", "NORMAL_CIRCUIT_CONGESTION"):
            return busy, READY
        if cause == "CALL_REJECTED":
            return reject, READY
        if cause == "USER_NOT_REGISTERED":
            return _UNREGISTERED_DELAY_S, READY
        self._agent.no_answer_count += 1
        if 0 < self._max_no_answer <= self._no_answers + 1:
            status = self._queue.config.agent_no_answer_status
            self._facts.max_no_answer(self._core, self._max_no_answer, status)
            self._callcenter.set_status(self._agent, status)
        return no_answer, NO_ANSWER

    def _release(self, tier_state: str) -> None:
        if self._over:
            return
        self._over = True
        self._callcenter.offers.discard(self)
        for tier in self._callcenter.tiers_of_agent(self._agent.name):
            if tier.queue == self._queue.config.name:
                if tier.state in (ACTIVE_INBOUND, STANDBY, OFFERING):
                    tier.state = tier_state
            elif tier.state == STANDBY:
                tier.state = READY
        idle = self._bridged and self._status == ON_DEMAND
        if self._agent.name in self._callcenter.agents:
            self._callcenter.set_state(self._agent, IDLE if idle else WAITING)
        for held in (self._caller, self._leg):
            if held is not None:
                self._core.channels.unlock(held)
