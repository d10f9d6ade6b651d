"""fs_conf on a real FreeSWITCH: what scripts/provision puts on a machine starts, lets in whom it should, and counts calls."""

from __future__ import annotations

import json
import os
import re
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator

import pytest

from tests.contract.driver import MUSIC, answers
from tests.contract.esl import EVENTS, Esl, EslError
from tests.contract.floor import CUSTOMER, Floor
from tests.contract.patience import wait
from tests.live.provisioned import OWN_NUMBER, ProvisionedDriver, ProvisionedSwitch, exchange
from tests.live.rig.ports import claim_block
from tests.live.rig.sip import Message, credentials
from tests.live.rig.switch import REPOSITORY

pytestmark = pytest.mark.live
MODULES = ["callcenter", "commands", "dptools", "event_socket", "hash", "local_stream", "loopback", "opus", "python3"]
MODULES += ["say_en", "say_ja", "sndfile", "sofia", "spy", "tone_stream"]
OTHER = "0398765432"


@pytest.fixture(scope="module")
def running() -> Iterator[ProvisionedDriver]:
    driver = ProvisionedDriver()
    try:
        driver.start()
        yield driver
    finally:
        driver.stop()


@pytest.fixture
def ours(running: ProvisionedDriver) -> ProvisionedDriver:
    running.reset()
    return running


@pytest.fixture
def floor(ours: ProvisionedDriver) -> Iterator[Floor]:
    with Esl(ours.esl_url, EVENTS) as esl:
        yield Floor(ours, esl)


def conf_of(driver: ProvisionedDriver) -> ProvisionedSwitch:
    assert isinstance(driver.switch, ProvisionedSwitch)
    return driver.switch


def calls(floor: Floor, way: str) -> str:
    return floor.esl.api(f"limit_usage hash {way} all").strip()


def tracked(floor: Floor, agent: str) -> str:
    return str(floor.agent_row(agent)["external_calls_count"])


def test_start_when_provisioned_then_every_module_is_there_and_nothing_is_complained_of(floor: Floor) -> None:
    assert [name for name in MODULES if floor.esl.api(f"module_exists mod_{name}").strip() != "true"] == []
    assert [row["name"] for row in floor.rows("queue list")] == ["support@default"]
    log = (floor.driver.folder / "log" / "freeswitch.log").read_text()  # type: ignore[attr-defined]
    start = log.split("Started")[0]
    assert re.findall(r".*\[(?:ERR|CRIT|ALERT)\].*", start) == []


def test_queue_call_when_it_comes_from_outside_then_counted_once_and_one_more_is_busy(
    ours: ProvisionedDriver, floor: Floor
) -> None:
    floor.agent("1001")
    call = floor.answered_call()
    floor.hear({"1001": {CUSTOMER}, CUSTOMER: {"1001"}})
    assert calls(floor, "inbound") == "1"
    ours.caller(OTHER).dial("5010")
    wait(lambda: ours.caller(OTHER).state == "idle")
    assert calls(floor, "inbound") == "1"
    call.customer.hang_up()
    wait(lambda: calls(floor, "inbound") == "0")


def test_queue_call_when_the_number_was_dialled_then_the_panel_is_told_which(floor: Floor) -> None:
    floor.agent("1001")
    floor.call()
    assert floor.esl.wait("cc:agent-offering")["CC-Member-DNIS"] == "5010"


def test_hold_when_the_agent_holds_then_the_customer_hears_the_music(floor: Floor) -> None:
    floor.agent("1001")
    call = floor.answered_call()
    call.agent.hold()
    floor.hear({CUSTOMER: {MUSIC}})


def test_transfer_when_the_agent_hands_the_caller_over_then_he_still_counts(
    ours: ProvisionedDriver, floor: Floor
) -> None:
    floor.agent("1001")
    call = floor.answered_call()
    ours.phone("1002").behave(answers(0))
    ours.phone("1001").transfer("1002")
    floor.hear({CUSTOMER: {"1002"}, "1002": {CUSTOMER}})
    assert calls(floor, "inbound") == "1"
    call.customer.hang_up()
    wait(lambda: calls(floor, "inbound") == "0")


def test_outside_call_when_an_agent_dials_then_counted_and_no_queue_call_is_offered_to_him(
    ours: ProvisionedDriver, floor: Floor
) -> None:
    agent = floor.agent("1001")
    ours.caller(OTHER).behave(answers(0))
    ours.phone("1001").dial(OTHER)
    floor.hear({"1001": {OTHER}, OTHER: {"1001"}})
    assert (calls(floor, "outbound"), tracked(floor, agent)) == ("1", "1")
    shown = floor.esl.wait("CHANNEL_ANSWER", Call_Direction="outbound")
    assert shown["Caller-Caller-ID-Number"] == OWN_NUMBER
    floor.call()
    assert [event for event in floor.esl.gather(1.0) if event.name == "cc:agent-offering"] == []
    ours.phone("1001").hang_up()
    assert floor.esl.wait("cc:agent-offering")["CC-Agent"] == agent
    assert (calls(floor, "outbound"), tracked(floor, agent)) == ("0", "0")


