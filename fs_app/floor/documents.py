"""Documents: what the controller publishes of each entity. Viewer-independent; ``board`` makes a viewer's rows of them.

Every document says in ``see`` which queues' right (view) lets somebody see it. A document without ``see`` is shown to nobody.
"""

from __future__ import annotations

from typing import Any

from fs_app.floor import call_backs
from fs_app.floor.commands import MONITOR
from fs_app.floor.display import call_of, call_picture, show, wished_in_call
from fs_app.floor.entities import LISTENING, Agent, Leg, Member, Queue, Supervision
from fs_app.floor.phones import terminal_of
from fs_app.floor.state import Floor
from fs_app.floor.supervised import leg_of

Document = dict[str, Any]


def document(floor: Floor, kind: str, ident: str) -> Document | None:
    """The document of one entity, or None when it is gone."""
    if kind == "agent":
        agent = floor.agents.get(ident)
        return agent_document(floor, agent) if agent else None
    if kind == "queue":
        queue = floor.queues.get(ident)
        return queue_document(floor, queue) if queue else None
    if kind == "member":
        member = floor.members.get(ident)
        return member_document(floor, member) if member else None
    supervision = floor.supervisions.get(ident)
    return supervision_document(floor, supervision) if supervision else None


def agent_document(floor: Floor, agent: Agent) -> Document:
    """An agent as everybody may see him who holds view on one of his queues (caller data: on the call's own queue).

    ``after_call``: what somebody asked for, to follow the call; None: nobody did. ``chosen_before`` (to which he goes back
    when it is taken back), ``wrap_up_queue``, ``deferred``, ``missed``, ``unreachable``, ``barred`` and ``ring_outcome`` are
    for a new controller and for the activity; no row shows them. ``call_back`` is shown to himself alone.
    """
    shown = show(floor, agent)
    deferred, before = floor.deferred.get(agent.id), wished_in_call(floor, agent, shown.state)
    return {
        "id": agent.id,
        "see": sorted(agent.tiers),
        "name": agent.name or agent.id.partition("@")[0],
        "node": floor.node,
        **_terminal(agent),
        "code": shown.code,
        "since": shown.since,
        "until": shown.until or None,
        "chosen": agent.chosen,
        "chosen_since": agent.chosen_since,
        "chosen_before": before or None,
        "after_call": deferred.code if deferred is not None else agent.chosen if before else None,
        "deferred": _deferred(floor, agent),
        "wrap_up_queue": shown.queue if shown.until else None,
        "wrap_up_native": agent.wrap_up_native,
        "tiers": {queue: tier.level for queue, tier in sorted(agent.tiers.items())},
        "call": call_picture(shown, _supervised(floor, agent, shown.leg)) if shown.state else None,
        "listens": shown.listens,
        "talk_since": shown.talk_since or None,
        "hold_since": shown.hold_since or None,
        "alarms": list(shown.alarms),
        "no_answer": agent.no_answer,
        "missed": agent.missed,
        "unreachable": agent.unreachable,
        "barred": agent.barred,
        "ring_outcome": agent.ring_outcome,
        "idle_since": agent.idle_since,
        "hand_since": agent.hand_raised_at or None,
        "call_back": call_backs.document(call_backs.of_agent(floor, agent.id)),
    }


def document_in_call(floor: Floor, agent: Agent, leg: Leg | None) -> Document:
    """The agent's document with this call of his in it (None: no call), for ``permissions.may``."""
    return agent_document(floor, agent) | {"call": _picture(floor, leg), "listens": False}


def _picture(floor: Floor, leg: Leg | None) -> Document | None:
    return call_picture(call_of(floor, leg), []) if leg is not None else None


