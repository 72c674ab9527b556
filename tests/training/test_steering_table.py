"""The table of steering: its statistics tell what was turned, surprise is the model's, and no beat means no timing."""

from itertools import islice

import msgspec
import numpy as np
import pytest

from cocomposer.events.codec import Metre
from cocomposer.events.layout import UNPLACED
from cocomposer.events.steps import STEP_COUNT
from cocomposer.generation.composer import Composer
from cocomposer.generation.request import Hearing
from cocomposer.generation.shaping import Drawing
from cocomposer.jam.settings import Settings
from cocomposer.music.note import Note
from models.training.evaluation.continuations import Seed
from models.training.evaluation.steering import (
    LEVERS,
    Answer,
    Lever,
    Player,
    Surprise,
    lines,
    loosened,
    measure,
    neutral_wish,
)
from tests.fakes.note_model import FakeNoteModel

HEARD = tuple(Note(24 * n, 60 + n * 5 % 12, 20, 60 + n % 5) for n in range(24))
TRUTH = tuple(Note(576 + 24 * n, 60 + n * 5 % 12, 20, 60) for n in range(16))
ON_BEAT = Metre(True, 0)
BY_NAME = {lever.name: lever for lever in LEVERS}


def seed(number: int = 0, metre: Metre = ON_BEAT) -> Seed:
    return Seed(number, 0, "score", "score", HEARD, TRUTH, metre)


def levers(*names: str) -> list[Lever]:
    return [BY_NAME[name] for name in names]


def test_a_control_that_works_is_monotone_and_a_dead_one_is_not() -> None:
    dead = msgspec.structs.replace
    live = BY_NAME["loudness"]
    broken = Lever("dead", live.levels, 0.0, lambda wish, _: dead(wish), live.statistic, "nothing")
    table = measure(Player(FakeNoteModel(), 16), [seed(n) for n in range(3)], [live, broken])
    assert table["loudness"]["monotone"] and table["loudness"]["seeds_moved_from_lowest_to_highest"] == 1.0
    assert table["loudness"]["means"] == sorted(table["loudness"]["means"]) and table["loudness"]["seeds"] == 3
    assert not table["dead"]["monotone"] and table["dead"]["seeds_moved_from_lowest_to_highest"] == 0.0
    text = lines(table).splitlines()
    assert len(text) == 3 and " yes " in text[1] and " NO " in text[2]


def test_timing_is_measured_only_where_a_beat_is_known() -> None:
    table = measure(Player(FakeNoteModel(), 8), [seed(0, Metre()), seed(1)], levers("strictness", "register"))
    assert table["strictness"]["seeds"] == 1 and table["register"]["seeds"] == 2
    assert measure(Player(FakeNoteModel(), 8), [seed(0, Metre())], levers("strictness")) == {}


def test_the_neutral_wish_has_every_soft_control_neutral() -> None:
    wish = neutral_wish(seed(), Settings())
    for lever in LEVERS:
        assert lever.neutral in lever.levels
        assert lever.turn(wish, lever.neutral) == wish, lever.name
    assert wish.chords.chords, "the chords of the true continuation"


def test_what_surprise_counts_is_the_models_own_cost() -> None:
    surprise = Surprise()
    surprise.begin(())
    for number, (field, drawn) in enumerate(
        [("onset", ()), ("pitch", (3,)), ("duration", (3, 60)), ("velocity", (3, 60, 9))]
    ):
        classes = {"pitch": 128, "velocity": 33}.get(field, STEP_COUNT)
        logits = np.zeros(classes)
        assert surprise.shape(field, logits, Drawing(drawn, 0, number or None, UNPLACED, ())) is logits
    assert surprise.nats == pytest.approx(2 * np.log(STEP_COUNT) + np.log(128))
    surprise.took(HEARD[0])
    surprise.begin(())
    assert surprise.nats == 0.0


def test_a_watched_turn_is_the_same_turn() -> None:
    wish = neutral_wish(seed(), Settings())
    composer = Composer(FakeNoteModel())
    for _ in composer.hear(Hearing(0, HEARD, wish.metre)):
        pass
    answer = Player(FakeNoteModel(), 12).play(seed(), wish)
    assert answer.notes == tuple(islice(composer.play(wish), 12)) and answer.nats > 0


def test_a_phrase_gone_on_with_exactly_keeps_its_rhythm() -> None:
    wish = neutral_wish(seed(), Settings())
    rhythm = BY_NAME["rhythm"].statistic
    assert rhythm(Answer(seed(), wish, TRUTH, 0.0)) == pytest.approx(1.0)
    late = tuple(Note(note.onset_tick + 12, note.pitch, 20, 60) for note in TRUTH)
    assert rhythm(Answer(seed(), wish, late, 0.0)) < 0.1
    assert BY_NAME["chord"].statistic(Answer(seed(), wish, TRUTH, 0.0)) > 0.5


def test_loosened_seeds_miss_the_beat_a_little_and_always_the_same() -> None:
    one, other = loosened(seed()), loosened(seed())
    assert one == other and one.heard != HEARD and list(one.heard) == sorted(one.heard)
    assert max(abs(a.onset_tick - b.onset_tick) for a, b in zip(one.heard, HEARD, strict=True)) < 12
