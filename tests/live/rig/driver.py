"""The Driver of contract tests (tests/contract/driver.py) around a real FreeSWITCH.

Two child processes: the switch (switch.py) and all telephones (phones.py). Both end with this process, however it ends.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.contract.driver import EXTENSIONS, SUPERVISORS, Behaviour
from tests.contract.esl import Esl
from tests.live.rig.ports import PortBlock, claim_block
from tests.live.rig.switch import REPOSITORY, Switch

_ERRORS = {
    "LookupError": LookupError,
    "TimeoutError": TimeoutError,
    "KeyError": KeyError,
    "AssertionError": AssertionError,
}


class Telephones:
    """The process of phones, as seen from the test: ``ask`` may be called from several threads."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", "tests.live.rig.phones", str(theirs.fileno())]
        self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], cwd=REPOSITORY, stdin=subprocess.DEVNULL)
        theirs.close()
        self._socket = ours
        self._numbers = itertools.count()
        self._answers: dict[int, list[Any]] = {}
        self._arrived = threading.Condition()
        self._closed = False
        threading.Thread(target=self._read, name="rig-phones", daemon=True).start()

    def ask(self, method: str, *arguments: Any, limit_s: float = 20.0) -> Any:
        """Have something done over there; raises what it raised."""
        number = next(self._numbers)
        self._socket.sendall(json.dumps([number, method, arguments]).encode() + b"\n")
        with self._arrived:
            if not self._arrived.wait_for(lambda: number in self._answers or self._closed, limit_s):
                raise TimeoutError(f"phones: {method}{arguments}: no answer in {limit_s} s")
            _, result, error = self._answers.pop(number, (0, None, ["RuntimeError", "the process of phones ended"]))
        if error:
            raise _ERRORS.get(error[0], RuntimeError)(f"{error[0]}: {error[1]}")
        return result

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait(10)
        self._socket.close()

    def _read(self) -> None:
        with contextlib.suppress(OSError), self._socket.makefile() as lines:
            for line in lines:
                with self._arrived:
                    answer = json.loads(line)
                    self._answers[answer[0]] = answer
                    self._arrived.notify_all()
        with self._arrived:
            self._closed = True
            self._arrived.notify_all()


class RigPhone:
    """A Phone of the Driver protocol."""

    def __init__(self, telephones: Telephones, switch: Switch, number: str) -> None:
        self._ask, self._switch, self._number = telephones.ask, switch, number

    @property
    def number(self) -> str:
        return self._number

    @property
    def state(self) -> str:
        return str(self._ask("state", self._number))

    @property
    def rung_at(self) -> float:
        """When the last INVITE reached the phone (``time.monotonic``, the same in every process here); 0 for never."""
        return float(self._ask("rung_at", self._number))

    @property
    def shown(self) -> str:
        return str(self._ask("shown", self._number))

    def behave(self, behaviour: Behaviour) -> None:
        if self._ask("behave", self._number, asdict(behaviour)):
            self._switch.wait_registered((self._number,), behaviour.kind != "unregistered")

    def answer(self) -> None:
        self._ask("answer", self._number)

    def reject(self, cause: str = "USER_BUSY") -> None:
        self._ask("reject", self._number, cause)

    def hang_up(self) -> None:
        self._ask("hang_up", self._number)

    def hold(self) -> None:
        self._ask("hold", self._number, True)

    def resume(self) -> None:
        self._ask("hold", self._number, False)

    def press(self, digits: str) -> None:
        self._ask("press", self._number, digits)

    def dial(self, number: str, headers: tuple[tuple[str, str], ...] = (), shown: str = "") -> None:
        """As the protocol says. What hostile callers send: ``headers`` go into the INVITE as they are, ``shown`` into From."""
        self._ask("dial", self._number, number, headers, shown)

    def transfer(self, number: str) -> None:
        self._ask("transfer", self._number, number)


