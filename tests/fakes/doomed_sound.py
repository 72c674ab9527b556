"""An engine's end of the built-in sound, made to be killed: prints the sound's process once it plays, to nobody.

python -m tests.fakes.doomed_sound
"""

import threading

from cocomposer.music.message import note_on
from cocomposer.runtime.sound_link import SoundLink


def main() -> None:
    """Start, play a note that is never let go, say who plays it, and wait to be killed."""
    playing = threading.Event()
    link = SoundLink(0.5, print, lambda _system: playing.set(), systems=("null",))
    playing.wait()
    link.send(note_on(0, 60, 80))
    print(link.pid, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
