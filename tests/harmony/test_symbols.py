"""Chord symbols: the table of spellings, round trips of every chord in every style, and what is not one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import Key, key_named
from cocomposer.harmony.key_finding import KEYS
from cocomposer.harmony.names.suffixes import read_suffix
from cocomposer.harmony.names.symbols import NoChord, UnknownChord, read_symbol
from cocomposer.harmony.names.writing import Style, write_chord
from cocomposer.harmony.qualities import quality_of, template_of
from tests.harmony.chord_types import ALL_TYPES, SEMITONES, Spelt, spelling_table

ROOTS = {"C": 0, "C#": 1, "Db": 1, "D": 2, "Eb": 3, "E": 4, "E#": 5, "F": 5, "F#": 6, "Gb": 6, "G": 7, "Ab": 8, "A": 9}
ROOTS |= {"A#": 10, "Bb": 10, "B": 11, "Cb": 11, "B♭": 10, "F♯": 6}
SYMBOL_STYLES = [Style.PLAIN, Style.JAZZ, Style.UNICODE, Style.HARTE]
chords = st.builds(
    lambda root, tones, bass: Chord(root, quality_of(tones), None if bass == root else bass),
    st.integers(0, 11),
    st.sampled_from(ALL_TYPES),
    st.none() | st.integers(0, 11),
)


def test_the_table_is_large() -> None:
    """At least 300 spellings, none of them twice."""
    spellings = [name for row in spelling_table() for name in {row.plain, row.jazz, *row.spellings}]
    assert len(spellings) == len(set(spellings)) >= 300, len(spellings)


@pytest.mark.parametrize("row", spelling_table(), ids=lambda row: row.plain or "major")
def test_table_of_spellings(row: Spelt) -> None:
    """Every spelling on every root, with and without a bass, is one chord; each style's own is what is written."""
    for name in (row.plain, row.jazz, *row.spellings):
        for root, pitch_class in ROOTS.items():
            # "Cb5" and "C♯9" put their accidental to the root, so a table of suffixes cannot begin with one.
            assert name[:1] not in {"b", "#", "♭", "♯"}
            chord = Chord(pitch_class, quality_of(row.tones))
            assert read_symbol(root + name) == chord, root + name
            over = None if pitch_class == 2 else 2
            assert read_symbol(f"{root}{name}/D") == Chord(pitch_class, chord.quality, over), root + name
    chord = Chord(0, quality_of(row.tones))
    assert write_chord(chord, Style.PLAIN) == f"C{row.plain}"
    assert write_chord(chord, Style.JAZZ) == f"C{row.jazz}"
    assert write_chord(chord, Style.HARTE) == f"C:{row.harte}"


def test_every_chord_type_is_read_as_it_is_written() -> None:
    """All 2048 sets of tones in every style over a bass; writing again gives the same text."""
    for tones in ALL_TYPES:
        assert read_suffix(template_of(quality_of(tones)).suffix) == tones
        chord = Chord(6, quality_of(tones), 4)
        for style in SYMBOL_STYLES:
            written = write_chord(chord, style)
            assert read_symbol(written) == chord, written
            assert write_chord(read_symbol(written), style) == written


@given(chords, st.sampled_from(SYMBOL_STYLES), st.none() | st.sampled_from(KEYS))
def test_round_trip(chord: Chord, style: Style, key: Key | None) -> None:
    """In any key."""
    assert read_symbol(write_chord(chord, style, key)) == chord


@pytest.mark.parametrize(
    ("text", "chord"),
    [
        ("C/E", Chord(0, "maj", 4)),
        ("Cm7/Bb", Chord(0, "min7", 10)),
        ("C/C", Chord(0)),
        ("C6/9/G", Chord(0, "maj6(9)", 7)),
        ("am7/g", Chord(9, "min7", 7)),
        ("bb", Chord(10)),
        ("Cb5", Chord(11, "5")),
        ("C#9", Chord(1, "9")),
        ("C(#9)", Chord(0, "maj(#9)")),
        ("Bbb7", Chord(9, "7")),
        ("Ebb5", Chord(3, "maj(b5)")),
        ("F##m", Chord(7, "min")),
        ("C\\E", Chord(0, "maj", 4)),
        (" Am ", Chord(9, "min")),
        ("C:maj7/3", Chord(0, "maj7", 4)),
        ("A:min7", Chord(9, "min7")),
        ("G:7(b9,13)", Chord(7, "13(b9)")),
        ("A♭:maj", Chord(8)),
        ("C:maj/E", Chord(0, "maj", 4)),
        ("N", NoChord.SILENT),
        ("N.C.", NoChord.SILENT),
        ("NC", NoChord.SILENT),
        ("n.c.", NoChord.SILENT),
        ("X", NoChord.UNKNOWN),
    ],
)
def test_symbols(text: str, chord: Chord | NoChord) -> None:
    """Roots, basses, Harte's notation and no chord at all."""
    assert read_symbol(text) == chord


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("Cmj9x", "Cmaj9"),
        ("Am7b", "Am7b5"),
        ("G7(b9", "G7b9"),
        ("F#mim7", "F#min7"),
        ("Csux4", "Csus4"),
        ("Bbmajj7", "Bbmaj7"),
        ("H7", "B7"),
        ("C7/H", "C7/B"),
        ("Dmaj77/F#", "Dmaj7/F#"),
        ("C^8", "C^"),
        ("C?", "C"),
        ("C//E", "C/E"),
        ("Gm/BB", "Gm/B"),
    ],
)
def test_what_is_none_names_the_nearest(text: str, nearest: str) -> None:
    """First the one that was meant; all of them can be read."""
    with pytest.raises(UnknownChord, match="did you mean") as caught:
        read_symbol(text)
    assert caught.value.nearest[0] == nearest and caught.value.text == text
    assert all(read_symbol(name) for name in caught.value.nearest)


