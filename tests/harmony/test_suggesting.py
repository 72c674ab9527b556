"""Suggestions follow from the network and the song's memory by the rules that they claim, in every key."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import Key, Mode, key_named
from cocomposer.harmony.names.numerals import read_numeral
from cocomposer.harmony.names.symbols import NoChord, read_symbol
from cocomposer.harmony.progressions.filling import Ending, fill
from cocomposer.harmony.progressions.foretelling import LONGEST, foretell, so_far
from cocomposer.harmony.progressions.mixture import mixture_of
from cocomposer.harmony.progressions.reasons import Device, Function, is_diatonic, reason_of
from cocomposer.harmony.progressions.song import Sounding, song_of
from cocomposer.harmony.progressions.substitutes import substitutes
from cocomposer.harmony.progressions.suggesting import LIKELIEST, Context, Options, candidates_before, suggest
from cocomposer.harmony.progressions.vocabulary import TOKENS, chord_of, token_of
from tests.harmony.chord_songs import AM, C, F, G, KnownNetwork, context, song

NETWORK = KnownNetwork()


def chord(text: str) -> Chord:
    found = read_symbol(text)
    assert not isinstance(found, NoChord)
    return found


def test_the_likeliest_come_first_with_their_probabilities() -> None:
    found = suggest(context("Am F C"), NETWORK)
    row = NETWORK.rows[token_of(C, 0)]
    assert [one.probability for one in found] == pytest.approx(np.sort(row)[::-1][:6], rel=1e-4)
    assert [token_of(one.chord, 0) for one in found] == np.argsort(-row)[:6].tolist()
    assert all(one.remembered < 1e-6 for one in found)


def test_numerals_and_symbols_name_the_chord_that_is_suggested() -> None:
    key = key_named("Eb major")
    for one in suggest(context("Eb Cm Ab", "Eb major"), NETWORK, Options(count=40)):
        assert one.symbol == one.chord.name(key)
        assert read_numeral(one.numeral, key) == one.chord


def test_what_came_before_weighs_more_and_says_so() -> None:
    remembering = KnownNetwork(strength=1.0)
    found = suggest(context("C Am Dm G | F | Em | C Am Dm"), remembering)
    assert found[0].chord == G
    assert found[0].remembered > 0.9
    assert found[0].text == "dominant of the key; came so before"
    forgotten = suggest(context("C Am Dm G | F | Em | C Am Dm"), remembering, Options(memory=0.0))
    assert forgotten[0].probability == pytest.approx(NETWORK.rows[token_of(chord("Dm"), 0)].max(), rel=1e-4)


@given(st.integers(1, 11))
@settings(max_examples=11, deadline=None)
def test_suggestions_are_the_same_in_all_keys(semitones: int) -> None:
    here = context("C Am Dm G7 C F")
    key = here.key.transposed(semitones)
    there = Context(
        tuple(
            Sounding(one.chord.transposed(semitones) if one.chord else None, one.beat, key.tonic)
            for one in here.soundings
        ),
        key,
        here.next_beat,
    )
    options = Options(count=12, following=None)
    for one, other in zip(suggest(here, NETWORK, options), suggest(there, NETWORK, options), strict=True):
        assert other.chord == one.chord.transposed(semitones)
        assert other.probability == pytest.approx(one.probability)
        assert other.reason.device is one.reason.device


def test_what_must_follow_is_weighed_in() -> None:
    """Against Bayes' rule over the same candidates, by hand."""
    here = context("C Am")
    found = suggest(here, NETWORK, Options(count=12, following=F))
    row = NETWORK.rows[token_of(AM, 0)]
    aim = token_of(F, 0)
    likeliest = [token for token in np.argsort(-row).tolist() if token != aim][:LIKELIEST]
    leading = [token_of(chord(symbol), 0) for symbol in ("C7", "C", "Gb7", "Edim")]
    candidates = list(dict.fromkeys([*likeliest, *leading]))
    assert sorted(candidates_before(aim, row)) == sorted(candidates)
    joint = {token: row[token] * NETWORK.rows[token, aim] for token in candidates}
    best = sorted(joint, key=lambda token: -joint[token])
    assert [token_of(one.chord, 0) for one in found][:5] == best[:5]
    assert found[0].probability == pytest.approx(joint[best[0]] / sum(joint.values()), rel=1e-4)
    assert F not in [one.chord for one in found]


@pytest.mark.parametrize("surprise", [0.25, 0.5, 1.0])
def test_surprise_is_nearness_to_a_rarity(surprise: float) -> None:
    bits = [-math.log2(one.probability) for one in suggest(context("C Am"), NETWORK, Options(surprise=surprise))]
    away = [abs(each - 6 * surprise) for each in bits]
    assert away == sorted(away)
    likeliest = -math.log2(suggest(context("C Am"), NETWORK)[0].probability)
    assert bits[0] > likeliest if surprise == 1 else bits[0] >= likeliest


