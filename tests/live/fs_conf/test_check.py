"""scripts/check_fs_conf beside a running switch, and on the configuration that FreeSWITCH brings."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from tests.contract.floor import Floor
from tests.live.provisioned import ProvisionedDriver, conf_of
from tests.live.rig.switch import REPOSITORY

pytestmark = pytest.mark.live


def test_check_when_put_to_our_own_running_switch_then_nothing_serious(ours: ProvisionedDriver, floor: Floor) -> None:
    floor.agent("1001")
    environment = os.environ | {"SASAYAKI_FREESWITCH": ours.switch.esl_url}
    command = [REPOSITORY / "scripts" / "check_fs_conf", conf_of(ours).conf, "--esl", "--json"]
    outcome = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    assert {found["id"] for found in json.loads(outcome.stdout)} <= {
        "version-before-1-11",
        "shared-password",
        "prompts-missing",
    }


def test_check_when_the_running_floor_has_traps_then_each_is_named(ours: ProvisionedDriver, floor: Floor) -> None:
    floor.agent("1001", contact="user/1001@default|sofia/gateway/carrier/09012345678", level=20)
    floor.agent("1002", status="available")
    environment = os.environ | {"SASAYAKI_FREESWITCH": ours.switch.esl_url}
    command = [REPOSITORY / "scripts" / "check_fs_conf", "--esl", "--json"]
    outcome = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert outcome.returncode == 1, outcome.stdout + outcome.stderr
    found = {one["id"] for one in json.loads(outcome.stdout)}
    assert {"pipe-in-contact", "no-leg-timeout", "level-out-of-range", "status-spelling"} <= found


def test_check_when_reading_the_configuration_that_freeswitch_brings_then_its_holes_are_named() -> None:
    folder = "/usr/local/freeswitch/conf"
    if not os.path.exists(f"{folder}/freeswitch.xml"):
        pytest.skip(f"no {folder}: FreeSWITCH's own configuration is not here to be read")
    command = [REPOSITORY / "scripts" / "check_fs_conf", folder, "--json"]
    outcome = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert outcome.returncode == 1, outcome.stderr
    serious = {one["id"] for one in json.loads(outcome.stdout) if one["level"] == "serious"}
    assert {"event-socket-password", "published-password", "module-missing"} <= serious
