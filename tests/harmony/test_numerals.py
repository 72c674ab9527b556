"""Roman numerals: read and written in a key, alone and in a progression."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import Key, key_named
from cocomposer.harmony.key_finding import KEYS
from cocomposer.harmony.names.chart import read_chart
from cocomposer.harmony.names.numeral_writing import write_numeral, write_numerals
from cocomposer.harmony.names.numerals import looks_roman, read_numeral
from cocomposer.harmony.names.symbols import NoChord, UnknownChord, read_symbol
from cocomposer.harmony.qualities import quality_of
from cocomposer.harmony.templates import TEMPLATES
from tests.harmony.chord_types import ALL_TYPES

C, A_MINOR = key_named("C major"), key_named("A minor")
chords = st.builds(
    lambda root, tones, bass: Chord(root, quality_of(tones), None if bass == root else bass),
    st.integers(0, 11),
    st.sampled_from(ALL_TYPES),
    st.none() | st.integers(0, 11),
)


@pytest.mark.parametrize(
    ("key", "numerals", "symbols"),
    [
        ("C major", "I ii iii IV V vi viio", "C Dm Em F G Am Bdim"),
        ("C major", "Imaj7 ii7 iii7 IVmaj7 V7 vi7 viiø7", "Cmaj7 Dm7 Em7 Fmaj7 G7 Am7 Bm7b5"),
        ("C major", "IM7 IIm7 IIIm7 IV^7 V7 VI-7 VIIm7b5", "Cmaj7 Dm7 Em7 Fmaj7 G7 Am7 Bm7b5"),
        ("C major", "iv bVI bVII bIII v i iiø7 bII bVImaj7", "Fm Ab Bb Eb Gm Cm Dm7b5 Db Abmaj7"),
        ("C major", "V7/V V7/ii viio7/ii V/vi V7/IV viiø7/V ii7/IV iiø7/ii", "D7 A7 C#dim7 E C7 F#m7b5 Gm7 Em7b5"),
        ("C major", "I6 I64 ii6 viio6 III+6", "C/E C/G Dm/F Bdim/D Eaug/G#"),
        (
            "C major",
            "V65 V43 V42 V2 ii65 ii6/5 viiø43 viio65/ii V6/5/V",
            "G7/B G7/D G7/F G7/F Dm7/F Dm7/F Bm7b5/F C#dim7/E D7/F#",
        ),
        ("C major", "IV65 I42 IVmaj65 bVImaj42", "Fmaj7/A Cmaj7/B Fmaj7/A Abmaj7/G"),
        ("C major", "bII6 N6 It6 Fr43 Ger65 Ger6 Cad64 Cad6/4", "Db/F Db/F Ab7(no5) Ab7b5 Ab7 Ab7 C/G C/G"),
        (
            "C major",
            "Vsus4 V7sus4 I69 Iadd6 Iadd9 ivadd6 V7b9 V13 I5 V7alt",
            "Gsus4 G7sus4 C6/9 C6 Cadd9 Fm6 G7b9 G13 C5 G7alt",
        ),
        ("C major", "IV/5 I/2 V7/V/1 I/b7", "F/G C/D D7/C C/Bb"),
        ("C major", "♭VII vii° viiø7 VI♭9 #IVo7", "Bb Bdim Bm7b5 A(b9) F#dim7"),
        ("C minor", "i iio III iv v VI VII V7 viio7", "Cm Ddim Eb Fm Gm Ab Bb G7 Bdim7"),
        ("A minor", "i bIII bVI bVII #viio7 viio7 #vio VI #VI vi bvi", "Am C F G G#dim7 G#dim7 F#dim F F# F#m Fm"),
        ("A minor", "V7/iv V7/VI V7/VII V7/III V7/V viio7/V", "A7 C7 D7 G7 B7 D#dim7"),
        ("A minor", "VI65 i65 III42 imaj7 IV7", "Fmaj7/A Am7/C Cmaj7/B Am(maj7) D7"),
        ("F# minor", "bII6 V65 Ger65 N.C.", "G/B C#7/E# D7 N.C."),
        ("Db major", "bVI bIII iv", "A E F#m"),
        ("C major", "subV7 subV subV7/V subV7/ii SubV7#11/IV subV9/iii", "Db7 Db7 Ab7 Eb7 Gb7#11 F9"),
        ("A minor", "subV7 subV7/V subV7/iv subV7/VI", "Bb7 F7 Eb7 Gb7"),
    ],
)
def test_numerals_and_symbols(key: str, numerals: str, symbols: str) -> None:
    """As theory books have them."""
    for numeral, symbol in zip(numerals.split(), symbols.split(), strict=True):
        assert read_numeral(numeral, key_named(key)) == read_symbol(symbol), numeral


@pytest.mark.parametrize(
    ("key", "symbols", "numerals"),
    [
        ("C major", "Dm7 G7 Cmaj7", "ii7 V7 Imaj7"),
        ("C major", "C Ab Bb C", "I bVI bVII I"),
        ("C major", "C A7 Dm7 G7 C", "I V7/ii ii7 V7 I"),
        ("C major", "C F Fm C/G", "I IV iv I64"),
        ("C major", "Gm7 C7 Fmaj7", "ii7/IV V7/IV IVmaj7"),
        ("C major", "Bm7b5 E7 Am", "viiø7 V7/vi vi"),
        ("C major", "Em7b5 A7b9 Dm", "iiø7/ii V7b9/ii ii"),
        ("C major", "C7 F7 C7 G7", "I7 IV7 I7 V7"),
        ("C major", "C7 F", "V7/IV IV"),
        ("C major", "D Dm G", "II ii V"),
        ("C major", "D G", "V/V V"),
        ("C major", "C C#dim7 Dm D#dim7 Em", "I viio7/ii ii viio7/iii iii"),
        ("C major", "C Cdim7 C", "I io7 I"),
        ("C major", "Fm7 Bb7 C", "iv7 bVII7 I"),
        ("C major", "Dm7 Db7 C", "ii7 bII7 I"),
        ("C major", "G/B F/A G7/F F/G Cmaj7/E", "V6 IV6 V42 IV/5 Imaj65"),
        ("C major", "D7/F# G N.C. C", "V65/V V N.C. I"),
        ("C major", "C7/E C7", "I7/3 I7"),
        ("A minor", "Am F C G", "i VI III VII"),
        ("A minor", "Am G F E7", "i VII VI V7"),
        ("A minor", "Bm7b5 E7 Am", "iiø7 V7 i"),
        ("A minor", "Am D7 G#dim7 B7 E", "i IV7 viio7 V7/V V"),
        ("A minor", "A Bb Gm Fm F#m", "I bII bvii bvi #vi"),
        ("Ab major", "Ab Db Ebsus4 Fm7 E", "I IV Vsus4 vi7 bVI"),
        ("D major", "D F#m G A7 Bb", "I iii IV V7 bVI"),
    ],
)
def test_progressions_are_named_by_where_they_lead(key: str, symbols: str, numerals: str) -> None:
    """Applied chords where they resolve, borrowed ones by their root."""
    progression = [read_symbol(symbol) for symbol in symbols.split()]
    written = write_numerals(progression, key_named(key))
    assert written == numerals.split()
    assert [read_numeral(numeral, key_named(key)) for numeral in written] == progression


@pytest.mark.parametrize("key", KEYS)
def test_the_flat_degrees_are_flat_in_every_key(key: Key) -> None:
    """bVI and its like, never #V; what leads up is sharp."""
    degrees = [write_numeral(Chord((key.tonic + above) % 12, "maj"), key, Chord(key.tonic)) for above in (1, 3, 8, 10)]
    assert degrees == (["bII", "bIII", "bVI", "bVII"] if key.mode == "major" else ["bII", "III", "VI", "VII"])
    assert write_numeral(Chord((key.tonic + 6) % 12, "dim7"), key) == "viio7/V"


