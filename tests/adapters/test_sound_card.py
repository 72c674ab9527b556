"""The sound card's adapter against miniaudio's own null system, and where there is no card at all."""

import threading

import numpy as np
import pytest
from numpy.typing import NDArray

from cocomposer.adapters.sound_card import PERIOD_MS, SAMPLE_RATE, NoSoundDevice, SoundCard

PATIENCE = 10.0


class Source:
    """Renders silence and remembers what was asked for; `fails_at` is the request that raises."""

    def __init__(self, enough: int, fails_at: int | None = None) -> None:
        self.asked: list[int] = []
        self.threads: set[int] = set()
        self.done = threading.Event()
        self._enough, self._fails_at = enough, fails_at

    def __call__(self, frames: int) -> NDArray[np.float32]:
        self.asked.append(frames)
        self.threads.add(threading.get_ident())
        if len(self.asked) >= self._enough:
            self.done.set()
        if len(self.asked) == self._fails_at:
            raise ValueError("made for the test")
        return np.zeros((frames, 2), np.float32)


def test_it_asks_again_and_again_in_small_blocks_until_it_is_closed() -> None:
    source = Source(enough=20)
    card = SoundCard(source, ("null",))
    assert source.done.wait(PATIENCE)
    card.close()
    asked = len(source.asked)
    assert card.system == "null" and not card.failed
    assert threading.get_ident() not in source.threads
    assert max(source.asked) <= 2 * PERIOD_MS * SAMPLE_RATE / 1000
    card.close()
    assert len(source.asked) == asked


def test_the_first_system_that_opens_is_taken_and_another_one_is_not_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "nobody-runs-this")
    monkeypatch.setenv("JACK_NO_START_SERVER", "1")
    card = SoundCard(Source(enough=1), ("JACK", "null"))
    card.close()
    assert card.system == "null"


def test_no_device_is_one_sentence_and_no_page_of_the_library(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "nobody-runs-this")
    monkeypatch.setenv("JACK_NO_START_SERVER", "1")
    with pytest.raises(NoSoundDevice, match=r"^No sound device was found; [^.]*\.$"):
        SoundCard(Source(enough=1), ("JACK",))
    assert capfd.readouterr().err == ""


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # how a callback of C tells of it
def test_a_source_that_raises_is_seen_and_asked_no_more() -> None:
    source = Source(enough=3, fails_at=3)
    card = SoundCard(source, ("null",))
    assert source.done.wait(PATIENCE)
    card.close()
    assert card.failed and len(source.asked) == 3
