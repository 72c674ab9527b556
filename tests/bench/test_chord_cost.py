"""The bench of what chords cost: real questions to the released model, made music through the live harmony."""

import pytest

from cocomposer.bench import chord_cost
from cocomposer.bench.played_live import play
from cocomposer.bench.subject import NotMeasured, Subject
from cocomposer.generation.chord_suggesting import ChordSuggesting
from cocomposer.harmony.metre import Metre
from cocomposer.runtime.composer_process import open_chord_network


def test_what_is_asked_can_be_answered() -> None:
    network = open_chord_network()
    asking = ChordSuggesting(lambda: network)
    for question in chord_cost.questions(24):
        asking.add(question)
        told = next(answer for _ in range(10_000) for answer in asking.work())
        assert told.failure is None and len(told.chords) >= 6


def test_the_made_music_is_heard_as_its_chords() -> None:
    played = play(chord_cost.made_music(8), Metre())
    roots = [chord.root for _, chord in played.chords() if chord is not None]
    assert {9, 5, 0, 7} <= set(roots)
    assert len(played.wall_seconds) == len(played.seconds) > len(played.shown)


def test_all_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chord_cost, "QUESTIONS_QUICK", 6)
    monkeypatch.setattr(chord_cost, "BARS_QUICK", 2)
    from cocomposer.adapters.places import default_bundle

    found = chord_cost.measure(Subject(default_bundle(), quick=True, tell=lambda _: None))
    assert set(found) == {f"{name}_{kind}_p{share}" for name in ("suggest", "harmony") for kind in ("ms", "cpu_ms")
                          for share in (50, 99)}  # fmt: skip
    assert all(0 < found[f"{name}_ms_p50"] <= found[f"{name}_ms_p99"] for name in ("suggest", "harmony"))


def test_a_model_that_is_away_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    from cocomposer.adapters.bundle import BundleError

    def none() -> None:
        raise BundleError("There is no next-chord model; restore it.")

    monkeypatch.setattr(chord_cost, "open_chord_network", none)
    with pytest.raises(NotMeasured, match="restore it"):
        chord_cost.measure_questions(1)