def test_internal_call_when_two_agents_talk_then_neither_is_offered_a_queue_call(
    ours: ProvisionedDriver, floor: Floor
) -> None:
    dialling, called = floor.agent("1001"), floor.agent("1002")
    ours.phone("1002").behave(answers(0))
    ours.phone("1001").dial("1002")
    floor.hear({"1001": {"1002"}, "1002": {"1001"}})
    wait(lambda: (tracked(floor, dialling), tracked(floor, called)) == ("1", "1"))
    assert (calls(floor, "inbound"), calls(floor, "outbound")) == ("0", "0")
    ours.phone("1001").hang_up()
    wait(lambda: (tracked(floor, dialling), tracked(floor, called)) == ("0", "0"))


@pytest.mark.parametrize("number", ["0990123456", "0570012345", "01012125551234", "00441632960000", "8555"])
def test_number_when_it_may_not_be_dialled_then_the_call_ends_and_nothing_leaves(
    ours: ProvisionedDriver, floor: Floor, number: str
) -> None:
    ours.phone("1001").dial(number)
    ended = floor.esl.wait("CHANNEL_HANGUP_COMPLETE", Caller_Destination_Number=number)
    assert ended["Hangup-Cause"] == "UNALLOCATED_NUMBER"
    assert [event for event in floor.esl.events if event.get("Call-Direction") == "outbound"] == []


def test_emergency_call_when_all_lines_are_taken_then_it_goes_out(ours: ProvisionedDriver, floor: Floor) -> None:
    ours.caller(OTHER).behave(answers(0))
    ours.phone("1001").dial(OTHER)
    floor.hear({"1001": {OTHER}})
    ours.phone("1002").dial("0311112222")
    refused = floor.esl.wait("CHANNEL_HANGUP_COMPLETE", Caller_Destination_Number="0311112222")
    assert refused["Hangup-Cause"] == "NORMAL_CIRCUIT_CONGESTION"
    ours.phone("1002").dial("110")
    assert floor.esl.wait("CHANNEL_CREATE", Call_Direction="outbound", Caller_Destination_Number="110")


def test_python_when_a_script_is_called_then_it_runs_with_the_distributions_python(
    ours: ProvisionedDriver, floor: Floor
) -> None:
    mark = secrets.token_hex(4)
    body = "session.setVariable('probe', args + ' ' + sys.version[:4])"
    script = f"import sys\ndef handler(session, args):\n    args = '{mark}'\n    {body}\n"
    (ours.folder / "scripts" / "probe.py").write_text(script)
    ours.phone("1001").dial("8800")
    ended = floor.esl.wait("CHANNEL_HANGUP_COMPLETE", Caller_Destination_Number="8800")
    assert ended["variable_probe"].split() == [mark, "3.11"]


def test_event_socket_when_asked_with_a_wrong_password_then_refused(ours: ProvisionedDriver) -> None:
    port = ours.switch.ports.esl
    for password in ("ClueCon", "wrong", ours.switch.esl_password[:-1]):
        with Esl(f"esl://:{password}@127.0.0.1:{port}") as esl:
            assert esl.auth_reply == "-ERR invalid"
            with pytest.raises((EslError, OSError, TimeoutError)):
                esl.api("status")


def test_event_socket_when_reached_over_a_network_then_nobody_answers(ours: ProvisionedDriver) -> None:
    address = own_network_address()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((address, ours.switch.ports.esl), timeout=3)