@pytest.mark.parametrize("surprise", [0.0, 0.5, 1.0])
def test_a_loop_that_has_gone_round_for_long_leaves_other_chords_to_suggest(surprise: float) -> None:
    looped = KnownNetwork(strength=9.0)
    found = suggest(context("Am F C G " * 40), looped, Options(count=8, surprise=surprise))
    assert any(one.probability < 1e-4 for one in found), "all but what always came is rare"
    assert len({one.symbol for one in found}) == 8 and all(one.probability > 0 for one in found)


def test_before_the_first_chord() -> None:
    found = suggest(Context((), Key(7), 0.0), NETWORK)
    assert [token_of(one.chord, 7) for one in found] == np.argsort(-NETWORK.rows[TOKENS])[:6].tolist()


def test_a_long_song_is_looked_back_on_so_far() -> None:
    long = so_far(song("C Am F G " * LONGEST))
    assert len(long.song) == LONGEST
    assert foretell(NETWORK, [long])[0].probabilities.sum() == pytest.approx(1)


@given(st.lists(st.tuples(st.integers(0, TOKENS - 1), st.floats(-15, 15)), max_size=8), st.floats(0, 2))
def test_a_mixture_is_a_distribution_and_knows_its_memory(matches: list[tuple[int, float]], memory: float) -> None:
    general = np.log(NETWORK.rows[[3, 9]])
    tokens = np.array([token for token, _ in matches], np.int64)
    strengths = np.array([[strength for _, strength in matches]] * 2)
    found = mixture_of(general, strengths, tokens, memory)
    assert found.probabilities.sum() == pytest.approx(1)
    assert (found.remembered <= found.probabilities + 1e-12).all()
    assert 0 <= found.memory_share <= 1
    if not matches or memory == 0:
        assert found.probabilities == pytest.approx(np.exp(general).mean(axis=0))
    else:
        remembered = np.flatnonzero(found.remembered)
        assert set(remembered.tolist()) <= set(tokens.tolist())


@pytest.mark.parametrize("following", [None, F])
def test_the_best_way_is_the_best_of_all_ways(following: Chord | None) -> None:
    """Two chords, against all pairs of the likeliest ones."""
    network = KnownNetwork(seed=4)
    start = token_of(AM, 0)
    aim = None if following is None else token_of(following, 0)
    ways = {}
    for first in range(TOKENS):
        for second in range(TOKENS):
            if start != first != second and second != aim:
                after = 1.0 if aim is None else network.rows[second, aim]
                ways[first, second] = network.rows[start, first] * network.rows[first, second] * after
    best = max(ways, key=lambda way: ways[way])
    found = fill(context("C Am"), network, 2, Options(following=following))
    assert tuple(token_of(one, 0) for one in found[0].chords) == best
    assert found[0].probability == pytest.approx(ways[best], rel=1e-3)
    assert [way.probability for way in found] == sorted((way.probability for way in found), reverse=True)


@pytest.mark.parametrize(
    ("ending", "key", "last"),
    [
        (Ending.AUTHENTIC, "C major", {"G C", "G7 C", "G Cmaj7", "G7 Cmaj7"}),
        (Ending.AUTHENTIC, "A minor", {"E Am", "E7 Am", "E Am7", "E7 Am7"}),
        (Ending.PLAGAL, "C major", {f"{four} {one}" for four in ("F", "Fmaj7", "Fm", "Fm7") for one in ("C", "Cmaj7")}),
        (Ending.DECEPTIVE, "C major", {"G Am", "G7 Am", "G Am7", "G7 Am7"}),
        (Ending.DECEPTIVE, "A minor", {"E F", "E7 F", "E Fmaj7", "E7 Fmaj7"}),
    ],
)
def test_endings(ending: Ending, key: str, last: set[str]) -> None:
    for way in fill(context("C Am", key), NETWORK, 3, Options(), ending):
        assert len(way.chords) == 3
        assert " ".join(one.name(key_named(key)) for one in way.chords[1:]) in last


def test_other_evidence_is_weighed_in() -> None:
    """As a melody will be: it rules out all but one chord at the second step, and says nothing of the others."""
    evidence = np.zeros((3, TOKENS))
    evidence[1] = -100.0
    evidence[1, token_of(chord("Ebmaj7"), 0)] = 0.0
    assert {way.chords[1] for way in fill(context("C Am"), NETWORK, 3, evidence=evidence)} == {chord("Ebmaj7")}
    assert fill(context("C Am"), NETWORK, 3, evidence=np.zeros((3, TOKENS))) == fill(context("C Am"), NETWORK, 3)


def test_a_half_cadence_rests_on_the_dominant() -> None:
    assert {way.chords[-1].root for way in fill(context("C Am"), NETWORK, 4, Options(), Ending.HALF)} == {7}
    assert {way.chords for way in fill(context("C Am"), NETWORK, 1, Options(), Ending.HALF)} == {(G,), (chord("G7"),)}
    with pytest.raises(ValueError, match="at least one chord"):
        fill(context("C"), NETWORK, 0)


