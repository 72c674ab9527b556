"""The composer: whatever it heard before, its notes are those of a fresh one; and they keep to the wish."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from numpy.typing import NDArray

from cocomposer.events.codec import Metre
from cocomposer.events.layout import DRAWN
from cocomposer.events.steps import STEP_COUNT, STEPS
from cocomposer.generation.composer import Composer, quiet_ticks
from cocomposer.generation.request import Hearing, OnsetGrid, Wish
from cocomposer.music.note import Note, Pedal
from tests.fakes.note_model import FakeNoteModel

CONTEXT = 640


def melody(count: int, first_tick: int = 0, seed: int = 0) -> list[Note]:
    """Some notes, chords among them, in order."""
    rng = np.random.default_rng(seed)
    notes: list[Note] = []
    tick = first_tick
    for _ in range(count):
        tick += int(rng.choice((0, 6, 12, 12, 24)))
        notes.append(Note(tick, int(rng.integers(40, 80)), int(rng.integers(1, 60)), int(rng.integers(1, 127))))
    return sorted({(note.onset_tick, note.pitch): note for note in notes}.values())


def heard(composer: Composer, hearing: Hearing) -> Composer:
    """Hear all of it."""
    assert all(left >= 0 for left in composer.hear(hearing))
    return composer


def wish_after(notes: Sequence[Note], turn: int = 1, **changes: object) -> Wish:
    """A short turn that begins soon after `notes`."""
    first = (notes[-1].onset_tick if notes else 0) + 12
    wish = Wish(turn=turn, seed=9, earliest_tick=first, first_tick=first, end_tick=first + 96)
    return msgspec.structs.replace(wish, **changes)


def some(notes: Iterator[Note], count: int = 12) -> list[Note]:
    return list(islice(notes, count))


def agrees(composer: Composer, hearing: Hearing, window: int) -> list[Note]:
    """Assert that `composer`, which has just heard `hearing`, draws what a fresh one draws; the notes."""
    wish = wish_after(hearing.notes, metre=hearing.metre, style=hearing.style)
    fresh = heard(Composer(FakeNoteModel(window)), hearing)
    assert (composer.next_onset() == fresh.next_onset()).all()
    drawn = some(composer.play(wish))
    assert drawn == some(fresh.play(wish))
    return drawn


class Listening(RuleBasedStateMachine):
    """A composer with a small window hears a jam in every order that a jam may tell it."""

    window = 24
    context = 40

    @initialize(room=st.sampled_from((8, 16)), chunk=st.sampled_from((1, 3, 8)))
    def begin(self, room: int, chunk: int) -> None:
        self.model = FakeNoteModel(self.window, room, chunk)
        self.composer = Composer(self.model)
        self.notes: list[Note] = []
        """All notes of the jam, numbered from `forgotten`."""
        self.forgotten = 0
        self.metre = Metre()
        self.seed = 0

    def hearing(self) -> Hearing:
        notes = self.notes[-self.context :]
        return Hearing(self.forgotten + len(self.notes) - len(notes), tuple(notes), self.metre)

    def last_tick(self) -> int:
        return self.notes[-1].onset_tick if self.notes else 0

    @rule(count=st.integers(1, 30))
    def grow(self, count: int) -> None:
        self.seed += 1
        self.notes += melody(count, self.last_tick() + 5, self.seed)

    @rule(back=st.integers(1, 6), longer=st.integers(1, 40))
    def change_last_durations(self, back: int, longer: int) -> None:
        for index in range(max(0, len(self.notes) - back), len(self.notes)):
            self.notes[index] = replace(self.notes[index], duration_ticks=self.notes[index].duration_ticks + longer)

    @rule(count=st.integers(1, 12))
    def drop_last_notes(self, count: int) -> None:
        del self.notes[max(0, len(self.notes) - count) :]

    @rule()
    def forget_all(self) -> None:
        self.forgotten += len(self.notes)
        self.notes.clear()

    @rule(beat_known=st.booleans())
    def change_the_metre(self, beat_known: bool) -> None:
        self.metre = Metre(beat_known, 0 if beat_known else None)

    @rule(keep=st.integers(0, 12))
    def play_a_turn_and_keep_some_of_it(self, keep: int) -> None:
        if self.notes:
            heard(self.composer, self.hearing())
            self.notes += some(self.composer.play(wish_after(self.notes, metre=self.metre)))[:keep]

    @rule(chunks=st.integers(0, 3))
    def hear_a_part_only(self, chunks: int) -> None:
        if self.notes:
            list(islice(self.composer.hear(self.hearing()), chunks))

    @rule()
    def go_on_with_another_model(self) -> None:
        self.composer.take_model(FakeNoteModel(self.window, 8, 8))

    @invariant()
    def a_reused_prefix_equals_a_fresh_prefill(self) -> None:
        if getattr(self, "notes", None):
            heard(self.composer, self.hearing())
            agrees(self.composer, self.hearing(), self.window)


Listening.TestCase.settings = settings(max_examples=60, stateful_step_count=14, deadline=None)
TestListening = Listening.TestCase


def test_a_long_jam_slides_and_still_agrees() -> None:
    notes = melody(1500)
    composer = Composer(FakeNoteModel())
    for end in range(100, len(notes), 170):
        part = notes[max(0, end - CONTEXT) : end]
        hearing = Hearing(end - len(part), tuple(part), Metre())
        agrees(heard(composer, hearing), hearing, 512)


def test_what_was_heard_is_not_fed_again() -> None:
    model, notes = FakeNoteModel(), melody(300)
    composer = heard(Composer(model), Hearing(0, tuple(notes[:-1]), Metre()))
    before = model.fed
    heard(composer, Hearing(0, tuple(notes), Metre()))
    assert model.fed - before == 1
    changed = (*notes[:-3], *(replace(note, duration_ticks=100) for note in notes[-3:]))
    heard(composer, Hearing(0, changed, Metre()))
    assert model.fed - before == 4


def test_a_jam_that_slides_feeds_only_what_is_new() -> None:
    model, notes = FakeNoteModel(), melody(1400)
    composer = Composer(model)
    heard(composer, Hearing(0, tuple(notes[:640]), Metre()))
    before = model.fed
    for end in range(641, 1300):
        heard(composer, Hearing(end - CONTEXT, tuple(notes[end - CONTEXT : end]), Metre()))
    assert model.fed - before == 1300 - 641


def test_a_change_in_the_first_notes_of_a_slid_hearing_is_noticed() -> None:
    notes = melody(60)
    composer = heard(Composer(FakeNoteModel(window=16)), Hearing(0, tuple(notes), Metre()))
    late = notes[40:52]
    late[3] = replace(late[3], duration_ticks=late[3].duration_ticks + 30)
    hearing = Hearing(40, tuple(late), Metre())
    agrees(heard(composer, hearing), hearing, 16)


def test_after_a_reset_nothing_of_before_is_remembered() -> None:
    """The jam goes on counting its notes when it forgets them."""
    before, after = melody(30), melody(6, 5000, seed=8)
    composer = heard(Composer(FakeNoteModel()), Hearing(0, tuple(before), Metre()))
    heard(composer, Hearing(0, (*before, *melody(2, 4000)), Metre()))
    hearing = Hearing(len(before), tuple(after), Metre())
    agrees(heard(composer, hearing), hearing, 512)


grids = st.sampled_from(OnsetGrid)


@st.composite
def wishes(draw: st.DrawFn) -> tuple[list[Note], Wish]:
    notes = melody(draw(st.integers(0, 20)), draw(st.integers(-300, 500)), draw(st.integers(0, 99)))
    last = notes[-1].onset_tick if notes else 0
    earliest = last + draw(st.integers(0, 1500))
    lowest = draw(st.integers(0, 127))
    known = draw(st.booleans())
    grid = draw(grids)
    first = earliest if draw(st.booleans()) else None
    return notes, Wish(
        turn=draw(st.integers(1, 5)),
        seed=draw(st.integers(0, 2**32 - 1)),
        earliest_tick=earliest,
        first_tick=first,
        end_tick=draw(st.none() | st.integers(0, 400).map(lambda length: earliest + length)),
        metre=Metre(known, draw(st.none() | st.integers(0, 192)) if known else None),
        grid=grid,
        channel=draw(st.integers(0, 15)),
        temperature=draw(st.floats(0.1, 2.0)),
        top_p=draw(st.floats(0.05, 1.0)),
        lowest_pitch=lowest,
        highest_pitch=draw(st.integers(lowest, 127)),
        longest_rest_ticks=draw(st.integers(24, 400)),
        most_at_once=draw(st.integers(1, 8)),
        use_pedal=draw(st.booleans()),
    )


@given(wishes())
@settings(max_examples=200, deadline=None)
def test_a_turn_keeps_to_the_wish(case: tuple[list[Note], Wish]) -> None:
    notes, wish = case
    composer = heard(Composer(FakeNoteModel(window=64)), Hearing(0, tuple(notes), wish.metre))
    drawn = some(composer.play(wish), 20)
    if wish.end_tick is None:
        assert len(drawn) == 20, "an endless turn never ends"
    assert drawn == sorted(drawn, key=lambda note: (note.onset_tick, note.pitch))
    onsets = [note.onset_tick for note in drawn]
    assert len({(note.onset_tick, note.pitch) for note in drawn}) == len(drawn)
    if drawn and wish.first_tick is not None:
        assert onsets[0] == wish.first_tick
    for index, note in enumerate(drawn):
        assert note.onset_tick >= wish.earliest_tick
        assert wish.end_tick is None or note.onset_tick < wish.end_tick
        assert wish.lowest_pitch <= note.pitch <= wish.highest_pitch
        assert note.duration_ticks >= 1 and 1 <= note.velocity <= 127
        assert note.channel == wish.channel
        assert (note.pedal is Pedal.UNKNOWN) is not wish.use_pedal
        assert onsets.count(note.onset_tick) <= wish.most_at_once
        if wish.metre.beat_known and (index or wish.first_tick is None) and onsets[0] != note.onset_tick:
            assert wish.grid.allows(note.onset_tick % 48)
        if index:
            # Beyond the longest rest only to the next place that the grid allows.
            assert note.onset_tick - onsets[index - 1] <= wish.longest_rest_ticks + 12
        if wish.end_tick is not None:
            assert note.end_tick <= max(note.onset_tick + 12, wish.end_tick + 48)


@given(wishes())
@settings(max_examples=30, deadline=None)
def test_the_same_hearing_and_wish_give_the_same_notes(case: tuple[list[Note], Wish]) -> None:
    notes, wish = case
    hearing = Hearing(0, tuple(notes), wish.metre)
    one, other = (heard(Composer(FakeNoteModel(window=64)), hearing) for _ in range(2))
    assert some(one.play(wish)) == some(other.play(wish))


def test_another_seed_or_turn_gives_other_notes() -> None:
    hearing = Hearing(0, tuple(melody(10)), Metre())
    base = wish_after(hearing.notes)
    turns = [base, msgspec.structs.replace(base, seed=10), msgspec.structs.replace(base, turn=2)]
    answers = [tuple(some(heard(Composer(FakeNoteModel()), hearing).play(wish))) for wish in turns]
    assert len(set(answers)) == 3


class Undecided(FakeNoteModel):
    """Likes a step of a sixteenth in fifty-five of a hundred draws; the rest lies thin over all longer ones."""

    def logits(self, drawn: Sequence[int], place: Sequence[int]) -> NDArray[np.float32]:
        if DRAWN[len(drawn)].name not in {"onset", "duration"}:
            return super().logits(drawn, place)
        longer = np.asarray(STEPS) > 12
        weights = np.where(longer, 0.45 / longer.sum(), 1e-9)
        weights[STEPS.index(12)] = 0.55
        return np.log(weights).astype(np.float32)


SAFE = {"temperature": 0.4, "top_p": 0.5, "min_p": 0.1}


def timing(metre: Metre, **changes: object) -> list[tuple[int, int]]:
    """(step, duration) of the notes of a long turn of an undecided model; the first one's step is given."""
    before = melody(6)
    wish = msgspec.structs.replace(wish_after(before, metre=metre, end_tick=None, longest_rest_ticks=800), **changes)
    notes = some(heard(Composer(Undecided()), Hearing(0, tuple(before), metre)).play(wish), 200)
    return [(later.onset_tick - note.onset_tick, later.duration_ticks) for note, later in pairwise(notes)]


