"""Infill, vary and drums on fake models: what each keeps, what it may change, that chance alone decides."""

from collections.abc import Generator, Sequence
from itertools import pairwise
from typing import TypeVar

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from cocomposer.events.codec import Metre
from cocomposer.events.layout import COLUMN, STYLES, UNPLACED
from cocomposer.events.steps import step_of
from cocomposer.generation.composer import Composer
from cocomposer.generation.controls import Controls
from cocomposer.generation.request import Hearing, OnsetGrid, Sketch, Sketched, Wish
from cocomposer.generation.roles.drumming import GENERAL_MIDI, GROOVE_BARS, drummed, general_midi, groove, on_grid
from cocomposer.generation.roles.fit import Costs, fit
from cocomposer.generation.roles.infilling import infilled, judged
from cocomposer.generation.roles.tasks import Drum, Harmonise, Infill, Task, Vary
from cocomposer.generation.roles.varying import changing, in_key, placed, varied
from cocomposer.generation.sketching import Sketching
from cocomposer.generation.timing_leans import NEAR
from cocomposer.generation.worker import Worker
from cocomposer.music.note import Note, Pedal
from tests.fakes.note_model import FakeNoteModel, no_spare

Result = TypeVar("Result")
METRE = Metre(True, 0, 192)
LEFT = tuple(Note(24 * n, 60 + (0, 2, 4, 5, 7)[n % 5], 20, 60 + n) for n in range(32))
RIGHT = tuple(Note(1152 + 24 * n, 67 - (0, 2, 3, 5)[n % 4], 20, 80) for n in range(16))
GAP = Wish(0, 3, 768, 768, metre=METRE, follow_key=0.3)
HEARD = Hearing(0, LEFT, METRE)
SCALE = (0, 2, 4, 5, 7, 9, 11)
CHORDS = tuple(sorted(Note(48 * n, 48 + 4 * k + n % 3, 40, 70 + 5 * k) for n in range(8) for k in range(3)))


