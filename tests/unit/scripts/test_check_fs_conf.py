"""scripts/check_fs_conf: each trap of an existing deployment is found, with its place, and nothing else is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fs_app.floor import orders
from fs_app.switch.dial import DialPlan, contact
from scripts.fs_conf_check.agent_rules import agent_findings
from tests.unit.scripts.deployment import findings, run, write
from tests.unit.scripts.deployment_changes import (
    EQUAL,
    LISTEN,
    PASSWORD,
    action,
    agent,
    core,
    loads,
    module_setting,
    profile,
    strategy,
    tiers,
    without,
)

SIDE_BY_SIDE = "[leg_timeout=15]user/1001@default,[leg_delay_start=10]sofia/gateway/carrier/09012345678"

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
    ("warning", "callcenter-track-again", [("${user_name}/${cc_tracked_agent}", "${user_name}/")]),
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
