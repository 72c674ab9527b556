"""The released next-chord bundle: it opens, it knows plain harmony, and it is told nothing of what comes."""

from dataclasses import replace

import numpy as np
import pytest

from cocomposer.adapters.chord_model import OnnxChordNetwork
from cocomposer.adapters.places import models_folder
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.progressions.foretelling import LONGEST, foretell, so_far
from cocomposer.harmony.progressions.inputs import fingerprint, inputs_of, reading_of
from cocomposer.harmony.progressions.suggesting import Options, suggest
from cocomposer.harmony.progressions.vocabulary import token_of
from tests.harmony.chord_songs import AM, C, F, G, context, song


@pytest.fixture(scope="module")
def network() -> OnnxChordNetwork:
    return OnnxChordNetwork(models_folder() / "chords", fingerprint())


def test_at_least_six_suggestions_each_with_all_that_is_shown(network: OnnxChordNetwork) -> None:
    found = suggest(context("Am F C G"), network)
    assert len(found) == 6
    assert all(one.symbol and one.numeral and one.text and 0 < one.probability < 1 for one in found)
    assert len({one.chord for one in found}) == 6


def test_a_loop_goes_on(network: OnnxChordNetwork) -> None:
    best = suggest(context("C G Am F C G Am F C G Am"), network)[0]
    assert best.chord == F
    assert best.probability > 0.8
    assert best.text.endswith("came so before")


@pytest.mark.parametrize(
    ("before", "key", "wanted"),
    [("C Dm7 G7", "C major", 0), ("Bb Gm Cm7 F7", "Bb major", 10), ("Am Dm E7", "A minor", 9)],
)
def test_a_dominant_comes_home(network: OnnxChordNetwork, before: str, key: str, wanted: int) -> None:
    assert suggest(context(before, key), network)[0].chord.root == wanted


def test_the_mode_of_the_key_is_heard(network: OnnxChordNetwork) -> None:
    """Before any chord: a song in E minor begins in minor."""
    assert suggest(context("", "E minor"), network)[0].chord.quality.startswith("min")
    assert suggest(context("", "E major"), network)[0].chord == Chord(4)


def test_a_chord_that_must_follow_changes_what_comes(network: OnnxChordNetwork) -> None:
    to_second = suggest(context("C F C"), network, Options(following=Chord(2, "min")))
    plain = suggest(context("C F C"), network, Options(count=96))
    sixth = {one.symbol: one.probability for one in plain}.get("A7", 0.0)
    assert {one.symbol: one.probability for one in to_second}.get("A7", 0.0) > sixth


def test_a_section_that_begins_again_brings_its_first_chord(network: OnnxChordNetwork) -> None:
    """Verse, chorus, and what comes after the chorus' last chord, which has been followed by another one before."""
    known = context("Dm G C Am Dm G C C F C G Am F C G C")
    plain = suggest(known, network, Options(count=96))
    told = suggest(replace(known, sections=(0.0, 32.0, known.next_beat)), network, Options(count=96))
    before, after = ({one.symbol: one.probability for one in found}["Dm"] for found in (plain, told))
    assert after > 1.5 * before


def test_what_comes_later_changes_nothing_before(network: OnnxChordNetwork) -> None:
    short, long = song("C Am F G C"), song("C Am F G C Am Bb Eb7")
    general, strengths = network.scores(inputs_of([reading_of(short, 0)]))
    inputs = inputs_of([reading_of(long, 0)])
    later_general, later_strengths = network.scores(inputs)
    assert later_general[:, :, : len(short) + 1] == pytest.approx(general, abs=1e-4)
    assert later_strengths[:, inputs["places"] <= len(short)] == pytest.approx(strengths, abs=1e-4)


def test_several_songs_at_once_say_what_each_says_alone(network: OnnxChordNetwork) -> None:
    both = [so_far(song("C Am F G")), so_far(song("Dm7 G7 C Am"))]
    together = foretell(network, both)
    for each, mixture in zip(both, together, strict=True):
        (alone,) = foretell(network, [each])
        assert mixture.probabilities == pytest.approx(alone.probabilities, abs=1e-5)


def test_no_chord_follows_itself(network: OnnxChordNetwork) -> None:
    (mixture,) = foretell(network, [so_far(song("C Am F G " * LONGEST))])
    assert mixture.probabilities[token_of(G, 0)] < 1e-6
    assert np.argmax(mixture.probabilities) == token_of(C, 0)
    assert mixture.probabilities[token_of(AM, 0)] < 0.5
