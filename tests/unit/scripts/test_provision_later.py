"""scripts/provision run again with other options: each takes effect, or is refused before anything is changed; calls go on."""

from __future__ import annotations

import os
import re
import stat
import subprocess
from pathlib import Path

import pytest

from tests.unit.scripts.test_provision import REPOSITORY, Provision, picture, provision, root

__all__ = ["provision", "root"]
FIRST = ("--extensions", "1001-1002")
CARRIER = ("--carrier", "sip.example.net", "--carrier-address", "192.0.2.10/32", "--carrier-address", "192.0.2.11/32")
NUMBER = ("--number", "0312345678")
ADDRESS = "esl://:hunter2@192.0.2.7:8021"


def value(root: Path, path: str, before: str) -> str:
    """What stands after the last ``before``; empty without it."""
    found: list[str] = re.findall(re.escape(before) + '([^"]*)"', (root / path).read_text())
    return found[-1] if found else ""


def site(root: Path, name: str) -> str:
    return value(root, "etc/freeswitch/site/site.xml", f'data="{name}=')


def settings(root: Path, name: str) -> str:
    return value(root, "etc/sasayaki/sasayaki.toml", f'{name} = "')


def gateway(root: Path, name: str) -> str:
    return value(root, "etc/freeswitch/site/gateways/carrier.xml", f'name="{name}" value="')


def let_in(root: Path) -> list[str]:
    text = re.sub("<!--.*?-->", "", (root / "etc/freeswitch/site/carriers.xml").read_text(), flags=re.DOTALL)
    return re.findall('<node type="allow" cidr="([^"]*)"/>', text)


def test_a_later_run_lets_the_carrier_in_and_opens_the_way_out(root: Path, provision: Provision) -> None:
    provision(*FIRST)
    site_file = root / "etc/freeswitch/site/site.xml"
    site_file.write_text(site_file.read_text().replace("<include>", "<include>\n  <!-- mine -->"))
    before = {name for name, _ in picture(root).items()}
    provision(*CARRIER, *NUMBER, CARRIER_USERNAME="me", CARRIER_PASSWORD="secret-1")
    assert let_in(root) == ["192.0.2.10/32", "192.0.2.11/32"]
    assert (site(root, "support_number"), site(root, "outbound_caller_id")) == ("0312345678", "0312345678")
    assert settings(root, "external_dial") == "sofia/gateway/carrier/{number}"
    assert (gateway(root, "proxy"), gateway(root, "register")) == ("sip.example.net", "true")
    assert "<!-- mine -->" in site_file.read_text()
    assert set(picture(root)) - before == {"etc/freeswitch/site/gateways/carrier.xml"}
    check = [REPOSITORY / "scripts" / "check_fs_conf", root / "etc/freeswitch"]
    assert "cannot be read" not in subprocess.run(check, capture_output=True, text=True, timeout=60, check=False).stdout
    kept = picture(root)
    assert "nothing was changed" in provision(*CARRIER, *NUMBER).stderr
    assert picture(root) == kept


def test_a_later_run_changes_what_its_options_name_and_nothing_else_of_a_site(root: Path, provision: Provision) -> None:
    provision(*FIRST, *CARRIER, *NUMBER, CARRIER_USERNAME="me", CARRIER_PASSWORD="secret-1")
    for path, old, new in (
        ("etc/freeswitch/site/site.xml", '"outbound_caller_id=0312345678"', '"outbound_caller_id=0399999999"'),
        ("etc/freeswitch/site/gateways/carrier.xml", 'value="true"/>\n  </gateway>', 'value="false"/>\n  </gateway>'),
        ("etc/sasayaki/sasayaki.toml", "sofia/gateway/carrier/{number}", "sofia/gateway/carrier/9{number}"),
    ):
        file = root / path
        assert old in file.read_text()
        file.write_text(file.read_text().replace(old, new))
    own = root / "etc/freeswitch/site/gateways/carrier.xml"
    own.chmod(0o660)
    told = provision("--carrier", "sip.other.example", "--number", "0387654321", CARRIER_PASSWORD="secret-2").stderr
    assert (site(root, "support_number"), site(root, "outbound_caller_id")) == ("0387654321", "0399999999")
    assert [gateway(root, name) for name in ("proxy", "realm", "username", "password", "caller-id-in-from")] == [
        "sip.other.example",
        "sip.other.example",
        "me",
        "secret-2",
        "false",
    ]
    assert stat.S_IMODE(own.stat().st_mode) == 0o660
    assert settings(root, "external_dial") == "sofia/gateway/carrier/9{number}"
    assert let_in(root) == ["192.0.2.10/32", "192.0.2.11/32"]
    assert "killgw carrier" in told
    assert "secret-2" not in told