@pytest.mark.parametrize("word", ["Verse", "Bridge", "Coda", "Xm9", "qqq"])
def test_a_word_is_like_no_chord(word: str) -> None:
    """That it begins with a letter of a note makes it none."""
    with pytest.raises(UnknownChord, match="write it like") as caught:
        read_symbol(word)
    assert caught.value.nearest == ()


@pytest.mark.parametrize(
    "text",
    [
        *["", " ", "(C)", "Q", "%"],
        *"C77 C7- C-- Cmm Cm#9 Cdimsus Cmajmaj7 Calt9 Cm4 Cm5 CmM C/ C/X C//E Foo X7 C7b4 C((b9)) C7b9)".split(),
        *"C-7-4x C:foo C:maj/x C:maj(*1) N7 C5maj C9999".split(),
    ],
)
def test_what_is_none_says_so(text: str) -> None:
    """One sentence that quotes it, never a wrong chord."""
    with pytest.raises(UnknownChord) as caught:
        read_symbol(text)
    assert repr(text) in str(caught.value)


@given(st.text(max_size=12) | st.from_regex(r"[A-H][b#]?[a-zA-Z0-9#+(),/^ø°-]{0,8}", fullmatch=True))
def test_any_text_is_a_chord_or_said_to_be_none(text: str) -> None:
    """No other error; and what is read can be written and read."""
    try:
        chord = read_symbol(text)
    except UnknownChord as error:
        assert all(read_symbol(name) for name in error.nearest)
    else:
        assert read_symbol(write_chord(chord)) == chord


@pytest.mark.parametrize(
    ("text", "english"),
    [
        *[
            ("H7", "B7"),
            ("B", "Bb"),
            ("Bb7", "Bb7"),
            ("Hm", "Bm"),
            ("Fism7/Cis", "F#m7/C#"),
            ("Es", "Eb"),
            ("As7", "Ab7"),
        ],
        *[("Esus4", "Esus4"), ("Asus", "Asus"), ("Des/B", "Db/Bb"), ("C/H", "C/B"), ("Dm7", "Dm7"), ("C6/9", "C6/9")],
        *[("Eis", "E#"), ("His7", "B#7"), ("C7/b9", "C7b9"), ("Hes", "Bb"), ("Bdim", "Bbdim"), ("NC", "NC")],
    ],
)
def test_german_names_where_they_are_asked_for(text: str, english: str) -> None:
    """Never by guess: without being asked for B is B and H is none."""
    assert read_symbol(text, german=True) == read_symbol(english)


@pytest.mark.parametrize(
    ("chord", "key", "style", "written"),
    [
        (Chord(6, "hdim7"), "C major", Style.UNICODE, "F♯m7♭5"),
        (Chord(10, "7(b9,b13)", 8), "F major", Style.UNICODE, "B♭7♭9♭13/A♭"),
        (Chord(10, "maj7", 2), "F major", Style.JAZZ, "BbΔ7/D"),
        (Chord(10, "maj7", 2), "F major", Style.HARTE, "Bb:maj7/3"),
        (Chord(0, "maj", 2), None, Style.HARTE, "C:maj/9"),
        (Chord(8), "C major", Style.PLAIN, "Ab"),
        (Chord(1, "min9(b5)"), "C major", Style.PLAIN, "C#m9b5"),
        (Chord(9), "Db major", Style.PLAIN, "A"),
        (Chord(1), "Ab major", Style.PLAIN, "Db"),
        (Chord(6, "min"), "D major", Style.PLAIN, "F#m"),
        (NoChord.SILENT, None, Style.HARTE, "N"),
        (NoChord.SILENT, None, Style.JAZZ, "N.C."),
        (NoChord.UNKNOWN, None, Style.ROMAN, "X"),
    ],
)
def test_styles(chord: Chord | NoChord, key: str | None, style: Style, written: str) -> None:
    """Signs and spelling."""
    assert write_chord(chord, style, key_named(key) if key else None) == written


def test_roots_and_basses_are_plain_in_every_key() -> None:
    """One accidental at most, whatever the chord and its key."""
    names = {letter + accidental for letter in "CDEFGAB" for accidental in ("", "b", "#")}
    for key in KEYS:
        for tones in ALL_TYPES[::97]:
            for root in range(12):
                chord = Chord(root, quality_of(tones), (root + 1) % 12)
                name = chord.name(key)
                suffix = chord.template.suffix
                at = next(length for length in (1, 2) if name[length:].startswith(f"{suffix}/"))
                assert {name[:at], name[at + len(suffix) + 1 :]} <= names, name


def test_degrees_of_the_table_are_known() -> None:
    """The table of spellings counts semitones by itself."""
    assert {
        SEMITONES[tone.degree] - tone.semitones for tones in ALL_TYPES for tone in template_of(quality_of(tones)).tones
    } == {0}
