"""What this machine lacks is skipped with a reason; checks that failed before the tests are told again at the end.

Two workers share the whole run (``scripts/test``), file by file; each has switches of its own.
"""

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
    # The busy ones first, then what waits for sound and clocks: those two kinds do not get into each other's way.
    items.sort(key=lambda item: item.path.parent.name in ("contract", "live", "browser"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if failed := os.environ.get("FAILED_CHECKS"):
        terminalreporter.section("checks that failed before the tests", red=True)
        terminalreporter.line(failed)