def _terminal(agent: Agent) -> Document:
    terminal = terminal_of(agent.contact)
    return {
        "terminal": terminal.text,
        "terminal_kind": terminal.kind,
        "terminal_extension": terminal.extension or None,
        "terminal_number": terminal.outside or None,
        "terminal_delay_s": terminal.delay_s if terminal.kind == "both" else None,
        "terminal_confirm": terminal.confirmed if terminal.outside else agent.confirm,
        "terminal_restorable": agent.restorable,
    }


def _deferred(floor: Floor, agent: Agent) -> Document | None:
    deferred = floor.deferred.get(agent.id)
    if deferred is None:
        return None
    return {
        "code": deferred.code,
        "login": deferred.login,
        "kind": deferred.kind,
        "reason": deferred.reason,
        "audit_row": deferred.audit_row,
        "queue": deferred.queue,
        "token": deferred.token,
    }


def _supervised(floor: Floor, agent: Agent, shown_leg: str) -> list[Document]:
    """Who listens to the agent; ``other_call``: not to the call of the row, such as a customer whom he put on hold for it."""

    def hears_another(supervision: Supervision) -> bool:
        leg = leg_of(floor, supervision)
        return leg is not None and leg.uuid != shown_leg

    return [
        {
            "id": s.id,
            "login": s.login,
            "name": s.name,
            "mode": s.mode,
            "mode_unsure": s.in_doubt,
            "state": s.state,
            "silent": is_mute(s),
            "other_call": hears_another(s),
        }
        for s in floor.supervisions.values()
        if s.agent == agent.id and s.live
    ]


def is_mute(supervision: Supervision) -> bool:
    """Whether he whispers or barges into a call that is on hold: nobody hears him until it goes on."""
    return supervision.state == LISTENING and supervision.on_member and supervision.mode != MONITOR


def queue_document(floor: Floor, queue: Queue) -> Document:
    """A queue's own facts; its tallies of agents and waiting callers are counted from the other documents."""
    return {
        "id": queue.id,
        "see": [queue.id],
        "label": queue.label or None,
        "notices": list(queue.notices),
        "strategy": queue.strategy,
        "tier_rules": queue.tier_rules,
        "day": floor.day,
        "answered": queue.answered,
        "abandoned": queue.abandoned,
    }


def member_document(floor: Floor, member: Member) -> Document:
    """A waiting caller, and the agent whose phone rings for him."""
    offered = floor.offering.get(member.uuid)
    return {
        "id": member.uuid,
        "see": [member.queue],
        "queue": member.queue,
        "name": member.name,
        "number": member.number,
        "since": member.joined_at,
        "state": "offered" if offered else "waiting",
        "agent": min(offered) if offered else None,
    }


def supervision_document(floor: Floor, supervision: Supervision) -> Document:
    """Who listens to whom and how. ``call``: the one that is listened to, for the row's verdicts (``board``).

    From ``leg`` on: what a new controller needs to adopt it; no row shows that.
    """
    agent = floor.agents.get(supervision.agent)
    call = _picture(floor, leg_of(floor, supervision)) if supervision.live else None
    return {
        "id": supervision.id,
        "see": sorted(agent.tiers) if agent else [],
        "agent": supervision.agent,
        "mode": supervision.mode,
        "mode_unsure": supervision.in_doubt,
        "state": supervision.state,
        "cause": supervision.cause or None,
        "extension": supervision.extension,
        "queue": supervision.queue,
        "follow": supervision.follow,
        "login": supervision.login,
        "name": supervision.name,
        "asked_at": supervision.asked_at,
        "since": supervision.since or None,
        "ended_at": supervision.ended_at or None,
        "silent": is_mute(supervision),
        "call": {name: call[name] for name in ("kind", "state", "queue")} if call else None,
        "no_media": bool(supervision.no_media) and supervision.state == LISTENING,
        "leg": supervision.leg,
        "target": supervision.target,
        "on_member": supervision.on_member,
        "settles": supervision.settles,
        "session": supervision.session,
        "noticed": supervision.noticed,
        "audit_row": supervision.audit_row,
    }
