"""The controller's own numbers, for Prometheus. The panel publishes them, because it has the port (see ``web.metrics``).

Names here are those of the metrics, without the prefix ``sasayaki_``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fs_app.controller.node import Node


def of_nodes(nodes: Iterable[Node]) -> dict[str, dict[str, float]]:
    """Counters and gauges by metric, then by node."""
    found: dict[str, dict[str, float]] = {}
    for node in nodes:
        for name, value in _of_node(node).items():
            found.setdefault(name, {})[node.name] = value
    return found


def _of_node(node: Node) -> dict[str, float]:
    lines = [node.session.link.events, node.session.link.commands] if node.session.link is not None else []
    return {
        "switch_events": node.events,
        "switch_unknown_events": node.unknown_events,
        "switch_impossible_events": sum(node.impossible.values()),
        "switch_delay_seconds": round(node.delay_ms / 1000, 6),
        "switch_resyncs": node.resyncs,
        "switch_resync_seconds": round(node.resync_s, 6),
        "switch_connects": node.session.connects,
        "switch_silences": node.session.silences,
        "switch_received_bytes": sum(line.bytes_read for line in lines),
        "switch_sent_bytes": sum(line.bytes_sent for line in lines),
    }


def of_controller(commands: int, dropped_late: int, published: dict[str, Any], activity_lost: int) -> dict[str, float]:
    """Counters and gauges by metric; ``published`` is what the publisher says of itself."""
    return {
        "controller_commands": commands,
        "controller_commands_dropped_late": dropped_late,
        "controller_batches": published["batches"],
        "controller_redis_failures": published["redis_failures"],
        "controller_documents": published["documents"],
        "controller_activity_lost": activity_lost,
    }
