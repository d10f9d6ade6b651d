"""What this machine lacks is skipped with a reason; checks that failed before the tests are told again at the end."""

from __future__ import annotations

import os
import shutil

import pytest

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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if failed := os.environ.get("FAILED_CHECKS"):
        terminalreporter.section("checks that failed before the tests", red=True)
        terminalreporter.line(failed)
