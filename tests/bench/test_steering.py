"""The benchmark of steering says its figures as one JSON object."""

import json

import numpy as np
import pytest

from cocomposer.bench.steering import broken, heard_notes, main, random_settings, random_wish, set_wish
from cocomposer.generation.controls import limits_of
from cocomposer.generation.faults import faults
from cocomposer.jam.settings import SettingsError


def test_it_says_what_was_drawn_and_what_it_costs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--notes", "100"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["notes"] >= 100 and said["broken"] == {}
    costs = said["cost"]
    assert 0 < costs["neutral_ms_p50"] < costs["steered_ms_p50"] < costs["everything_ms_p50"]


def test_settings_reach_contradictions_and_all_that_shapes_a_wish() -> None:
    chance = np.random.default_rng(4)
    heard = heard_notes(chance)
    wishes, refused = [], 0
    for _ in range(100):
        try:
            wishes.append(set_wish(random_wish(chance, heard[-1].onset_tick), random_settings(chance), heard))
        except SettingsError:
            refused += 1
    assert 0 < refused < 60
    for name in ("scale", "memory", "files", "guard_notes", "min_p", "follow_key", "chord_tones_only"):
        assert len({getattr(wish, name) for wish in wishes}) > 1, name
    assert all(any(getattr(w.controls, n) for w in wishes) for n in wishes[0].controls.__struct_fields__)


def test_random_wishes_reach_contradictions_and_every_kind_of_constraint() -> None:
    chance = np.random.default_rng(3)
    wishes = [random_wish(chance, 100) for _ in range(200)]
    told = [bool(faults(wish)) for wish in wishes]
    assert any(told) and not all(told)
    assert any(w.scale and w.chord_tones_only and w.chords.chords and w.most_sounding < 9 for w in wishes)
    assert all(limits_of(n)[0] <= getattr(w.controls, n) <= 1 for w in wishes for n in w.controls.__struct_fields__)
    assert all(broken(wish, ()) == [] for wish in wishes)
