"""Drums: no stick hits a cymbal twice at once, kick and snare stay where the phrase has them, timing stays a hand's."""

from collections.abc import Sequence
from itertools import islice, pairwise

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from cocomposer.events.codec import Metre
from cocomposer.events.layout import DRAWN, UNPLACED
from cocomposer.events.steps import STEPS
from cocomposer.generation.composer import Composer
from cocomposer.generation.drum_leans import AGAIN, CYMBALS, KEPT, STYLE, Cymbals, Places
from cocomposer.generation.request import Hearing, OnsetGrid, Wish
from cocomposer.generation.shaping import Drawing
from cocomposer.generation.steering import shapers_of
from cocomposer.jam.settings import Settings, changed
from cocomposer.jam.shaping import shaped
from cocomposer.music.note import Note
from tests.fakes.note_model import FakeNoteModel

KICK, SNARE, HAT, OPEN, RIDE = 36, 38, 42, 46, 51
WALTZ = Metre(True, 0, 144)


def waltz(bars: int = 4) -> tuple[Note, ...]:
    """Kick on one, snare on two and three, the hat on each beat; by a hand."""
    late = np.random.default_rng(1).integers(-2, 3, (bars, 3, 2))
    return tuple(
        sorted(
            Note(max(0, 144 * bar + 48 * beat + int(late[bar, beat, which])), pitch, 5, 80)
            for bar in range(bars)
            for beat, drum in enumerate((KICK, SNARE, SNARE))
            for which, pitch in enumerate((drum, HAT))
        )
    )


class Restless(FakeNoteModel):
    """Its notes come within a few ticks of each other, and then on eighths, all of them drums of a few."""

    def logits(self, drawn: Sequence[int], place: Sequence[int]) -> NDArray[np.float32]:
        logits = super().logits(drawn, place)
        if not drawn:
            near = np.isin(np.asarray(STEPS), (1, 2, 3, 5, 24))
            return np.where(near, logits, -20).astype(np.float32)
        if len(drawn) == 1:
            return np.where(np.isin(np.arange(128), (KICK, SNARE, HAT, OPEN, RIDE)), 0, -20).astype(np.float32)
        return logits


def drummed_on(notes: int = 300, seed: int = 1, **changes: object) -> list[Note]:
    """What comes after four bars of waltz."""
    composer = Composer(Restless())
    wish = Wish(1, seed, 576, metre=WALTZ, style=STYLE, phrase_ticks=(0, 576), top_p=1.0)
    for _ in composer.hear(Hearing(0, waltz(), WALTZ, STYLE)):
        pass
    return list(islice(composer.play(msgspec.structs.replace(wish, **changes)), notes))


def at(note: Note) -> int | None:
    """The beat of a waltz that a note is on."""
    beat, off = divmod(note.onset_tick + 3, 48)
    return beat % 3 if off <= 6 else None


# -- cymbals -------------------------------------------------------------------------------------


@pytest.mark.parametrize("cymbal", CYMBALS)
def test_no_stick_hits_a_cymbal_twice_at_once(cymbal: tuple[int, ...]) -> None:
    strokes = [note.onset_tick for seed in range(4) for note in drummed_on(seed=seed) if note.pitch in cymbal]
    assert len(strokes) > 50
    # From one seed's part to the next one's, time goes back.
    assert all(later - sooner >= AGAIN for sooner, later in pairwise(strokes) if later >= sooner)


def test_other_drums_may_be_struck_as_soon_as_the_model_likes() -> None:
    snares = [note.onset_tick for note in drummed_on() if note.pitch == SNARE]
    assert min(later - sooner for sooner, later in pairwise(snares)) < AGAIN


def test_a_stroke_that_was_heard_counts_and_the_time_after_it_does_not() -> None:
    cymbals, flat = Cymbals(), np.zeros(128)
    cymbals.begin([Note(94, KICK, 5, 80), Note(96, HAT, 5, 80), Note(98, SNARE, 5, 80)])
    soon = cymbals.shape("pitch", flat, Drawing((1,), 98, 96 + AGAIN - 1, UNPLACED, ()))
    assert (np.flatnonzero(soon) == sorted(CYMBALS[0])).all() and (soon[list(CYMBALS[0])] < -20).all()
    assert cymbals.shape("pitch", flat, Drawing((1,), 98, 96 + AGAIN, UNPLACED, ())) is flat
    cymbals.begin([])
    assert cymbals.shape("pitch", flat, Drawing((1,), 98, 97, UNPLACED, ())) is flat


# -- places --------------------------------------------------------------------------------------


