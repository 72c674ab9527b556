"""The same music is found in any key and tempo; versions are linked; other music is not; all in one pass."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocomposer.adapters.midi_files import MidiPiece, read_midi_bytes
from models.training.duplicates import (
    LEAST_SEEN,
    LINKS,
    MOST_KEPT,
    Link,
    Sketch,
    find_links,
    groups,
    same_music,
    sketch,
)
from tests.training.made_midi import Strokes, beat, midi, moved, tune


def read(strokes: Strokes, channel: int = 0, bpm: float = 120, ppq: int = 480) -> MidiPiece:
    return read_midi_bytes(midi((channel, strokes), bpm=bpm, ppq=ppq), "made")


def of(strokes: Strokes, bpm: float = 120, ppq: int = 480) -> Sketch:
    return sketch(read(strokes, bpm=bpm, ppq=ppq), on_beats=True)


def later(strokes: Strokes, ticks: int) -> Strokes:
    return [(onset + ticks, length, pitch, loud) for onset, length, pitch, loud in strokes]


STROKES = st.lists(
    st.tuples(st.integers(0, 200), st.integers(1, 8), st.integers(50, 70), st.integers(1, 127)), min_size=2, max_size=60
).map(
    lambda drawn: sorted({(8 * onset, pitch): (8 * onset, 8, pitch, loud) for onset, _, pitch, loud in drawn}.values())
)


@given(STROKES, st.integers(-30, 30), st.sampled_from([0.25, 0.5, 1, 1.5, 2, 3, 7]), st.integers(20, 300))
@settings(max_examples=60, deadline=None)
def test_key_speed_tempo_and_touch_do_not_matter(strokes: Strokes, key: int, stretch: float, bpm: int) -> None:
    other = of(moved(strokes, key, stretch, velocity=64), bpm)
    original = of(strokes)
    assert other.digest == original.digest and other.grams.tolist() == original.grams.tolist()


@given(STROKES, st.data())
@settings(max_examples=60, deadline=None)
def test_another_note_is_other_music(strokes: Strokes, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(strokes) - 1))
    onset, length, pitch, loud = strokes[number]
    # Out of the others' range, or it might be the same chord in another key.
    changed = sorted([*strokes[:number], *strokes[number + 1 :], (onset, length, pitch + 45, loud)])
    assert (of(changed).digest == of(strokes).digest) is (len(strokes) == 1)


def test_another_rhythm_of_the_same_pitches_is_other_music() -> None:
    dotted = [(onset + (120 if onset // 240 % 2 else 0), length, pitch, loud) for onset, length, pitch, loud in tune(1)]
    assert of(dotted).digest != of(tune(1)).digest


def test_coarser_ticks_round_to_the_same_rhythm() -> None:
    assert of(moved(tune(1), stretch=0.05), ppq=24).digest == of(tune(1)).digest


def test_drums_have_no_key() -> None:
    here, there = (sketch(read(moved(beat(), key), 9), True, drums=True) for key in (0, 2))
    assert here.digest != there.digest and len(here.grams) == 0


def test_a_version_shares_lines_and_other_tunes_do_not() -> None:
    verse, refrain = tune(1, 100), tune(2, 100)
    both = verse + later(refrain, 100 * 240)
    pieces = [of(verse), of(refrain), of(moved(both, 5, 2)), of(tune(3, 100))]
    links = find_links(pieces)
    assert [(link.first, link.second) for link in links] == [(0, 2), (1, 2)]
    assert all(link.share > 0.8 and link.likeness < 0.7 for link in links)
    assert same_music(pieces, links) == {}


def test_a_performance_is_linked_to_its_score() -> None:
    played = sketch(read(moved(tune(4, 200, loose_ticks=8), stretch=1.1)), on_beats=False)
    (link,) = find_links([of(tune(4, 200)), played])
    assert link.share > 0.5


def test_trills_and_scales_link_nothing() -> None:
    trill = [(60 * n, 50, 60 + n % 2, 80) for n in range(200)]
    scale = [(60 * n, 50, 24 + n % 80, 80) for n in range(80)]
    assert len(of(trill).grams) == len(of(scale).grams) == 0
    assert find_links([of(trill), of(moved(trill, 3)[:-1]), of(scale), of(scale[:-1])]) == []


def test_of_a_long_piece_a_fixed_share_is_kept_and_still_compared() -> None:
    pieces = [of(tune(5, 3000)), of(tune(5, 3000)[:3000]), of(tune(5, 300)), of(tune(6, 3000))]
    assert all(len(each.grams) <= MOST_KEPT for each in pieces) and pieces[0].scale > 4
    links = {(link.first, link.second): link for link in find_links(pieces)}
    assert set(links) == {(0, 1), (0, 2), (1, 2)}
    # Of the sample, not of all n-grams: what is contained shares about everything, two thirds about two thirds.
    assert links[0, 1].share == pytest.approx(1, abs=0.05) and links[0, 1].likeness == pytest.approx(2 / 3, abs=0.1)
    assert links[0, 2].share > 0.9 and links[0, 2].likeness < 0.2


def test_links_are_those_of_all_pairs() -> None:
    """Against the rule written out over all pairs, for pieces that quote each other more or less."""
    rng = np.random.default_rng(1)
    pieces: list[Sketch] = []
    for number in range(60):
        quoted = tune(int(rng.integers(6)), 50)[: int(rng.integers(20, 75))]
        own = later(tune(100 + number, int(rng.integers(10, 80))), 50 * 240)
        pieces.append(of(moved(quoted + own, int(rng.integers(-5, 6)))))
    expected = []
    for second in range(len(pieces)):
        for first in range(second):
            one, other = pieces[first].grams, pieces[second].grams
            assert pieces[first].scale == pieces[second].scale == 1
            shared = len(np.intersect1d(one, other))
            share = shared / max(1, min(len(one), len(other)))
            if shared >= LEAST_SEEN and any(share >= s and shared >= least for s, least in LINKS):
                expected.append((first, second))
    found = {(link.first, link.second) for link in find_links(pieces)}
    assert expected and found <= set(expected)
    # Only neighbours are counted, so of many versions some pairs are missed; the groups are the same.
    assert groups(60, sorted(found)) == groups(60, expected)


def test_repeats_name_the_first_and_arrangements_stay() -> None:
    full = [(0, 100, 30, 70), *tune(7)]
    middle = [(onset, length, 72, loud) for onset, length, pitch, loud in tune(7) if pitch < 60]
    pieces = [of(tune(7)), of(moved(tune(7), 3)), of(full), of(sorted(tune(7) + middle))]
    repeats = same_music(pieces, find_links(pieces))
    assert repeats == {1: 0, 2: 0}


def test_a_chain_of_likeness_does_not_run_away() -> None:
    """0 is like 1 and 1 like 2, but 2 is not like 0: what 1 repeats is gone, so 2 stays."""
    sketches = [Sketch(f"{n}", 100, np.zeros(0, np.uint64), 1) for n in range(3)]
    links = [Link(0, 1, 50, 0.95, 0.92), Link(1, 2, 50, 0.95, 0.92), Link(0, 2, 50, 0.9, 0.8)]
    assert same_music(sketches, links) == {1: 0}


def test_nothing_has_no_links() -> None:
    assert find_links([]) == [] and groups(0, []) == []


@given(st.integers(1, 40), st.data())
def test_groups_are_the_connected_pieces(count: int, data: st.DataObject) -> None:
    number = st.integers(0, count - 1)
    pairs = data.draw(st.lists(st.tuples(number, number), max_size=60))
    reached = np.eye(count, dtype=bool)
    for one, other in pairs:
        reached[one, other] = reached[other, one] = True
    for _ in range(6):
        reached = reached @ reached
    assert groups(count, pairs) == [int(np.argmax(row)) for row in reached]
