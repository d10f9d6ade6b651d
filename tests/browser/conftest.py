"""The product with a real Chromium in front of it: a busy practice floor, and a small one in the tests' own hands."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from .browsers import Browsers
from .center import Center, center
from .serving import LIMIT_S, Product, serve

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the run."""
    expect.set_options(timeout=LIMIT_S * 1000)
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def profiles(browser: Browser) -> Iterator[Browsers]:
    """Everybody's browser."""
    kept = Browsers(browser)
    yield kept
    kept.close()


@pytest.fixture
def browsers(profiles: Browsers) -> Iterator[Browsers]:
    """Everybody's browser, for one test."""
    yield profiles
    profiles.end_test()


@pytest.fixture(scope="session")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """``serve`` with 24 simulated agents who are busy."""
    with serve(tmp_path_factory.mktemp("crowd"), "--practice", "agents=24,calls_per_minute=40,seed=7") as product:
        yield product


@pytest.fixture(scope="session")
def quiet_center(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Center]:
    """The small call centre; its accounts are made before the browser starts."""
    with center(tmp_path_factory.mktemp("center")) as started:
        yield started


@pytest.fixture
def floor(quiet_center: Center) -> Iterator[Center]:
    """The small call centre as at the beginning: nobody talks, everybody is available."""
    quiet_center.calm()
    yield quiet_center
    quiet_center.calm()