@pytest.mark.parametrize("quality", TEMPLATES)
def test_every_template_in_every_inversion(quality: str) -> None:
    """Read as it is written, over every tone and beside it, whatever follows."""
    for key in (C, A_MINOR, key_named("Db major"), key_named("G# minor")):
        for root in range(12):
            for bass in (None, *range(12)):
                chord = Chord(root, quality, None if bass == root else bass)
                for following in (None, Chord((root + 5) % 12), Chord((root + 1) % 12, "min"), Chord(root, "7")):
                    written = write_numeral(chord, key, following)
                    assert read_numeral(written, key) == chord, (written, chord, key)


@given(chords, st.sampled_from(KEYS), st.none() | chords, st.none() | chords)
def test_round_trip(chord: Chord, key: Key, following: Chord | None, after: Chord | None) -> None:
    """Any chord in any key; and writing what was read gives the same numeral."""
    written = write_numeral(chord, key, following, after)
    assert looks_roman(written)
    again = read_numeral(written, key)
    assert again == chord
    assert write_numeral(chord, key, following, after) == written


@given(st.lists(chords | st.sampled_from(NoChord), max_size=8), st.sampled_from(KEYS), st.integers(0, 11))
def test_numerals_do_not_depend_on_the_key(progression: list[Chord | NoChord], key: Key, semitones: int) -> None:
    """The same music elsewhere has the same numerals."""
    moved = [chord if isinstance(chord, NoChord) else chord.transposed(semitones) for chord in progression]
    assert write_numerals(moved, key.transposed(semitones)) == write_numerals(progression, key)


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        *[("V77", "V7"), ("IVmj99", "IVmaj9"), ("iix7", "ii7"), ("V7/x", "V7"), ("viiø9x", "viiø7")],
        *[("bVIsux4", "bVIsus4"), ("bVIx", "bVI"), ("viix", "vii"), ("VIII", "VII"), ("V7x/V", "V7/V")],
        *[("Iv", "iv"), ("Iv", "IV"), ("vIi7", "vii7"), ("#Iv", "#iv")],
    ],
)
def test_what_is_none_names_the_nearest(text: str, nearest: str) -> None:
    """As for symbols."""
    with pytest.raises(UnknownChord) as caught:
        read_numeral(text, C)
    assert nearest in caught.value.nearest
    assert all(read_numeral(name, C) for name in caught.value.nearest)


