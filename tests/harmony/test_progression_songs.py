"""A song as tokens of its key and places in bars; its memory looks back only, and says what it says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.names.folding import ChordClass, fold
from cocomposer.harmony.progressions.inputs import NAMES, inputs_of, last_reading_of, reading_of
from cocomposer.harmony.progressions.matches import (
    FEATURES,
    NO_RUNS,
    Matches,
    matches_at,
    matches_of,
    runs_after,
    runs_of,
    uses_of,
)
from cocomposer.harmony.progressions.song import PHRASE_BARS, Metre, Song, Sounding, song_of
from cocomposer.harmony.progressions.vocabulary import BEGINNING, TOKENS, chord_of, token_of, transposed
from tests.harmony.chord_songs import AM, C, F, G, song

QUALITIES = ("maj", "min", "7", "min7", "maj7", "sus4", "dim", "aug", "min9", "hdim7")
chords = st.builds(Chord, st.integers(0, 11), st.sampled_from(QUALITIES))


@st.composite
def songs(draw: st.DrawFn) -> Song:
    """Few different chords, so that much comes again; now and then a silence or another key."""
    few = draw(st.lists(chords, min_size=2, max_size=4))
    heard, beat, tonic, sections = [], 0.0, 0, []
    for chord in draw(st.lists(st.sampled_from([*few, None]), max_size=24)):
        tonic = draw(st.sampled_from([tonic] * 9 + [(tonic + 2) % 12]))
        heard.append(Sounding(chord, beat, tonic))
        if draw(st.integers(0, 4)) == 0:
            sections.append(beat)
        beat += draw(st.sampled_from([1.0, 2.0, 4.0]))
    return song_of(heard, beat, (Metre(draw(st.sampled_from([3.0, 4.0]))),), sections=sections)


def prefix(whole: Song, length: int) -> Song:
    """What is known of a song after so many chords."""
    ends = length + 1
    return Song(
        whole.seen[:length], whole.expected[:length], whole.beats[:ends], whole.bars[:ends], whole.positions[:ends],
        whole.metres[:ends], whole.sections[:ends], whole.tonic,
    )  # fmt: skip


def test_tokens_are_relative_and_fold() -> None:
    assert token_of(Chord(7, "9"), 0) == token_of(Chord(9, "7"), 2)
    assert [chord_of(token_of(Chord(2, quality), 5), 5) for quality in ("min9", "hdim7", "11")] == [
        Chord(2, "min7"),
        Chord(2, "dim"),
        Chord(2, "7"),
    ]


@given(st.integers(0, TOKENS - 1), st.integers(0, 11))
def test_a_token_is_the_token_of_its_chord(token: int, tonic: int) -> None:
    assert token_of(chord_of(token, tonic), tonic) == token
    assert fold(chord_of(token, tonic)) is list(ChordClass)[token % 8]
    assert transposed(token, tonic) == token_of(chord_of(token, 0).transposed(tonic), 0)


def test_equal_neighbours_are_one_chord_and_silence_lets_the_chord_go_on() -> None:
    found = song("C Cadd9 N.C. C | F | X | G7 G9")
    assert found.seen.tolist() == [token_of(chord, 0) for chord in (C, F, Chord(7, "7"))]
    assert found.beats.tolist() == [0, 4, 12, 16]


def test_a_change_of_key_is_known_one_chord_late() -> None:
    heard = [Sounding(C, 0, 0), Sounding(G, 4, 0), Sounding(Chord(2), 8, 2), Sounding(G, 12, 2)]
    found = song_of(heard, 16)
    home, fourth, fifth, second = (token_of(chord, 0) for chord in (C, F, G, Chord(2)))
    assert found.seen.tolist() == [home, fifth, home, fourth]
    assert found.expected.tolist() == [home, fifth, second, fourth]
    assert found.before.tolist() == [BEGINNING, home, fifth, home, fourth]
    assert found.tonic == 2


def test_bars_are_counted_through_changes_of_metre() -> None:
    heard = [Sounding(chord, beat, 0) for chord, beat in ((C, 0), (F, 3), (G, 7), (C, 9), (AM, 13))]
    found = song_of(heard, 17, (Metre(3), Metre(4, 9)))
    assert found.bars.tolist() == [0, 1, 2, 3, 4, 5]
    assert found.positions.tolist() == [0, 0, 1, 0, 0, 0]
    assert found.metres.tolist() == [3, 3, 3, 4, 4, 4]


def test_bars_are_counted_within_sections() -> None:
    heard = [Sounding(chord, beat, 0) for chord, beat in ((C, 0), (F, 12), (G, 16), (C, 18), (AM, 24))]
    found = song_of(heard, 84, sections=(20, 12, 18))
    assert found.bars.tolist() == [0, 3, 4, 4, 6, 21]
    assert found.sections.tolist() == [0, 3, 3, 4, 5, 5]
    assert found.phrase_classes.tolist() == [0, 0, 1, 0, 1, PHRASE_BARS + 0]
    assert found.unmarked().phrase_classes.tolist() == [0, 3, 4, 4, 6, PHRASE_BARS + 5]
    assert song_of(heard, 84).sections.tolist() == [0] * 6


def test_the_same_place_of_an_earlier_section_is_a_match() -> None:
    """Where nothing else agrees: F stood after C where Am stands after G, each in the second bar of a section."""
    heard = [Sounding(chord, 4.0 * n, 0) for n, chord in enumerate((C, F, G, AM))]
    told = matches_of(song_of(heard, 16, sections=(8,)))
    column = list(FEATURES).index("place in the section")
    alike = [
        (place, earlier, kind)
        for place, earlier, kind in zip(told.places, told.earlier, told.classes[:, column], strict=True)
        if kind
    ]
    assert alike == [(2, 0, 2), (3, 1, 1)]
    assert set(matches_of(song_of(heard, 16)).places) == {4}  # a phrase ago


def test_nothing_yet() -> None:
    found = song_of([], 6, tonic=4)
    assert len(found) == 0
    assert (found.before.tolist(), found.bars.tolist(), found.positions.tolist()) == ([BEGINNING], [1], [2])
    assert len(matches_of(found).places) == 0
    assert found.tonic == 4


@given(songs(), chords, st.sampled_from([1.0, 3.5, 8.0]))
@settings(max_examples=60, deadline=None)
def test_one_more_chord_is_the_song_heard_longer(before: Song, chord: Chord, beats: float) -> None:
    token = token_of(chord, before.tonic)
    if len(before) and before.seen[-1] == token:
        return
    longer = before.then(token, beats)
    assert prefix(longer, len(before)).seen.tolist() == before.seen.tolist()
    assert longer.beats[-1] == before.beats[-1] + beats
    assert longer.bars[-1] * longer.metres[-1] + longer.positions[-1] == pytest.approx(longer.beats[-1])
    assert longer.last(3).seen.tolist() == longer.seen[-3:].tolist()


@given(songs(), st.integers(0, 11))
@settings(max_examples=40, deadline=None)
def test_memory_is_the_same_in_all_keys(found: Song, semitones: int) -> None:
    other = song_of(
        [
            Sounding(chord_of(int(token), 0).transposed(semitones), beat, semitones)
            for token, beat in zip(found.seen, found.beats, strict=False)
        ],
        float(found.beats[-1]),
    )
    original = song_of(
        [Sounding(chord_of(int(token), 0), beat, 0) for token, beat in zip(found.seen, found.beats, strict=False)],
        float(found.beats[-1]),
    )
    assert _same(matches_of(other), matches_of(original))


@given(songs())
@settings(max_examples=60, deadline=None)
def test_memory_knows_nothing_of_what_comes(whole: Song) -> None:
    every, uses = matches_of(whole), uses_of(whole)
    for length in range(len(whole) + 1):
        known = prefix(whole, length)
        now = matches_at(known, length, runs_of(known))
        assert _same(now, _at(every, length))
        assert uses_of(known)[-1].tolist() == uses[length].tolist()


@given(songs())
@settings(max_examples=60, deadline=None)
def test_runs_at_once_are_those_found_place_by_place(whole: Song) -> None:
    slowly = NO_RUNS
    for place in range(1, len(whole) + 1):
        slowly = runs_after(whole, place, slowly)
    found = runs_of(whole)
    assert found.last.tolist() == slowly.last.tolist()
    assert found.before.tolist() == slowly.before.tolist()


@given(songs())
@settings(max_examples=60, deadline=None)
def test_lengths_of_matches_are_what_agrees_backwards(whole: Song) -> None:
    found = matches_of(whole)
    for place, earlier, token, length in zip(found.places, found.earlier, found.tokens, found.lengths, strict=True):
        agree = 0
        while earlier - 1 - agree >= 0 and whole.seen[place - 1 - agree] == whole.seen[earlier - 1 - agree]:
            agree += 1
        assert earlier < place
        assert length == agree
        assert token == whole.expected[earlier]
    if len(found.classes):
        assert (found.classes >= 0).all()
        assert (found.classes.max(axis=0) < list(FEATURES.values())).all()


def test_a_verse_that_comes_again_is_remembered() -> None:
    found = matches_of(song("C Am Dm G7 | C | F | G | Am ‖ C Am Dm"))
    last = _at(found, found.places.max())
    assert last.tokens[last.lengths.argmax()] == token_of(Chord(7, "7"), 0)
    assert last.lengths.max() == 3


def test_inputs_of_several_songs_are_padded_and_their_places_counted_through() -> None:
    short, long = song("C F C F"), song("C Am F G C Am")
    both = inputs_of([reading_of(short, 0), reading_of(long, 1)])
    assert set(both) == set(NAMES)
    assert both["before"].shape == (2, 7)
    assert both["before"][0].tolist() == [*short.before.tolist(), BEGINNING, BEGINNING]
    second = both["places"] >= 7
    alone = inputs_of([reading_of(long, 1)])
    assert (both["places"][second] - 7).tolist() == alone["places"].tolist()
    assert (both["earlier"][second] - 7).tolist() == alone["earlier"].tolist()
    last = inputs_of([last_reading_of(long, 1, None, runs_of(long))])
    assert set(last["places"].tolist()) == {6}


def _at(found: Matches, place: int) -> Matches:
    here = found.places == place
    return Matches(
        found.places[here], found.earlier[here], found.tokens[here], found.classes[here], found.lengths[here]
    )


def _same(one: Matches, other: Matches) -> bool:
    return all(
        np.array_equal(mine, theirs)
        for mine, theirs in (
            (one.places, other.places),
            (one.earlier, other.earlier),
            (one.tokens, other.tokens),
            (one.classes, other.classes),
            (one.lengths, other.lengths),
        )
    )