def test_without_a_beat_the_safest_settings_leave_an_answer_its_breath() -> None:
    safe = timing(Metre(), **SAFE)
    # Chance is the same, and each draw takes one number of it.
    assert safe == timing(Metre(), temperature=1.0, top_p=1.0)
    for ticks in np.transpose(safe):
        assert 0.35 < np.mean(ticks > 12) < 0.55 and ticks.max() > 192


def test_on_a_beat_the_safest_settings_cut_off_what_is_unlikely() -> None:
    assert set(timing(Metre(True, 0), **SAFE)) == {(12, 12)}


@pytest.mark.parametrize("metre", [Metre(), Metre(True, 0)])
def test_the_pitch_is_as_safe_without_a_beat_as_on_one(metre: Metre) -> None:
    hearing = Hearing(0, tuple(melody(6)), metre)

    def first_pitches(**changes: float) -> set[int]:
        plain = wish_after(hearing.notes, metre=metre)
        wishes = (msgspec.structs.replace(plain, seed=seed, **changes) for seed in range(12))
        return {next(heard(Composer(FakeNoteModel()), hearing).play(wish)).pitch for wish in wishes}

    assert len(first_pitches(temperature=0.01)) == 1 < len(first_pitches())


def test_a_grid_is_kept_after_a_phrase_that_was_off_it() -> None:
    hearing = Hearing(0, (Note(101, 60, 20, 80),), Metre(True))
    wish = Wish(1, 3, earliest_tick=350, end_tick=900, metre=Metre(True), grid=OnsetGrid.SIXTEENTHS)
    drawn = some(heard(Composer(FakeNoteModel()), hearing).play(wish))
    assert drawn and all(note.onset_tick % 12 == 0 and note.onset_tick >= 350 for note in drawn)


@pytest.mark.parametrize(
    ("grid", "ticks"),
    [
        (OnsetGrid.SIXTEENTHS, [0, 12, 24, 36]),
        (OnsetGrid.TRIPLETS, [0, 12, 16, 24, 32, 36]),
        (OnsetGrid.THIRTYSECONDS, list(range(0, 48, 6))),
        (OnsetGrid.OFF, list(range(48))),
    ],
)
def test_what_each_grid_allows(grid: OnsetGrid, ticks: list[int]) -> None:
    assert [tick for tick in range(48) if grid.allows(tick)] == ticks


def test_quiet_ticks_is_where_going_on_becomes_unlikely() -> None:
    chances = np.zeros(STEP_COUNT)
    chances[[0, 12, 24, 48]] = 0.4, 0.3, 0.25, 0.05
    assert quiet_ticks(chances, 0.1) == 24
    assert quiet_ticks(chances, 0.01) == STEPS[48]
    assert quiet_ticks(np.full(STEP_COUNT, 1 / STEP_COUNT), 0.0) >= STEPS[-2]
