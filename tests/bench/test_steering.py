"""The benchmark of steering says its figures as one JSON object."""

import json

import numpy as np
import pytest

from cocomposer.bench.steering import broken, main, random_wish
from cocomposer.generation.controls import limits_of
from cocomposer.generation.faults import faults


def test_it_says_what_was_drawn_and_what_it_costs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--notes", "100"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["notes"] >= 100 and said["broken"] == {}
    assert 0 < said["cost"]["neutral_ms"] < said["cost"]["steered_ms"]


def test_random_wishes_reach_contradictions_and_every_kind_of_constraint() -> None:
    chance = np.random.default_rng(3)
    wishes = [random_wish(chance, 100) for _ in range(200)]
    told = [bool(faults(wish)) for wish in wishes]
    assert any(told) and not all(told)
    assert any(w.scale and w.chord_tones_only and w.chords.chords and w.most_sounding < 9 for w in wishes)
    assert all(limits_of(n)[0] <= getattr(w.controls, n) <= 1 for w in wishes for n in w.controls.__struct_fields__)
    assert all(broken(wish, ()) == [] for wish in wishes)
