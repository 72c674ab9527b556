"""Finding the beat of phrases made on purpose, and not finding one where there is none."""

import random

import pytest

from cocomposer.music.note import PlayedNote
from cocomposer.sync.tempo_estimate import estimate

PATTERNS = {
    "quarters": [1.0, 1, 1, 1, 1, 1, 2],
    "eighths": [0.5],
    "mixed": [1, 0.5, 0.5, 1, 1, 0.5, 0.5, 0.5, 0.5, 2],
    "sixteenths and longer": [0.5, 0.25, 0.25, 0.5, 0.5, 1, 0.25, 0.25, 0.25, 0.25, 1],
    "dotted": [1.5, 0.5, 1, 1, 1.5, 0.5, 2],
    "sixteenths": [0.25],
    "triplets": [1 / 3, 1 / 3, 1 / 3, 1 / 3, 1 / 3, 1 / 3, 1, 1],
}


def phrase(chance: random.Random, bpm: float, pattern: list[float], count: int, jitter: float) -> list[PlayedNote]:
    """Beats a little louder and sometimes chords; the first note lies on a beat at 3 s."""
    beat = 0.0
    notes: list[PlayedNote] = []
    index = 0
    while len(notes) < count:
        on_beat = abs(beat - round(beat)) < 1e-6
        at_seconds = 3.0 + beat * 60 / bpm + chance.gauss(0, jitter)
        for voice in range(chance.choice([1, 1, 3]) if on_beat else 1):
            velocity = (80 if on_beat else 62) + chance.randint(-8, 8)
            notes.append(PlayedNote(at_seconds + 0.004 * voice, at_seconds + 0.2, 60 + 4 * voice, velocity))
        beat += pattern[index % len(pattern)]
        index += 1
    return sorted(notes, key=lambda note: note.onset_seconds)


@pytest.mark.parametrize("name", PATTERNS)
def test_steady_playing(name: str) -> None:
    chance = random.Random(name)
    exact = in_phase = other_level = 0
    for _ in range(40):
        bpm = chance.uniform(70, 160)
        found = estimate(phrase(chance, bpm, PATTERNS[name], 20, 0.012))
        assert found is not None
        ratio = found.bpm / bpm
        if abs(ratio - 1) < 0.02:
            exact += 1
            beats = (found.beat_seconds - 3.0) * bpm / 60
            in_phase += abs(beats - round(beats)) < 0.1
        elif min(abs(ratio / 2 - 1), abs(ratio * 2 - 1)) < 0.02:
            other_level += 1
    print(f"{name}: exact {exact}, of them in phase {in_phase}, half or double {other_level}, of 40")
    assert exact + other_level >= 36
    assert exact >= 20
    assert in_phase >= 0.95 * exact


def confidences(seed: int, rubato: bool, count: int) -> list[float]:
    chance = random.Random(seed)
    found = []
    for _ in range(60):
        at_seconds, beat = 0.0, 0.25
        notes = []
        for _ in range(count):
            notes.append(PlayedNote(at_seconds, at_seconds + 0.1, 60, chance.randint(50, 90)))
            if rubato:
                beat = min(0.8, max(0.1, beat * 2 ** chance.gauss(0, 0.2)))
                at_seconds += beat * chance.choice([1, 1, 2])
            else:
                at_seconds += 0.05 + chance.expovariate(3)
        heard = estimate(notes)
        found.append(0.0 if heard is None else heard.confidence)
    return sorted(found)


@pytest.mark.parametrize(("rubato", "most"), [(False, 0), (True, 6)])
def test_no_steady_beat_no_confidence(rubato: bool, most: int) -> None:
    found = confidences(5, rubato, 20)
    assert sum(confidence > 0.5 for confidence in found) <= most


def test_steady_playing_is_confident() -> None:
    chance = random.Random(6)
    found = [estimate(phrase(chance, chance.uniform(80, 140), PATTERNS["mixed"], 16, 0.01)) for _ in range(30)]
    assert sum(heard is not None and heard.confidence > 0.5 for heard in found) >= 29


@pytest.mark.parametrize("onsets", [[], [1.0], [1.0, 1.5, 2.0], [1.0] * 20])
def test_too_little_to_judge(onsets: list[float]) -> None:
    assert estimate([PlayedNote(onset, None, 60, 80) for onset in onsets]) is None


def test_the_beat_is_near_the_last_onset() -> None:
    notes = phrase(random.Random(7), 120, [0.5], 60, 0.005)
    found = estimate(notes)
    assert found is not None
    assert abs(found.beat_seconds - notes[-1].onset_seconds) <= 0.5


@pytest.mark.parametrize("gap_ms", [40, 45, 51, 55, 60, 75])
@pytest.mark.parametrize("count", [6, 7, 8, 12])
def test_a_fast_even_run_has_a_possible_tempo_or_none(gap_ms: int, count: int) -> None:
    """Short fast runs once slid to a tempo of nought, or below, with full confidence."""
    onsets = [number * gap_ms / 1000 for number in range(count)]
    found = estimate([PlayedNote(onset, onset + 0.03, 60 + number, 80) for number, onset in enumerate(onsets)])
    assert found is None or 40 <= found.bpm <= 240
