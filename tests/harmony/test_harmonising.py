"""Chords for a melody: what fits, where chords change, the search against all ways there are, and what is asked for."""

import math
from collections.abc import Generator
from itertools import pairwise, product
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.harmonising.fitting import chord_tone_share, melody_fit
from cocomposer.harmony.harmonising.harmonic_rhythm import change_probabilities
from cocomposer.harmony.harmonising.harmonising import Harmonisation, NoMelody, Wishes, harmonise
from cocomposer.harmony.harmonising.melody import Kind, is_single_line, kind_of, parts_of, top_line
from cocomposer.harmony.harmonising.search import Task, Taste, likelihood, pair_table, search_stepwise
from cocomposer.harmony.harmonising.slots import Bars, Per, Place, bars_of_meter, origin_of, slots_of
from cocomposer.harmony.key import C_MAJOR, key_named
from cocomposer.harmony.progression import ChordSpan
from cocomposer.harmony.progressions.filling import Ending, ending_of
from cocomposer.harmony.progressions.foretelling import SongStyle
from cocomposer.harmony.progressions.song import Metre
from cocomposer.harmony.progressions.vocabulary import TOKENS, token_of
from cocomposer.music.note import Note
from tests.harmony.chord_songs import AM, C, F, G, KnownNetwork

BARS = bars_of_meter(4, 4)
BAR = 192


