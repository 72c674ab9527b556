"""Songs as they could have been otherwise, for training: begun in their middle, or in triads."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocomposer.harmony.key import Mode
from cocomposer.harmony.progressions.song import Song, Sounding, song_of
from cocomposer.harmony.progressions.vocabulary import CLASSES, TOKENS, chord_of
from models.training.chords.corpus import Sheet
from models.training.chords.train import Recipe, example_of, shown
from models.training.chords.varying import beginning_in, begun_at, in_triads
from tests.harmony.chord_songs import song

TUNE = "C Am Dm G7 | C | F | G | Am | C Am Dm G7 | C | F | Fm | C"


@st.composite
def songs(draw: st.DrawFn) -> Song:
    """Of any chords, with changes of key."""
    heard, beat, tonic = [], 0.0, 0
    for token in draw(st.lists(st.integers(0, TOKENS - 1), min_size=1, max_size=20)):
        tonic = draw(st.sampled_from([tonic, tonic, (tonic + 2) % 12]))
        heard.append(Sounding(chord_of(token, tonic), beat, tonic))
        beat += draw(st.sampled_from([1.0, 2.0, 4.0]))
    return song_of(heard, beat)


def sheet(found: Song) -> Sheet:
    """A song of the corpus."""
    return Sheet("tune", "billboard", "train", found)


@given(songs(), st.data())
@settings(max_examples=50, deadline=None)
def test_a_song_begun_later_is_its_rest(whole: Song, data: st.DataObject) -> None:
    chord = data.draw(st.integers(0, len(whole) - 1))
    later = begun_at(whole, chord)
    assert later.seen.tolist() == whole.seen[chord:].tolist()
    assert later.expected[1:].tolist() == whole.expected[chord + 1 :].tolist()
    assert later.expected[0] == later.seen[0]
    assert (later.beats[0], later.bars[0]) == (0, 0)
    assert later.durations == pytest.approx(whole.durations[chord:])


@given(songs(), st.integers(0, 99))
@settings(max_examples=50, deadline=None)
def test_it_begins_where_enough_is_left(whole: Song, seed: int) -> None:
    begins = beginning_in(whole, np.random.default_rng(seed))
    assert begins == 0 or (begins >= 2 and len(whole) - begins >= 6)


def test_it_mostly_begins_with_a_phrase() -> None:
    chance = np.random.default_rng(1)
    bars = [song(TUNE).bars[beginning_in(song(TUNE), chance)] % 4 for _ in range(200)]
    assert bars.count(0) > bars.count(1) + bars.count(3)


@given(songs())
@settings(max_examples=50, deadline=None)
def test_triads_keep_their_roots_and_never_repeat(whole: Song) -> None:
    plain = in_triads(whole)
    assert {CLASSES[token % len(CLASSES)].value for token in plain.seen} <= {"maj", "min", "dim", "aug"}
    assert (plain.beats[0], plain.beats[-1]) == (whole.beats[0], whole.beats[-1])
    assert (plain.expected[1:] != plain.seen[:-1]).all()
    assert in_triads(plain).seen.tolist() == plain.seen.tolist()


def test_songs_are_shown_as_the_recipe_says() -> None:
    example, chance = example_of(sheet(song(TUNE))), np.random.default_rng(1)
    as_it_is = Recipe(bar_each=0, lose_style=0, tell_mode=0)
    assert shown(example, as_it_is, chance).song is example.timed.song
    told = shown(example, replace(as_it_is, tell_mode=1.0), chance)
    assert told.mode is Mode.MAJOR
    later = shown(example, replace(as_it_is, begun_later=1.0), chance)
    assert len(later.song) < len(example.timed.song)
    assert later.song.expected[0] == -1
    assert (later.matches.tokens >= 0).all()
    plain = shown(example, replace(as_it_is, in_triads=1.0), chance)
    assert plain.song.seen.tolist() == in_triads(example.timed.song).seen.tolist()
