"""scripts/check_fs_conf beside a running switch: what it is asked, and what its answers tell."""

from __future__ import annotations

import re

import pytest

from scripts.fs_conf_check import running


def told_by(version: str, prompts: str = "/p/ja") -> set[str]:
    """What is found where the running switch answers so, and is in order otherwise."""

    def ask(line: str) -> str:
        known = {
            "version": f"FreeSWITCH Version {version}-release~64bit",
            "global_getvar hold_music": "local_stream://moh",
        }
        known["global_getvar prompts"] = prompts
        return known.get(line, '{"status":"success","response":[]}' if line.startswith("json") else "true")

    return {one.id for one in running.check(ask)}


@pytest.mark.parametrize(
    ("version", "found"),
    [
        ("1.10.6", {"version-with-hole", "version-before-1-11"}),
        ("1.10.9", {"version-with-hole", "version-before-1-11"}),
        ("1.10.10", {"version-with-hole", "version-before-1-11"}),
        ("1.10.11", {"version-before-1-11"}),
        ("1.10.12", {"version-before-1-11"}),
        ("1.11.0", set()),
        ("2.0.1", set()),
        ("git", set()),
    ],
)
def test_running_check_when_the_version_has_known_holes_then_said_so(version: str, found: set[str]) -> None:
    assert told_by(version) == found


def test_running_check_when_the_version_is_old_then_every_hole_is_told_with_where_it_was_mended() -> None:
    holes = [
        one for one in running.check(lambda line: "1.10.6" if line == "version" else "true") if one.level == "serious"
    ]
    assert [re.findall(r"mended in ([\d.]+)\.$", one.what) for one in holes] == [["1.10.7"], ["1.10.10"], ["1.10.11"]]
    assert all("CVE-" in one.breaks for one in holes)


def test_running_check_when_the_switch_has_no_prompts_then_noted_and_when_files_are_missing_then_warned() -> None:
    assert told_by("1.11.0", prompts="") == {"no-prompts"}
    missing = {one.id for one in running.check(lambda line: "false" if line.startswith("file_exists") else "/p/ja")}
    assert "prompts-missing" in missing
