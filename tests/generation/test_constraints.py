"""Hard constraints are never broken, whatever the settings; what cannot be kept is given up in order, and told."""

from itertools import islice

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocomposer.bench.steering import broken, count_broken, heard_notes, random_wish, steered
from cocomposer.events.codec import Metre
from cocomposer.generation.composer import Composer
from cocomposer.generation.constraints import Constraints, pitch_mask
from cocomposer.generation.controls import Controls
from cocomposer.generation.faults import faults
from cocomposer.generation.given_chords import GivenChord, GivenChords, progression
from cocomposer.generation.request import Ask, Drawn, GivenUp, Hearing, OnsetGrid, Wish
from cocomposer.generation.worker import Worker
from cocomposer.harmony.chord import Chord
from cocomposer.music.note import Note
from tests.fakes.note_model import FakeNoteModel, no_spare

PITCH = {GivenUp.CHORD, GivenUp.SCALE}
C_MAJOR = (0, 2, 4, 5, 7, 9, 11)
C, F_SHARP = Chord(0), Chord(6)


def turn(wish: Wish, heard: tuple[Note, ...] = (), count: int = 30) -> tuple[list[Note], frozenset[GivenUp]]:
    composer = Composer(FakeNoteModel(window=32))
    for _ in composer.hear(Hearing(0, heard, wish.metre, chords=wish.chords)):
        pass
    notes = list(islice(composer.play(wish), count))
    return notes, composer.given_up


@given(st.integers(0, 2**32))
@settings(max_examples=150, deadline=None)
def test_no_setting_breaks_a_constraint(seed: int) -> None:
    chance = np.random.default_rng(seed)
    heard = heard_notes(chance)
    wish = random_wish(chance, heard[-1].onset_tick)
    notes, given_up = turn(wish, heard)
    assert broken(wish, notes, given_up) == []
    if not faults(wish):
        assert not given_up & PITCH, "without a fault no pitch constraint need be given up"


def plain(**changes: object) -> Wish:
    return msgspec.structs.replace(Wish(1, 1, 0, metre=Metre(True, 0)), **changes)


def test_what_breaks_a_constraint_is_found() -> None:
    """The check itself can fail, each part of it."""
    wish = steered(plain(first_tick=0, end_tick=400, most_at_once=2, grid=OnsetGrid.SIXTEENTHS, lowest_pitch=40))
    good = [Note(0, 60, 12, 80), Note(0, 64, 12, 80), Note(24, 67, 12, 80)]
    assert broken(wish, good) == []
    bad = {
        "register": [Note(0, 36, 12, 80)],
        "scale": [Note(0, 61, 12, 80)],
        "chord": [Note(0, 62, 12, 80)],
        "sounding": [Note(0, 60, 400, 80), *(Note(12 * n, 64, 400, 80) for n in range(1, 5))],
        "together": [Note(0, 60, 12, 80), Note(0, 64, 12, 80), Note(0, 67, 12, 80)],
        "rest": [Note(0, 60, 12, 80), Note(288, 67, 12, 80)],
        "start": [Note(-12, 67, 12, 80)],
        "entry": [Note(12, 60, 12, 80)],
        "end": [*(Note(96 * n, (60, 60, 60, 67, 60)[n], 12, 80) for n in range(5)), Note(408, 60, 9, 80)],
        "grid": [Note(0, 60, 12, 80), Note(5, 60, 12, 80)],
        "order": [Note(0, 64, 12, 80), Note(0, 60, 12, 80)],
    }
    for name, notes in bad.items():
        assert name in broken(wish, notes), name


def test_a_thousand_random_notes_break_nothing() -> None:
    count = count_broken(1000, seed=5)
    assert count.notes >= 1000 and count.broken == {} and count.given_up_without_fault == 0


@pytest.mark.parametrize(
    ("scale", "chord", "lowest", "highest", "classes", "given_up"),
    [
        (C_MAJOR, C, 48, 71, {0, 4, 7}, set()),
        (C_MAJOR, None, 48, 59, set(C_MAJOR), set()),
        ((), C, 48, 59, {0, 4, 7}, set()),
        # The scale stays before the chord.
        (C_MAJOR, Chord(1, "7"), 60, 61, {0}, {GivenUp.CHORD}),
        (C_MAJOR, C, 62, 62, {2}, {GivenUp.CHORD}),
        # The scale has nothing there, the chord has.
        (C_MAJOR, F_SHARP, 61, 61, {1}, {GivenUp.SCALE}),
        # Neither has.
        (C_MAJOR, C, 61, 61, {1}, {GivenUp.SCALE, GivenUp.CHORD}),
        ((), C, 61, 61, {1}, {GivenUp.CHORD}),
        (C_MAJOR, None, 61, 61, {1}, {GivenUp.SCALE}),
    ],
)
def test_pitch_constraints_are_given_up_in_order(
    scale: tuple[int, ...], chord: Chord | None, lowest: int, highest: int, classes: set[int], given_up: set[GivenUp]
) -> None:
    wish = plain(scale=scale, lowest_pitch=lowest, highest_pitch=highest, chord_tones_only=True)
    found = progression([(0, chord)]).at(0) if chord else None
    mask, lost = pitch_mask(wish, found)
    pitches = np.flatnonzero(mask)
    assert lowest <= pitches.min() and pitches.max() <= highest
    assert {int(pitch) % 12 for pitch in pitches} == classes and lost == given_up


