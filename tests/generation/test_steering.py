"""Each soft control moves its own statistic and, where neutral, not one bit; none of them breaks a constraint."""

import math
from collections.abc import Callable, Sequence
from itertools import islice, pairwise

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocomposer.events.codec import Metre
from cocomposer.events.layout import DRAWN, UNPLACED
from cocomposer.events.steps import step_of
from cocomposer.generation.composer import Composer
from cocomposer.generation.controls import NEUTRAL, ONE_SIDED, Controls, limits_of
from cocomposer.generation.given_chords import progression
from cocomposer.generation.likeness import classes_of, lean_on
from cocomposer.generation.phrase import split
from cocomposer.generation.request import Hearing, Wish
from cocomposer.generation.sampler import probabilities
from cocomposer.generation.shaping import Drawing, Logits, shaped
from cocomposer.generation.steering import shapers_of
from cocomposer.generation.tilt import DENSITY, KINDS, PACE_ROOM, Steadied, Tilt
from cocomposer.generation.timing_leans import BESIDE_GRID, NEAR, Pattern, pattern_of
from cocomposer.harmony.chord import Chord
from cocomposer.music.note import Note
from tests.fakes.note_model import FakeNoteModel

PHRASE = tuple(
    Note(onset, pitch, length, velocity)
    for onset, pitch, length, velocity in zip(
        (0, 24, 36, 48, 96, 120, 132, 144, 192, 216, 228, 240, 288, 312, 324, 336),
        (60, 62, 64, 65, 67, 65, 64, 62) * 2,
        (20, 10, 10, 40) * 4,
        (70, 60, 80, 75) * 4,
        strict=True,
    )
)
METRE = Metre(True, 0)
CHORDS = progression([(0, Chord(0)), (96, Chord(9, "min")), (192, Chord(5)), (288, Chord(7, "7"))], 384)
SEEDS = 8
NOTES = 40


def step_class(ticks: int) -> int:
    return int(step_of(np.asarray([ticks]))[0])


def played(wish: Wish, notes: int = NOTES) -> list[Note]:
    composer = Composer(FakeNoteModel(window=32))
    for _ in composer.hear(Hearing(0, PHRASE, METRE)):
        pass
    return list(islice(composer.play(wish), notes))


def wish(seed: int = 1, **changes: object) -> Wish:
    plain = Wish(1, seed, 384, 384, metre=METRE, top_p=1.0, phrase_ticks=(0, 384), chords=CHORDS)
    return msgspec.structs.replace(plain, **changes)


def density(notes: Sequence[Note]) -> float:
    return (len(notes) - 1) * 48 / max(1, notes[-1].onset_tick - notes[0].onset_tick)


def mean(of: Callable[[Note], float]) -> Callable[[Sequence[Note]], float]:
    return lambda notes: float(np.mean([of(note) for note in notes]))


def likeness(notes: Sequence[Note]) -> float:
    heard, drawn = classes_of(PHRASE), classes_of(notes)
    return float(np.mean([lean_on(field, heard[field])[drawn[field]].mean() for field in heard]))


def on_rhythm(notes: Sequence[Note]) -> float:
    pattern, origin = pattern_of([note.onset_tick for note in PHRASE], METRE, 384)
    return float((pattern.beside[(np.unique([n.onset_tick for n in notes]) - origin) % pattern.length] <= NEAR).mean())


def in_chord(notes: Sequence[Note]) -> float:
    found = [(note, CHORDS.at(note.onset_tick)) for note in notes]
    return float(np.mean([chord is not None and note.pitch % 12 in chord.tones for note, chord in found]))


STATISTICS: dict[str, Callable[[Sequence[Note]], float]] = {
    "density": density,
    "register": mean(lambda note: note.pitch),
    "length": mean(lambda note: math.log2(note.duration_ticks)),
    "loudness": mean(lambda note: note.velocity),
    "strictness": mean(lambda note: -float(BESIDE_GRID[note.onset_tick % 48])),
    "likeness": likeness,
    "rhythm": on_rhythm,
    "chord": in_chord,
}


def test_every_control_is_looked_at() -> None:
    assert set(STATISTICS) == set(Controls.__struct_fields__)


@pytest.mark.parametrize("name", STATISTICS)
def test_each_control_moves_its_statistic_monotonically(name: str) -> None:
    levels = (0.0, 0.5, 1.0) if name in ONE_SIDED else (-1.0, -0.5, 0.0, 0.5, 1.0)
    means = [
        np.mean([STATISTICS[name](played(wish(seed, controls=Controls(**{name: level})))) for seed in range(SEEDS)])
        for level in levels
    ]
    assert all(lower < higher for lower, higher in pairwise(means)), means


