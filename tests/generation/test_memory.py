"""The memory keeps step with what is heard, plays what it heard, and is nothing at weight 0."""

import time

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.events.layout import DRAWN, UNPLACED
from cocomposer.generation.composer import Composer
from cocomposer.generation.memory import MemoryShaper, PlayerMemory
from cocomposer.generation.request import Hearing, Wish
from cocomposer.generation.shaping import Drawing
from cocomposer.music.note import Note
from tests.fakes.note_model import FakeNoteModel
from tests.memory.made_music import ON_BEATS, notes, random_tune, rows_of, tune

WISH = Wish(turn=1, seed=4, earliest_tick=960, metre=ON_BEATS, end_tick=1920)


def shaped(shaper: MemoryShaper, field: str, drawn: tuple[int, ...] = ()) -> np.ndarray[tuple[int, ...], np.dtype]:
    classes = next(f.classes for f in DRAWN if f.name == field)
    flat = np.zeros(classes)
    mixed = shaper.shape(field, flat, Drawing(drawn, 0, None, UNPLACED, ()))
    return np.asarray(np.exp(mixed - np.logaddexp.reduce(mixed)))


def answer(*shapers: MemoryShaper) -> list[Note]:
    composer = Composer(FakeNoteModel(), shapers)
    list(composer.hear(Hearing(0, tuple(random_tune(1, 60)), ON_BEATS)))
    return list(composer.play(WISH))


def test_at_weight_0_an_answer_is_the_same_to_the_last_bit() -> None:
    memory = PlayerMemory(pieces=[rows_of(random_tune(2, 200))])
    assert answer(MemoryShaper(memory, ON_BEATS, jam=0.0, files=0.0)) == answer()


def test_with_weight_it_is_another_one() -> None:
    assert answer(MemoryShaper(PlayerMemory(), ON_BEATS, jam=3.0)) != answer()


@given(notes(), notes(), st.data())
def test_whatever_was_heard_before_it_ends_as_if_it_had_heard_this_alone(
    first: list[Note], second: list[Note], data: st.DataObject
) -> None:
    """A hearing may go on, differ from some note on, or begin anew."""
    kept = data.draw(st.integers(0, len(first)))
    later = [Note(n.onset_tick + first[-1].onset_tick + 12, n.pitch, n.duration_ticks, n.velocity) for n in second]
    heard = [*first[:kept], *later]
    memory, fresh = PlayerMemory(), PlayerMemory()
    memory.hear(first, ON_BEATS)
    memory.hear(heard, ON_BEATS)
    fresh.hear(heard, ON_BEATS)
    assert len(memory) == len(heard)
    for drawn in ((), (24,), (24, 60)):
        mine, theirs = (one.recall(moment, with_files=False) for one in (memory, fresh) if (moment := one.moment()))
        np.testing.assert_array_equal(mine.votes(drawn).classes, theirs.votes(drawn).classes)
        np.testing.assert_array_equal(mine.votes(drawn).features, theirs.votes(drawn).features)


def test_what_a_hearing_no_longer_holds_is_still_remembered() -> None:
    """The composer keeps the latest thousand notes or so; the memory keeps the jam."""
    played = random_tune(3, 300)
    memory = PlayerMemory()
    memory.hear(played[:200], ON_BEATS)
    memory.hear(played[150:], ON_BEATS)
    assert len(memory) == 300
    memory.hear([], ON_BEATS)
    assert len(memory) == 0 and memory.moment() is None


@given(notes(), st.data())
def test_a_turn_is_remembered_once_it_is_heard_and_not_while_it_is_drawn(
    played: list[Note], data: st.DataObject
) -> None:
    """Whether its notes are drawn one by one or it is taken up after some of them."""
    heard_notes = data.draw(st.integers(1, len(played)))
    end = played[heard_notes - 1].onset_tick + 1
    played = [*played[:heard_notes], *(note for note in played[heard_notes:] if note.onset_tick >= end)]
    taken_up = data.draw(st.integers(heard_notes, len(played)))
    memory, whole = PlayerMemory(), PlayerMemory()
    shaper = MemoryShaper(memory, ON_BEATS, phrase_ticks=(played[0].onset_tick, end))
    shaper.begin(played[:taken_up])
    for note in played[taken_up:]:
        shaper.took(note)
    assert memory.latest(len(played)) == played[:heard_notes]
    whole.hear(played, ON_BEATS)
    moment, wanted = shaper.moment, whole.moment()
    assert moment is not None and wanted is not None
    np.testing.assert_array_equal(moment.symbols, wanted.symbols)
    np.testing.assert_array_equal(moment.last, wanted.last)
    later = MemoryShaper(memory, ON_BEATS)
    later.begin(played)
    assert memory.latest(len(played)) == played


def test_what_only_the_answer_played_is_not_expected_again() -> None:
    shaper = MemoryShaper(PlayerMemory(), ON_BEATS, jam=1.0)
    shaper.begin(tune(60, 62, 64))
    for note in tune(60, 62, 64, 67, 71, 67, 71, 67, 71, 67)[3:]:
        shaper.took(note)
    pitch = shaped(shaper, "pitch", (24,))
    assert np.argmax(pitch) == 69, "60 to 62 there is 67 to 69 here"
    assert pitch[71] == pitch.min()


def test_a_phrase_that_was_played_is_expected_again_in_any_key() -> None:
    shaper = MemoryShaper(PlayerMemory(), ON_BEATS, jam=1.0)
    phrase = [60, 62, 64, 67, 65, 69, 60, 71]
    shaper.begin([*tune(*phrase, *phrase), *tune(*(p + 2 for p in phrase[:5]), start=24 * 16)])
    pitch = shaped(shaper, "pitch", (24,))
    assert np.argmax(pitch) == 71, "65 to 69 there is 67 to 71 here"


def test_files_count_only_with_a_weight_of_their_own() -> None:
    phrase = [60, 62, 64, 67, 65, 69, 60, 71]
    pieces = [rows_of(tune(*phrase, *phrase, *phrase))]
    heard = tune(60, 62, 64, 67)
    found = []
    for files in (0.0, 1.0):
        shaper = MemoryShaper(PlayerMemory(pieces=pieces), ON_BEATS, jam=1.0, files=files)
        shaper.begin(heard)
        found.append(shaped(shaper, "pitch", (24,))[65])
    alone = MemoryShaper(PlayerMemory(), ON_BEATS, jam=1.0)
    alone.begin(heard)
    assert found[0] == shaped(alone, "pitch", (24,))[65]
    assert found[1] > found[0]


def test_an_empty_jam_has_nothing_to_say() -> None:
    shaper = MemoryShaper(PlayerMemory(), ON_BEATS)
    shaper.begin([])
    flat = np.zeros(128)
    assert shaper.shape("pitch", flat, Drawing((24,), 0, None, UNPLACED, ())) is flat


def test_a_hundred_thousand_notes_are_read_within_seconds() -> None:
    rows = rows_of(random_tune(5, 1000))
    begun = time.process_time()
    memory = PlayerMemory(pieces=[rows] * 100)
    assert memory.notes_of_files == 100_000
    assert time.process_time() - begun < 5, "0.1 s on an idle core"
