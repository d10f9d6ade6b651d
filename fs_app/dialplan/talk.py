"""A call of a dial code: says what the controller wants said, asks for the keys that it wants pressed. Decides nothing.

A prompt whose file is missing becomes a tone, so that the dialogue works without any voice: one for a question, two rising
ones for «done», two falling ones for «refused».
"""

from __future__ import annotations

import os
import re
from typing import Any

from fs_app.dialplan.line import Line, NothingChanged, OutcomeUnknown

ASKED = "tone_stream://%(200,0,620)"
DONE = "tone_stream://%(120,40,660);%(200,0,880)"
REFUSED = "tone_stream://%(250,60,480);%(400,0,330)"
KEY_S = 4.0
"""After a key (s): what was typed so far is taken."""
_NAME = re.compile(r"[a-z0-9_]{1,60}")


class Voice:
    """What the caller hears. Files are those that scripts/voices makes: ``<prompts_dir>/<language>/8000/<name>.wav``."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._folder = session.getVariable("prompts_dir") or ""
        self.language = session.getVariable("prompts_language") or "ja"

    def say(self, names: list[str], tone: str) -> None:
        """Say it to the end."""
        for sound in self._sounds(names, tone):
            self._session.streamFile(sound)

    def ask(self, names: list[str], least: int, most: int, wait_s: float) -> str:
        """Say it until a key is pressed; the keys up to # or to ``most`` of them, empty when none came in time.

        No variable and no pattern are given, with ``sensitive_dtmf`` set: so the keys are in no variable, event or log
        (switch_ivr_play_say.c:2678, switch_channel.c:527, switch_rtp.c:7942).
        """
        sound = "file_string://" + "!".join(self._sounds(names, ASKED))
        keys = self._session.playAndGetDigits(
            least, most, 1, int(wait_s * 1000), "#", sound, "", "", "", int(KEY_S * 1000), ""
        )
        return str(keys or "")

    def _sounds(self, names: list[str], tone: str) -> list[str]:
        sounds: list[str] = []
        for name in names:
            file = os.path.join(self._folder, self.language, "8000", f"{name}.wav")
            sound = file if _NAME.fullmatch(name) and os.path.exists(file) else tone
            if sound != tone or sound not in sounds:
                sounds.append(sound)
        return sounds or [tone]


def converse(session: Any, way: str) -> None:
    """From the first question to the last word. ``way``: ``inside`` or ``outside``."""
    voice = Voice(session)
    try:
        line = Line(session.getVariable("sasayaki_redis_url") or os.environ.get("SASAYAKI_REDIS_URL", ""))
        try:
            _talk(session, voice, line, _caller(session, way))
        finally:
            line.close()
    except NothingChanged:
        voice.say(["unavailable"], REFUSED)
    except OutcomeUnknown:
        voice.say(["unconfirmed"], REFUSED)


def _caller(session: Any, way: str) -> dict[str, Any]:
    """Who calls: inside the user that the switch has authenticated; what a phone says of itself is for the record only."""
    names = {"leg": "uuid", "user": "user_name", "domain": "domain_name"}
    names |= {"number": "destination_number", "caller": "caller_id_number"}
    return {"way": way, **{name: str(session.getVariable(variable) or "") for name, variable in names.items()}}


def _talk(session: Any, voice: Voice, line: Line, caller: dict[str, Any]) -> None:
    step, keys = 0, ""
    while session.ready():
        answer = line.ask({**caller, "step": step, "keys": keys})
        voice.language = answer["language"] or voice.language
        if answer["then"] == "end":
            voice.say(answer["say"], DONE if answer["ok"] else REFUSED)
        if answer["then"] != "ask":
            return
        step, keys = step + 1, ""
        if answer["most"]:
            keys = voice.ask(answer["say"], answer["least"], answer["most"], answer["wait_s"])
        else:
            voice.say(answer["say"], DONE)