@pytest.mark.parametrize("name", ["temperature", "top_p", "min_p"])
def test_creativity_draws_what_is_less_likely(name: str) -> None:
    levels = {"temperature": (0.5, 1.0, 2.0), "top_p": (0.3, 0.7, 1.0), "min_p": (0.5, 0.1, 0.0)}[name]
    logits = np.random.default_rng(1).normal(0, 2, 60).astype(np.float32)
    plain = np.log(probabilities(logits, None, 1.0, 1.0))
    neutral = {"temperature": 1.0, "top_p": 1.0, "min_p": 0.0}
    costs = [-float((probabilities(logits, None, **(neutral | {name: level})) * plain).sum()) for level in levels]
    assert costs == sorted(costs) and len(set(costs)) == 3


@given(st.lists(st.floats(-20, 20, width=32), min_size=2, max_size=30), st.floats(0.01, 0.99))
def test_min_p_keeps_what_is_likely_enough_beside_the_likeliest(values: list[float], min_p: float) -> None:
    logits = np.asarray(values, dtype=np.float32)
    whole = probabilities(logits, None, 1.0, 1.0)
    kept = probabilities(logits, None, 1.0, 1.0, min_p)
    assert ((kept > 0) == (whole >= min_p * whole.max())).all()
    np.testing.assert_array_equal(probabilities(logits, None, 1.0, 0.9, 0.0), probabilities(logits, None, 1.0, 0.9))


def test_neutral_controls_leave_the_models_logits_as_they_are() -> None:
    assert wish().controls == NEUTRAL and shapers_of(wish()) == ()
    logits = np.random.default_rng(2).normal(size=128).astype(np.float32)
    assert shaped((), "pitch", logits, Drawing((), 0, None, UNPLACED, ())) is logits


@pytest.mark.parametrize("name", STATISTICS)
def test_a_control_next_to_neutral_is_next_to_nothing(name: str) -> None:
    """So a knob that is turned up from neutral begins where it was."""
    one = played(wish(controls=Controls(**{name: 1e-9})))
    assert one == played(wish())


@pytest.mark.parametrize("name", STATISTICS)
def test_shapers_forbid_nothing_and_leave_what_they_are_given(name: str) -> None:
    for value in limits_of(name):
        for shaper in shapers_of(wish(controls=Controls(**{name: value}))):
            shaper.begin(PHRASE)
            for note in PHRASE:
                shaper.took(note)
            for number, field in enumerate(DRAWN):
                logits = np.random.default_rng(number).normal(size=field.classes)
                before = logits.copy()
                drawing = Drawing((0,) * number, 800, 812 if number else None, UNPLACED, ())
                assert np.isfinite(shaper.shape(field.name, logits, drawing)).all()
                np.testing.assert_array_equal(logits, before)


@given(st.sampled_from(sorted(KINDS)), st.floats(-1, 1).filter(bool), st.lists(st.integers(0, 127), max_size=60))
def test_a_tilt_never_pushes_the_other_way_and_has_bounds(name: str, value: float, pitches: list[int]) -> None:
    tilt = Tilt(KINDS[name], value)
    tilt.begin(PHRASE)
    for number, pitch in enumerate(pitches):
        tilt.took(Note(400 + number * (pitch % 7), pitch, 1 + 3 * pitch, max(1, pitch)))
        assert tilt.steepness * value >= 0
        assert abs(tilt.steepness) <= 6 * KINDS[name].push * abs(value) + 1e-9


def test_a_tilt_closes_its_loop() -> None:
    """Notes that stay as they were make it steeper; notes beyond the aim make it let go."""
    tilt = Tilt(KINDS["register"], 0.5)
    tilt.begin(PHRASE)
    steep = [tilt.steepness]
    for number in range(20):
        tilt.took(Note(400 + 12 * number, 63, 10, 70))
        steep.append(tilt.steepness)
    assert all(lower <= higher for lower, higher in pairwise(steep)) and steep[-1] > 2 * steep[0]
    for number in range(60):
        tilt.took(Note(700 + 12 * number, 100, 10, 70))
    assert tilt.steepness == 0


def paced(step_ticks: int, notes: int = 60) -> tuple[Steadied, Logits]:
    """A turn that has played one note each so many ticks after a phrase of one each 12, and what it does to steps."""
    steadied = Steadied(DENSITY, PACE_ROOM)
    steadied.begin([Note(12 * n, 60, 12, 80) for n in range(20)])
    for n in range(notes):
        steadied.took(Note(240 + step_ticks * n, 60, 12, 80))
    flat = np.zeros(len(DENSITY.feature))
    return steadied, steadied.shape("onset", flat, Drawing((), 0, None, UNPLACED, ()))


@pytest.mark.parametrize(("step_ticks", "sign"), [(12, 0), (10, 0), (15, 0), (6, -1), (3, -1), (24, 1), (48, 1)])
def test_a_pace_that_runs_away_is_led_back_and_another_is_not_touched(step_ticks: int, sign: int) -> None:
    _, logits = paced(step_ticks)
    assert np.sign(logits[step_class(6)] - logits[step_class(24)]) == sign
    assert logits.any() == bool(sign)


