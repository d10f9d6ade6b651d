"""One driver of each kind for the whole test run, however many folders ask for it."""

from __future__ import annotations

import atexit
import importlib
import shutil

import pytest

from tests.contract.driver import Driver

_PLACES = {
    "practice": ("tests.contract.practice_driver", "PracticeDriver"),
    "freeswitch": ("tests.live.rig.driver", "LiveDriver"),
}
_started: dict[str, Driver] = {}


def shared_driver(name: str) -> Driver:
    """The started driver of that name (``practice`` or ``freeswitch``); skips the test when there is no FreeSWITCH here."""
    if name == "freeswitch" and shutil.which("freeswitch") is None:
        pytest.skip("no freeswitch on PATH")
    if name not in _started:
        module, kind = _PLACES[name]
        driver: Driver = getattr(importlib.import_module(module), kind)()
        atexit.register(driver.stop)
        driver.start()
        _started[name] = driver
    return _started[name]
