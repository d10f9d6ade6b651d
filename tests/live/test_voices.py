"""The ears of the rig: from a mixture as it is on the wire, exactly the voices in it."""

from __future__ import annotations

import random

import numpy as np
import pytest

from tests.live.rig.voices import (
    MUSIC_PITCH,
    OUTSIDE_PITCHES,
    audible,
    encode,
    extension_pitch,
    levels,
    ulaw_table,
    voice,
)

PITCHES = (
    {name: extension_pitch(name) for name in ("1001", "1002", "1003", "1004", "1005", "9001", "9002", "9003")}
    | {f"0{pitch}": pitch for pitch in OUTSIDE_PITCHES}
    | {"music": MUSIC_PITCH}
)


def _mixture(names: list[str], slip: int = 0) -> bytes:
    """600 ms of several voices, encoded once more after mixing, with ``slip`` samples lost on the way."""
    table = ulaw_table()
    mixed = np.sum([table[np.frombuffer(voice(PITCHES[name])[: 4800 + slip], np.uint8)] for name in names], axis=0)
    return encode(np.concatenate([mixed[:2000], mixed[2000 + slip :]]))


@pytest.mark.parametrize("seed", range(40))
def test_ears_when_voices_mix_then_exactly_those_are_heard(seed: int) -> None:
    chance = random.Random(seed)
    names = chance.sample(list(PITCHES), chance.randint(1, 5))
    assert audible(_mixture(names, slip=chance.choice([0, 40, 160])), PITCHES) == set(names)


def test_ears_when_nothing_arrives_then_nobody_is_heard() -> None:
    assert audible(b"", PITCHES) == set()


def test_levels_when_a_voice_arrives_as_spoken_then_zero_decibels() -> None:
    heard = levels(voice(PITCHES["1001"])[:3200], PITCHES)
    assert heard["1001"] == pytest.approx([0.0] * 3, abs=0.2)
    assert max(heard["9001"]) < -45


def test_encoding_when_decoded_again_then_nearest_value() -> None:
    table = ulaw_table()
    samples = np.arange(-32_000, 32_000, 37, dtype=float)
    decoded = table[np.frombuffer(encode(samples), np.uint8)]
    nearest = np.min(np.abs(samples[:, None] - table[None, :]), axis=1)
    assert np.allclose(np.abs(decoded - samples), nearest)
    assert ulaw_table()[0xFF] == 0