class LikesKey(KnownNetwork):
    """After any chord the plain chords of C major and its dominant seventh are likeliest, all alike."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = np.full((TOKENS + 1, TOKENS), 1e-4)
        for chord in (C, F, G, AM, Chord(2, "min"), Chord(4, "min"), Chord(7, "7")):
            self.rows[:, token_of(chord, 0)] = 1.0
        self.rows[np.arange(TOKENS), np.arange(TOKENS)] = 1e-12
        self.rows /= self.rows.sum(axis=1, keepdims=True)


Result = TypeVar("Result")


def finished(steps: Generator[None, None, Result]) -> Result:
    """All of them."""
    while True:
        try:
            next(steps)
        except StopIteration as done:
            result: Result = done.value
            return result


def line(*pitches: int, beats: float = 1.0, start: float = 0.0) -> list[Note]:
    """A melody of even notes."""
    return [Note(round(48 * (start + beats * n)), pitch, round(48 * beats), 90) for n, pitch in enumerate(pitches)]


TUNE = line(60, 64, 67, 64, 65, 69, 72, 69, 67, 71, 74, 71, 72, 67, 64, 60)
"""C, F, G and C, a bar each."""


def chords(found: Harmonisation) -> list[Chord | None]:
    return [span.chord for span in found.spans]


@pytest.mark.parametrize(
    ("meter", "per", "ticks"),
    [
        ((4, 4), Per.HALF, 96), ((3, 4), Per.BAR, 144), ((2, 4), Per.BAR, 96), ((6, 8), Per.HALF, 72),
        ((4, 4), Per.BEAT, 48), ((6, 8), Per.BEAT, 72), ((12, 8), Per.BEAT, 72), ((3, 4), Per.HALF, 144),
        ((2, 2), Per.BEAT, 96), ((4, 4), Per.BAR, 192), ((5, 4), Per.HALF, 240), ((3, 8), Per.BEAT, 24),
    ],
)  # fmt: skip
def test_chords_change_at_parts_of_the_bar(meter: tuple[int, int], per: Per, ticks: int) -> None:
    assert bars_of_meter(*meter).step(per) == ticks


def test_an_upbeat_has_no_chord_and_bars_are_whole() -> None:
    slots = slots_of(144, 500, BARS, Per.HALF)
    assert slots.edges == (192, 288, 384, 480, 576)
    assert slots.places == (Place.ODD_BAR, Place.MIDDLE, Place.EVEN_BAR, Place.MIDDLE)
    assert slots_of(48, 190, BARS).edges[0] == 0
    assert slots_of(150, 190, BARS, Per.HALF).edges == (0, 96, 192)  # nothing but an upbeat
    assert slots_of(0, 192, BARS, Per.BAR, [48]).edges == (0, 48, 192)
    assert slots_of(-192, 0, BARS, Per.BAR).edges == (-192, 0)
    with pytest.raises(ValueError, match="no time"):
        slots_of(5, 5, BARS)


@given(st.integers(-500, 500), st.integers(1, 3000), st.sampled_from(Per), st.sampled_from([(4, 4), (3, 4), (7, 8)]))
def test_slots_cover_the_music_in_order(start: int, length: int, per: Per, meter: tuple[int, int]) -> None:
    bars = bars_of_meter(*meter)
    slots = slots_of(start, start + length, bars, per)
    assert all(one < other for one, other in pairwise(slots.edges)) and len(slots.edges) == len(slots) + 1
    assert slots.edges[-1] >= start + length and slots.edges[-1] % bars.ticks == slots.edges[0] % bars.ticks == 0
    assert slots.edges[0] - start < bars.ticks / 2
    assert [slots.at(edge) for edge in slots.edges[:-1]] == list(range(len(slots)))


def test_bars_begin_where_most_chords_do() -> None:
    assert origin_of([48, 240, 432, 520], 192) == 48
    assert origin_of([], 192) == 0


def test_the_top_line_of_a_texture() -> None:
    melody = line(72, 74, 76, 77, beats=2)
    below = [Note(0, 48, 384, 80), Note(0, 55, 384, 80), Note(24, 64, 24, 80), Note(60, 38, 9, 99, 9)]
    assert top_line([*below, *melody]) == tuple(melody)
    assert is_single_line(melody, top_line(melody)) and not is_single_line([*below, *melody], melody)
    (first, second) = top_line([Note(0, 60, 96, 90), Note(48, 64, 48, 90)])
    assert (first.end_tick, second.pitch) == (48, 64)
    assert top_line([]) == ()


def test_kinds_of_notes() -> None:
    quarter, step, leap = Note(0, 60, 48, 90), Note(48, 62, 48, 90), Note(48, 67, 48, 90)
    assert kind_of(quarter, step, 0) is Kind.PLAIN_STEP and kind_of(quarter, leap, 0) is Kind.PLAIN
    assert kind_of(Note(24, 60, 24, 90), step, 0) is Kind.WEAK_STEP
    assert kind_of(Note(24, 60, 24, 90), None, 24) is Kind.PLAIN
    assert kind_of(Note(0, 60, 96, 90), None, 0) is Kind.STRONG


def test_parts_have_all_the_time_of_the_melody() -> None:
    slots = slots_of(0, 4 * BAR, BARS, Per.HALF)
    tied = line(60, 62, 64, beats=5)
    parts = list(parts_of(tied, slots))
    assert sum(part.beats for part in parts) == 15
    assert [part.slot for part in parts] == [0, 1, 2, 2, 3, 4, 5, 6, 7][: len(parts)]


def test_melodies_fit_the_chords_whose_tones_they_have() -> None:
    slots = slots_of(0, 4 * BAR, BARS, Per.BAR)
    fit = melody_fit(TUNE, slots, 0)
    triads = [C, F, G, AM, Chord(2, "min"), Chord(4, "min"), Chord(8), Chord(1)]
    best = [max(triads, key=lambda chord: fit[slot, token_of(chord, 0)]) for slot in range(4)]
    assert best == [C, F, G, C]
    assert chord_tone_share(TUNE, slots, [chord.pitch_classes for chord in best]) == 1.0
    assert chord_tone_share(TUNE, slots, [G.pitch_classes] * 4) == pytest.approx(1 / 4 + 2 / 16)


@given(st.integers(0, 11), st.lists(st.integers(48, 84), min_size=1, max_size=16))
def test_the_fit_is_relative_to_the_key(semitones: int, pitches: list[int]) -> None:
    slots = slots_of(0, 48 * len(pitches), BARS)
    moved = [pitch + semitones for pitch in pitches]
    np.testing.assert_allclose(melody_fit(line(*pitches), slots, 0), melody_fit(line(*moved), slots, semitones))


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_the_search_finds_the_best_of_all_ways(seed: int) -> None:
    """Of few chords, against trying them all, with a network that looks back on one chord only."""
    chance = np.random.default_rng(seed)
    slots = slots_of(0, 2 * BAR, BARS, Per.HALF)
    allowed = chance.choice(TOKENS, 4, replace=False)
    evidence = np.full((len(slots), TOKENS), -np.inf)
    evidence[:, allowed] = chance.normal(0, 3, (len(slots), 4))
    ending = chance.normal(0, 2, TOKENS)
    network, taste = KnownNetwork(seed=seed), Taste()
    task = Task(slots, Metre(), C_MAJOR, evidence, ending)
    pairs = pair_table(network, C_MAJOR, Metre(), taste)
    found = finished(search_stepwise(task, network, taste, pairs))
    odds = change_probabilities(slots, BAR, SongStyle.ANY)
    weights = taste.weights

    def nats(way: tuple[int, ...]) -> float:
        total, since = weights.network * math.log(network.rows[TOKENS, way[0]]) + ending[way[-1]], 0
        total += sum(evidence[slot, token] for slot, token in enumerate(way))
        for slot, (one, other) in enumerate(pairwise(way), 1):
            change = odds[slot, slot - since - 1]
            if one == other:
                total += math.log1p(-change)
            else:
                total += math.log(change) + weights.readiness + weights.network * math.log(network.rows[one, other])
                since = slot
        return float(total)

    ways = list(product(allowed.tolist(), repeat=len(slots)))
    each = np.array([nats(way) for way in ways])
    whole = float(np.logaddexp.reduce(each))
    assert likelihood(task, network, taste, pairs) == pytest.approx(whole, abs=0.01)
    shares = np.exp(each - whole)

    def believed(slot: int, token: int) -> float:
        chord = sum(share for way, share in zip(ways, shares, strict=True) if way[slot] == token)
        root = sum(share for way, share in zip(ways, shares, strict=True) if way[slot] // 8 == token // 8)
        return float(chord + root) / 2

    beliefs = {(slot, token): believed(slot, token) for slot in range(len(slots)) for token in allowed.tolist()}
    both = [
        total + weights.belief * 2 * sum(beliefs[slot, token] for slot, token in enumerate(way))
        for way, total in zip(ways, each, strict=True)
    ]
    assert found.nats == pytest.approx(max(both), abs=0.01)


def test_chords_change_where_and_as_often_as_people_change_them() -> None:
    slots = slots_of(0, 4 * BAR, BARS)
    sheets, charts = (change_probabilities(slots, BAR, style) for style in (SongStyle.ANY, SongStyle.POP))
    for odds in (sheets, charts):
        assert ((odds > 0) & (odds < 1)).all()
        bar, middle, beat = odds[4, 3], odds[6, 1], odds[5, 0]
        assert bar > middle > beat, "after a bar, half a bar, a beat"
        assert odds[4, 1] > odds[4, 3], "a chord that came late in the bar does not stay over its line"
    assert sheets.shape[1] >= 9 and sheets[8, 0] != charts[8, 0]
    uneven = slots_of(0, 2 * BAR, BARS, Per.BAR, [50])
    assert change_probabilities(uneven, BAR, SongStyle.ANY).shape == (3, 3)


def test_a_tune_gets_its_chords() -> None:
    (found,) = harmonise(TUNE, BARS, LikesKey())
    assert found.key == C_MAJOR and found.key_confidence is not None and found.key_confidence > 0.5
    assert [span.tick for span in found.spans] == [0, 192, 384, 576] and chords(found) == [C, F, G, C]
    assert found.chord_tones == 1.0 and found.differs is None


def test_the_same_tune_elsewhere_gets_the_same_chords_there() -> None:
    moved = [Note(note.onset_tick, note.pitch + 3, note.duration_ticks, 90) for note in TUNE]
    (found,) = harmonise(moved, BARS, LikesKey(), Wishes(key=key_named("Eb major")))
    assert [chord and chord.transposed(-3) for chord in chords(found)] == [C, F, G, C]
    assert found.key_confidence is None


def test_chords_that_are_kept_stay_as_they_are() -> None:
    kept = ChordSpan(192, 384, Chord(2, "min9", 5))
    (found,) = harmonise(TUNE, BARS, LikesKey(), Wishes(kept=(kept,)))
    assert kept in found.spans
    beyond = ChordSpan(768, 960, G)
    (found,) = harmonise(TUNE, BARS, LikesKey(), Wishes(kept=(beyond,)))
    assert found.spans[-1] == beyond


@pytest.mark.parametrize("ending", Ending)
def test_cadences(ending: Ending) -> None:
    (found,) = harmonise(TUNE, BARS, LikesKey(), Wishes(key=C_MAJOR, ending=ending))
    before, last = ending_of(ending, C_MAJOR.mode)
    *_, one, other = chords(found)
    assert one is not None and token_of(one, 0) in before
    assert other is not None and token_of(other, 0) in last


def test_different_ways_differ() -> None:
    found = harmonise(TUNE, BARS, LikesKey(), Wishes(count=4))
    assert len({one.spans for one in found}) == len(found) == 4


def test_the_farther_away_the_fewer_chords_are_the_same() -> None:
    """Not more of them, with a network that looks back on one chord: there the search is exact."""
    given_chords = harmonise(TUNE, BARS, LikesKey())[0].spans
    amounts = [0.0, 0.1, 0.3, 1.0]
    ways = [
        harmonise(TUNE, BARS, LikesKey(), Wishes(key=C_MAJOR, given=given_chords, away=amount))[0] for amount in amounts
    ]
    differs = [way.differs or 0.0 for way in ways]
    assert differs[0] == 0 and differs == sorted(differs) and differs[-1] > 0.7
    assert ways[-1].chord_tones > 0.5


def test_surprise_takes_rarer_chords() -> None:
    """Of long notes, which many chords have."""
    network = LikesKey()
    rare = [token_of(Chord(root), 0) for root in (1, 3, 4, 8, 9, 10)]
    network.rows[:, rare] = 0.05
    network.rows /= network.rows.sum(axis=1, keepdims=True)
    melody = line(67, 72, 64, 69, 67, 65, 64, 60, beats=4)
    shares = [
        np.mean([token_of(chord, 0) in rare for chord in chords(found) if chord is not None])
        for surprise in (0.0, 0.5, 1.0)
        for found in harmonise(melody, BARS, network, Wishes(key=C_MAJOR, surprise=surprise))
    ]
    assert shares[0] <= shares[1] <= shares[2] and shares[0] < 0.2 < shares[2]


def test_a_phrase_with_chords_keeps_them() -> None:
    """Extensions too: all that sounds speaks."""
    wanted = [AM, F, Chord(0, "maj7"), Chord(7, "7")]
    notes = [
        Note(BAR * bar, pitch, BAR, 80)
        for bar, tones in enumerate(((45, 60, 64, 69), (41, 60, 65, 69), (48, 59, 64, 67), (43, 59, 65, 74)))
        for pitch in tones
    ]
    (found,) = harmonise(notes, BARS, LikesKey())
    assert chords(found) == wanted
    (other,) = harmonise(notes, BARS, LikesKey(), Wishes(given=found.spans, away=1.0, key=found.key))
    assert other.differs is not None and other.differs > 0.5


def test_what_has_no_melody_says_so() -> None:
    for notes in ([], [Note(0, 38, 12, 99, 9)]):
        with pytest.raises(NoMelody, match="no melody"):
            harmonise(notes, BARS, LikesKey())
    with pytest.raises(ValueError, match="harmonisations"):
        harmonise(TUNE, BARS, LikesKey(), Wishes(count=0))


@settings(max_examples=8, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 127), st.integers(1, 400)), min_size=1, max_size=25),
    st.sampled_from(Per),
    st.sampled_from([(4, 4), (3, 4), (6, 8), (5, 8)]),
    st.integers(0, 100),
)
def test_any_notes_are_harmonised_without_gaps(
    notes: list[tuple[int, int, int]], per: Per, meter: tuple[int, int], origin: int
) -> None:
    played = [Note(onset, pitch, duration, 80) for onset, pitch, duration in notes]
    bars = Bars(bars_of_meter(*meter).ticks, bars_of_meter(*meter).pulses, origin)
    (found,) = harmonise(played, bars, LikesKey(), Wishes(per=per))
    assert all(one.end_tick == other.tick and one.chord != other.chord for one, other in pairwise(found.spans))
    assert found.spans[-1].end_tick >= max(note.end_tick for note in played)
    assert 0 <= found.chord_tones <= 1 and math.isfinite(found.nats)