def test_a_later_run_that_is_only_asked_shows_the_values_and_writes_nothing(root: Path, provision: Provision) -> None:
    provision(*FIRST)
    before = picture(root)
    told = provision(*CARRIER, *NUMBER, "--dry-run").stderr
    assert "would: set support_number in /etc/freeswitch/site/site.xml" in told
    assert '+  <node type="allow" cidr="192.0.2.10/32"/>' in told
    assert picture(root) == before


def test_joining_another_switch_later_is_written_into_the_settings(root: Path, provision: Provision) -> None:
    provision("--join", SASAYAKI_FREESWITCH="esl://:old@192.0.2.1:8021")
    told = provision("--join", SASAYAKI_FREESWITCH=ADDRESS).stderr
    assert settings(root, "freeswitch") == ADDRESS
    assert "set freeswitch in /etc/sasayaki/sasayaki.toml" in told
    assert "hunter2" not in told
    provision("--join")
    assert settings(root, "freeswitch") == ADDRESS


def test_a_switch_that_was_joined_and_is_replaced_is_asked_with_its_new_password(
    root: Path, provision: Provision
) -> None:
    provision("--join", SASAYAKI_FREESWITCH=ADDRESS)
    provision()
    password = value(root, "etc/freeswitch/site/secrets.xml", 'data="event_socket_password=')
    assert settings(root, "freeswitch") == f"esl://:{password}@127.0.0.1:8021"


def test_a_log_in_that_cannot_be_set_is_refused_without_showing_it(root: Path, provision: Provision) -> None:
    provision(*CARRIER)
    own = root / "etc/freeswitch/site/gateways/carrier.xml"
    own.write_text('<include><gateway name="carrier"><param name="proxy" value="sip.example.net"/></gateway></include>')
    before = picture(root)
    told = provision(*CARRIER, CARRIER_USERNAME="me", CARRIER_PASSWORD="secret-1", refused=True).stderr
    assert "carrier.xml is not as scripts/provision writes it" in told
    assert "secret-1" not in told
    assert picture(root) == before


@pytest.mark.parametrize(
    ("options", "path", "text", "told"),
    [
        (NUMBER, "etc/freeswitch/site/site.xml", "<!-- mine -->", "support_number=0312345678"),
        (CARRIER, "etc/freeswitch/site/carriers.xml", "<!-- mine -->", '<node type="allow" cidr="192.0.2.10/32"/>'),
        (CARRIER, "etc/sasayaki/sasayaki.toml", "domain='default'", "external_dial ="),
        (CARRIER, "etc/freeswitch/site/gateways/carrier.xml", "<include/>", 'name="proxy" value="sip.example.net"'),
        (("--domain", "other"), "", "", "site.xml says «default»"),
    ],
)
def test_an_option_that_cannot_take_effect_is_refused_before_anything_is_changed(
    root: Path, provision: Provision, options: tuple[str, ...], path: str, text: str, told: str
) -> None:
    provision(*FIRST)
    if path:
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text)
    before = picture(root)
    refusal = provision(*options, "--prefix", "/opt/elsewhere", refused=True).stderr
    assert told in refusal
    assert options[0] in refusal
    assert picture(root) == before
    assert "nothing was changed" in provision().stderr


