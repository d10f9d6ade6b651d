"""Shell scripts, units, the proxy's configuration and the Vagrantfile, judged by the tools that will read them."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]
DEPLOY = REPOSITORY / "scripts" / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("sasayaki-*"))
SHELL = [path for path in (REPOSITORY / "scripts").iterdir() if path.is_file() and b"bash" in path.read_bytes()[:30]]


def tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"no {name} on PATH")
    return found


def run(*command: str | Path, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder or REPOSITORY, capture_output=True, text=True, timeout=100, check=False)


@pytest.mark.parametrize("name", ["provision", "check_fs_conf", "voices"])
def test_shell_script_when_shellcheck_reads_it_then_nothing_is_found(name: str) -> None:
    outcome = run(tool("shellcheck"), "-x", f"scripts/{name}")
    assert outcome.returncode == 0, outcome.stdout


def test_shell_scripts_when_listed_then_each_can_be_started() -> None:
    assert {path.name for path in SHELL} >= {"provision", "check_fs_conf", "voices", "run", "test"}
    assert [path.name for path in SHELL if path.suffix == "" and not path.stat().st_mode & 0o111] == []


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """All units as they would be installed, with programs that exist."""
    for program in ("bin/valkey-server", ".venv/bin/python", "scripts/voices"):
        path = tmp_path / "prefix" / program
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("#!/bin/sh\n")
        path.chmod(0o755)
    for unit in UNITS:
        (tmp_path / unit.name).write_text(unit.read_text().replace("@PREFIX@", str(tmp_path / "prefix")))
    return tmp_path


def test_units_when_systemd_reads_them_then_nothing_is_unknown(units: Path) -> None:
    outcome = run(tool("systemd-analyze"), "verify", "--man=no", *[units / unit.name for unit in UNITS])
    ours = [line for line in outcome.stderr.splitlines() if "sasayaki" in line and "freeswitch.service" not in line]
    assert (outcome.returncode, ours) == (0, [])


@pytest.mark.parametrize("unit", [unit.name for unit in UNITS if unit.suffix == ".service"])
def test_unit_when_systemd_rates_its_exposure_then_at_most_two_of_ten(units: Path, unit: str) -> None:
    outcome = run(tool("systemd-analyze"), "security", "--offline=true", "--threshold=20", units / unit)
    assert outcome.returncode == 0, outcome.stdout[-300:]


def test_units_when_filled_in_then_no_placeholder_is_left_that_provision_does_not_know() -> None:
    known = {"PREFIX", "PYTHON", "NAME", "FREESWITCH", "DOMAIN", "DIAL"}
    for path in DEPLOY.rglob("*"):
        if path.is_file():
            assert set(re.findall(r"@([A-Z]+)@", path.read_text())) <= known, path


def test_freeswitch_unit_when_python_is_looked_for_then_in_the_distributions_places_only() -> None:
    text = (DEPLOY / "systemd" / "freeswitch.conf").read_text()
    assert "Environment=PATH=/usr/sbin:/usr/bin:/sbin:/bin\n" in text


def test_proxy_when_nginx_reads_it_then_accepted(tmp_path: Path) -> None:
    nginx = tool("nginx")
    key, certificate = tmp_path / "panel.key", tmp_path / "panel.pem"
    options = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=panel"]
    assert run(tool("openssl"), "req", *options, "-keyout", key, "-out", certificate).returncode == 0
    text = (DEPLOY / "nginx" / "sasayaki.conf").read_text().replace("@NAME@", "panel.example.net")
    (tmp_path / "site.conf").write_text(text.replace("/etc/sasayaki/tls", str(tmp_path)))
    folders = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = f"pid {tmp_path}/pid; events {{}} http {{ access_log off; {folders} include {tmp_path}/site.conf; }}"
    (tmp_path / "nginx.conf").write_text(main)
    outcome = run(nginx, "-t", "-p", tmp_path, "-e", "stderr", "-c", tmp_path / "nginx.conf")
    assert outcome.returncode == 0, outcome.stderr


def test_proxy_when_events_are_streamed_then_nothing_is_held_back_and_no_address_is_believed() -> None:
    text = (DEPLOY / "nginx" / "sasayaki.conf").read_text()
    assert "proxy_buffering off;" in text
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in text


def test_log_rotation_when_logrotate_reads_it_then_accepted() -> None:
    outcome = run(tool("logrotate"), "--debug", DEPLOY / "logrotate" / "sasayaki-freeswitch")
    assert outcome.returncode == 0, outcome.stderr
    assert "error:" not in outcome.stderr


def test_vagrantfile_when_ruby_reads_it_then_accepted() -> None:
    outcome = run(tool("ruby"), "-c", "Vagrantfile")
    assert (outcome.returncode, outcome.stdout) == (0, "Syntax OK\n"), outcome.stderr


def test_vagrantfile_when_vagrant_reads_it_then_accepted(tmp_path: Path) -> None:
    vagrant = tool("vagrant")
    shutil.copy(REPOSITORY / "Vagrantfile", tmp_path)
    command = ["env", f"VAGRANT_HOME={tmp_path}/home", vagrant, "validate", "--ignore-provider"]
    outcome = run(*command, folder=tmp_path)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