def own_network_address() -> str:
    """An address of this machine that is not loopback, without sending anything."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        try:
            own.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no address but loopback")
        return str(own.getsockname()[0])


def test_event_socket_when_the_secrets_are_lost_then_not_even_the_published_password_opens_it() -> None:
    driver, ports = ProvisionedDriver(), claim_block()
    switch = ProvisionedSwitch(driver.folder, ports, 9)
    (switch.conf / "site" / "secrets.xml").unlink()
    try:
        switch.launch()
        wait(lambda: port_answers(ports.esl), switch.log_tail, 20)
        with pytest.raises(EslError, match="rude-rejection"):
            Esl(f"esl://:ClueCon@127.0.0.1:{ports.esl}")
    finally:
        switch.kill()
        ports.release()
        driver.stop()


def port_answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def request(method: str, uri: str, user: str = "1001", extra: str = "", body: str = "", sequence: int = 1) -> str:
    """A SIP request as text."""
    return (
        f"{method} {uri} SIP/2.0\nVia: SIP/2.0/UDP 127.0.0.1:@PORT@;rport;branch=z9hG4bK{secrets.token_hex(6)}\n"
        f"Max-Forwards: 70\nFrom: <sip:{user}@default>;tag={secrets.token_hex(4)}\nTo: <{uri}>\n"
        f"Call-ID: {secrets.token_hex(8)}\nCSeq: {sequence} {method}\nContact: <sip:{user}@127.0.0.1:@PORT@>\n{extra}"
        f"Content-Type: text/plain\nContent-Length: {len(body)}\n\n{body}"
    )


def test_external_profile_when_a_stranger_calls_then_refused_before_any_dialplan(
    ours: ProvisionedDriver, floor: Floor
) -> None:
    invite = request("INVITE", f"sip:5010@127.0.0.1:{ours.switch.ports.sip_external}", "0311110000")
    assert exchange(invite, ours.switch.ports.sip_external, "127.0.0.2").startswith("SIP/2.0 403")
    events = floor.esl.until("CHANNEL_HANGUP_COMPLETE")
    assert [event for event in events if event.name == "CHANNEL_EXECUTE"] == []


@pytest.mark.parametrize("number", ["9999", "1001", "0398765432", "0010"])
def test_external_profile_when_the_carrier_calls_another_number_then_nothing_is_rung(
    ours: ProvisionedDriver, floor: Floor, number: str
) -> None:
    ours.caller(OTHER).dial(number)
    ended = floor.esl.wait("CHANNEL_HANGUP_COMPLETE", Caller_Destination_Number=number)
    assert ended["Hangup-Cause"] == "UNALLOCATED_NUMBER"
    assert [event for event in floor.esl.events if event.get("Call-Direction") == "outbound"] == []


@pytest.mark.parametrize("method", ["INVITE", "REGISTER", "SUBSCRIBE"])
def test_internal_profile_when_nobody_has_logged_in_then_asked_for_a_password(
    ours: ProvisionedDriver, method: str
) -> None:
    extra = "Event: presence\nExpires: 60\n" if method == "SUBSCRIBE" else ""
    asked = exchange(request(method, "sip:1002@default", extra=extra), ours.switch.ports.sip_internal)
    assert asked.startswith(("SIP/2.0 401", "SIP/2.0 407"))


def test_message_when_a_phone_sends_a_command_then_it_is_not_run(floor: Floor, ours: ProvisionedDriver) -> None:
    mark = secrets.token_hex(4)
    send_command(conf_of(ours), mark)
    time_to_run(floor.esl)
    assert floor.esl.api(f"global_getvar {mark}").strip() in ("", "-ERR no reply")


def test_message_when_chat_is_left_on_then_a_phone_runs_commands() -> None:
    """The hole that enable-chat=false closes; when this fails, FreeSWITCH has mended it and the line may go."""
    driver, ports = ProvisionedDriver(), claim_block()
    switch = ProvisionedSwitch(driver.folder, ports, 9)
    profile = switch.conf / "sip_profiles" / "internal.xml"
    profile.write_text(profile.read_text().replace('"enable-chat" value="false"', '"enable-chat" value="true"'))
    try:
        switch.launch()
        switch.wait_ready()
        mark = secrets.token_hex(4)
        send_command(switch, mark)
        with Esl(switch.esl_url) as esl:
            wait(lambda: esl.api(f"global_getvar {mark}").strip() == "yes")
    finally:
        switch.kill()
        ports.release()
        driver.stop()


def send_command(switch: ProvisionedSwitch, mark: str) -> None:
    """A logged-in phone's MESSAGE that would set a global variable."""
    uri, port = f"sip:api+global_setvar%20{mark}=yes@default", switch.ports.sip_internal
    asked = exchange(request("MESSAGE", uri, body="x"), port)
    if asked.startswith(("SIP/2.0 401", "SIP/2.0 407")):
        name, value = credentials(Message.parse(asked.encode()), "MESSAGE", uri, "1001", switch.phone_password)
        exchange(request("MESSAGE", uri, extra=f"{name}: {value}\n", body="x", sequence=2), port)


def time_to_run(esl: Esl) -> None:
    """Until a command sent now has run, so that one sent before has had its time."""
    mark = secrets.token_hex(4)
    esl.bgapi(f"global_setvar {mark}=yes")
    wait(lambda: esl.api(f"global_getvar {mark}").strip() == "yes")
    deadline = time.monotonic() + 0.5
    wait(lambda: time.monotonic() > deadline)


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
