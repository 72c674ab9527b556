"""The machine's sound card, through miniaudio: asks a function for sound, again and again, until it is closed.

miniaudio carries its own C library and finds WASAPI, Core Audio, PulseAudio (and so PipeWire), ALSA and JACK by itself.
Knows nothing of what is played. The card's thread runs Python, so no process that must be on time may open one.
"""

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from typing import Final

import miniaudio
import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE: Final = 48_000
"""Frames a second that are asked for; miniaudio converts where the card wants another rate."""
PERIOD_MS: Final = 8
_PERIODS: Final = 2
_CLOSE_SECONDS: Final = 1.0

Render = Callable[[int], NDArray[np.float32]]
"""So many frames, shape (frames, 2), each sample between −1 and 1; called in the card's thread."""

# In the order in which they are tried. JACK is last: where PulseAudio or ALSA answer, a Python program has no business
# in the graph of a studio. "null" is never chosen by itself: it plays to nobody.
SYSTEMS: Final = {
    "WASAPI": miniaudio.Backend.WASAPI,
    "DirectSound": miniaudio.Backend.DSOUND,
    "WinMM": miniaudio.Backend.WINMM,
    "Core Audio": miniaudio.Backend.COREAUDIO,
    "PulseAudio": miniaudio.Backend.PULSEAUDIO,
    "ALSA": miniaudio.Backend.ALSA,
    "JACK": miniaudio.Backend.JACK,
    "null": miniaudio.Backend.NULL,
}
USUAL: Final = tuple(name for name in SYSTEMS if name != "null")


class NoSoundDevice(OSError):
    """No sound can be played here; the text is one sentence for the player."""


class SoundCard:
    """The default output of the first sound system that works, playing until `close`."""

    def __init__(self, render: Render, systems: tuple[str, ...] = USUAL) -> None:
        """NoSoundDevice if there is none. `systems` are names in SYSTEMS."""
        self._render = render
        self._failed = False
        self.system, self._device = _first_that_opens(systems)
        sound = self._sound()
        next(sound)
        try:
            with _quiet():
                self._device.start(sound)
        except miniaudio.MiniaudioError as error:
            self.close()
            raise NoSoundDevice(
                f"The sound device does not start ({self.system}); close programs that use it alone, then try again."
            ) from error

    @property
    def failed(self) -> bool:
        """`render` raised; the card plays silence since."""
        return self._failed

    def close(self) -> None:
        """Stop and give the card back; a sound server that does not answer is not waited for."""
        closing = threading.Thread(target=self._device.close, name="sound-card-closing", daemon=True)
        closing.start()
        closing.join(_CLOSE_SECONDS)

    def _sound(self) -> Generator[NDArray[np.float32] | bytes, int, None]:
        frames = yield b""
        _at_ordinary_priority()
        while True:
            try:
                sound = self._render(frames)
            except Exception:
                self._failed = True
                raise  # miniaudio ends the generator, and plays silence from then on
            frames = yield np.ascontiguousarray(sound)


def _first_that_opens(systems: tuple[str, ...]) -> tuple[str, miniaudio.PlaybackDevice]:
    """One by one: miniaudio itself stays with the first system whose library is installed, device or not."""
    for name in systems:
        with contextlib.suppress(miniaudio.MiniaudioError), _quiet():
            return name, miniaudio.PlaybackDevice(
                output_format=miniaudio.SampleFormat.FLOAT32,
                nchannels=2,
                sample_rate=SAMPLE_RATE,
                buffersize_msec=PERIOD_MS,
                callback_periods=_PERIODS,
                backends=[SYSTEMS[name]],
                app_name="cocomposer sound",
            )
    raise NoSoundDevice(
        "No sound device was found; connect speakers or headphones and switch the sound on again, or use your DAW."
    )


def _at_ordinary_priority() -> None:
    """JACK calls from a real-time thread; Python must not keep those waiting that need one."""
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """ALSA and JACK write a page to standard error when there is no card, which is an everyday thing."""
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