def test_the_further_away_the_more_and_only_onsets() -> None:
    near, far = paced(6, notes=12)[1], paced(6)[1]
    assert near[step_class(48)] < far[step_class(48)]
    flat = np.zeros(128)
    assert paced(3)[0].shape("pitch", flat, Drawing((0,), 0, 0, UNPLACED, ())) is flat


def test_a_turn_that_is_taken_up_again_has_the_pace_it_had() -> None:
    _, logits = paced(6)
    heard = [Note(12 * n, 60, 12, 80) for n in range(20)] + [Note(240 + 6 * n, 60, 12, 80) for n in range(60)]
    again = Steadied(DENSITY, PACE_ROOM, (0, 240))
    again.begin(heard)
    flat = np.zeros(len(DENSITY.feature))
    assert (again.shape("onset", flat, Drawing((), 0, None, UNPLACED, ())) == logits).all()


@pytest.mark.parametrize("name", STATISTICS)
def test_an_answer_that_goes_on_is_measured_against_its_phrase(name: str) -> None:
    """Asked anew with what it has drawn, a shaper stands where it stood, and does not run away after itself."""
    controls = Controls(**{name: 0.7})
    answer = played(wish(controls=controls), 20)
    going_on, anew = (shapers_of(wish(controls=controls))[0] for _ in range(2))
    going_on.begin(PHRASE)
    for note in answer:
        going_on.took(note)
    anew.begin((*PHRASE, *answer))
    last = answer[-1].onset_tick
    for number, field in enumerate(DRAWN):
        drawing = Drawing((0,) * number, last, last + 12 if number else None, UNPLACED, ())
        one, other = (shaper.shape(field.name, np.zeros(field.classes), drawing) for shaper in (going_on, anew))
        np.testing.assert_allclose(one, other)


def test_without_a_phrase_the_latest_notes_stand_for_it() -> None:
    assert split(PHRASE, None) == split(PHRASE, (5000, 6000)) == (PHRASE, ())
    phrase, after = split(PHRASE, (36, 97))
    assert [note.onset_tick for note in phrase] == [36, 48, 96] and list(after) == list(PHRASE[5:])


def test_a_rhythm_goes_round_in_whole_bars() -> None:
    pattern, origin = pattern_of([24, 36, 200], Metre(True, 0), 400)
    assert (pattern.length, origin) == (384, 384)
    assert np.flatnonzero(pattern.beside == 0).tolist() == [24, 36, 200]
    free, origin = pattern_of([101, 131, 161], Metre(), 417)
    assert (free.length, origin) == (90, 417)
    assert np.flatnonzero(free.beside == 0).tolist() == [0, 30, 60]


@given(st.sets(st.integers(0, 95), min_size=1), st.integers(-300, 300))
def test_a_pattern_counts_its_onsets(onsets: set[int], tick: int) -> None:
    pattern = Pattern(sorted(onsets), 96)
    all_onsets = [onset + 96 * turn for turn in range(-5, 6) for onset in onsets]
    expected = sum(0 <= onset < tick for onset in all_onsets) - sum(tick <= onset < 0 for onset in all_onsets)
    assert pattern.before(np.asarray([tick]))[0] == expected
    assert pattern.beside[tick % 96] == min(abs(onset - tick) for onset in all_onsets)


def test_a_beat_that_is_not_known_has_no_strictness() -> None:
    assert shapers_of(wish(metre=Metre(), controls=Controls(strictness=1.0))) == ()


@given(st.integers(-2000, 2000))
def test_chords_go_round(tick: int) -> None:
    chord = CHORDS.at(tick)
    assert chord is not None and chord == CHORDS.chords[tick % 384 // 96]
    once = progression([(0, Chord(0)), (96, Chord(9, "min"))])
    assert once.at(tick) == (None if tick < 0 else once.chords[tick >= 96])


def test_the_model_is_told_the_chords_and_hears_them_again() -> None:
    """Notes drawn under given chords are fed with them, so that a hearing with the same chords has nothing to feed."""
    model = FakeNoteModel(window=64)
    composer = Composer(model)
    hearing = Hearing(0, PHRASE, METRE, chords=CHORDS)
    for _ in composer.hear(hearing):
        pass
    notes = list(islice(composer.play(wish()), 12))
    fed = model.fed
    for _ in composer.hear(msgspec.structs.replace(hearing, notes=(*PHRASE, *notes))):
        pass
    assert model.fed == fed
    assert notes != list(islice(Composer(FakeNoteModel(window=64)).play(wish(chords=progression([]))), 12))


@settings(max_examples=20, deadline=None)
@given(st.builds(Controls, **{name: st.floats(*limits_of(name)) for name in STATISTICS}), st.integers(0, 99))
def test_the_same_controls_and_chance_draw_the_same(controls: Controls, seed: int) -> None:
    one, other = (played(wish(seed, controls=controls), 8) for _ in range(2))
    assert one == other
