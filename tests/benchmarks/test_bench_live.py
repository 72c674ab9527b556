"""The benchmark's live measurements on the real engine, with a model made on the spot: short, and only for sense."""

import multiprocessing

import pytest

from cocomposer.bench import first_note, start_up
from cocomposer.bench.daw_clock import Beat
from cocomposer.bench.live_answer import live_answer
from cocomposer.bench.subject import Subject
from cocomposer.bench.success import served_beats


@pytest.fixture(scope="module")
def subject(tmp_path_factory: pytest.TempPathFactory) -> Subject:
    from tests.fakes.tiny_bundle import write_tiny_bundle

    return Subject(write_tiny_bundle(tmp_path_factory.mktemp("bench") / "tiny"), provider="cpu", quick=True)


def test_an_endless_answer_on_the_beat(subject: Subject) -> None:
    answer = live_answer(subject, Beat(0.0, 6.0, 120.0, 120.0), 0.001)
    sent = [note for note in answer.notes if note.sent_seconds is not None]
    assert len(sent) > 10
    # A busy machine may be late; half a beat would be another beat.
    assert all(abs(note.on_seconds - note.true_seconds) < 0.02 for note in sent)
    served, _, beats = served_beats(answer)
    assert 0 < served <= beats and beats >= 5
    assert not multiprocessing.active_children()


def test_phrases_are_answered(subject: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_note, "PHRASES_QUICK", 2)
    figures = first_note.measure(subject)
    assert figures["first_note_phrases"] + figures["first_note_unanswered"] == 2
    assert 0 < figures["first_note_ms_p50"] <= figures["first_note_ms_p99"] < 2000
    assert not multiprocessing.active_children()


def test_the_start_is_timed(subject: Subject) -> None:
    figures = start_up.measure(subject)
    assert 0 < figures["ports_open_s"] < figures["ready_s"] < 60
    assert not multiprocessing.active_children()
