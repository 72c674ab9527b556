"""The process of the built-in sound: opens the sound card, reads messages, renders. Dies with its engine.

A process of its own, because a sound card's thread wants the interpreter every few milliseconds, and playback must not
wait for it. It runs at ordinary priority: a click is less bad than a late note. Killing it costs only its sound.
"""

import gc
import queue
import signal
import time
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Final

import msgspec

from cocomposer.music.message import SYSTEM_RESET

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cocomposer.adapters.sound_card import SoundCard

_LOOK_SECONDS: Final = 0.5
_SILENT_CARD_SECONDS: Final = 3.0
"""A card that has not asked for sound for so long is gone: unplugged, or its sound server has ended."""
_FADE_SECONDS: Final = 0.1
_NOT_HERE: Final = "The built-in sound is not there for this kind of machine; play the answers through your DAW."


class Played(msgspec.Struct, frozen=True, tag=True):
    """A message and when it was sent, in seconds of `time.perf_counter`, which all processes share."""

    at_seconds: float
    data: bytes


class Volume(msgspec.Struct, frozen=True, tag=True):
    """How loud, 0–1."""

    volume: float


class End(msgspec.Struct, frozen=True, tag=True):
    """Fade, and end."""


class SoundReady(msgspec.Struct, frozen=True, tag=True):
    """The card plays."""

    system: str


class SoundFailed(msgspec.Struct, frozen=True, tag=True):
    """There is no sound, and the process ends; one sentence."""

    sentence: str


ToSound = Played | Volume | End
FromSound = SoundReady | SoundFailed


class Instrument:
    """The synthesiser between the thread that reads messages and the thread of the sound card."""

    def __init__(self, sample_rate: int, volume: float) -> None:
        from cocomposer.sound.frame_clock import FrameClock
        from cocomposer.sound.synth import Synth

        self._synth = Synth(sample_rate, volume)
        self._clock = FrameClock(sample_rate)
        self._waiting: queue.SimpleQueue[Played | Volume] = queue.SimpleQueue()
        self.asked_at = time.perf_counter()
        """When the card last asked for sound."""

    def take(self, message: Played | Volume) -> None:
        """Any thread: to be heard with the next block."""
        self._waiting.put(message)

    def end(self) -> None:
        """Any thread: end all that sounds, at once and without a click."""
        self._waiting.put(Played(0.0, bytes((SYSTEM_RESET,))))

    def render(self, frames: int) -> "NDArray[np.float32]":
        """The card's thread only."""
        self.asked_at = time.perf_counter()
        self._clock.asked(self._synth.frame, frames, self.asked_at)
        while True:
            try:
                message = self._waiting.get_nowait()
            except queue.Empty:
                return self._synth.render(frames)
            if isinstance(message, Volume):
                self._synth.set_volume(message.volume)
            else:
                self._synth.feed(message.data, self._clock.frame_at(min(message.at_seconds, self.asked_at)))


def run(connection: Connection, volume: float, systems: tuple[str, ...] | None) -> None:
    """The process: open, report, then play until the engine hangs up. `systems` replaces the usual ones (for tests)."""
    # What a terminal sends to the whole group is for the engine to judge; this ends when the engine hangs up.
    for name in ("SIGINT", "SIGHUP", "SIGTSTP"):
        if hasattr(signal, name):  # Windows has not all of them
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    encoder = msgspec.msgpack.Encoder()
    try:
        from cocomposer.adapters.sound_card import SAMPLE_RATE, USUAL, NoSoundDevice, SoundCard
    except ImportError:
        connection.send_bytes(encoder.encode(SoundFailed(_NOT_HERE)))
        return
    instrument = Instrument(SAMPLE_RATE, volume)
    # All that was made so far stays; a collection that need not look at it takes well below a millisecond.
    gc.collect()
    gc.freeze()
    try:
        try:
            card = SoundCard(instrument.render, systems or USUAL)
        except NoSoundDevice as error:
            connection.send_bytes(encoder.encode(SoundFailed(str(error))))
            return
        connection.send_bytes(encoder.encode(SoundReady(card.system)))
        try:
            sentence = _play(connection, card, instrument)
            if sentence is not None:
                connection.send_bytes(encoder.encode(SoundFailed(sentence)))
        finally:
            card.close()
    except OSError:
        return


def _play(connection: Connection, card: "SoundCard", instrument: Instrument) -> str | None:
    """Hand messages on until the card fails: why, in a sentence. None if the engine wants an end or has gone."""
    decoder = msgspec.msgpack.Decoder(ToSound)
    while True:
        if connection.poll(_LOOK_SECONDS):
            try:
                message = decoder.decode(connection.recv_bytes())
            except EOFError:
                message = End()
            if isinstance(message, End):
                instrument.end()
                time.sleep(_FADE_SECONDS)
                return None
            instrument.take(message)
        if card.failed:
            return "The built-in sound has failed; switch it on again, and report this if it happens twice."
        if time.perf_counter() - instrument.asked_at > _SILENT_CARD_SECONDS:
            return "The sound device has gone away; connect it and switch the sound on again."
