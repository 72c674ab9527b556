"""The cuts of phrases that are played to the engine."""

import itertools

import pytest

from cocomposer.bench.first_note import _Story, cut_of, cuts
from cocomposer.jam.outputs import Mode, ModeChanged, Play
from cocomposer.music.message import NOTE_OFF, NOTE_ON, kind_of, note_off, note_on
from cocomposer.music.note import Note


def test_a_cut_begins_with_its_first_note_and_leaves_no_key_down() -> None:
    script = [
        (0.0, note_on(0, 60, 80)), (0.9, note_off(0, 60)),
        (0.4, note_on(0, 62, 80)), (0.6, note_off(0, 62)),
        (0.7, note_on(0, 64, 80)), (2.0, note_off(0, 64)),
    ]  # fmt: skip
    cut = cut_of(sorted(script), 0.3, 0.5)
    assert [at for at, _ in cut] == pytest.approx([0.0, 0.2, 0.3, 0.4])
    assert [(data[1], kind_of(data)) for _, data in cut] == [
        (62, NOTE_ON), (62, NOTE_OFF), (64, NOTE_ON), (64, NOTE_OFF),
    ]  # fmt: skip


def test_nothing_begins_there() -> None:
    assert cut_of([(0.0, note_on(0, 60, 80)), (3.0, note_off(0, 60))], 1.0, 1.0) == []


def test_shipped_phrases_give_cuts_without_end_and_the_same_each_time() -> None:
    first = list(itertools.islice(cuts(), 40))
    assert first == list(itertools.islice(cuts(), 40))
    for cut in first:
        down: set[int] = set()
        assert cut[0][0] == 0.0 and kind_of(cut[0][1]) == NOTE_ON
        assert [at for at, _ in cut] == sorted(at for at, _ in cut)
        for _, data in cut:
            (down.add if kind_of(data) == NOTE_ON else down.discard)(data[1])
        assert not down


def test_only_the_last_answer_of_a_phrase_counts() -> None:
    story = _Story()
    note = Note(0, 60, 12, 80)
    story.tell(ModeChanged(Mode.ARMED, 1.0))
    story.tell(ModeChanged(Mode.ANSWERING, 1.01))
    story.tell(Play(1, 1, note, 1.05, 1.2))
    assert story.has_begun() and (story.armed_seconds, story.on_seconds) == (1.0, 1.05)
    # The player goes on and cuts it.
    story.tell(ModeChanged(Mode.LISTENING, 1.04))
    assert not story.has_begun()
    story.tell(ModeChanged(Mode.HEARING, 1.04))
    story.tell(ModeChanged(Mode.ARMED, 3.0))
    story.tell(Play(2, 2, note, 3.02, 3.2))
    story.tell(Play(2, 3, note, 3.5, 3.7))
    assert (story.armed_seconds, story.on_seconds) == (3.0, 3.02)
