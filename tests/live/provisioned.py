"""A FreeSWITCH whose configuration is fs_conf as scripts/provision puts it into a folder, with telephones around it.

What a test site changes is changed the way a site would: in site/. Nothing of fs_conf itself is touched.
"""

from __future__ import annotations

import re
import secrets
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

from tests.contract.driver import EXTENSIONS, SUPERVISORS
from tests.contract.floor import Floor
from tests.live.rig.driver import LiveDriver, Telephones
from tests.live.rig.ports import PortBlock, claim_block
from tests.live.rig.switch import FOLDERS, REPOSITORY, Switch, write_tone
from tests.live.rig.voices import MUSIC_PITCH

NUMBER = "5010"
"""The queue's number, which the rig's callers dial."""
OWN_NUMBER = "0312340000"
GATEWAY = """<include>
<gateway name="carrier">
  <param name="proxy" value="127.0.0.1:{port}"/><param name="realm" value="127.0.0.1"/><param name="register" value="false"/>
  <param name="username" value="trunk"/><param name="password" value="none"/><param name="caller-id-in-from" value="true"/>
</gateway>
</include>
"""
PROBE = """<include>
<extension name="probe"><condition field="destination_number" expression="^8800$">
  <action application="answer"/><action application="python" data="probe"/><action application="hangup"/>
</condition></extension>
</include>
"""


def provision(root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run scripts/provision into a folder, without packages and without building the program."""
    command = [str(REPOSITORY / "scripts" / "provision"), "--root", str(root), "--no-packages", "--no-build", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)


class ProvisionedSwitch(Switch):
    """As Switch, with the provisioned configuration instead of the rig's own."""

    def __init__(self, folder: Path, ports: PortBlock, carrier_port: int) -> None:
        self.folder, self.ports = folder, ports
        self._process: subprocess.Popen[bytes] | None = None
        for name in FOLDERS:
            (folder / name).mkdir(parents=True, exist_ok=True)
        root = folder / "root"
        root.mkdir()
        outcome = provision(root, "--number", NUMBER, "--carrier-address", "127.0.0.1/32", "--extensions", "1001-1001")
        assert outcome.returncode == 0, outcome.stderr
        shutil.copytree(root / "etc" / "freeswitch", self.conf, dirs_exist_ok=True)
        self._spare_the_keys()
        self._set_up_site(carrier_port)
        found = re.search(r'event_socket_password=([^"]+)"', (self.conf / "site" / "secrets.xml").read_text())
        assert found is not None
        self.esl_password = found[1]

    @property
    def conf(self) -> Path:
        """The configuration that it reads."""
        return self.folder / "conf"

    def _set_up_site(self, carrier_port: int) -> None:
        site = self.conf / "site"
        write_tone(self.folder / "sounds" / "moh" / "music.wav", MUSIC_PITCH, 30)
        first, last = self.ports.rtp
        values = {
            "sip_ip": "127.0.0.1",
            "public_ip": "127.0.0.1",
            "codecs": "PCMU",
            "internal_sip_port": self.ports.sip_internal,
            "external_sip_port": self.ports.sip_external,
            "event_socket_port": self.ports.esl,
            "rtp_first_port": first,
            "rtp_last_port": last,
            "inbound_calls": 1,
            "outbound_calls": 1,
            "outbound_caller_id": OWN_NUMBER,
            "moh_dir": self.folder / "sounds" / "moh",
            "prompts_dir": self.folder / "prompts",
            "dial_numbers": "5021|5022|5023",
        }
        rows = [f'<X-PRE-PROCESS cmd="set" data="{name}={value}"/>' for name, value in values.items()]
        text = (site / "site.xml").read_text().replace("</include>", "\n".join([*rows, "</include>"]))
        (site / "site.xml").write_text(text)
        (site / "gateways").mkdir(exist_ok=True)
        (site / "gateways" / "carrier.xml").write_text(GATEWAY.format(port=carrier_port))
        (site / "dialplan").mkdir(exist_ok=True)
        (site / "dialplan" / "probe.xml").write_text(PROBE)
        self.phone_password = secrets.token_hex(8)
        made = (site / "phones" / "1001.xml").read_text()
        for extension in (*EXTENSIONS, *SUPERVISORS):
            text = re.sub(r'(name="password" value=)"[^"]*"', rf'\1"{self.phone_password}"', made)
            (site / "phones" / f"{extension}.xml").write_text(text.replace("1001", extension))


class ProvisionedDriver(LiveDriver):
    """The rig's telephones around a ProvisionedSwitch; ``change`` alters the configuration before the start."""

    def __init__(self) -> None:
        super().__init__(Path(tempfile.mkdtemp(prefix="provisioned-")))
        self._keep = False

    def start(self) -> None:
        self._ports = claim_block()
        self._telephones = Telephones()
        carrier_port = self._telephones.ask("open")
        self._switch = ProvisionedSwitch(self.folder, self._ports, carrier_port)
        self._switch.launch()
        self._switch.wait_ready()
        ports = (self._ports.sip_internal, self._ports.sip_external, self._ports.esl)
        self._relay_port = self._telephones.ask("connect", *ports, self._switch.phone_password)
        self._switch.wait_registered((*EXTENSIONS, *SUPERVISORS))


def exchange(message: str, port: int, source: str = "127.0.0.1", limit_s: float = 3.0) -> str:
    """Send one SIP request by UDP from an address of this machine; the first final answer, empty when none comes."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.bind((source, 0))
        own.settimeout(limit_s)
        own.sendto(
            message.replace("\n", "\r\n").replace("@PORT@", str(own.getsockname()[1])).encode(), ("127.0.0.1", port)
        )
        while True:
            try:
                answer = own.recv(65536).decode(errors="replace")
            except TimeoutError:
                return ""
            if not answer.startswith("SIP/2.0 1"):
                return answer


def conf_of(driver: ProvisionedDriver) -> ProvisionedSwitch:
    """The switch with its provisioned configuration."""
    assert isinstance(driver.switch, ProvisionedSwitch)
    return driver.switch


def calls(floor: Floor, way: str) -> str:
    """How many calls count against the limit of this way (``inbound``, ``outbound``)."""
    return floor.esl.api(f"limit_usage hash {way} all").strip()
