"""Words to settings: a table of phrases, what acts on the settings as they are, and no silent guess."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocomposer.jam.describing import describe
from cocomposer.jam.describing_phrases import literal
from cocomposer.jam.describing_terms import AXES, DEGREES, DENIED, FILLERS, MEANS, MOODS, TEMPI
from cocomposer.jam.setting_facts import FACTS
from cocomposer.jam.settings import Settings, changed

UNDERSTOOD: list[tuple[str, dict[str, Any]]] = [
    ("slow", {"tempo": 70.0}),
    ("very fast", {"tempo": 180.0}),
    ("Allegro", {"tempo": 132.0}),
    ("at 96", {"tempo": 96.0}),
    ("120 bpm", {"tempo": 120.0}),
    ("a tempo of 72", {"tempo": 72.0}),
    ("tempo 63.5", {"tempo": 63.5}),
    ("140 beats per minute", {"tempo": 140.0}),
    ("a waltz", {"beats_per_bar": 3}),
    ("in 5/4", {"beats_per_bar": 5}),
    ("6/8 time", {"beats_per_bar": 3}),
    ("in D minor", {"scale": "minor", "tonic": "D"}),
    ("in B♭ dorian", {"scale": "dorian", "tonic": "Bb"}),
    ("F sharp mixolydian", {"scale": "mixolydian", "tonic": "F#"}),
    ("E flat major", {"scale": "major", "tonic": "Eb"}),
    ("A minor pentatonic", {"scale": "minor pentatonic", "tonic": "A"}),
    ("in a minor", {"scale": "minor", "tonic": "A"}),
    ("the key of G", {"scale": "major", "tonic": "G"}),
    ("C# phrygian dominant", {"scale": "phrygian dominant", "tonic": "Db"}),
    ("D aeolian", {"scale": "minor", "tonic": "D"}),
    ("stay in key", {"scale": "auto"}),
    ("no scale", {"scale": "off"}),
    ("sparse", {"density": -0.45}),
    ("very sparse", {"density": -0.8}),
    ("a bit busy", {"density": 0.2}),
    ("not busy", {"density": -0.2}),
    ("more busy", {"density": 0.25}),
    ("less busy", {"density": -0.25}),
    ("much less busy", {"density": -0.5}),
    ("busier", {"density": 0.25}),
    ("a lot busier", {"density": 0.5}),
    ("too many notes", {"density": -0.25}),
    ("a bit louder", {"loudness": 0.1}),
    ("louder, a bit louder", {"loudness": 0.4}),
    ("it is too loud", {"loudness": -0.25}),
    ("softly please", {"loudness": -0.45}),
    ("high", {"register": 0.45}),
    ("bright but not too high", {"register": 0.2}),
    ("deep in the bass", {"register": -0.45}),
    ("staccato", {"note_length": -0.45}),
    ("legato", {"note_length": 0.45}),
    ("tight", {"strictness": 0.45}),
    ("rubato", {"strictness": -0.45}),
    ("follow me", {"likeness": 0.45}),
    ("follow me closely", {"likeness": 0.8}),
    ("do not follow me", {"likeness": -0.3}),
    ("keep my rhythm", {"rhythm": 0.45}),
    ("only the rhythm", {"rhythm": 0.9, "likeness": -0.5}),
    ("wild", {"creativity": 1.3}),
    ("a little safer", {"creativity": 0.9}),
    ("pick up my phrases", {"memory": 1.75}),
    ("forget what I play", {"memory": 0.0}),
    ("eager", {"patience": 0.25}),
    ("wait longer", {"patience": 1.5}),
    ("monophonic", {"polyphony": 1}),
    ("at most 3 notes at a time", {"polyphony": 3}),
    ("two voices", {"polyphony": 2}),
    ("8 bars", {"length": "bars", "length_bars": 8}),
    ("four bars long", {"length": "bars", "length_bars": 4}),
    ("until I stop it", {"length": "endless"}),
    ("right away", {"entry": "free"}),
    ("between C3 and C5", {"lowest_pitch": 48, "highest_pitch": 72}),
    ("not above C6", {"highest_pitch": 84}),
    ("nothing below Eb2", {"lowest_pitch": 39}),
    ("a hymn", {"style": "hymn"}),
    ("without drums", {"style": "auto"}),
    ("only chord tones", {"chord_lock": True}),
    ("don't copy", {"guard": True}),
    ("don’t stop when I play", {"interruptible": False}),
    ("only when I ask", {"answer": False}),
    ("no grid", {"grid": "off"}),
    ("channel 5", {"channel": 5}),
    ("seed 42", {"seed": 42}),
    ("very gentle", {"loudness": -0.65, "note_length": 0.3}),
    ("more bright", {"register": 0.2}),
    ("sad and sparse", {"register": -0.2, "loudness": -0.25, "note_length": 0.25, "density": -0.45}),
    (
        "slow sad waltz in D minor, sparse, follow me closely",
        {"tempo": 70.0, "register": -0.2, "loudness": -0.25, "note_length": 0.25, "beats_per_bar": 3,
         "scale": "minor", "tonic": "D", "density": -0.45, "likeness": 0.8},
    ),
]  # fmt: skip

UNCLEAR: list[tuple[str, list[tuple[str, str]], dict[str, Any]]] = [
    ("purple bagpipes", [("purple bagpipes", "")], {}),
    ("a sparse purple waltz", [("purple", "")], {"density": -0.45, "beats_per_bar": 3}),
    ("faster", [("faster", "no tempo is set")], {}),
    ("not too fast", [("not too fast", "no tempo is set")], {}),
    ("minor", [("minor", "on which note?")], {}),
    ("in a minor key", [("minor", "on which note?")], {}),
    ("a minor waltz", [("minor", "on which note?")], {"beats_per_bar": 3}),
    ("7/8", [("7/8", "a bar must have a whole number of quarters")], {}),
    ("tempo 500", [("tempo 500", "only 20 to 300 can be")], {}),
    ("channel 17", [("channel 17", "only 1 to 16 can be")], {}),
    ("busy but sparse", [("busy", "contradicts sparse")], {"density": -0.45}),
    ("more", [("more", "")], {}),
    ("not purple", [("not purple", "")], {}),
    ("very", [("very", "")], {}),
    ("not sad", [("not sad", "say what it shall be instead")], {}),
    ("not too dreamy, slow", [("not too dreamy", "say what it shall be instead")], {"tempo": 70.0}),
    ("not slow", [("not slow", "say what it shall be instead")], {}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "changes"), UNDERSTOOD, ids=[text for text, _ in UNDERSTOOD])
def test_what_phrases_mean(text: str, changes: dict[str, Any]) -> None:
    found = describe(text, Settings())
    assert dict(found.changes) == pytest.approx(changes)
    assert found.unclear == () and found.understood


@pytest.mark.parametrize(("text", "unclear", "changes"), UNCLEAR, ids=[text for text, _, _ in UNCLEAR])
def test_what_is_not_understood_is_told(text: str, unclear: list[tuple[str, str]], changes: dict[str, Any]) -> None:
    found = describe(text, Settings())
    assert [(one.words, one.reason) for one in found.unclear] == unclear
    assert dict(found.changes) == pytest.approx(changes)


@pytest.mark.parametrize(
    ("text", "now", "changes"),
    [
        ("less busy", {"density": 0.5}, {"density": 0.25}),
        ("less busy", {"density": -0.9}, {"density": -1.0}),
        ("busy", {"density": -0.9}, {"density": 0.45}),
        ("not too high", {"register": 0.8}, {"register": 0.2}),
        ("not too high", {"register": -0.8}, {"register": -0.8}),
        ("not too low", {"register": -0.8}, {"register": -0.2}),
        ("faster", {"tempo": 100.0}, {"tempo": 118.0}),
        ("a bit slower", {"tempo": 100.0}, {"tempo": 92.0}),
        ("slow, faster", {}, {"tempo": 83.0}),
        ("not too fast", {"tempo": 160.0}, {"tempo": 120.0}),
        ("not too slow", {"tempo": 60.0}, {"tempo": 80.0}),
        ("faster", {"tempo": 300.0}, {"tempo": 300.0}),
        ("dorian", {"scale": "minor", "tonic": "D"}, {"scale": "dorian"}),
        ("much wilder", {"creativity": 0.95}, {"creativity": 1.25}),
    ],
)
def test_some_words_act_on_the_settings_as_they_are(text: str, now: dict[str, Any], changes: dict[str, Any]) -> None:
    found = describe(text, changed(Settings(), now))
    assert dict(found.changes) == pytest.approx(changes) and found.unclear == ()


def test_a_mood_yields_to_exact_words_wherever_they_stand() -> None:
    for text in ("sparse, happy", "happy, sparse"):
        assert describe(text, Settings()).changes["density"] == -0.45
    mood = next(one for one in describe("happy, sparse", Settings()).understood if one.words == "happy")
    assert "density" not in mood.changes and "register" in mood.changes


def test_moods_that_contradict_are_told() -> None:
    found = describe("happy sad", Settings())
    assert [(one.words, one.reason) for one in found.unclear] == [("sad", "contradicts happy")]


def test_what_cannot_be_together_is_refused_with_why() -> None:
    found = describe("C major, between C#4 and C#4", Settings())
    assert found.understood == () and found.changes == {}
    assert "No note of the scale" in found.unclear[0].reason


WORDS = sorted(
    {*MEANS, *MOODS, *TEMPI, *DEGREES, *DENIED, *FILLERS, "more", "less", "not", "not too", "too", "D minor", "in", "a"}
    | {word for axis in AXES for word in (*axis.up, *axis.down, *axis.less, *axis.more)}
    | {"purple", "3/4", "99", "bars", "C4", "below", ",", "at", "seed", "17"}
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=10))
def test_any_line_gives_settings_that_can_be_and_loses_no_word(words: list[str]) -> None:
    text = " ".join(words)
    found = describe(text, Settings())
    changed(Settings(), dict(found.changes))
    told = " ".join([one.words for one in found.understood] + [one.words for one in found.unclear]).split()
    for word in text.replace("’", "'").replace(",", " ").split():
        assert word in told or word.lower() in FILLERS


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_survived(text: str) -> None:
    found = describe(text, Settings())
    changed(Settings(), dict(found.changes))


def test_the_tables_name_settings_and_places_that_there_are() -> None:
    for means in (*MEANS.values(), *DENIED.values()):
        changed(Settings(), means)
    for axis in AXES:
        fact = FACTS[axis.setting]
        assert fact.low is not None and fact.high is not None and fact.low <= axis.neutral <= fact.high
        assert axis.neutral == fact.default
    names = {axis.setting for axis in AXES}
    assert all(set(places) <= names and all(-1 <= place <= 1 for place in places.values()) for places in MOODS.values())
    assert all(20 <= tempo <= 300 for tempo in TEMPI.values())
    assert literal(["purple"], ["purple"], [], Settings()) is None
