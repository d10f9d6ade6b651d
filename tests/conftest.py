"""What this machine lacks is skipped with a reason; checks that failed before the tests are told again at the end.

Several workers share the whole run (``scripts/test``, tests/shares.py); each has switches of its own.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.shares import in_order, scheduler

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import LoadScopeScheduling

# How long an example takes says something about the machine: speed is measured by scripts/bench.
settings.register_profile("sasayaki", deadline=None)
settings.load_profile("sasayaki")

NEEDS = {
    "live": (("freeswitch",), "no freeswitch on PATH"),
    "browser": (("chromium", "chromium-browser", "google-chrome"), "no chromium on PATH"),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for mark, (programs, reason) in NEEDS.items():
        if not any(shutil.which(program) for program in programs):
            skip = pytest.mark.skip(reason=reason)
            for item in items:
                if item.get_closest_marker(mark):
                    item.add_marker(skip)
    in_order(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    return scheduler(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if failed := os.environ.get("FAILED_CHECKS"):
        terminalreporter.section("checks that failed before the tests", red=True)
        terminalreporter.line(failed)