@pytest.mark.parametrize(
    "text",
    [
        *["", "C", "VIII", "iIi", "V/8", "V7/V/5/3", "I6/4/3/2", "Foo", "bbbVI", "It7", "I/I/5/V"],
        *["Intro", "sub", "subIV7", "subVfoo", "subV7/x"],
    ],
)
def test_what_is_none_says_so(text: str) -> None:
    """Never a wrong chord."""
    with pytest.raises(UnknownChord):
        read_numeral(text, C)


@given(st.text(max_size=10) | st.from_regex(r"[b#]?[IViv]{1,3}[a-zA-Z0-9#+(),/^ø°b-]{0,8}", fullmatch=True))
def test_any_text_is_a_numeral_or_said_to_be_none(text: str) -> None:
    """No other error."""
    try:
        chord = read_numeral(text, A_MINOR)
    except UnknownChord as error:
        assert all(read_numeral(name, A_MINOR) for name in error.nearest)
    else:
        assert isinstance(chord, NoChord) or read_numeral(write_numeral(chord, A_MINOR), A_MINOR) == chord


def test_a_chart_in_numerals() -> None:
    """Numerals and symbols may be mixed."""
    steps = read_chart("ii7 G7/F | Imaj7", C).steps
    assert write_numerals([step.chord for step in steps], C) == ["ii7", "V42", "Imaj7"]
