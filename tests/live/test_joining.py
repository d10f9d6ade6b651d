"""Joining a floor that is there already: it is taken over as it is, and nothing of it changes until somebody asks."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.center import Center
from tests.contract.driver import RINGALL, SUPPORT
from tests.contract.floor import Floor
from tests.contract.patience import wait
from tests.live.rig.driver import LiveDriver

pytestmark = pytest.mark.live
LISTS = ("agent list", "tier list", "queue list")


@pytest.fixture
def center(rig: LiveDriver, floor: Floor) -> Iterator[Center]:
    """A controller that has never seen this switch, beside a floor with everything that a site may have set by hand."""
    floor.agent("1001", SUPPORT, RINGALL, contact="{originate_timeout=20}[leg_timeout=9]user/1001@default", level=7)
    floor.agent("1002", status="On Break", level=15)
    floor.agent("1003", status="Available (On Demand)", contact="loopback/1003/default")
    floor.agent("1004", status="Logged Out", level=0)
    settings = (
        "wrap_up_time 11",
        "max_no_answer 3",
        "reject_delay_time 12",
        "busy_delay_time 13",
        "no_answer_delay_time 14",
    )
    for setting in settings:
        key, value = setting.split()
        assert floor.config(f"agent set {key} 1001@default {value}") == "+OK\n"
    assert floor.config(f"tier set position {SUPPORT} 1002@default 4") == "+OK\n"
    assert floor.config("agent add Old-Style.Name uuid-standby") == "+OK\n"
    folder = Path(tempfile.mkdtemp(prefix="joining-"))
    joined = Center(folder, rig.esl_url)
    yield joined
    joined.stop()
    shutil.rmtree(folder)


def picture(floor: Floor) -> dict[str, list[dict[str, object]]]:
    return {name: sorted(floor.rows(name), key=repr) for name in LISTS}


def test_joining_when_the_controller_comes_and_goes_then_the_floor_is_as_it_was(center: Center, floor: Floor) -> None:
    before = picture(floor)
    center.start()
    agents = center.documents("agent")
    assert set(agents) == {row["name"] for row in before["agent list"]}
    assert picture(floor) == before
    center.stop_and_start_controller()
    assert picture(floor) == before


def test_joining_when_one_thing_is_asked_then_that_alone_changes(center: Center, floor: Floor) -> None:
    center.start()
    before = picture(floor)
    center.ask("priority.set", queue=SUPPORT, agent="1002@default", priority=2)
    wait(lambda: picture(floor) != before, "nothing changed")
    after = picture(floor)
    assert (after["agent list"], after["queue list"]) == (before["agent list"], before["queue list"])
    changed = [row for row in after["tier list"] if row not in before["tier list"]]
    assert [(row["agent"], row["level"], row["position"]) for row in changed] == [("1002@default", "2", "1")]
    assert len(after["tier list"]) == len(before["tier list"])
