"""Counts of what this panel worker did. Labels are actions and codes only, never names of people or queues."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from time import perf_counter
from typing import Any

from flask import Flask, Response, current_app, g
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

FIGURES = {
    "switch_events": "Events read from the switch",
    "switch_unknown_events": "Events of a kind that nobody knows",
    "switch_impossible_events": "Events that lacked what FreeSWITCH always sends",
    "switch_delay_seconds": "Age of the newest event when it was read",
    "switch_resyncs": "Whole readings of the switch",
    "switch_resync_seconds": "How long the last whole reading took",
    "switch_connects": "Connections made to the switch",
    "switch_silences": "Times that the switch was silent for too long",
    "switch_received_bytes": "Received on the present connections to the switch",
    "switch_sent_bytes": "Sent on the present connections to the switch",
    "controller_commands": "Commands carried out or refused",
    "controller_commands_dropped_late": "Commands dropped past their deadline",
    "controller_batches": "Batches of changes published",
    "controller_redis_failures": "Writes to Redis that failed",
    "controller_documents": "Agents, queues, waiting calls and supervisions published",
    "controller_activity_lost": "Status periods that could not be kept for the database",
}
"""The controller's numbers, as they come with its heartbeat, and what each counts."""
GAUGES = frozenset({"switch_delay_seconds", "switch_resync_seconds", "controller_documents"})
KEY = "sasayaki_metrics"


class Metrics:
    """The numbers of one application, in a registry of its own."""

    def __init__(self) -> None:
        self.collectors = CollectorRegistry()
        ProcessCollector(registry=self.collectors)
        self.requests = Counter(
            "sasayaki_http_requests", "Requests answered", ["action", "status"], registry=self.collectors
        )
        self.seconds = Histogram(
            "sasayaki_http_request_seconds", "Time to the answer's first byte", ["action"], registry=self.collectors
        )
        self.streams = Gauge("sasayaki_board_streams", "Open board streams", registry=self.collectors)
        self.controller = Gauge("sasayaki_controller_up", "Whether a controller runs", registry=self.collectors)
        self.figures = Figures()
        self.collectors.register(self.figures)
        self.switch = Gauge(
            "sasayaki_switch_up", "Whether the controller hears the switch", ["node"], registry=self.collectors
        )

    def observe_switch(self, controller: bool, nodes: Mapping[str, bool]) -> None:
        """Take over what Redis says now; nodes that are gone are forgotten."""
        self.controller.set(controller)
        self.switch.clear()
        for name, up in nodes.items():
            self.switch.labels(name).set(up)


class Figures(Collector):
    """What the controller last said of itself; nothing while none runs."""

    def __init__(self) -> None:
        self.told: Mapping[str, Mapping[str, Any]] = {}

    def collect(self) -> Iterator[Metric]:
        """Numbers that this version knows, under its own names."""
        for name, what in FIGURES.items():
            kind = GaugeMetricFamily if name in GAUGES else CounterMetricFamily
            by_node = self.told.get("nodes", {}).get(name)
            own = self.told.get("controller", {}).get(name)
            if by_node is not None:
                family = kind(f"sasayaki_{name}", what, labels=["node"])
                for node, value in by_node.items():
                    family.add_metric([node], value)
                yield family
            elif own is not None:
                yield kind(f"sasayaki_{name}", what, value=own)


def install(app: Flask) -> None:
    """Count every request of ``app``."""
    app.extensions[KEY] = Metrics()

    @app.before_request
    def begin() -> None:
        g.began = perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        spec = g.get("spec")
        action = spec.action.name if spec else "none"
        registry().requests.labels(action, response.status_code).inc()
        registry().seconds.labels(action).observe(perf_counter() - g.began)
        return response


def registry() -> Metrics:
    """The numbers of the application that handles the present request."""
    found: Metrics = current_app.extensions[KEY]
    return found
