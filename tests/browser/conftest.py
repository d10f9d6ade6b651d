"""The whole product on its practice floor, and a real Chromium in front of it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parents[2]
PASSWORD = "a-password-for-tests-only"
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


@dataclass(frozen=True, slots=True)
class Product:
    """A running ``serve``."""

    url: str
    process: subprocess.Popen[str]

    def signal_panel(self, number: int) -> None:
        """Stop or continue every process of the panel, as a machine that hangs."""
        for pid in _descendants(self.process.pid):
            if b"panel" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"):
                os.kill(pid, number)


def _descendants(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [found for child in children for found in (int(child), *_descendants(int(child)))]


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """``serve`` with simulated people, ready."""
    if not (ROOT / "web/static/app/manifest.json").exists():
        pytest.skip("the panel's pages are not built (scripts/test builds them)")
    environ = {k: v for k, v in os.environ.items() if not k.startswith("SASAYAKI_")} | {
        "SASAYAKI_DATA_DIR": str(tmp_path_factory.mktemp("var")),
        "SASAYAKI_LISTEN": "127.0.0.1:0",
        "SASAYAKI_ADMIN_PASSWORD": PASSWORD,
    }
    command = [sys.executable, "-m", "fs_app", "serve", "--practice", "agents=24,calls_per_minute=40,seed=7"]
    log = tmp_path_factory.mktemp("log") / "serve.log"
    with log.open("w") as errors:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=errors, text=True)
    assert process.stdout is not None
    url = next((line.split()[-1] for line in process.stdout if line.startswith("Sasayaki is ready")), None)
    assert url, log.read_text()[-2000:]
    _until_live(url)
    yield Product(url, process)
    process.send_signal(signal.SIGINT)
    process.wait(15)


def _until_live(url: str) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            assert time.monotonic() < deadline, "the floor is not ready"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the run."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield started
        started.close()


def open_panel(browser: Browser, product: Product, **options: object) -> tuple[BrowserContext, Page]:
    """A fresh browser profile on the log-in page. Faults of the page fail the test."""
    wanted: dict[str, object] = {"locale": "ja-JP", "viewport": {"width": 1360, "height": 860}, **options}
    context = browser.new_context(**wanted)  # type: ignore[arg-type]
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"the page failed: {error}"))
    page.goto(product.url)
    return context, page


def log_in(page: Page, password: str = PASSWORD) -> None:
    """As the first administrator."""
    page.locator("input[autocomplete=username], input[name=login]").first.fill("admin")
    page.locator("input[type=password]").first.fill(password)
    page.keyboard.press("Enter")


@pytest.fixture
def page(browser: Browser, product: Product) -> Iterator[Page]:
    """The monitor, logged in, in Japanese."""
    context, page = open_panel(browser, product)
    log_in(page)
    page.locator("[data-row]").first.wait_for()
    yield page
    context.close()