def test_too_much_that_sounds_delays_the_entry() -> None:
    wish = plain(first_tick=0, most_sounding=2, sounding_until=(100, 300))
    notes, given_up = turn(wish)
    assert notes[0].onset_tick >= 100 and given_up == {GivenUp.ENTRY}
    wish = plain(earliest_tick=0, most_sounding=1, sounding_until=(301,), grid=OnsetGrid.SIXTEENTHS)
    notes, given_up = turn(wish)
    assert notes[0].onset_tick == 312 and given_up == {GivenUp.REST}


@given(st.integers(1, 5), st.integers(0, 50), st.sampled_from(OnsetGrid), st.booleans())
@settings(max_examples=40, deadline=None)
def test_a_voice_is_free_again_before_the_longest_rest(voices: int, seed: int, grid: OnsetGrid, known: bool) -> None:
    wish = plain(
        most_sounding=voices,
        seed=seed,
        grid=grid,
        metre=Metre(known),
        longest_rest_ticks=48,
        controls=Controls(length=1.0, density=1.0),
    )
    notes, given_up = turn(wish)
    assert given_up == frozenset() and broken(wish, notes) == []


def test_the_worker_tells_once_what_was_given_up() -> None:
    worker = Worker(FakeNoteModel(), no_spare)
    wish = plain(scale=C_MAJOR, lowest_pitch=61, highest_pitch=61, end_tick=200)
    worker.take(Ask(1, Hearing(0, (Note(-24, 60, 12, 80),), wish.metre), wish, 10_000))
    told: list[tuple[GivenUp, ...]] = []
    while not worker.idle:
        told += [reply.given_up for reply in worker.work() if isinstance(reply, Drawn) and reply.notes]
    assert len(told) > 1 and told[0] == (GivenUp.SCALE,) and not any(told[1:])


def test_a_wish_travels() -> None:
    wish = steered(plain(grid=OnsetGrid.TRIPLETS, sounding_until=(3, 4)))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(wish), type=Wish) == wish


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, None),
        ({"scale": C_MAJOR, "lowest_pitch": 61, "highest_pitch": 61}, "No note of the scale"),
        ({"lowest_pitch": 70, "highest_pitch": 60}, "lies above the highest"),
        ({"chords": progression([(0, F_SHARP)]), "chord_tones_only": True, "scale": (0, 2, 4)}, "chord F#"),
        (
            {"chords": progression([(0, C)]), "chord_tones_only": True, "lowest_pitch": 61, "highest_pitch": 63},
            "No tone of the chord C",
        ),
        ({"chord_tones_only": True}, "no chords are given"),
        ({"chords": progression([(0, C), (96, C)], 96)}, "make the loop longer"),
        ({"chords": progression([(96, C), (0, C)])}, "put them in order"),
        ({"chords": GivenChords((), 96)}, "make the loop longer"),
        ({"scale": (12,)}, "none of the twelve"),
        ({"most_sounding": 0}, "at least one"),
        ({"most_at_once": 0}, "at least one"),
        ({"grid": OnsetGrid.SIXTEENTHS, "longest_rest_ticks": 8}, "step of the grid"),
        ({"metre": Metre(), "longest_rest_ticks": 0}, "no room for a next note"),
        ({"first_tick": 0, "end_tick": 0, "earliest_tick": 0}, "over before it begins"),
        ({"controls": Controls(density=1.5)}, "density cannot be 1.5"),
        ({"controls": Controls(rhythm=-0.5)}, "rhythm cannot be -0.5"),
        ({"temperature": 0.0}, "creativity"),
        ({"top_p": 0.0}, "top_p"),
        ({"min_p": 1.0}, "min_p"),
    ],
)
def test_contradictions_are_told_in_one_sentence(changes: dict[str, object], words: str | None) -> None:
    found = faults(plain(**changes))
    if words is None:
        assert found == ()
        return
    assert len(found) == 1 and words in found[0]
    assert found[0].endswith(".") and found[0].count(". ") == 0


def test_masks_of_a_chord_are_made_once() -> None:
    wish = steered(plain())
    bounds = Constraints(wish)
    assert bounds.pitches(0, None) is bounds.pitches(5, None)
    assert isinstance(wish.chords.at(0), GivenChord)
