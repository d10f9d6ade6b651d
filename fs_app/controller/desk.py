"""What carrying out a command needs, and how the switch for it is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from weakref import WeakValueDictionary

from gevent.event import AsyncResult
from gevent.lock import Semaphore

from fs_app.controller.calling_back import CallingBack
from fs_app.controller.node import Node
from fs_app.controller.numbers import SiteNumbering
from fs_app.controller.supervising import Supervising
from fs_app.floor import orders
from fs_app.floor.actor import Actor
from fs_app.floor.errors import (
    PERMISSION_DENIED,
    SWITCH_UNAVAILABLE,
    UNKNOWN_CALL_BACK,
    UNKNOWN_QUEUE,
    UNKNOWN_SUPERVISION,
    Rejected,
)
from fs_app.store.askers import Askers
from fs_app.store.audit import AuditLog
from fs_app.store.priorities import Priorities
from fs_app.store.site_settings import Site
from fs_app.store.statuses import AgentStatuses
from fs_app.store.terminals import Terminals

PROOF_S = 3.0
Result = dict[str, Any]


class SetBy(NamedTuple):
    """A status code that was set through us, the login behind it, and as what he acted (``Actor.kind_towards``)."""

    code: str
    login: str
    kind: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that a command may touch."""

    nodes: dict[str, Node]
    audit: AuditLog
    statuses: AgentStatuses
    priorities: Priorities
    supervising: Supervising
    numbering: SiteNumbering
    calling_back: CallingBack
    terminals: Terminals
    site: Callable[[], Site]
    """What administrators have set for the whole site now."""
    askers: Askers
    who_set: dict[str, SetBy] = field(default_factory=dict)
    """Agent -> what somebody last set through us."""
    _priority_turns: WeakValueDictionary[tuple[str, str], Semaphore] = field(default_factory=WeakValueDictionary)
    proof_s: float = PROOF_S
    """How long an order's proof is waited for (s)."""

    def priority_turn(self, queue: str, agent: str) -> Semaphore:
        """Held from reading to writing down a priority: what the switch has and what is kept must be of one order."""
        return self._priority_turns.setdefault((queue, agent), Semaphore())

    def _live(self) -> list[Node]:
        live = [node for node in self.nodes.values() if node.live]
        if not live:
            raise Rejected(SWITCH_UNAVAILABLE)
        return live

    def node_of_agent(self, agent: str) -> Node:
        """The switch that has the agent (any live one for an agent that none has). Raises ``switch_unavailable``."""
        live = self._live()
        for node in self.nodes.values():
            if agent in node.floor.agents:
                if not node.live:
                    raise Rejected(SWITCH_UNAVAILABLE)
                return node
        return live[0]

    def node_of_queue(self, queue: str, actor: Actor) -> Node:
        """The switch that has the queue. Raises ``switch_unavailable`` or ``unknown_queue``.

        Who has no right on the queue gets ``permission_denied``, whether there is one or not.
        """
        if not actor.may_see(queue):
            raise Rejected(PERMISSION_DENIED)
        for node in self._live():
            if queue in node.floor.queues:
                return node
        raise Rejected(UNKNOWN_QUEUE)

    def node_of_supervision(self, supervision: str) -> Node:
        """The switch that the supervision runs on. Raises ``switch_unavailable`` or ``unknown_supervision``."""
        for node in self._live():
            if supervision in node.floor.supervisions:
                return node
        raise Rejected(UNKNOWN_SUPERVISION)

    def node_of_call_back(self, call_back: str) -> Node:
        """The switch that the call-back runs on. Raises ``switch_unavailable`` or ``unknown_call_back``."""
        for node in self._live():
            if call_back in node.floor.call_backs:
                return node
        raise Rejected(UNKNOWN_CALL_BACK)


def send(node: Node, what: tuple[orders.Order, ...], proof: AsyncResult[bool], proof_s: float) -> None:
    """Order, and wait for the fact that proves it, for ``proof_s`` at most. ``proof`` was begun before."""
    try:
        for order in what:
            node.order(order)
    except Rejected:
        node.pending.forget(proof)
        raise
    if what:
        node.pending.require(proof, proof_s)
    else:
        node.pending.forget(proof)
