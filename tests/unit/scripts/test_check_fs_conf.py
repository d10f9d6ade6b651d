"""scripts/check_fs_conf: each trap of an existing deployment is found, with its place, and nothing else is."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from fs_app.floor import orders
from fs_app.switch.dial import DialPlan, contact
from scripts.fs_conf_check import running
from scripts.fs_conf_check.agent_rules import agent_findings
from tests.unit.scripts.deployment import REPOSITORY, findings, run, write

AGENTS = "<agents/>"
TIERS = "<tiers/>"
STRATEGY = '<param name="strategy" value="longest-idle-agent"/>'
AGENT = '<agents><agent name="1001@default" type="callback" contact="{}"{}/></agents>'
PASSWORD = 'value="$${event_password}"'
LISTEN = 'value="127.0.0.1"'
SIDE_BY_SIDE = "[leg_timeout=15]user/1001@default,[leg_delay_start=10]sofia/gateway/carrier/09012345678"


def tiers(*rows: tuple[str, str]) -> tuple[str, str]:
    parts = [f'<tier agent="{1001 + n}@default" queue="support@default" {row[1]}/>' for n, row in enumerate(rows)]
    return TIERS, f"<tiers>{''.join(parts)}</tiers>"


def strategy(name: str, more: str = "") -> tuple[str, str]:
    return STRATEGY, f'<param name="strategy" value="{name}"/>{more}'


def profile(parameter: str, value: str) -> tuple[str, str]:
    return (
        '<param name="auth-calls" value="true"/>',
        f'<param name="auth-calls" value="true"/><param name="{parameter}" value="{value}"/>',
    )


def core(parameter: str, value: str) -> tuple[str, str]:
    line = '<param name="sessions-per-second" value="200"/>'
    return line, f'{line}<param name="{parameter}" value="{value}"/>'


def module_setting(parameter: str) -> tuple[str, str]:
    return "<settings/>", f'<settings><param name="{parameter}" value="true"/></settings>'


def loads(module: str) -> tuple[str, str]:
    line = '<load module="mod_hash"/>'
    return line, f'{line}<load module="{module}"/>'


def agent(contact: str, more: str = "") -> tuple[str, str]:
    return AGENTS, AGENT.format(contact, more)


def action(application: str, data: str) -> tuple[str, str]:
    line = '<action application="callcenter" data="support@default"/>'
    return line, f'<action application="{application}" data="{data}"/>{line}'


def without(module: str) -> tuple[str, str]:
    return f'<load module="{module}"/>', ""


EQUAL = (("", 'level="1" position="1"'), ("", 'level="1" position="1"'))
CASES = [
    ("serious", "bypass-media", [profile("inbound-bypass-media", "true")]),
    ("serious", "proxy-media", [profile("inbound-proxy-media", "yes")]),
    ("serious", "bypass-media", [profile("media-option", "bypass-media-after-att-xfer")]),
    ("serious", "bypass-media", [action("export", "nolocal:bypass_media=true")]),
    ("serious", "proxy-media", [agent("{proxy_media=true}[leg_timeout=15]user/1001@default")]),
    ("serious", "top-down-equal-tiers", [strategy("top-down"), tiers(*EQUAL)]),
    ("serious", "top-down-equal-tiers", [strategy("top-down"), tiers(("", ""), ("", 'level="1"'))]),
    ("warning", "top-down", [strategy("top-down")]),
    ("warning", "round-robin-positions", [strategy("round-robin"), tiers(("", 'position="1"'), ("", 'position="2"'))]),
    ("warning", "ring-all-priorities", [strategy("ring-all")]),
    ("warning", "unknown-strategy", [strategy("sequentially-by-next-agent-order")]),
    ("serious", "tiers-in-xml", [tiers(("", 'level="1"'))]),
    ("serious", "status-in-xml", [agent("[leg_timeout=15]user/1001@default", ' status="Available"')]),
    ("warning", "agent-in-xml", [agent("[leg_timeout=15]user/1001@default")]),
    ("serious", "pipe-in-contact", [agent("[leg_timeout=15]user/1001@default|sofia/gateway/carrier/09012345678")]),
    ("serious", "callers-text-in-contact", [agent("[leg_timeout=15,x=${caller_id_name}]user/1001@default")]),
    ("note", "command-in-contact", [agent("${sofia_contact(1001@default)}")]),
    ("warning", "no-leg-timeout", [agent("user/1001@default")]),
    ("serious", "status-spelling", [agent("[leg_timeout=15]user/1001@default", ' status="on break"')]),
    ("serious", "name-form", [('name="support@default"', 'name="support desk@default"')]),
    ("serious", "truncate-on-load", [module_setting("truncate-tiers-on-load")]),
    ("warning", "reserve-agents", [module_setting("reserve-agents")]),
    ("serious", "no-queues", [('name="callcenter.conf"', 'name="other.conf"')]),
    ("serious", "event-socket-password", [(PASSWORD, 'value="ClueCon"')]),
    ("serious", "event-socket-password", [('data="event_password=0f8e1c77a9d34c55b0d2"', 'data="event_password="')]),
    ("serious", "event-socket-password", [(PASSWORD, 'value="ClueCon"'), (LISTEN, 'value="10.0.0.5"')]),
    ("warning", "event-socket-password-short", [(PASSWORD, 'value="a7c2"')]),
    ("warning", "event-socket-everywhere", [(LISTEN, 'value="::"')]),
    ("serious", "event-socket-open", [(LISTEN, 'value="0.0.0.0"/><param name="apply-inbound-acl" value="everybody"')]),
    ("serious", "event-socket-open", [(LISTEN, 'value="::"/><param name="apply-inbound-acl" value="any"')]),
    ("serious", "no-event-socket", [('name="event_socket.conf"', 'name="other.conf"')]),
    ("serious", "module-missing", [without("mod_callcenter")]),
    ("warning", "module-missing", [without("mod_python3")]),
    ("note", "module-missing", [without("mod_spy")]),
    ("serious", "xml-rpc", [loads("mod_xml_rpc")]),
    ("serious", "user-without-password", [('value="d7e1c0b3a5"', 'value=""')]),
    ("serious", "published-password", [('value="d7e1c0b3a5"', 'value="1234"')]),
    ("serious", "published-password", [('value="d7e1c0b3a5"', 'value="1001"')]),
    ("serious", "blind-auth", [profile("accept-blind-auth", "true")]),
    ("serious", "open-profile", [('<param name="auth-calls" value="true"/>', "")]),
    ("warning", "open-profile", [('<param name="apply-inbound-acl" value="carriers"/>', "")]),
    (
        "serious",
        "toll-fraud",
        [('<param name="apply-inbound-acl" value="carriers"/>', ""), action("bridge", "sofia/gateway/carrier/$1")],
    ),
    ("warning", "commands-by-message", [('<param name="enable-chat" value="false"/>', "")]),
    ("serious", "commands-by-message", [('"enable-chat" value="false"', '"disable-auth-messages" value="true"')]),
    ("warning", "rtp-timer", [('<param name="rtp-timer-name" value="soft"/>', "")]),
    ("warning", "pass-through-codec", [('value="OPUS,PCMU"', 'value="G729,PCMU"')]),
    ("serious", "api-expansion-off", [core("api-expansion", "false")]),
    ("warning", "event-threads", [core("initial-event-threads", "4")]),
    ("note", "sessions-per-second", [('value="200"', 'value="30"')]),
    ("warning", "no-hold-music", [("hold_music=local_stream://moh", "other=1")]),
    ("warning", "no-hangup-after-bridge", [("hangup_after_bridge=true", "a=b")]),
    ("serious", "unknown-queue", [('data="support@default"', 'data="sales@default"')]),
    ("note", "no-limit", [('application="limit"', 'application="log"')]),
    ("warning", "no-callcenter-track", [('application="callcenter_track"', 'application="log"')]),
    ("serious", "callers-text-runs", [action("system", "/usr/local/bin/note ${caller_id_name}")]),
    ("serious", "callers-text-runs", [action("set", "x=${system(note ${caller_id_number})}")]),
    ("warning", "callers-text-in-file-name", [action("record_session", "/r/${caller_id_name}.wav")]),
    ("note", "dial-code-taken", [("^(1\\d{3})$", "^(\\d{4})$")]),
    ("warning", "lost-line", [("<include>\n<domain", '<include><X/>\n<domain')]),
]  # fmt: skip


def test_check_when_nothing_is_wrong_then_nothing_is_said(tmp_path: Path) -> None:
    outcome = run(write(tmp_path))
    assert (outcome.returncode, outcome.stdout) == (0, "Nothing found: Sasayaki can join as it is.\n")


@pytest.mark.parametrize(("level", "identity", "changes"), CASES, ids=[f"{one[1]}-{n}" for n, one in enumerate(CASES)])
def test_check_when_one_thing_is_wrong_then_it_is_found(
    tmp_path: Path, level: str, identity: str, changes: list[tuple[str, str]]
) -> None:
    found = findings(write(tmp_path, *changes))
    assert (level, identity) in {(one["level"], one["id"]) for one in found}
    assert all(one["what"] and one["breaks"] and one["mend"] for one in found)


def test_check_when_something_is_serious_then_the_exit_code_says_so(tmp_path: Path) -> None:
    assert run(write(tmp_path, profile("inbound-bypass-media", "true"))).returncode == 1
    assert run(write(tmp_path / "mild", strategy("ring-all"))).returncode == 0


def test_check_when_contacts_are_side_by_side_then_no_ghost_calls_are_told_of(tmp_path: Path) -> None:
    found = {one["id"] for one in findings(write(tmp_path, agent(SIDE_BY_SIDE)))}
    assert found == {"agent-in-xml"}


def test_check_when_found_in_an_included_file_then_its_own_place_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path, ("<queues>", '<queues>\n<X-PRE-PROCESS cmd="include" data="../queues/*.xml"/>\n'))
    (folder / "queues").mkdir()
    queue = '<queue name="b@default">\n<param name="strategy" value="ring-all"/>\n</queue>'
    (folder / "queues" / "b.xml").write_text(f"<include>\n<!-- x -- y -->\n{queue}\n</include>\n")
    assert [(one["id"], one["where"]) for one in findings(folder)] == [("ring-all-priorities", "queues/b.xml:3")]


def test_check_when_a_command_stands_in_a_comment_then_it_counts_as_freeswitch_counts_it(tmp_path: Path) -> None:
    comment = '<!--\n<X-PRE-PROCESS cmd="set" data="x=1"/>\n-->'
    in_comment = ("<include>\n  <X-PRE", f"<include>\n{comment}\n  <X-PRE")
    folder = write(tmp_path, in_comment, (PASSWORD, 'value="$${secret}"'))
    assert "event-socket-password" in {one["id"] for one in findings(folder)}
    vars_file = folder / "vars.xml"
    vars_file.write_text(vars_file.read_text().replace('data="x=1"', 'data="secret=0f8e1c77a9d34c55b0d2"'))
    assert findings(folder) == []


def test_check_when_the_configuration_names_a_program_then_it_is_not_run(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    lines = (
        f'<X-PRE-PROCESS cmd="exec-set" data="domain=touch {mark}"/>\n<X-PRE-PROCESS cmd="exec" data="touch {mark}"/>\n'
    )
    folder = write(tmp_path / "conf", ("<include>\n  <X-PRE", f"<include>\n{lines}  <X-PRE"))
    assert [one["id"] for one in findings(folder)] == ["not-read"]
    assert not mark.exists()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("freeswitch.xml", "<document><section></document>"),
        ("freeswitch.xml", '<!DOCTYPE x [<!ENTITY a "b">]><document>&a;</document>'),
        ("vars.xml", '<X-PRE-PROCESS cmd="include" data="vars.xml"/>'),
    ],
    ids=["broken", "entities", "includes-itself"],
)
def test_check_when_it_cannot_be_read_then_one_sentence_and_no_traceback(tmp_path: Path, name: str, text: str) -> None:
    (write(tmp_path) / name).write_text(text)
    outcome = run(tmp_path)
    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert outcome.stderr.count("\n") == 1
    assert name in outcome.stderr


def test_check_when_a_file_cannot_be_decoded_or_has_a_lone_ampersand_then_it_is_read_all_the_same(
    tmp_path: Path,
) -> None:
    folder = write(tmp_path, ('name="support"><', 'name="Caf&Co"><'))
    (folder / "dialplan" / "b.xml").write_bytes(b"<include>\n<!-- \x83\x65 -->\n</include>\n")
    assert findings(folder) == []


def test_check_when_the_folder_is_none_then_said_so(tmp_path: Path) -> None:
    outcome = run(tmp_path)
    assert outcome.returncode == 2
    assert "no freeswitch.xml" in outcome.stderr


def test_check_when_passwords_are_found_wanting_then_none_is_shown(tmp_path: Path) -> None:
    folder = write(tmp_path, (PASSWORD, 'value="zq7-x"'), ('value="d7e1c0b3a5"', 'value="1001"'))
    assert "zq7-x" not in json.dumps(findings(folder)) + run(folder).stdout


def test_check_when_a_name_would_drive_the_terminal_then_it_is_printed_harmless(tmp_path: Path) -> None:
    folder = write(tmp_path, ('name="support@default"', 'name="a&#x9b;31m&#x202e;b"'))
    assert not {"\x9b", "\x1b", "\u202e"} & set(run(folder).stdout)


# -- what dial codes need besides the dialplan


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


# -- the running switch


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


@pytest.mark.parametrize("confirm", [True, False])
@pytest.mark.parametrize("extension", [None, "1001"])
@pytest.mark.parametrize("caller_id", ["caller", "queue", "0312345678"])
def test_check_when_a_contact_is_one_that_the_panel_writes_then_nothing_is_said(
    confirm: bool, extension: str | None, caller_id: str
) -> None:
    dial = DialPlan("default", external_dial="sofia/gateway/carrier/{number}", outside_calls=30)
    phone = orders.OutsidePhone("09012345678", 10, confirm, caller_id=caller_id)
    for order in (
        orders.SetAgentContact("1001@default", extension, phone),
        orders.SetAgentContact("1001@default", "1001"),
    ):
        assert list(agent_findings("here", "1001@default", contact(order, dial), "Available")) == []
