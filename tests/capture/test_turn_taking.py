"""The offline judge, against a slow and plain one."""

import numpy as np
import pytest

from cocomposer.capture.phrase_end import PhraseEnd, simple_wait
from cocomposer.capture.turn_taking import Performance, judge, judge_fixed, judge_patient, performance_of, simple_waits
from cocomposer.music.note import PlayedNote


def performance(seed: int, notes: int, phrase: int) -> Performance:
    chance = np.random.default_rng(seed)
    onsets = np.cumsum(chance.choice([0.0, 0.01, 0.2, 0.3, 0.9, 1.5], notes))
    ends = [*range(phrase - 1, notes - 1, phrase), notes - 1]
    return Performance(onsets, onsets + chance.uniform(0.02, 0.8, notes), np.array(ends, np.int64))


def test_a_false_ending_and_a_gap() -> None:
    notes = [PlayedNote(0.0, 0.5, 60, 80), PlayedNote(2.0, 2.5, 62, 80), PlayedNote(2.6, 4.0, 64, 80)]
    whole = performance_of(notes)
    fixed = judge_fixed(whole)
    assert (fixed.notes, fixed.phrases, fixed.false_endings, fixed.gap_p50) == (3, 1, 1, 1.0)
    patient = judge(whole, np.full(3, 2.1), silence_seconds=0.2)
    assert patient.false_endings == 0
    assert patient.gap_p50 == pytest.approx(0.7)
    cut = judge_fixed(performance_of(notes, [0, 2]))
    assert (cut.phrases, cut.false_endings) == (2, 0)


def test_a_held_key_prevents_an_ending() -> None:
    notes = [PlayedNote(0.0, 5.0, 48, 80), PlayedNote(0.1, 0.2, 60, 80), PlayedNote(4.0, 4.1, 62, 80)]
    assert judge(performance_of(notes), np.full(3, 0.4)).false_endings == 0


@pytest.mark.parametrize("seed", range(5))
def test_agrees_with_the_rule_note_by_note(seed: int) -> None:
    whole = performance(seed, 200, 37)
    waits = simple_waits(whole)
    rule = PhraseEnd(silence_seconds=0.25, longest_silence_seconds=float("inf"))
    false_endings = 0
    gaps = []
    start = 0
    for index in range(200):
        onsets = whole.onsets[start : index + 1].tolist()
        assert waits[index] == pytest.approx(simple_wait(onsets)), index
        last_release = float(whole.releases[start : index + 1].max())
        over = rule.over_at(onsets[-1], last_release, 0, False, float(waits[index]))
        assert over is not None
        if index in whole.phrase_ends:
            gaps.append(over - last_release)
            start = index + 1
        elif over < whole.onsets[index + 1]:
            false_endings += 1
    found = judge(whole, waits, silence_seconds=0.25)
    assert found.false_endings == false_endings > 0
    assert found.gaps_seconds == pytest.approx(gaps)


def test_large_performances_are_judged_whole() -> None:
    whole = performance(1, 400_000, 50)
    found = judge(whole, simple_waits(whole))
    assert (found.notes, found.phrases) == (400_000, 8_000)


@pytest.mark.parametrize("ends", [[], [0], [1, 1], [2, 1]])
def test_wrong_phrase_ends_are_refused(ends: list[int]) -> None:
    with pytest.raises(ValueError, match="phrase"):
        Performance(np.zeros(2), np.ones(2), np.array(ends, np.int64))


def test_a_held_note_is_refused() -> None:
    with pytest.raises(ValueError, match="held"):
        performance_of([PlayedNote(0.0, None, 60, 80)])


def test_patience_is_learnt_from_a_mistake_and_forgotten_with_the_piece() -> None:
    """Two pieces of four notes, 1 s apart, each 0.1 s long, and two kinds of wait: 0.5 s and 2 s after the onset."""
    onsets = np.asarray([0.0, 1.0, 2.0, 3.0, 0.0, 1.0, 2.0, 3.0])
    performance = Performance(onsets, onsets + 0.1, np.asarray([3, 7]))
    waits = np.stack([np.full(8, 0.5), np.full(8, 2.0)])
    judged = judge_patient(performance, waits, PhraseEnd(0.3, 0.3, 5.0))
    assert judged.false_endings == 2
    np.testing.assert_allclose(judged.gaps_seconds, [1.9, 1.9])
    blind = judge_patient(performance, waits[:1], PhraseEnd(0.3, 0.3, 5.0))
    assert blind.false_endings == 6
    np.testing.assert_allclose(blind.gaps_seconds, [0.4, 0.4])
    np.testing.assert_allclose(judge_patient(performance, waits, PhraseEnd(0.3, 0.3, 0.8)).gaps_seconds, [0.8, 0.8])
