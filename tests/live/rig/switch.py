"""The FreeSWITCH process under test: its folder, its start, its death. Knows nothing of phones or tests."""

from __future__ import annotations

import math
import os
import secrets
import shutil
import sqlite3
import struct
import subprocess
import sysconfig
import time
import wave
from pathlib import Path

from tests.contract.esl import Esl, EslError
from tests.forks import die_with_parent
from tests.live.rig.ports import PortBlock
from tests.live.rig.voices import AMPLITUDE, MUSIC_PITCH

CONF = Path(__file__).parent / "conf"
REPOSITORY = Path(__file__).parents[3]
SITE_PACKAGES = sysconfig.get_path("purelib")
"""Where the scripts inside FreeSWITCH find redis, which is pure Python: the distribution's interpreter reads it too."""
_VARIABLES = {
    "1005": '<variable name="effective_caller_id_name" value="Ext 1005"/>',
    "9003": '<variable name="eavesdrop_whisper_aleg" value="true"/><variable name="eavesdrop_enable_dtmf" value="true"/>',
}
"""What a site's directory may hold: it is set on every leg to that phone, after the variables of the dial string."""
USERS = ("1001", "1002", "1003", "1004", "1005", "1099", "9001", "9002", "9003")
FOLDERS = ["conf", "log", "db", "run", "scripts", "temp", "recordings", "storage", "cache", "sounds/moh", "certs"]


