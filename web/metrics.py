"""Counts of what this panel worker did. Labels are actions and codes only, never names of people or queues."""

from __future__ import annotations

from collections.abc import Mapping
from time import perf_counter

from flask import Flask, Response, current_app, g
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

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
        self.switch = Gauge(
            "sasayaki_switch_up", "Whether the controller hears the switch", ["node"], registry=self.collectors
        )

    def observe_switch(self, controller: bool, nodes: Mapping[str, bool]) -> None:
        """Take over what Redis says now; nodes that are gone are forgotten."""
        self.controller.set(controller)
        self.switch.clear()
        for name, up in nodes.items():
            self.switch.labels(name).set(up)


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
