"""A built-in sound that makes none: it writes down what it is given."""

from collections.abc import Callable


class WrittenSound:
    """Stands for `runtime.sound_link.SoundLink`."""

    def __init__(self, volume: float, on_failure: Callable[[str], None]) -> None:
        self.volumes = [volume]
        self.on_failure = on_failure
        self.heard: list[bytes] = []
        self.stopped = False

    def send(self, data: bytes) -> None:
        self.heard.append(data)

    def set_volume(self, volume: float) -> None:
        self.volumes.append(volume)

    def stop(self) -> None:
        self.stopped = True
