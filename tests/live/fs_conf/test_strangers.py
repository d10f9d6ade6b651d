"""Who is let into a switch that scripts/provision has set up, and who is not: event socket, calls and messages."""

from __future__ import annotations

import secrets
import socket
import time

import pytest

from tests.contract.esl import Esl, EslError
from tests.contract.floor import Floor
from tests.contract.patience import wait
from tests.live.provisioned import ProvisionedDriver, ProvisionedSwitch, conf_of, exchange
from tests.live.rig.ports import claim_block
from tests.live.rig.sip import Message, credentials

pytestmark = pytest.mark.live


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