class Switch:
    """One FreeSWITCH in a folder of its own. ``start`` and ``kill`` may alternate; ``stop`` is the end."""

    def __init__(self, folder: Path, ports: PortBlock, carrier_port: int) -> None:
        self.folder = folder
        self.ports = ports
        self.esl_password = secrets.token_hex(8)
        self.phone_password = secrets.token_hex(8)
        self._process: subprocess.Popen[bytes] | None = None
        for name in FOLDERS:
            (folder / name).mkdir(parents=True, exist_ok=True)
        for file in CONF.glob("*.xml"):
            shutil.copy(file, folder / "conf" / file.name)
        self._write_vars(carrier_port)
        self._write_users()
        self._spare_the_keys()
        write_tone(folder / "sounds" / "moh" / "music.wav", MUSIC_PITCH, 30)

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def launch(self) -> None:
        """Start the process; returns at once.

        It asks for real-time scheduling by itself where it may, as the vendor's service gives it (CPUSchedulingPolicy=rr):
        calls go on in their 20 ms whatever else this machine computes.
        """
        where = {f"-{name}": self.folder / name for name in FOLDERS if "/" not in name}
        where |= {"-sounds": self.folder / "sounds", "-htdocs": self.folder / "temp", "-grammar": self.folder / "temp"}
        options = [str(part) for pair in where.items() for part in pair]
        # A plain PATH: mod_python3 takes its home from the first python3 it finds there.
        environment = {k: v for k, v in os.environ.items() if k not in ("VIRTUAL_ENV", "PYTHONHOME")}
        environment |= {"PATH": "/usr/local/bin:/usr/bin:/bin", "PYTHONPATH": f"{REPOSITORY}:{SITE_PACKAGES}"}
        with (self.folder / "log" / "console.log").open("ab") as console:
            self._process = subprocess.Popen(
                [shutil.which("freeswitch") or "freeswitch", "-nonat", "-nf", "-nc", *options],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                preexec_fn=die_with_parent,  # noqa: PLW1509 - one system call, no lock that another thread could hold
            )

    def wait_ready(self, limit_s: float = 20.0) -> None:
        """Until the event socket accepts a log-in and the SIP profiles run. ``TimeoutError`` with the log's end otherwise."""
        deadline = time.monotonic() + limit_s
        while time.monotonic() < deadline:
            if self.pid is None:
                raise RuntimeError(f"FreeSWITCH ended while starting:\n{self.log_tail()}")
            try:
                with Esl(self.esl_url) as esl:
                    status = esl.api("sofia status")
                    if status.count("RUNNING") >= 2 and esl.api("status").startswith("UP"):
                        return
            except (OSError, EslError):
                pass
            time.sleep(0.05)
        raise TimeoutError(f"FreeSWITCH did not come up in {limit_s} s:\n{self.log_tail()}")

    def wait_registered(self, extensions: tuple[str, ...], registered: bool = True) -> None:
        """Until the switch can (or cannot) ring these extensions; its registrations lag a little behind the 200 OK."""
        deadline = time.monotonic() + 5
        with Esl(self.esl_url) as esl:
            for extension in extensions:
                while esl.api(f"sofia_contact {extension}@default").startswith("error/") == registered:
                    if time.monotonic() > deadline:
                        raise TimeoutError(f"registration of {extension} is not {registered}")
                    time.sleep(0.01)

    def kill(self) -> None:
        """End it without warning (kill -9)."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None

    @property
    def esl_url(self) -> str:
        """The event socket itself, without the rig's relay before it."""
        return f"esl://:{self.esl_password}@127.0.0.1:{self.ports.esl}"

    def log_tail(self, lines: int = 40) -> str:
        """The last lines of both logs, for the message of a failed test."""
        texts = []
        for name in ("console.log", "freeswitch.log"):
            file = self.folder / "log" / name
            if file.exists():
                texts += file.read_text(errors="replace").splitlines()[-lines:]
        return "\n".join(texts)

    def forget_callcenter(self) -> None:
        """Empty mod_callcenter's tables: no API deletes members, and leftovers change how the next offers behave.

        Only while no call runs: the module keeps nothing of these rows in memory between calls.
        """
        database = sqlite3.connect(self.folder / "db" / "callcenter.db", timeout=5)
        with database:
            for table in ("members", "tiers", "agents"):
                database.execute(f"DELETE FROM {table}")
        database.close()

    def _spare_the_keys(self) -> None:
        """Nothing here is encrypted, but FreeSWITCH would make two RSA keys of 4096 bits at its first start (2-5 s).

        It makes none where a file is (switch_core_cert.c:250); one that holds no key it first moves to ``.old``
        (switch_core_check_dtls_pem), which a folder of that name prevents.
        """
        certs = self.folder / "certs"
        for name in ("wss.pem", "dtls-srtp.pem"):
            (certs / name).write_text("no key: nothing is encrypted here\n")
        (certs / "dtls-srtp.pem.old" / "in the way").mkdir(parents=True, exist_ok=True)

    def _write_vars(self, carrier_port: int) -> None:
        first, last = self.ports.rtp
        values = {
            "domain": "default",
            "rig_dir": self.folder,
            "rig_log_level": os.environ.get("RIG_LOG", "notice"),
            "rig_rtp_first": first,
            "rig_rtp_last": last,
            "rig_esl_port": self.ports.esl,
            "rig_esl_password": self.esl_password,
            "rig_sip_internal": self.ports.sip_internal,
            "rig_sip_external": self.ports.sip_external,
            "rig_sip_carrier": carrier_port,
        }
        rows = [f'<X-PRE-PROCESS cmd="set" data="{name}={value}"/>' for name, value in values.items()]
        (self.folder / "conf" / "vars.xml").write_text("<include>\n" + "\n".join(rows) + "\n</include>\n")

    def _write_users(self) -> None:
        rows = [
            f'<user id="{user}"><params><param name="password" value="{self.phone_password}"/></params><variables>'
            f'<variable name="user_context" value="default"/>'
            f'<variable name="effective_caller_id_number" value="{user}"/>{_VARIABLES.get(user, "")}</variables></user>'
            for user in USERS
        ]
        (self.folder / "conf" / "users.xml").write_text("<include>\n" + "\n".join(rows) + "\n</include>\n")


def write_tone(path: Path, pitch: int, seconds: int) -> None:
    """A WAV file (8 kHz, 16 bit) of one pitch (Hz); whole seconds, so that it loops without a click."""
    one_second = [round(AMPLITUDE * math.sin(2 * math.pi * pitch * i / 8000)) for i in range(8000)]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(struct.pack("<8000h", *one_second) * seconds)
