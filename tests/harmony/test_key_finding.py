"""Keys found in music: scales and cadences in all keys, real phrases, unclear music, and signatures of the corpus."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.bench.keys import measure
from cocomposer.harmony.key import Key, key_named
from cocomposer.harmony.key_finding import KEYS, PROFILE, find_key
from cocomposer.music.note import Note
from tests.harmony.music import corpus_folder, phrase

CADENCE = {
    "major": [(0, 4, 7), (5, 9, 12), (7, 11, 14), (0, 4, 7)],
    "minor": [(0, 3, 7), (5, 8, 12), (7, 11, 14), (0, 3, 7)],
}


def cadence(key: Key, velocity: int = 80) -> list[Note]:
    """I IV V I, one chord a beat."""
    return [
        Note(48 * beat, 48 + key.tonic + step, 48, velocity)
        for beat, chord in enumerate(CADENCE[key.mode])
        for step in chord
    ]


@pytest.mark.parametrize("key", KEYS)
def test_cadences_in_every_key(key: Key) -> None:
    """The key of its cadence is found, with some confidence, and alternatives that are less likely."""
    found = find_key(cadence(key))
    assert found is not None and found.key == key
    assert 0.4 <= found.confidence <= 1
    shares = [found.confidence, *(share for _, share in found.others)]
    assert shares == sorted(shares, reverse=True) and sum(shares) <= 1 + 1e-9


def test_unclear_music_has_no_key() -> None:
    """Few notes, few pitch classes, all twelve alike, or only drums."""
    chromatic = [Note(12 * step, 60 + step, 12, 80) for step in range(24)]
    drums = [Note(note.onset_tick, note.pitch, 12, 80, 9) for note in cadence(Key(0))]
    assert find_key([]) is None
    assert find_key(cadence(Key(0))[:4]) is None
    assert find_key([Note(48 * beat, 60 + 7 * (beat % 2), 48, 80) for beat in range(20)]) is None
    assert find_key(chromatic) is None
    assert find_key(drums) is None


def test_drums_are_not_heard() -> None:
    """A drum kit does not change the key."""
    drums = [Note(12 * step, 37, 12, 127, 9) for step in range(64)]
    assert find_key(cadence(Key(2)) + drums) == find_key(cadence(Key(2)))


NOTES = st.lists(
    st.builds(Note, st.integers(0, 800), st.integers(24, 96), st.integers(1, 200), st.integers(1, 127)), max_size=40
)


@given(NOTES, st.integers(0, 11), st.integers(-2, 2))
def test_transposed_music_has_the_transposed_key(notes: list[Note], semitones: int, octaves: int) -> None:
    """A semitone higher: the key a semitone higher, as confident. Octaves change nothing."""
    found = find_key(notes)
    moved = [
        Note(note.onset_tick, note.pitch + semitones + 12 * octaves, note.duration_ticks, note.velocity)
        for note in notes
    ]
    again = find_key(moved)
    assert (found is None) == (again is None)
    if found is not None and again is not None and found.confidence - found.others[0][1] > 1e-6:
        assert again.key == found.key.transposed(semitones)
        assert again.confidence == pytest.approx(found.confidence)


@given(NOTES, st.integers(1, 127))
def test_equal_dynamics_do_not_matter(notes: list[Note], velocity: int) -> None:
    """Soft or loud, as long as all notes are."""
    soft = find_key([Note(note.onset_tick, note.pitch, note.duration_ticks, 1) for note in notes])
    loud = find_key([Note(note.onset_tick, note.pitch, note.duration_ticks, velocity) for note in notes])
    assert (soft is None) == (loud is None)
    assert soft is None or loud is None or soft.confidence == pytest.approx(loud.confidence)


@pytest.mark.parametrize(("name", "key"), [("hymn", "C major"), ("quartet", "Bb major"), ("reel", "D major")])
def test_real_phrases(name: str, key: str) -> None:
    """The signature printed in the score."""
    found = find_key(phrase(name)[0])
    assert found is not None and found.key == key_named(key) and found.confidence > 0.8


@pytest.mark.skipif(corpus_folder() is None, reason="the corpus is not here")
def test_signatures_of_the_corpus() -> None:
    """First 8 bars of the test split: the right signature, more often than with Krumhansl's profile."""
    corpus: Path | None = corpus_folder()
    assert corpus is not None
    shares = measure(corpus, "test")
    assert shares[PROFILE]["first_bars"] >= 0.88 > 0.82 > shares["Krumhansl-Kessler"]["first_bars"]
    assert shares[PROFILE]["whole"] >= 0.92
