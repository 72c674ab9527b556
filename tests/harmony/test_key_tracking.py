"""Keys as they go along: cadences, modulations, steadiness, and the same for whole pieces."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from cocomposer.bench.key_figures import BARS, modulation, tracked
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.evidence import evidence_of
from cocomposer.harmony.key import Key, Mode, key_named
from cocomposer.harmony.key_finding import KEYS
from cocomposer.harmony.key_tracking import KeyTracker, beliefs, confidences, keys_of, likeliest_path
from cocomposer.harmony.metre import Metre
from cocomposer.harmony.names.symbols import read_symbol
from cocomposer.music.note import Note
from tests.harmony.music import BEAT, phrase

BEATS = BARS * 4
WEIGHTS = arrays.arrays(np.float64, st.tuples(st.integers(1, 30), st.just(12)), elements=st.floats(0, 0.2))


@pytest.mark.parametrize("second", ["D major", "F major", "Eb major", "F# major", "E minor", "C# minor"])
def test_a_modulation_is_heard_within_its_eight_bars(second: str) -> None:
    """From C major: the first key stays to the border, the second is shown behind it, perhaps by way of another."""
    notes = modulation(Key(0), key_named(second))
    weights = evidence_of(notes, range(0, 2 * BEATS * BEAT + 1, BEAT)).weights
    shown = [key for key, _ in tracked(weights)]
    assert set(shown[8:BEATS]) == {Key(0)} and shown[-1] == key_named(second)
    assert sum(one != other for one, other in pairwise(shown[8:])) <= 2


def test_a_key_that_has_become_all_but_impossible_is_not_shown_on_for_want_of_a_sure_one() -> None:
    """B flat major was named on two chords; A7 and D minor leave it nothing, though D minor is not sure yet."""
    tracker = KeyTracker()
    for symbol in ("Dm", "Dm", "Bb", "Bb", "C", "C", "A7", "A7"):
        chord = read_symbol(symbol)
        assert isinstance(chord, Chord)
        weights = np.zeros(12)
        weights[list(chord.pitch_classes)] = 0.5
        tracker.hear(weights)
    assert tracker.belief.max() < 0.7
    assert tracker.found is not None
    assert tracker.found.key.name == "D minor"


@pytest.mark.parametrize("tonic", range(12))
def test_a_whole_piece_has_both_keys(tonic: int) -> None:
    """Offline the border is found to within two bars, in every key."""
    first, second = Key(tonic), Key((tonic + 3) % 12, Mode.MINOR)
    spans = keys_of(modulation(first, second))
    assert [span.key for span in spans] == [first, second]
    assert abs(spans[0].end_tick - BEATS * BEAT) <= 8 * BEAT
    assert all(one.end_tick == other.tick for one, other in pairwise(spans))
    assert all(0.5 < span.confidence <= 1 for span in spans)


@pytest.mark.parametrize(("name", "key"), [("hymn", "C major"), ("quartet", "Bb major"), ("reel", "D major")])
def test_real_phrases_have_their_key_throughout(name: str, key: str) -> None:
    """Most of the time the key is the one that is printed."""
    notes, beats = phrase(name)
    spans = keys_of(notes, Metre(beats))
    within = sum(span.end_tick - span.tick for span in spans if span.key == key_named(key))
    assert within >= 0.6 * (spans[-1].end_tick - spans[0].tick)


def test_too_little_has_no_key() -> None:
    """Nothing, silence, one tone, drums."""
    tracker = KeyTracker()
    for _ in range(20):
        tracker.hear(np.zeros(12))
        assert tracker.found is None
    for _ in range(20):
        tracker.hear(np.eye(12)[0])
    assert tracker.found is None
    drums = [Note(note.onset_tick, note.pitch, 12, 80, 9) for note in modulation(Key(0), Key(2))]
    assert keys_of([]) == keys_of(drums) == keys_of(modulation(Key(0), Key(2))[:3]) == ()


@given(WEIGHTS, st.integers(1, 11))
def test_transposed_beats_have_transposed_beliefs(weights: np.ndarray, semitones: int) -> None:
    """Beliefs are probabilities and move with the notes; the path has one key a beat."""
    found, moved = beliefs(weights), beliefs(np.roll(weights, semitones, axis=1))
    assert np.allclose(found.sum(axis=1), 1) and np.allclose(confidences(found).sum(axis=1), 1)
    numbers = [KEYS.index(key.transposed(semitones)) for key in KEYS]
    assert np.allclose(moved[:, numbers], found, atol=1e-6)
    assert len(likeliest_path(weights)) == len(weights)


@given(WEIGHTS)
def test_the_last_belief_is_the_same_live_and_offline(weights: np.ndarray) -> None:
    """Forwards and backwards is forwards on the last beat."""
    tracker = KeyTracker()
    heard = weights[weights.any(axis=1)]
    for row in heard:
        tracker.hear(row)
    if len(heard):
        assert np.allclose(tracker.belief, beliefs(heard)[-1], atol=1e-9)
