"""The script of the dial codes as FreeSWITCH runs it: a fresh interpreter with small limits, and a session that is a person."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis, RedisError

from fs_app.store.connect import connect
from fs_app.store.dial_keys import ANSWER_S, QUESTIONS, answer_key, decision_key
from tests.unit.controller.conftest import Valkey

ROOT = Path(__file__).parents[3]
CALL = """
import json, sys, time
sys.setrecursionlimit(240)

class Session:
    said, asked, typed = [], [], json.loads(sys.argv[2])
    variables = json.loads(sys.argv[1])
    def ready(self): return True
    def getVariable(self, name): return self.variables.get(name)
    def streamFile(self, sound): self.said.append(sound)
    def playAndGetDigits(self, *arguments):
        assert len(arguments) == 11 and all(type(a) in (int, str) for a in arguments), arguments
        self.asked.append(arguments)
        return self.typed.pop(0) if self.typed else ""

began = time.monotonic()
from fs_app.dialplan import code, line
line.ANSWER_S = float(sys.argv[4])
session = Session()
code.handler(session, sys.argv[3])
loaded = sorted({name.partition(".")[0] for name in sys.modules if name.partition(".")[0] in ("gevent", "orjson", "web")})
print(json.dumps({"said": session.said, "asked": session.asked, "took": time.monotonic() - began, "loaded": loaded}))
"""
CALLER = {"uuid": "leg-1", "user_name": "1001", "domain_name": "default", "destination_number": "0010"}
IN_TIME_S = 4.5
"""The two seconds that a caller may wait, and what a busy machine adds; answers that are not to be waited for come after 9 s."""


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    server = Valkey(tmp_path)
    server.start()
    yield server
    server.kill()


def call(
    address: str, *typed: str, way: str = "inside", answer_s: float = ANSWER_S, **variables: str
) -> dict[str, Any]:
    """One call of the script, and what the caller heard; ``answer_s``: how long it waits in all."""
    known = CALLER | {"sasayaki_redis_url": address} | variables
    environ = {"PYTHONHASHSEED": "random", "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
    command = [sys.executable, "-c", CALL, json.dumps(known), json.dumps(typed), way, str(answer_s)]
    outcome = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False, env=environ)
    assert outcome.returncode == 0, outcome.stderr
    return dict(json.loads(outcome.stdout))


class Controller:
    """Answers questions with what the test gives, in a thread; ``questions`` are those that came."""

    def __init__(self, valkey: Valkey, *answers: dict[str, Any]) -> None:
        self.questions: list[dict[str, Any]] = []
        self._answers = list(answers)
        self._redis: Redis = connect(valkey.url)
        self._channel: Any = self._redis.pubsub(ignore_subscribe_messages=True)
        self._channel.subscribe(QUESTIONS)
        while self._channel.get_message(timeout=1) is None and not self._channel.subscribed:
            pass
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self._answers:
            message = self._channel.get_message(timeout=0.1)
            if message is None:
                continue
            question = json.loads(message["data"])
            self.questions.append(question)
            answer = self._answers.pop(0)
            if answer.pop("decided", False):
                self._redis.set(decision_key(question["id"]), "controller", nx=True)
            time.sleep(answer.pop("after", 0.0))
            with contextlib.suppress(RedisError):
                self._redis.rpush(answer_key(question["id"]), json.dumps({"language": "en", **answer}))


def ask(*say: str, most: int = 20) -> dict[str, Any]:
    return {"then": "ask", "say": say, "least": 1, "most": most, "wait_s": 8.0}


def end(*say: str, ok: bool = True) -> dict[str, Any]:
    return {"then": "end", "say": say, "ok": ok}


def voice(folder: Path, *names: str, language: str = "en") -> dict[str, str]:
    for name in names:
        file = folder / language / "8000" / f"{name}.wav"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    return {"prompts_dir": str(folder), "prompts_language": "ja"}


def test_the_controller_leads_and_the_script_is_keypad_and_loudspeaker(valkey: Valkey, tmp_path: Path) -> None:
    prompts = voice(tmp_path / "v", "dial_id", "dial_password", "signed_in")
    controller = Controller(valkey, ask("dial_id"), ask("dial_password"), end("signed_in"))
    heard = call(valkey.url, "1234", "987654", **prompts)
    assert [(q["step"], q["keys"]) for q in controller.questions] == [(0, ""), (1, "1234"), (2, "987654")]
    first = {name: controller.questions[0][name] for name in ("way", "leg", "user", "domain", "number")}
    assert first == {"way": "inside", "leg": "leg-1", "user": "1001", "domain": "default", "number": "0010"}
    assert [a[5] for a in heard["asked"]] == [
        f"file_string://{tmp_path}/v/en/8000/{name}.wav" for name in ("dial_id", "dial_password")
    ]
    assert heard["said"] == [f"{tmp_path}/v/en/8000/signed_in.wav"]
    assert heard["loaded"] == []


def test_keys_are_given_no_variable_and_no_pattern_to_be_logged_with(valkey: Valkey) -> None:
    Controller(valkey, ask("dial_password"), end("signed_in"))
    (asked,) = call(valkey.url, "987654")["asked"]
    assert asked[6:9] == ["", "", ""]


def test_missing_prompts_become_tones_and_the_dialogue_goes_on(valkey: Valkey, tmp_path: Path) -> None:
    prompts = voice(tmp_path / "v", "status_away")
    Controller(valkey, ask("status_menu", "status_away", "key_4", "status_own", "key_5"), end("wrong", ok=False))
    heard = call(valkey.url, "4", **prompts)
    assert heard["asked"][0][5] == (f"file_string://tone_stream://%(200,0,620)!{tmp_path}/v/en/8000/status_away.wav")
    assert heard["said"] == ["tone_stream://%(250,60,480);%(400,0,330)"]


def test_a_name_that_is_no_prompts_is_never_a_path(valkey: Valkey, tmp_path: Path) -> None:
    prompts = voice(tmp_path / "v", "signed_in")
    Controller(valkey, end("../../x", ok=True))
    assert call(valkey.url, **prompts)["said"] == ["tone_stream://%(120,40,660);%(200,0,880)"]


def test_listening_leaves_the_leg_to_the_controller(valkey: Valkey) -> None:
    Controller(valkey, {"then": "listen", "say": [], "ok": True})
    assert call(valkey.url)["said"] == []


def unavailable(tmp_path: Path) -> dict[str, str]:
    return voice(tmp_path / "v", "unavailable", "unconfirmed", language="ja")


def last_word(heard: dict[str, Any]) -> str:
    return Path(heard["said"][-1]).stem


def test_no_controller_is_told_at_once(valkey: Valkey, tmp_path: Path) -> None:
    heard = call(valkey.url, **unavailable(tmp_path))
    assert (last_word(heard), heard["took"] < IN_TIME_S) == ("unavailable", True)


@pytest.mark.parametrize("address", ["", "unix:///nowhere/redis.sock", "redis://127.0.0.1:1", "nonsense"])
def test_no_redis_is_told_within_two_seconds(tmp_path: Path, address: str) -> None:
    heard = call(address, **unavailable(tmp_path))
    assert (last_word(heard), heard["took"] < IN_TIME_S) == ("unavailable", True)


def test_a_redis_that_hangs_is_told_within_two_seconds(valkey: Valkey, tmp_path: Path) -> None:
    valkey.freeze()
    heard = call(valkey.url, **unavailable(tmp_path))
    valkey.thaw()
    assert (last_word(heard), heard["took"] < IN_TIME_S) == ("unavailable", True)


def test_a_controller_that_is_silent_may_not_decide_any_more(valkey: Valkey, tmp_path: Path) -> None:
    controller = Controller(valkey, {**end("signed_in"), "after": 9.0})
    heard = call(valkey.url, **unavailable(tmp_path))
    assert (last_word(heard), 1.4 < heard["took"] < IN_TIME_S) == ("unavailable", True)
    (question,) = controller.questions
    with valkey.client() as client:
        assert client.get(decision_key(question["id"])) == b"given up"
    assert question["deadline"] < time.time()


def test_a_controller_that_decided_in_time_is_waited_for(valkey: Valkey, tmp_path: Path) -> None:
    prompts = voice(tmp_path / "v", "signed_in")
    Controller(valkey, {**end("signed_in"), "decided": True, "after": 1.7})
    assert last_word(call(valkey.url, answer_s=10.0, **prompts)) == "signed_in"


def test_a_decision_without_an_answer_is_not_called_nothing(valkey: Valkey, tmp_path: Path) -> None:
    Controller(valkey, {**end("signed_in"), "decided": True, "after": 9.0})
    heard = call(valkey.url, **unavailable(tmp_path))
    assert (last_word(heard), heard["took"] < IN_TIME_S) == ("unconfirmed", True)


def test_an_answer_lost_with_redis_is_not_called_nothing(valkey: Valkey, tmp_path: Path) -> None:
    controller = Controller(valkey, {**end("signed_in"), "after": 9.0})

    def kill() -> None:
        while not controller.questions:
            time.sleep(0.01)
        valkey.kill()

    threading.Thread(target=kill, daemon=True).start()
    assert last_word(call(valkey.url, **unavailable(tmp_path))) == "unconfirmed"
