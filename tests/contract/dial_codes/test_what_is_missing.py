"""Dial codes without a prompt, a controller or Redis: the caller is told, and nothing changes."""

from __future__ import annotations

from pathlib import Path

from tests.contract.center import Center
from tests.contract.dial_settings import waive
from tests.contract.dialling import Exchange, untouched
from tests.contract.floor import Floor


def test_a_missing_prompt_is_a_tone_and_the_dialogue_works(codes: Exchange, center: Center, tmp_path: Path) -> None:
    for name in ("dial_password", "signed_in"):
        for file in (tmp_path / "prompts").rglob(f"{name}.wav"):
            file.unlink()
    caller = codes.caller()
    caller.dial("0010")
    dial_id, password = center.dial_logins["ann"]
    assert caller.hears() == ["dial_id"]
    caller.types(f"{dial_id}#")
    assert caller.hears() == ["tone"]
    caller.types(f"{password}#")
    caller.hangs_up_after("tone")
    center.until_code("available")


def test_a_controller_that_is_gone_is_told_and_nothing_changes(codes: Exchange, center: Center, floor: Floor) -> None:
    center.kill_controller()
    caller = codes.caller()
    caller.dial("0010")
    caller.hangs_up_after("unavailable")
    untouched(floor)


def test_a_controller_that_comes_back_too_late_changes_nothing(codes: Exchange, center: Center, floor: Floor) -> None:
    waive(center)
    with center.hung_controller():
        caller = codes.caller()
        caller.dial("0010")
        caller.hangs_up_after("unavailable")
    center.until_live()
    center.ask("queue.foresee", queue="support@default")  # whatever was waiting for it has been looked at by now
    untouched(floor)


def test_a_redis_that_is_gone_is_told_and_nothing_changes(codes: Exchange, center: Center, floor: Floor) -> None:
    waive(center)
    center.kill_redis()
    caller = codes.caller()
    caller.dial("0010")
    caller.hangs_up_after("unavailable")
    untouched(floor)