def test_replacing_a_configuration_gives_fs_cli_the_new_password_and_keeps_what_was_there(
    root: Path, provision: Provision
) -> None:
    own, main = root / "etc/fs_cli.conf", root / "etc/freeswitch/freeswitch.xml"
    own.write_text("[default]\npassword => old-one\n")
    main.parent.mkdir(parents=True)
    main.write_text("<document/>")
    told = provision("--replace-configuration").stderr
    password = value(root, "etc/freeswitch/site/secrets.xml", 'data="event_socket_password=')
    assert own.read_text().endswith(f"password => {password}\n")
    assert own.with_name("fs_cli.conf.orig").read_text() == "[default]\npassword => old-one\n"
    assert "it is kept as /etc/fs_cli.conf.orig" in told
    assert "old-one" not in told


SWITCH = """#!/bin/sh
case "$0 $*" in
  *is-active*) exit 0 ;;
  *fs_cli*) cat "$CALLS" ;;
  *) echo "$(basename "$0") $*" >>"$DONE" ;;
esac
"""
STEPS = """
shopt -s inherit_errexit
ROOT="" JOIN="" DRY_RUN="" END_CALLS="$1"
for part in files packages freeswitch services; do source "scripts/provisioning/$part.sh"; done
conf=$2/nowhere scratch=$2/scratch first_time=yes
mkdir "$scratch"
refuse_to_end_calls
printf '%s' "$3" >"$CALLS"
start_freeswitch
report
"""


@pytest.fixture
def running(tmp_path: Path) -> dict[str, str]:
    """The environment of a machine on which systemctl and fs_cli tell of a FreeSWITCH that runs."""
    (tmp_path / "bin").mkdir()
    for name in ("systemctl", "fs_cli"):
        (tmp_path / "bin" / name).write_text(SWITCH)
        (tmp_path / "bin" / name).chmod(0o755)
    path = f"{tmp_path}/bin:{os.environ['PATH']}"
    return {"PATH": path, "CALLS": f"{tmp_path}/calls", "DONE": f"{tmp_path}/done", "HOME": str(tmp_path)}


def replaced(folder: Path, running: dict[str, str], before: str, then: str, end_calls: str = "") -> tuple[str, bool]:
    """What is said when a running switch gets our first configuration, and whether it was restarted."""
    Path(running["CALLS"]).write_text(before)
    command = ["bash", "-euc", STEPS, "bash", end_calls, str(folder), then]
    outcome = subprocess.run(
        command, cwd=REPOSITORY, env=running, capture_output=True, text=True, timeout=20, check=False
    )
    done = Path(running["DONE"])
    return outcome.stderr, done.exists() and "restart freeswitch" in done.read_text()


@pytest.mark.parametrize("said", ["\n3 total.\n", ""])
def test_calls_that_run_are_not_ended_unasked(tmp_path: Path, running: dict[str, str], said: str) -> None:
    told, restarted = replaced(tmp_path, running, said, said)
    assert not restarted
    assert ("3 calls" if said else "an unknown number of calls") in told
    assert "--end-calls" in told


def test_calls_that_began_meanwhile_go_on_and_the_restart_is_left_to_the_operator(
    tmp_path: Path, running: dict[str, str]
) -> None:
    told, restarted = replaced(tmp_path, running, "\n0 total.\n", "\n2 total.\n")
    assert not restarted
    assert "2 calls" in told
    assert "systemctl restart freeswitch" in told


def test_without_calls_or_when_asked_for_freeswitch_is_restarted_and_that_is_said(
    tmp_path: Path, running: dict[str, str]
) -> None:
    for number, (said, end_calls) in enumerate((("\n0 total.\n", ""), ("\n3 total.\n", "yes"))):
        Path(running["DONE"]).unlink(missing_ok=True)
        folder = tmp_path / str(number)
        folder.mkdir()
        told, restarted = replaced(folder, running, said, said, end_calls)
        assert restarted
        assert f"it has {said.split()[0]} calls" in told
