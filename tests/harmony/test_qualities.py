"""Qualities: each set of tones has one name, and each name its tones."""

import pytest

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.qualities import NAMED, degree_in, quality_of, semitones_of_degree, template_of, tones_of
from cocomposer.harmony.templates import TEMPLATES
from tests.harmony.chord_types import ALL_TYPES, spelling_table


def test_every_set_of_tones_has_one_quality_that_names_it() -> None:
    """All 2048, with a suffix of its own each, and templates that sound so."""
    names = {tones: quality_of(tones) for tones in ALL_TYPES}
    assert all(tones_of(name) == tones for tones, name in names.items())
    templates = {tones: template_of(name) for tones, name in names.items()}
    assert all(template.semitones == tones for tones, template in templates.items())
    assert len(set(names.values())) == len({template.suffix for template in templates.values()}) == len(ALL_TYPES)


def test_templates_that_are_listened_for_keep_their_names() -> None:
    """Recognition and the grammar speak of the same chords."""
    assert all(quality_of(template.semitones) == quality for quality, template in TEMPLATES.items())
    assert all(quality_of(named.semitones) == quality for quality, named in NAMED.items())


@pytest.mark.parametrize("row", spelling_table(), ids=lambda row: row.plain or "major")
def test_table_of_spellings(row) -> None:  # type: ignore[no-untyped-def]
    """Names, tones and what is only implied."""
    template = template_of(row.harte)
    assert (quality_of(row.tones), template.suffix) == (row.harte, row.plain)
    assert {tone.semitones for tone in template.tones if tone.is_optional} == row.implied


@pytest.mark.parametrize(
    ("quality", "degrees"),
    [
        ("7(b9,#11)", "1 b9 3 #11 5 b7"),
        ("13(b9)", "1 b9 3 5 13 b7"),
        ("sus4(b7,b9)", "1 b9 4 5 b7"),
        ("min9(b5)", "1 9 b3 b5 b7"),
        ("11", "1 (3) 5 b7 (9) 11"),
        ("dim(b13)", "1 b3 b5 b13"),
        ("7(#5,#9)", "1 #9 3 #5 b7"),
        ("maj6(#11)", "1 3 #11 5 6"),
    ],
)
def test_tones_are_named_as_in_the_chord(quality: str, degrees: str) -> None:
    """A voicing is chosen by degrees, so 7(#9) has no minor third and sus4 no eleventh."""
    tones = template_of(quality).tones
    assert " ".join(f"({tone.degree})" if tone.is_optional else tone.degree for tone in tones) == degrees


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("7(b13,*5)", "aug(b7)"),
        ("9(13,#11)", "13(#11)"),
        ("maj9(13,#11)", "maj13(#11)"),
        ("(1,3,5,b7)", "7"),
        ("1(b5,b7,3)", "7(b5)"),
        ("sus4(3)", "maj(11)"),
        ("maj(*3)", "5"),
        ("", "maj"),
        ("min7(b5)", "hdim7"),
        ("maj6(b7,11)", "7(11,13)"),
        ("7(#9,b9)", "7(b9,#9)"),
    ],
)
def test_other_ways_to_say_it(written: str, canonical: str) -> None:
    """Shorthand and list in any order."""
    assert quality_of(tones_of(written)) == canonical


@pytest.mark.parametrize("text", ["foo", "7(b9", "maj(14)", "maj(*1)", "7(x)", "7 b9", "maj7)"])
def test_what_is_none(text: str) -> None:
    """A chord of an unknown quality has no template."""
    with pytest.raises(ValueError, match=r"no |keeps"):
        tones_of(text)
    with pytest.raises(KeyError):
        Chord(0, text).template.tones  # noqa: B018


def test_degrees() -> None:
    """Any number with any accidentals; what a tone is called depends on what is beside it."""
    assert [semitones_of_degree(degree) for degree in ("1", "b9", "bb13", "#11", "b1", "13")] == [0, 1, 7, 6, 11, 9]
    assert degree_in({0, 4, 7, 10}, 6) == "#11" and degree_in({0, 4, 10}, 6) == "b5"
    assert degree_in({0, 4, 7}, 3) == "#9" and degree_in({0, 7}, 3) == "b3"
    assert degree_in({0, 3, 6}, 9) == "bb7" and degree_in({0, 3, 6, 10}, 9) == "13"
    assert degree_in({0, 4, 10}, 8) == "#5" and degree_in({0, 3, 6}, 8) == "b13"
