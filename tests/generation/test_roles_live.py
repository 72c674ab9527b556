"""Infill, vary and drums with the released model: music of the example phrases, not noise."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from cocomposer.adapters.midi_files import read_midi_file
from cocomposer.adapters.onnx_model import OnnxNoteModel
from cocomposer.adapters.phrases import phrases
from cocomposer.adapters.places import default_bundle
from cocomposer.adapters.provider_names import Provider
from cocomposer.events.codec import Metre
from cocomposer.generation.composer import Composer
from cocomposer.generation.request import Hearing, Wish
from cocomposer.generation.roles.drumming import drummed
from cocomposer.generation.roles.infilling import infilled
from cocomposer.generation.roles.tasks import Drum, Infill, Vary
from cocomposer.generation.roles.varying import varied
from cocomposer.generation.roles.work import Work
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

METRE = Metre(True, 0, 192)
D_MAJOR = {1, 2, 4, 6, 7, 9, 11}


def reel() -> tuple[Note, ...]:
    """Eight bars in D."""
    piece = read_midi_file(phrases()["reel"])
    ticks = np.rint(piece.beats_of(piece.notes[:, :2]) * TICKS_PER_BEAT).astype(int).tolist()
    return tuple(
        Note(onset, row[2], max(1, end - onset), row[3])
        for (onset, end), row in zip(ticks, piece.notes.tolist(), strict=True)
    )


@pytest.fixture(scope="module")
def composer() -> Composer:
    return Composer(OnnxNoteModel(Path(default_bundle()), Provider.CPU))


def done(work: Work) -> tuple[Note, ...]:
    while True:
        try:
            next(work)
        except StopIteration as end:
            notes: tuple[Note, ...] = end.value
            return notes


def test_a_gap_in_a_reel_is_filled_in_its_key_and_pace(composer: Composer) -> None:
    tune = reel()
    left = tuple(note for note in tune if note.onset_tick < 768)
    right = tuple(note for note in tune if note.onset_tick >= 1152)
    wish = Wish(0, 1, 768, 768, metre=METRE, follow_key=0.3)
    middle = done(infilled(composer, Hearing(0, left, METRE), wish, Infill(right, 3), 60))
    assert all(768 <= note.onset_tick < 1152 for note in middle) and 6 <= len(middle) <= 24
    assert np.mean([note.pitch % 12 in D_MAJOR for note in middle]) >= 0.8
    assert np.mean([note.onset_tick % 12 == 0 for note in middle]) >= 0.8


def test_notes_judged_together_cost_what_they_cost_one_at_a_time(composer: Composer) -> None:
    tune = reel()
    wish = Wish(0, 1, 768, 768, metre=METRE)

    def cost(at_once: int) -> NDArray[np.float64]:
        list(composer.hear(Hearing(0, tune[:20], METRE)))
        return np.concatenate(list(composer.foretell(tune[20:], wish, at_once)))

    alone = cost(1)
    for at_once in (2, 16, 64):
        np.testing.assert_allclose(cost(at_once), alone, atol=1e-3)
    assert alone.sum(axis=1).mean() > 1


def test_a_varied_reel_stays_in_its_key(composer: Composer) -> None:
    tune = reel()[:16]
    wish = Wish(0, 1, 768, 768, metre=METRE)
    again = done(varied(composer, Hearing(0, tune, METRE), wish, Vary(tune, 1.0)))
    assert all(note.pitch % 12 in D_MAJOR for note in again)
    assert len(set(again)) == 16 and len({note.pitch for note in again}) >= 4


def test_drums_keep_a_pulse_with_a_hand_in_it(composer: Composer) -> None:
    tune = reel()[:12]
    parts = [
        done(drummed(composer, msgspec.structs.replace(Wish(0, seed, 0, 0, 768), metre=METRE), Drum(tune), 120))
        for seed in range(2)
    ]
    for part in parts:
        assert 1.5 < len(part) / 16 < 8
        off = [min(note.onset_tick % 12, -note.onset_tick % 12) for note in part]
        assert np.mean([ticks <= 4 for ticks in off]) > 0.7 and any(off)
        assert np.std([note.velocity for note in part]) > 8
        assert {36, 35} & {note.pitch for note in part} and {38, 40, 37} & {note.pitch for note in part}


@pytest.mark.parametrize(("beats", "on_snare"), [(3, 2), (5, 4)])
def test_drums_keep_a_metre_that_the_corpus_hardly_has(composer: Composer, beats: int, on_snare: int) -> None:
    bar = beats * TICKS_PER_BEAT
    kicks, snares = np.zeros(beats), np.zeros(beats)
    for seed in range(3):
        wish = Wish(0, seed, 0, 0, 8 * bar, metre=Metre(True, 0, bar))
        for note in done(drummed(composer, wish, Drum(()), 400)):
            beat, off = divmod(note.onset_tick % bar + 6, TICKS_PER_BEAT)
            if off <= 12:
                kicks[beat % beats] += note.pitch in {35, 36}
                snares[beat % beats] += note.pitch in {38, 40}
    assert kicks[0] >= 0.8 * 24 and kicks[0] > 2 * kicks[1:].max(), "so many bars have a kick on one"
    assert snares[on_snare] >= 0.8 * 24 and snares[on_snare] > np.delete(snares, on_snare).max()
    assert snares[0] <= 0.25 * 24


def test_drums_in_three_strike_no_loud_snare_twice_at_once(composer: Composer) -> None:
    tune = tuple(Note(48 * beat, 60 + beat % 5, 40, 95 if beat % 3 == 0 else 70) for beat in range(24))
    loud: list[int] = []
    for seed in range(3):
        wish = Wish(0, seed, 0, 0, 8 * 144, metre=Metre(True, 0, 144))
        part = done(drummed(composer, wish, Drum(tune), 400))
        loud += [note.onset_tick + seed * 1200 for note in part if note.pitch in {38, 40} and note.velocity > 60]
    assert len(loud) > 20
    assert np.mean(np.diff(loud) < 6) <= 0.02, "people, in 3/4: 0.2 %"
