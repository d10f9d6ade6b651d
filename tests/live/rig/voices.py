"""Voices: which phone speaks at which pitch, and who can be heard in what arrived. Pure, no sockets.

Sound is G.711 µ-law at 8 kHz throughout, as it is on the wire. The pitches were searched for so that neither harmonics nor
third-order products of any two of them come within 14 Hz of a third: a mixture that is clipped or requantised on its way
does not make a voice out of nothing.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

RATE = 8000
AMPLITUDE = 4000
"""Of 32767: six voices at once do not clip."""
MUSIC_PITCH = 620
FLOOR_DB = -40.0
"""Below this, relative to the voice as it was spoken, somebody is not heard."""
_EXTENSION_PITCHES = {
    "1001": 1111, "1002": 1281, "1003": 1409, "1004": 1557, "1005": 1667,
    "9001": 1756, "9002": 1875, "9003": 2033,
}  # fmt: skip
OUTSIDE_PITCHES = (403, 500, 717, 854, 2119, 2276, 2379, 2539, 2748, 2851, 2975, 3061, 3180, 3285)

SILENCE = b"\xff"
"""The µ-law byte for zero."""


def extension_pitch(extension: str) -> int:
    """Pitch (Hz) of an extension's phone."""
    return _EXTENSION_PITCHES[extension]


@functools.cache
def ulaw_table() -> NDArray[np.float64]:
    """Amplitude of each of the 256 µ-law bytes (ITU-T G.711)."""
    code = ~np.arange(256, dtype=np.uint8) & 0xFF
    exponent = (code >> 4) & 7
    mantissa = (code & 0x0F).astype(np.int32)
    magnitude = ((mantissa * 2 + 33) << exponent) - 33
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.float64) * 4


def encode(samples: NDArray[np.float64]) -> bytes:
    """µ-law bytes nearest to ``samples`` (-32768..32767)."""
    table = ulaw_table()
    order = np.argsort(table, kind="stable")
    ladder = table[order]
    index = np.clip(np.searchsorted(ladder, samples), 1, 255)
    nearer_below = samples - ladder[index - 1] < ladder[index] - samples
    return bytes(order[np.where(nearer_below, index - 1, index)].astype(np.uint8))


@functools.cache
def voice(pitch: int) -> bytes:
    """One second of a voice; whole cycles, so it can be repeated without a click."""
    time = np.arange(RATE) / RATE
    return encode(AMPLITUDE * np.sin(2 * np.pi * pitch * time))


def levels(heard: bytes, pitches: dict[str, int], window: int = 1600) -> dict[str, list[float]]:
    """Level of each voice in ``heard`` (µ-law), in dB relative to the voice as spoken, one value per half window.

    ``window`` samples (200 ms) with a Hann shape; a bank of DFT bins at the exact pitches (what Goertzel's filter computes).
    Fewer samples than a window are filled up with silence.
    """
    samples = ulaw_table()[np.frombuffer(heard, dtype=np.uint8)]
    if len(samples) < window:
        samples = np.pad(samples, (0, window - len(samples)))
    names = list(pitches)
    bank = _bank(tuple(pitches.values()), window)
    starts = range(0, len(samples) - window + 1, window // 2)
    rows = np.array([np.abs(bank @ samples[start : start + window]) for start in starts])
    decibels = 20 * np.log10(np.maximum(rows / AMPLITUDE, 1e-6))
    return {name: [round(float(v), 1) for v in decibels[:, i]] for i, name in enumerate(names)}


@functools.lru_cache(maxsize=32)
def _bank(pitches: tuple[int, ...], window: int) -> NDArray[np.complex128]:
    shape = np.hanning(window)
    time = np.arange(window) / RATE
    # Scaled so that a sine of amplitude A gives A.
    bank: NDArray[np.complex128] = np.exp(-2j * np.pi * np.outer(np.array(pitches), time)) * shape * (2 / shape.sum())
    return bank


def audible(heard: bytes, pitches: dict[str, int]) -> set[str]:
    """Who is heard: the median over the windows is above the floor, so a lost packet or a click decides nothing."""
    return {name for name, values in levels(heard, pitches).items() if float(np.median(values)) > FLOOR_DB}
