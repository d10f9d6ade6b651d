"""scripts/provision into a whole Debian 12 made by debootstrap: packages, accounts, program, environment, units, configuration.

The vendor's FreeSWITCH needs a token, so that part is ``--join``; its configuration is tried on an empty folder
(tests/unit/scripts/test_provision.py) and on a real switch (fs_conf). Takes minutes and a few hundred megabytes from the
machine's own mirror, so it is run where SASAYAKI_TEST_DEBOOTSTRAP=1 asks for it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
LIMIT_S = 900
pytestmark = pytest.mark.timeout(2 * LIMIT_S)
ASKED = "SASAYAKI_TEST_DEBOOTSTRAP"


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    known = dict(os.environ) | environment
    return subprocess.run(command, env=known, capture_output=True, text=True, timeout=LIMIT_S, check=False)


def mirror() -> str:
    """Where this machine's apt takes Debian's main from."""
    line = ("apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME) $(COMPONENT)", "Created-By: Packages")
    found = [row.split() for row in run(*line).stdout.splitlines()]
    return next((row[0] for row in found if row[1:] == ["bookworm", "main"]), "")


@pytest.fixture(scope="module")
def debian(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A minimal Debian 12 in a folder, with the machine's own way to packages."""
    if not os.environ.get(ASKED):
        pytest.skip(f"{ASKED} is not set")
    if os.geteuid() != 0:
        pytest.skip("debootstrap needs root")
    if shutil.which("debootstrap") is None:
        pytest.skip("no debootstrap on PATH")
    address = mirror()
    if not address:
        pytest.skip("this machine's apt names no mirror of Debian 12")
    root = tmp_path_factory.mktemp("debian")
    made = run("debootstrap", "--variant=minbase", "--include=ca-certificates", "bookworm", root, address)
    assert made.returncode == 0, made.stdout[-2000:]
    (root / "etc/apt/sources.list").unlink()  # debootstrap's own; this machine's may say the same in another form
    for name in (
        "etc/apt/sources.list",
        "etc/apt/sources.list.d",
        "etc/apt/apt.conf.d",
        "etc/ssl/certs/ca-certificates.crt",
        "etc/pip.conf",
        "etc/resolv.conf",
        "etc/hosts",
    ):
        _same_as_here(root, name)
    yield root
    shutil.rmtree(root, ignore_errors=True)


def _same_as_here(root: Path, name: str) -> None:
    here, there = Path("/") / name, root / name
    if here.is_dir():
        shutil.copytree(here, there, dirs_exist_ok=True)
    elif here.exists():
        shutil.copy(here, there)


def provision(root: Path) -> subprocess.CompletedProcess[str]:
    command = (REPOSITORY / "scripts" / "provision", "--root", root, "--join", "--panel-name", "panel.example.net")
    return run(*command, SASAYAKI_FREESWITCH="esl://:none@127.0.0.1:1")


def inside(root: Path, *command: str) -> str:
    outcome = run("chroot", root, "/usr/bin/env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", *command)
    return outcome.stdout + outcome.stderr


def test_provision_when_run_into_a_whole_debian_then_all_of_it_is_there_and_a_second_run_changes_nothing(
    debian: Path,
) -> None:
    first = provision(debian)
    assert first.returncode == 0, first.stderr[-3000:]
    for package in ("python3-venv", "open-jtalk", "espeak-ng", "sox", "nginx-light"):
        assert "install ok installed" in inside(debian, "dpkg-query", "-W", "-f", "${Status}", package)
    assert "sasayaki" in inside(debian, "id", "sasayaki")
    assert "sasayaki-live" in inside(debian, "getent", "group", "sasayaki-live")
    python = "/opt/sasayaki/.venv/bin/python"
    told = inside(
        debian, "sh", "-c", f"cd /opt/sasayaki && exec {python} -m fs_app check --config /etc/sasayaki/sasayaki.toml"
    )
    assert "Traceback" not in told
    assert "127.0.0.1:1" in told, "it tells of the switch that is not there"
    assert inside(debian, python, "-c", "import redis; print(redis.__name__)") == "redis\n"
    assert (debian / "opt/sasayaki/web/static/app").is_dir()
    assert "v=" in inside(debian, "/opt/sasayaki/bin/valkey-server", "--version")
    for unit in ("sasayaki-valkey", "sasayaki-controller", "sasayaki-panel"):
        assert "@" not in (debian / f"etc/systemd/system/{unit}.service").read_text().replace(
            "@system-service", ""
        ).replace("@privileged", "")
    assert "successful" in inside(debian, "nginx", "-t")
    assert not (debian / "etc/freeswitch").exists(), "--join touches nothing of FreeSWITCH"
    assert not os.path.ismount(debian / "proc")
    again = provision(debian)
    assert again.returncode == 0, again.stderr[-3000:]
    assert "nothing was changed" in again.stderr