def test_a_waltz_goes_on_as_a_waltz() -> None:
    def share(drum: int, beats: set[int], phrase_ticks: tuple[int, int] | None) -> float:
        parts = [note for seed in range(4) for note in drummed_on(seed=seed, phrase_ticks=phrase_ticks)]
        own = [at(note) in beats for note in parts if note.pitch == drum and at(note) is not None]
        return float(np.mean(own))

    assert share(KICK, {0}, (0, 576)) > 0.9 > 0.5 > share(KICK, {0}, None)
    assert share(SNARE, {1, 2}, (0, 576)) > 0.95 > 0.8 > share(SNARE, {1, 2}, None)


def lean(places: Places, tick: int) -> tuple[float, float]:
    """On kick and snare at a tick."""
    logits = places.shape("pitch", np.zeros(128), Drawing((1,), tick, tick, UNPLACED, ()))
    assert logits[35] == logits[KICK] and logits[40] == logits[SNARE] and not logits[[HAT, RIDE, 60]].any()
    return float(logits[KICK]), float(logits[SNARE])


def test_how_often_the_phrase_has_a_drum_at_a_place_is_how_much_it_leans() -> None:
    places = Places(WALTZ, (0, 576))
    places.begin([*waltz(3), Note(432, SNARE, 5, 80), Note(480, HAT, 5, 80), Note(528, HAT, 5, 80)])
    one, two, between = lean(places, 577), lean(places, 623), lean(places, 600)
    assert one == (0.5 * KEPT - 0.125 * KEPT, -0.5 * KEPT - 0.125 * KEPT), "three kicks, one snare"
    assert two[0] < 0 < two[1]
    assert between == (-0.5 * KEPT, -0.5 * KEPT), "the phrase has neither"
    assert lean(places, 588) == (0, 0), "no place"


def test_a_drum_that_was_struck_is_not_asked_for_again_at_its_place() -> None:
    places = Places(WALTZ, (0, 576))
    places.begin(waltz())
    places.took(Note(575, KICK, 5, 80))
    assert lean(places, 577) == (0, -KEPT)
    assert lean(places, 577 + 144)[0] == KEPT


def test_where_the_phrase_never_was_nothing_leans() -> None:
    places = Places(WALTZ, (0, 576))
    places.begin([Note(0, KICK, 5, 80), Note(24, HAT, 5, 80)])
    assert lean(places, 144) == (KEPT, -KEPT) and lean(places, 168)[0] < 0
    assert lean(places, 192) == (0, 0)
    places.begin([])
    assert lean(places, 144) == (0, 0)


@given(
    st.lists(st.tuples(st.integers(-999, 999), st.integers(0, 127)), max_size=40),
    st.integers(-300, 300), st.integers(1, 7), st.integers(0, 2000),
)  # fmt: skip
def test_they_forbid_nothing_and_shape_pitches_only(
    strokes: list[tuple[int, int]], line: int, beats: int, tick: int
) -> None:
    heard = sorted(Note(onset, pitch, 5, 80) for onset, pitch in strokes)
    for shaper in (Cymbals(), Places(Metre(True, line, 48 * beats), (-999, 1000))):
        shaper.begin(heard)
        for number, field in enumerate(DRAWN):
            logits = np.zeros(field.classes)
            drawing = Drawing((0,) * number, tick, tick if number else None, UNPLACED, ())
            lent = shaper.shape(field.name, logits, drawing)
            assert np.isfinite(lent).all() and not logits.any()
            assert field.name == "pitch" or lent is logits


# -- which drums are shaped ----------------------------------------------------------------------


def test_drums_have_them_and_nothing_else_has() -> None:
    def kinds(wish: Wish) -> list[type]:
        return [type(shaper) for shaper in shapers_of(wish)]

    wish = Wish(1, 1, 576, metre=WALTZ, style=STYLE, phrase_ticks=(0, 576))
    assert kinds(wish) == [Cymbals, Places]
    assert kinds(msgspec.structs.replace(wish, metre=Metre(True))) == [Cymbals]
    assert kinds(msgspec.structs.replace(wish, phrase_ticks=None)) == [Cymbals]
    assert kinds(msgspec.structs.replace(wish, style="performed")) == []


@pytest.mark.parametrize(
    ("style", "strictness", "grid"),
    [
        ("drums", 0.0, OnsetGrid.OFF), ("drums", -0.5, OnsetGrid.OFF), ("drums", 0.5, OnsetGrid.SIXTEENTHS),
        ("auto", 0.0, OnsetGrid.SIXTEENTHS), ("score", -0.5, OnsetGrid.SIXTEENTHS),
    ],
)  # fmt: skip
def test_drums_keep_a_hands_timing_unless_it_is_to_be_strict(style: str, strictness: float, grid: OnsetGrid) -> None:
    settings = changed(Settings(), {"style": style, "strictness": strictness, "grid": "1/16"})
    assert shaped(Wish(1, 1, 576), settings, WALTZ, waltz()).grid is grid
