"""scripts/check_fs_conf: what dial codes and prompts need besides the configuration."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.unit.scripts.deployment import REPOSITORY, findings, write
from tests.unit.scripts.deployment_changes import action

SITE_PACKAGES = "/opt/s/.venv/lib/python3.11/site-packages"
GOOD_UNIT = f"[Service]\nEnvironment=PATH=/usr/bin:/bin\nEnvironment=PYTHONPATH=/opt/s:{SITE_PACKAGES}\n"


def system(root: Path, unit: str = GOOD_UNIT) -> Path:
    """A whole system in a folder, whose dialplan runs our scripts; gives its configuration folder."""
    folder = write(root / "etc/freeswitch", action("python", "fs_app.dialplan.code inside"))
    for name in ("opt/s/fs_app/dialplan/code.py", f"{SITE_PACKAGES[1:]}/redis/__init__.py", "usr/bin/python3"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    drop_in = root / "etc/systemd/system/freeswitch.service.d/sasayaki.conf"
    drop_in.parent.mkdir(parents=True)
    drop_in.write_text(unit)
    return folder


@pytest.mark.parametrize(
    ("unit", "found"),
    [
        (GOOD_UNIT, set()),
        ("[Service]\nEnvironment=LANG=C.UTF-8\n", {"no-python-path", "no-redis-for-python"}),
        (GOOD_UNIT.replace("/opt/s:", "/opt/gone:"), {"python-path-gone", "no-python-path"}),
        (GOOD_UNIT.replace(f":{SITE_PACKAGES}", ""), {"no-redis-for-python"}),
        (GOOD_UNIT.replace("PATH=/usr/bin", "PATH=/opt/other/bin:/usr/bin"), {"other-python-first"}),
    ],
)
def test_check_when_the_python_inside_freeswitch_lacks_something_then_it_is_named(
    tmp_path: Path, unit: str, found: set[str]
) -> None:
    folder = system(tmp_path, unit)
    other = tmp_path / "opt/other/bin/python3"
    other.parent.mkdir(parents=True)
    other.touch()
    told = findings(folder)
    assert {one["id"] for one in told} == found
    assert {one["where"] for one in told} <= {"/etc/systemd/system/freeswitch.service.d/sasayaki.conf"}
    assert {one["level"] for one in told} <= {"warning"}


def test_check_when_nobody_uses_dial_codes_then_freeswitchs_unit_is_nobodys_business(tmp_path: Path) -> None:
    system(tmp_path / "one", "[Service]\n")
    assert findings(write(tmp_path / "one/etc/freeswitch")) == []


def test_check_when_prompts_are_missing_then_how_many_and_which(tmp_path: Path) -> None:
    names = list(tomllib.loads((REPOSITORY / "fs_conf/voices/prompts.toml").read_text(encoding="utf-8")))
    prompts = ("<include>\n  <X-PRE", '<include>\n  <X-PRE-PROCESS cmd="set" data="prompts=/var/voices/ja"/>\n  <X-PRE')
    folder = write(tmp_path / "etc/freeswitch", prompts)
    assert findings(folder) == [], "where the folder cannot be seen nothing is said of it"
    made = tmp_path / "var/voices/ja/8000"
    made.mkdir(parents=True)
    for name in names:
        (made / f"{name}.wav").touch()
    assert findings(folder) == []
    (made / "take_call.wav").unlink()
    (one,) = findings(folder)
    assert (one["level"], one["id"]) == ("warning", "prompts-missing")
    assert f"1 of {len(names)} prompts are not in /var/voices/ja: take_call" in one["what"]
