"""Somebody who dials a code: his phone, what he hears, which keys he presses; and everything where a key might be read."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

from tests.contract.center import Center
from tests.contract.driver import Driver, Phone
from tests.contract.esl import Esl, Event
from tests.contract.floor import Floor
from tests.live.rig.switch import REPOSITORY, write_tone

PROMPTS = [*tomllib.loads((REPOSITORY / "fs_conf" / "voices" / "prompts.toml").read_text()), "own_status_resting"]
EVENTS = "PLAYBACK_START CHANNEL_ANSWER CHANNEL_HANGUP_COMPLETE DTMF CHANNEL_EXECUTE CHANNEL_EXECUTE_COMPLETE MEDIA_BUG_START"


def make_prompts(folder: Path) -> None:
    """A file for every prompt, in both languages, so short that nobody waits for it."""
    folder.mkdir(parents=True, exist_ok=True)
    first = folder / "tone.wav"
    write_tone(first, 400, 1)
    # The header tells the length; what is missing behind it is the end of the file.
    first.write_bytes(first.read_bytes()[: 44 + 1600])
    for language in ("ja", "en"):
        target = folder / language / "8000"
        target.mkdir(parents=True, exist_ok=True)
        for name in PROMPTS:
            shutil.copy(first, target / f"{name}.wav")


class Caller:
    """A phone in a dialogue. ``events`` is a connection of its own, that keeps all that was told of the call."""

    def __init__(self, phone: Phone, events: Esl) -> None:
        self.phone, self.esl = phone, events
        self.seen: list[Event] = []

    def dial(self, number: str) -> None:
        """Call and be answered."""
        self.phone.dial(number)
        self.seen.append(self.esl.wait("CHANNEL_ANSWER", Caller_Destination_Number=number))

    @property
    def leg(self) -> str:
        """The call's channel."""
        return self.seen[0].uuid

    def hears(self) -> list[str]:
        """What is said next, by the names of its prompts; ``tone`` where one is missing."""
        event = self.esl.wait("PLAYBACK_START", Unique_ID=self.leg)
        self.seen.append(event)
        sounds = unquote(event["Playback-File-Path"]).removeprefix("file_string://").split("!")
        return ["tone" if sound.startswith("tone_stream") else Path(sound).stem for sound in sounds]

    def types(self, keys: str) -> None:
        """Press keys."""
        self.phone.press(keys)

    def hangs_up_after(self, *said: str) -> None:
        """The last words are these, and then the call ends."""
        heard: list[str] = []
        while heard[-len(said) :] != list(said):
            heard += self.hears()
        self.seen.append(self.esl.wait("CHANNEL_HANGUP_COMPLETE", Unique_ID=self.leg))

    def logs_in(self, login: tuple[str, str]) -> None:
        """Dial ID and dial password, as asked."""
        for prompt, keys in zip(("dial_id", "dial_password"), login, strict=True):
            heard = self.hears()
            assert heard == [prompt], heard
            self.types(f"{keys}#")


class Exchange:
    """A controller behind a switch whose dial codes reach it, and callers."""

    def __init__(self, driver: Driver, center: Center, events: Esl) -> None:
        self.driver, self.center, self.esl = driver, center, events

    def caller(self, extension: str = "1001") -> Caller:
        """A phone inside."""
        return Caller(self.driver.phone(extension), self.esl)

    def outside(self, number: str = "09011112222") -> Caller:
        """A phone outside."""
        return Caller(self.driver.caller(number), self.esl)


@contextmanager
def exchange(driver: Driver, center: Center, prompts: Path) -> Iterator[Exchange]:
    """The switch told where Redis and the prompts are, for as long as the test runs."""
    make_prompts(prompts)
    values = {
        "sasayaki_redis_url": f"unix://{center.socket}",
        "prompts_dir": str(prompts),
        "prompts_language": "ja",
    }
    with Esl(driver.esl_url, EVENTS) as esl:
        for name, value in values.items():
            esl.api(f"global_setvar {name}={value}")
        try:
            yield Exchange(driver, center, esl)
        finally:
            for name in values:
                esl.api(f"global_setvar {name}=")


def untouched(floor: Floor, status: str = "Logged Out") -> None:
    """Agent 1001 is as before: the status, and where the phone rings."""
    row = floor.agent_row("1001@default")
    assert (row["status"], row["contact"]) == (status, "[leg_timeout=10]user/1001@default")