class LiveDriver:
    """See Driver. ``folder`` keeps configuration, logs and databases; without one a temporary folder is used and removed.

    For looking into a failure: ``RIG_DIR=/some/folder RIG_LOG=debug`` in the environment keeps the folder and logs more.
    Start it from a thread that lives as long as it shall (the kernel ends the switch with that thread).
    """

    name = "freeswitch"

    def __init__(self, folder: Path | None = None) -> None:
        kept = folder or (Path(os.environ["RIG_DIR"]).absolute() if "RIG_DIR" in os.environ else None)
        self._keep = kept is not None
        self.folder = kept or Path(tempfile.mkdtemp(prefix="rig-"))
        self._ports: PortBlock | None = None
        self._telephones: Telephones | None = None
        self._switch: Switch | None = None
        self._relay_port = 0

    def start(self) -> None:
        self._ports = claim_block()
        self._telephones = Telephones()
        carrier_port = self._telephones.ask("open")
        self._switch = Switch(self.folder, self._ports, carrier_port)
        self._switch.launch()
        self._switch.wait_ready()
        ports = self._ports
        self._relay_port = self._telephones.ask(
            "connect", ports.sip_internal, ports.sip_external, ports.esl, self._switch.phone_password
        )
        self._switch.wait_registered((*EXTENSIONS, *SUPERVISORS))

    def stop(self) -> None:
        if self._telephones is not None:
            self._telephones.stop()
        if self._switch is not None:
            self._switch.kill()
        if self._ports is not None:
            self._ports.release()
        self._telephones = self._switch = self._ports = None
        if not self._keep:
            shutil.rmtree(self.folder, ignore_errors=True)

    def reset(self) -> None:
        self.telephones.ask("reset")
        with Esl(self.switch.esl_url) as esl:
            esl.api("global_setvar rig_limit=")
            esl.api("hupall")
            deadline = time.monotonic() + 15
            while not esl.api("status").count("\n0 session(s) - "):
                if time.monotonic() > deadline:
                    left = esl.api("show channels")
                    self.restart()  # FreeSWITCH has locked up a channel: the next test shall not meet it
                    raise TimeoutError(f"channels left after hupall:\n{left}")
                time.sleep(0.02)
            self.switch.forget_callcenter()
        self.switch.wait_registered((*EXTENSIONS, *SUPERVISORS))

    def restart(self) -> None:
        self.switch.kill()
        self.telephones.ask("forget_calls")
        self.switch.launch()
        self.switch.wait_ready()

    def cut(self) -> None:
        self.telephones.ask("cut")

    limited = "calls all"

    def limit_calls(self, most: int | None) -> None:
        with Esl(self.esl_url) as esl:
            esl.api(f"global_setvar rig_limit={'' if most is None else most}")

    @property
    def esl_url(self) -> str:
        return f"esl://:{self.switch.esl_password}@127.0.0.1:{self._relay_port}"

    def phone(self, extension: str) -> RigPhone:
        if extension not in (*EXTENSIONS, *SUPERVISORS):
            raise LookupError(f"no extension {extension}")
        return RigPhone(self.telephones, self.switch, extension)

    def caller(self, number: str, name: str = "") -> RigPhone:
        self.telephones.ask("caller", number, name)
        return RigPhone(self.telephones, self.switch, number)

    def hears(self, number: str) -> set[str]:
        return set(self.telephones.ask("hears", [number])[number])

    def hears_all(self, numbers: list[str]) -> dict[str, set[str]]:
        """``hears`` of several phones in the same moment."""
        return {number: set(heard) for number, heard in self.telephones.ask("hears", numbers).items()}

    def levels(
        self, number: str, start: float, end: float, window: int = 800, also: dict[str, int] | None = None
    ) -> dict[str, list[float]]:
        """How loud each voice was at a phone between two moments of ``time.monotonic``, in dB of the voice as spoken.

        One value per half ``window`` (samples, 8 a millisecond) of what arrived; fewer values than time means that
        nothing was sent for a while. For what must never be heard, and for gaps. ``also``: further pitches (Hz) by name.
        """
        return dict(self.telephones.ask("levels", number, start, end, window, also or {}, limit_s=20 + end - start))

    def packets(self, number: str, seconds: float) -> int:
        """How many sound packets (20 ms each) arrive at a phone in the next ``seconds``."""
        start = time.monotonic()
        return int(self.telephones.ask("packets", number, start, start + seconds))

    @property
    def direct_esl_url(self) -> str:
        """The event socket without the relay, for measuring; ``cut`` does not reach it."""
        return self.switch.esl_url

    @property
    def telephones(self) -> Telephones:
        """The process of phones; ``RuntimeError`` before ``start``."""
        if self._telephones is None:
            raise RuntimeError("the rig is not started")
        return self._telephones

    @property
    def switch(self) -> Switch:
        """The switch's process; ``RuntimeError`` before ``start``."""
        if self._switch is None:
            raise RuntimeError("the rig is not started")
        return self._switch
