"""Dial codes from the phone to the floor: every code, right and wrong, on both switches."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.center import Center, wait
from tests.contract.dialling import Exchange, exchange
from tests.contract.driver import Driver
from tests.contract.floor import Floor

A1 = "1001@default"


@pytest.fixture
def center(driver: Driver, tmp_path: Path) -> Iterator[Center]:
    center = Center(tmp_path, driver.esl_url)
    center.start()
    yield center
    center.stop()


@pytest.fixture
def agent(center: Center, floor: Floor) -> str:
    return _agent(center, floor)


def _agent(center: Center, floor: Floor) -> str:
    floor.agent("1001", status="Logged Out")
    wait(lambda: center.documents("agent").get(A1, {}).get("tiers"), "tiers are read soon after a new agent")
    return A1


@pytest.fixture
def codes(driver: Driver, center: Center, agent: str, tmp_path: Path) -> Iterator[Exchange]:
    with exchange(driver, center, tmp_path / "prompts") as found:
        yield found


@pytest.mark.parametrize("number", ["0010", "80010"])
def test_e1_e3_sign_in_makes_available(codes: Exchange, center: Center, number: str) -> None:
    caller = codes.caller()
    caller.dial(number)
    caller.logs_in(center.dial_logins["ann"])
    caller.hangs_up_after("signed_in")
    assert center.code() == "available"
    assert center.audit()[-2:] == [("agent.set_status", "asked", ""), ("agent.set_status", "confirmed", "")]
    assert caller.phone.state == "idle"