def done(work: Generator[None, None, Result]) -> Result:
    """All of it at once."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: Result = end.value
            return result


def infill(wish: Wish = GAP, count: int = 4, right: Sequence[Note] = RIGHT) -> tuple[Note, ...]:
    return done(infilled(Composer(FakeNoteModel()), HEARD, wish, Infill(tuple(right), count), 400))


def vary(amount: float, phrase: tuple[Note, ...] = LEFT, **changes: object) -> tuple[Note, ...]:
    wish = msgspec.structs.replace(GAP, **changes)
    return done(varied(Composer(FakeNoteModel()), HEARD, wish, Vary(phrase, amount)))


def drum(seed: int = 3, phrase: tuple[Note, ...] = LEFT, **changes: object) -> tuple[Note, ...]:
    wish = msgspec.structs.replace(GAP, seed=seed, end_tick=768 + 4 * 192, channel=9, **changes)
    return done(drummed(Composer(FakeNoteModel()), wish, Drum(phrase), 1000))


# -- what the model makes of given notes ---------------------------------------------------------


def test_foretold_costs_are_those_of_the_classes_as_the_model_gives_them() -> None:
    model, twin = FakeNoteModel(), FakeNoteModel()
    composer, watched = Composer(model), Composer(twin)
    for one in (composer, watched):
        list(one.hear(HEARD))
    note = Note(780, 65, 30, 90)
    ((nats,),) = composer.foretell([note], Wish(0, 1, 0))
    logits = twin.logits((), UNPLACED).astype(np.float64)
    step = int(step_of(np.asarray([note.onset_tick - LEFT[-1].onset_tick]))[0])
    assert nats[0] == pytest.approx(np.log(np.exp(logits).sum()) - logits[step])
    assert (nats[:4] > 0).all() and nats[4] == 0, "an unknown pedal says nothing"
    pitches = 0.0
    for pitch in range(128):
        list(watched.hear(HEARD))
        ((other,),) = watched.foretell([Note(780, pitch, 30, 90)], Wish(0, 1, 0))
        pitches += float(np.exp(-other[1]))
    assert pitches == pytest.approx(1.0)


@pytest.mark.parametrize("heard", [LEFT, ()], ids=["after music", "after nothing"])
@pytest.mark.parametrize("at_once", [2, 7, None])
def test_notes_foretold_together_cost_what_they_cost_one_at_a_time(
    heard: tuple[Note, ...], at_once: int | None
) -> None:
    together, alone = Composer(FakeNoteModel()), Composer(FakeNoteModel())
    for one in (together, alone):
        list(one.hear(Hearing(0, heard, METRE)))
    notes = (*RIGHT, Note(1540, 60, 48, 90, pedal=Pedal.DOWN), Note(1540, 64, 48, 90))
    chunks = list(together.foretell(notes, GAP, at_once))
    assert len(chunks) == np.ceil(len(notes) / (at_once or 64))
    np.testing.assert_allclose(np.concatenate(chunks), np.concatenate(list(alone.foretell(notes, GAP, 1))))


def test_what_is_foretold_is_heard() -> None:
    told, plain = Composer(FakeNoteModel()), Composer(FakeNoteModel())
    list(told.hear(Hearing(0, LEFT[:20], METRE)))
    list(told.foretell(LEFT[20:], Wish(0, 1, 0, metre=METRE)))
    list(plain.hear(HEARD))
    wish = msgspec.structs.replace(GAP, end_tick=1000)
    assert tuple(told.play(wish)) == tuple(plain.play(wish))


# -- infill --------------------------------------------------------------------------------------


@given(seed=st.integers(0, 2**20), count=st.integers(1, 3), gap=st.integers(48, 400), low=st.integers(40, 60))
@settings(max_examples=12, deadline=None)
def test_an_infill_stays_between_its_sides_and_keeps_hard_constraints(
    seed: int, count: int, gap: int, low: int
) -> None:
    right = [Note(n.onset_tick - 1152 + 768 + gap, n.pitch, n.duration_ticks, n.velocity) for n in RIGHT]
    wish = msgspec.structs.replace(GAP, seed=seed, scale=SCALE, lowest_pitch=low, highest_pitch=low + 20)
    notes = infill(wish, count, right)
    assert notes and notes[0].onset_tick == 768
    assert all(768 <= note.onset_tick < 768 + gap for note in notes)
    assert all(note.pitch % 12 in SCALE and low <= note.pitch <= low + 20 for note in notes)
    for note in notes:
        again = [other.onset_tick for other in right if other.pitch == note.pitch]
        assert not again or note.end_tick <= again[0], "no key is struck while it is still down"
    assert notes == infill(wish, count, right)


def test_the_middle_that_fits_best_is_taken() -> None:
    composer = Composer(FakeNoteModel())
    ends = msgspec.structs.replace(GAP, end_tick=RIGHT[0].onset_tick)
    drawn = [infill(msgspec.structs.replace(ends, turn=number), 1) for number in range(6)]
    fits = [fit(done(judged(composer, HEARD, ends, middle, RIGHT))) for middle in drawn]
    assert len(set(fits)) == 6
    assert infill(ends, 6) == drawn[int(np.argmax(fits))] and infill(ends, 1) == drawn[0]


def test_what_follows_at_once_and_is_followed_fits_better() -> None:
    assert fit(Costs(10, 12, 5)) > fit(Costs(11, 12, 5)) > fit(Costs(11, 12, 6)) > fit(Costs(11, 11, 6))


# -- vary ----------------------------------------------------------------------------------------


def test_varied_by_nothing_it_is_the_phrase_and_no_model_is_asked() -> None:
    model = FakeNoteModel()
    same = done(varied(Composer(model), HEARD, GAP, Vary(LEFT, 0.0)))
    assert [(n.onset_tick - 768, n.pitch, n.duration_ticks, n.velocity) for n in same] == [
        (n.onset_tick, n.pitch, n.duration_ticks, n.velocity) for n in LEFT
    ]
    assert not model.fed


@given(seed=st.integers(0, 2**20), amount=st.floats(0.01, 1.0), chords=st.booleans())
@settings(max_examples=20, deadline=None)
def test_the_rhythm_stays_and_as_many_notes_change_as_asked(seed: int, amount: float, chords: bool) -> None:
    phrase = CHORDS if chords else LEFT
    notes = vary(amount, phrase, seed=seed)
    again = placed(phrase, 768, METRE)
    assert [(n.onset_tick, n.duration_ticks) for n in notes] == [(n.onset_tick, n.duration_ticks) for n in again]
    assert list(notes) == sorted(notes) and len({(n.onset_tick, n.pitch) for n in notes}) == len(notes)
    chosen = changing(again, msgspec.structs.replace(GAP, seed=seed), amount)
    changed = {n for n, (old, new) in enumerate(zip(again, notes, strict=True)) if old.pitch != new.pitch}
    assert len(chosen) == np.ceil(amount * len(phrase)) and changed <= chosen
    if not chords:
        assert changed == chosen
    key = in_key([*LEFT[-64:], *again], again)
    assert all(key[notes[n].pitch] for n in changed)
    lows, highs = min(n.velocity for n in phrase), max(n.velocity for n in phrase)
    assert all(lows - 4 <= note.velocity <= highs + 4 for note in notes)


@given(seed=st.integers(0, 2**20), amounts=st.lists(st.floats(0, 1), min_size=2, max_size=5))
def test_what_changes_for_less_changes_for_more(seed: int, amounts: list[float]) -> None:
    wish = msgspec.structs.replace(GAP, seed=seed)
    found = [changing(LEFT, wish, amount) for amount in sorted(amounts)]
    assert all(less <= more for less, more in pairwise(found))


def test_the_smaller_the_amount_the_nearer_drawn_notes_keep() -> None:
    wide = tuple(Note(24 * n, 48 + 29 * n % 36, 20, 80) for n in range(24))

    def moved(amount: float) -> float:
        drawn = [pair for seed in range(6) for pair in zip(wide, vary(amount, wide, seed=seed), strict=True)]
        return float(np.mean([abs(old.pitch - new.pitch) for old, new in drawn if old.pitch != new.pitch]))

    assert moved(0.2) < moved(0.7) < moved(1.0)


def test_parts_stay_where_they_lie_also_in_chords() -> None:
    hands = tuple(sorted(Note(24 * n, low + n % 5, 20, 80) for n in range(16) for low in (36, 60, 64, 84)))
    pairs = [pair for seed in range(4) for pair in zip(hands, vary(1.0, hands, seed=seed), strict=True)]
    assert all(abs(old.pitch - new.pitch) <= 12 for old, new in pairs)
    assert np.mean([old.pitch != new.pitch for old, new in pairs]) > 0.9


def test_notes_that_carry_the_phrase_change_last() -> None:
    firsts = [changing(LEFT, msgspec.structs.replace(GAP, seed=seed), 0.3) for seed in range(40)]
    on_bars = sum(n % 8 == 0 for chosen in firsts for n in chosen)
    off_beats = sum(n % 2 == 1 for chosen in firsts for n in chosen)
    assert on_bars < off_beats / 4


def test_drawn_notes_keep_a_locked_scale_and_even_dynamics_stay_even() -> None:
    even = tuple(Note(n.onset_tick, n.pitch, n.duration_ticks, 80) for n in LEFT)
    notes = vary(1.0, even, scale=(0, 4, 7))
    assert {note.pitch % 12 for note in notes} <= {0, 4, 7} and {note.velocity for note in notes} == {80}


@pytest.mark.parametrize(
    ("begin", "first", "metre", "expected"),
    [
        (0, 768, METRE, 768),
        (168, 192, METRE, 360),  # an upbeat stays one
        (100, 130, METRE, 292),
        (100, 130, Metre(True), 148),  # a beat later, at its place in the beat
        (100, 137, Metre(), 137),
        (200, 200, METRE, 200),
    ],
)
def test_a_phrase_keeps_its_place_in_the_bar(begin: int, first: int, metre: Metre, expected: int) -> None:
    (note,) = placed([Note(begin, 60, 10, 80)], first, metre)
    assert note.onset_tick == expected


# -- drums ---------------------------------------------------------------------------------------


@given(seed=st.integers(0, 2**20))
@settings(max_examples=8, deadline=None)
def test_drums_are_general_midi_within_their_bars(seed: int) -> None:
    notes = drum(seed, scale=(1,), lowest_pitch=60, highest_pitch=70, most_sounding=1)
    assert notes and all(768 <= note.onset_tick < 768 + 4 * 192 for note in notes)
    assert all(note.pitch in GENERAL_MIDI and note.channel == 9 for note in notes)
    assert list(notes) == sorted(notes) and len({(n.onset_tick, n.pitch) for n in notes}) == len(notes)
    assert notes == drum(seed, scale=(1,), lowest_pitch=60, highest_pitch=70, most_sounding=1)


@pytest.mark.parametrize("grid", [OnsetGrid.SIXTEENTHS, OnsetGrid.TRIPLETS])
def test_strict_drums_lie_on_the_grid_and_lose_neither_kick_nor_snare_to_it(grid: OnsetGrid) -> None:
    """Drawn on the grid, no kick could come after a hat at the same place: together, notes come in order of pitch."""

    def parts(**changes: float) -> list[tuple[Note, ...]]:
        return [drum(seed, controls=Controls(**changes), grid=grid) for seed in range(6)]

    def share(of: list[tuple[Note, ...]]) -> float:
        return float(np.mean([note.pitch < 41 for part in of for note in part]))

    strict = parts(strictness=0.5)
    for part in strict:
        assert part and list(part) == sorted(part) and len({(n.onset_tick, n.pitch) for n in part}) == len(part)
        assert all(768 <= n.onset_tick < 768 + 4 * 192 and grid.allows(n.onset_tick % 48) for n in part)
    assert share(strict) == pytest.approx(share(parts()), rel=0.1)


def test_the_nearest_place_of_the_grid() -> None:
    ticks = [-5, 5, 6, 8, 13, 14, 15, 43, 47, 100]
    moved = [n.onset_tick for n in on_grid([Note(tick, 36, 5, 80) for tick in ticks], OnsetGrid.TRIPLETS, 0)]
    assert moved == [0, 0, 12, 12, 12, 16, 16, 48, 48, 96]
    off = list(on_grid([Note(17, 36, 5, 80)], OnsetGrid.SIXTEENTHS, 18))
    assert [n.onset_tick for n in off] == [24]


def test_of_two_strokes_that_fall_together_the_louder_stays() -> None:
    assert [n.velocity for n in general_midi([Note(0, 38, 5, 30), Note(-2, 38, 5, 90), Note(0, 38, 5, 60)], 0)] == [90]


def test_drums_lean_on_the_accents_of_the_phrase() -> None:
    accents = tuple(Note(96 * n + 20, 60, 40, 110) for n in range(8))

    def struck(phrase: tuple[Note, ...]) -> float:
        parts = [note for seed in range(12) for note in drum(seed, phrase)]
        return float(np.mean([min((n.onset_tick - 20) % 96, (20 - n.onset_tick) % 96) <= NEAR for n in parts]))

    assert struck(accents) > 1.3 * struck(())


@pytest.mark.parametrize("beats", [1, 2, 3, 4, 5, 7])
def test_the_groove_ends_where_the_part_begins(beats: int) -> None:
    bar = beats * 48
    notes = groove(Metre(True, 0, bar), 960, 4)
    assert list(notes) == sorted(notes) and 960 - (GROOVE_BARS + 0.2) * bar <= notes[0].onset_tick
    assert all(note.onset_tick < 960 and note.pitch in GENERAL_MIDI and 0 < note.velocity < 128 for note in notes)
    assert notes != groove(Metre(True, 0, bar), 960, 5)


def test_what_general_midi_lacks_is_the_drum_that_it_has() -> None:
    drawn = [Note(-2, 26, 5, 80), Note(0, 46, 5, 70), Note(3, 22, 5, 60), Note(4, 30, 5, 60), Note(9, 58, 5, 60)]
    assert [(n.onset_tick, n.pitch, n.velocity) for n in general_midi(drawn, 0)] == [
        (0, 46, 80), (3, 42, 60), (9, 43, 60),
    ]  # fmt: skip


# -- beside the jam ------------------------------------------------------------------------------

TASKS: list[Task] = [Infill(RIGHT, 2), Vary(LEFT, 0.5), Drum(LEFT)]


def alone(number: int, task: Task | None) -> Sketched:
    worker = Worker(FakeNoteModel(), no_spare)
    worker.take(sketch(number, task))
    told = []
    while not worker.idle:
        told += worker.work()
    (one,) = told
    assert isinstance(one, Sketched)
    return one


def sketch(number: int, task: Task | None) -> Sketch:
    return Sketch(number, HEARD, msgspec.structs.replace(GAP, end_tick=1152), 200, task)


def test_tasks_are_drawn_one_after_another_in_small_pieces() -> None:
    sketching, model = Sketching(), FakeNoteModel()
    for number, task in enumerate([None, *TASKS]):
        sketching.add(sketch(number, task))
    told, pieces = [], 0
    while not sketching.idle:
        told += sketching.work(model)
        pieces += 1
    assert told == [alone(number, task) for number, task in enumerate([None, *TASKS])]
    assert pieces > sum(len(one.notes) for one in told)
    assert not any(one.failed for one in told) and len({one.notes for one in told}) == 4


def test_a_task_travels() -> None:
    for task in (*TASKS, Harmonise(LEFT)):
        asked = sketch(1, task)
        assert msgspec.msgpack.decode(msgspec.msgpack.encode(asked), type=Sketch) == asked


def test_drums_are_told_to_be_drums() -> None:
    styles: set[int] = set()

    class Watched(FakeNoteModel):
        def feed(self, rows: NDArray[np.int64], ticks: NDArray[np.int64]) -> NDArray[np.float32]:
            styles.update(rows[:, COLUMN["style"]].tolist())
            return super().feed(rows, ticks)

    done(drummed(Composer(Watched()), msgspec.structs.replace(GAP, end_tick=960), Drum(LEFT), 50))
    assert styles == {STYLES.index("drums")}