REASONS = [
    ("C major", None, "Dm7", Function.SUBDOMINANT, Device.DIATONIC),
    ("C major", "F", "G7", Function.DOMINANT, Device.DIATONIC),
    ("C major", "G7", "C", Function.TONIC, Device.CADENCE),
    ("C major", "G7", "Am", Function.TONIC, Device.CADENCE),
    ("C major", "Fm", "C", Function.TONIC, Device.CADENCE),
    ("C major", "Bdim", "C", Function.TONIC, Device.CADENCE),
    ("C major", None, "A7", Function.APPLIED, Device.SECONDARY_DOMINANT),
    ("C major", None, "D7", Function.APPLIED, Device.SECONDARY_DOMINANT),
    ("C major", None, "E7", Function.APPLIED, Device.SECONDARY_DOMINANT),
    ("C major", None, "Db7", Function.DOMINANT, Device.TRITONE_SUBSTITUTE),
    ("C major", None, "Ab7", Function.APPLIED, Device.TRITONE_SUBSTITUTE),
    ("C major", None, "C#dim7", Function.APPLIED, Device.LEADING_DIMINISHED),
    ("C major", None, "Fm", Function.SUBDOMINANT, Device.MODAL_INTERCHANGE),
    ("C major", None, "Bb", Function.SUBDOMINANT, Device.MODAL_INTERCHANGE),
    ("C major", None, "Ab", Function.SUBDOMINANT, Device.MODAL_INTERCHANGE),
    ("C major", None, "Db", Function.SUBDOMINANT, Device.MODAL_INTERCHANGE),
    ("C major", "C", "E", Function.COLOUR, Device.CHROMATIC_MEDIANT),
    ("C major", None, "E", Function.APPLIED, Device.SECONDARY_DOMINANT),
    ("C major", "C", "Eb", Function.TONIC, Device.MODAL_INTERCHANGE),
    ("C major", "Cmaj7", "Abm", Function.COLOUR, Device.CHROMATIC_MEDIANT),
    ("C major", None, "C7", Function.TONIC, Device.BLUES),
    ("A minor", "Am", "D7", Function.SUBDOMINANT, Device.DIATONIC),
    ("C major", None, "Gbaug", Function.COLOUR, Device.CHROMATIC),
    ("A minor", None, "E7", Function.DOMINANT, Device.DIATONIC),
    ("A minor", "E7", "F", Function.SUBDOMINANT, Device.CADENCE),
    ("A minor", None, "A", Function.TONIC, Device.MODAL_INTERCHANGE),
    ("A minor", None, "Bb7", Function.DOMINANT, Device.TRITONE_SUBSTITUTE),
]


@pytest.mark.parametrize(("key", "before", "symbol", "function", "device"), REASONS)
def test_reasons(key: str, before: str | None, symbol: str, function: Function, device: Device) -> None:
    found = reason_of(chord(symbol), key_named(key), chord(before) if before else None)
    assert (found.function, found.device) == (function, device)
    assert found.text


@given(st.integers(0, TOKENS - 1), st.sampled_from(list(Mode)), st.integers(0, 11), st.none() | st.integers(0, 95))
def test_every_chord_has_a_reason_and_diatonic_is_said_only_of_the_keys_own(
    token: int, mode: Mode, tonic: int, before: int | None
) -> None:
    key = Key(tonic, mode)
    one = chord_of(token, tonic)
    found = reason_of(one, key, None if before is None else chord_of(before, tonic))
    assert 0 < len(found.text) < 80
    if found.device is Device.DIATONIC:
        assert is_diatonic(one, key)


def test_substitutes_of_the_dominant() -> None:
    found = {one.symbol: one for one in substitutes(chord("G7"), key_named("C major"))}
    assert found["Db7"].reason.startswith("tritone substitute")
    assert found["Db7"].shared == 2
    assert found["Bdim"].numeral == "viio"
    assert {"Dm7", "G7sus4"} <= set(found)
    assert "G7" not in found


@given(st.integers(0, TOKENS - 1), st.sampled_from(list(Mode)), st.integers(0, 11))
def test_substitutes_are_other_chords_each_once(token: int, mode: Mode, tonic: int) -> None:
    one = chord_of(token, tonic)
    found = substitutes(one, Key(tonic, mode))
    assert len({other.chord for other in found}) == len(found)
    assert one not in [other.chord for other in found]
    shared = [other.shared for other in found]
    assert shared == sorted(shared, reverse=True)
    assert all(other.shared == len(other.chord.pitch_classes & one.pitch_classes) for other in found)


def test_the_key_of_a_song_without_chords_is_the_one_asked_for() -> None:
    assert song_of([], 0.0, tonic=3).tonic == 3
