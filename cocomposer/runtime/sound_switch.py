"""The built-in sound, on or off: what sounds goes there too while it is on, also what the player's own hands play.

Knows that there is a sound and whether it works, not how it is made.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from cocomposer.jam.settings import Settings, TriggerKind
from cocomposer.music.message import CONTROL_CHANGE, NOTE_ON, PROGRAM_CHANGE, SYSEX, kind_of
from cocomposer.runtime.news import SoundChanged
from cocomposer.runtime.playback_loop import PlaybackLoop


class Sound(Protocol):
    """`runtime.sound_link.SoundLink`, or what stands for it."""

    def send(self, data: bytes) -> None: ...
    def set_volume(self, volume: float) -> None: ...
    def stop(self) -> None: ...


MakeSound = Callable[[float, Callable[[str], None]], Sound]
"""Called with the volume (0–1) and what to call, from any thread, with one sentence if it fails. Returns at once."""


def built_in_sound(volume: float, on_failure: Callable[[str], None]) -> Sound:
    """The real one."""
    from cocomposer.runtime.sound_link import SoundLink

    return SoundLink(volume, on_failure)


@dataclass(frozen=True, slots=True)
class SoundFailed:
    """This sound is no more."""

    life: int
    sentence: str


_PLAYED: Final = range(0x80, SYSEX)


class SoundSwitch:
    """Called in the jam loop's thread only."""

    def __init__(
        self, playback: PlaybackLoop, enqueue: Callable[[SoundFailed], None], make: MakeSound, volume: float
    ) -> None:
        self._playback, self._enqueue, self._make = playback, enqueue, make
        self._volume = volume
        self._sound: Sound | None = None
        self._life = 0
        self._ending: list[threading.Thread] = []

    def set(self, on: bool, volume: float) -> SoundChanged:
        """Switch it on or off, and set its volume (0–1); what to tell."""
        self._volume = min(1.0, max(0.0, volume))
        if not on:
            self._let_go()
        elif self._sound is not None:
            self._sound.set_volume(self._volume)
        else:
            self._life += 1
            life = self._life
            self._sound = self._make(self._volume, lambda sentence: self._enqueue(SoundFailed(life, sentence)))
            self._playback.tap(self._sound.send)
        return SoundChanged(on, self._volume)

    def failed(self, failure: SoundFailed) -> SoundChanged | None:
        """It does not work; what to tell, None if that sound was given up already."""
        if self._sound is None or failure.life != self._life:
            return None
        self._let_go()
        return SoundChanged(False, self._volume, failure.sentence)

    def hear(self, data: bytes, settings: Settings, struck: bool) -> None:
        """A message of the player's: sounded, unless it is passed on (and so sounded) anyway or works something.

        `struck`: the jam took it for a key that was struck, not for an echo or a command.
        """
        kind = kind_of(data)
        if self._sound is None or settings.thru or kind not in _PLAYED or kind == PROGRAM_CHANGE:
            return
        if kind == NOTE_ON and not struck:
            return
        if kind == CONTROL_CHANGE and any(
            trigger.kind is TriggerKind.CONTROL and trigger.number == data[1] for trigger in settings.bindings.values()
        ):
            return
        self._sound.send(data)

    def stop(self) -> None:
        """No sound any more, and nothing of it left."""
        self._let_go()
        for thread in self._ending:
            thread.join()

    def _let_go(self) -> None:
        sound, self._sound = self._sound, None
        if sound is not None:
            self._playback.tap(None)
            # It fades, and its process is waited for: not in the jam's loop.
            self._ending = [thread for thread in self._ending if thread.is_alive()]
            thread = threading.Thread(target=sound.stop, name="sound ends", daemon=True)
            thread.start()
            self._ending.append(thread)
