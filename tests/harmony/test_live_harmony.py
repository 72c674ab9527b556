"""Chords and key while music is played: what the display shows in textures of all kinds, without flicker."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocomposer.bench.played_live import play
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import Key
from cocomposer.harmony.live_harmony import LAPSE_BEATS, LiveHarmony
from cocomposer.harmony.metre import Metre
from cocomposer.harmony.progression import ChordSpan
from cocomposer.music.note import Note
from tests.harmony.music import BEAT, TEXTURES, bar_of

BAR = 4 * BEAT
FREE = Metre(bar_tick=None, beat_known=False)
POP = [Chord(0), Chord(7), Chord(9, "min"), Chord(5)]


def bars(chords: list[Chord], texture: str, shift: int = 0) -> list[Note]:
    """One bar a chord."""
    return [note for number, chord in enumerate(chords) for note in bar_of(chord, shift + number * BAR, texture)]


def names(notes: list[Note], metre: Metre | None = None) -> list[str]:
    """What the display shows, one after another."""
    return [chord.name() for _, chord in play(notes, metre).chords() if chord is not None]


def held(tick: int, pitches: tuple[int, ...], ticks: int = BAR, apart: int = 0) -> list[Note]:
    """A chord, struck at once or rolled upwards."""
    return [Note(tick + apart * number, pitch, ticks - apart * number, 80) for number, pitch in enumerate(pitches)]


@pytest.mark.parametrize("semitones", [0, 1, 6])
@pytest.mark.parametrize("texture", TEXTURES)
def test_every_texture_shows_each_chord_once(texture: str, semitones: int) -> None:
    """Blocks, arpeggios, oom-pah, melody over a bass: four chords, four displays, none between."""
    chords = [chord.transposed(semitones) for chord in POP]
    assert names(bars(chords, texture)) == [chord.name() for chord in chords]


def test_blocks_are_shown_within_a_sixteenth() -> None:
    """As soon as hands have settled, on the beat, off it and in free time."""
    for shift, metre in ((0, None), (72, None), (17, FREE)):
        changes = play(bars(POP, "block", shift), metre).chords()[1:]
        assert [chord for _, chord in changes] == POP
        assert all(0 <= tick - shift - number * BAR <= 12 for number, (tick, _) in enumerate(changes))


@pytest.mark.parametrize(
    ("pitches", "name"),
    [
        ((48, 52, 55, 58, 62, 69), "C13"),
        ((48, 52, 55, 58, 61), "C7b9"),
        ((52, 55, 60), "C/E"),
        ((52, 58, 60, 67), "C7/E"),
        ((48, 55, 62, 64, 71), "Cmaj9"),
        ((48, 53, 55), "Csus4"),
    ],
)
@pytest.mark.parametrize("apart", [0, 2])
def test_a_struck_or_rolled_chord_is_shown_whole_and_once(pitches: tuple[int, ...], name: str, apart: int) -> None:
    """Extensions, alterations and inversions; a rolled chord is not named before it is complete."""
    assert names(held(0, pitches, apart=apart)) == [name]


def test_a_new_inversion_is_shown() -> None:
    """C, then C/E struck anew."""
    assert names(held(0, (48, 55, 60, 64)) + held(BAR, (52, 55, 60, 67))) == ["C", "C/E"]


def test_melodies_do_not_disturb_a_chord() -> None:
    """Over a held C: a scale in quavers, and a trill of the ninth."""
    chord = held(0, (36, 52, 55, 60), 2 * BAR)
    scale = [Note(24 * step, pitch, 24, 80) for step, pitch in enumerate([72, 74, 76, 77, 79, 77, 76, 74] * 2)]
    trill = [Note(6 * step, 72 + 2 * (step % 2), 6, 80) for step in range(64)]
    assert names(chord + scale) == names(chord + trill) == ["C"]


def test_late_fingers_and_pedals_do_not_show() -> None:
    """Each chord is held half a beat, as by a pedal, into the next one."""
    late = [
        Note(number * BAR, pitch, BAR + BEAT // 2, 80)
        for number, chord in enumerate(POP)
        for pitch in (36 + chord.root, *(60 + tone % 12 for tone in chord.pitch_classes))
    ]
    assert names(late) == [chord.name() for chord in POP]


def test_a_scale_alone_does_not_flicker() -> None:
    """Four bars of quavers up and down: at most a name a bar."""
    steps = [0, 2, 4, 5, 7, 9, 11, 12, 11, 9, 7, 5, 4, 2, 0] * 2
    assert len(names([Note(24 * number, 60 + step, 24, 80) for number, step in enumerate(steps)])) <= 4


def test_silence() -> None:
    """Nothing, a lone tone and drums are no chord; a chord is shown for a while after it ended, and then no more."""
    live = LiveHarmony()
    live.pass_to(500)
    live.release(510, 60)
    live.strike(520, 36, 100, 9)
    live.strike(530, 60, 80)
    live.pass_to(900)
    assert live.now.chord is None and live.now.key is None and live.now.progression == ()
    after = play(held(0, (48, 52, 55)), until=BAR + (LAPSE_BEATS + 1) * BEAT).chords()
    assert [chord for _, chord in after] == [None, Chord(0), None]
    assert after[-1][0] >= BAR + LAPSE_BEATS * BEAT


def test_key_and_progression_so_far() -> None:
    """After two rounds: the key, with confidence, and the bars that are over."""
    live = LiveHarmony()
    for number, chord in enumerate(POP * 2):
        pitches = [note.pitch for note in bar_of(chord, 0, "block")]
        for pitch in pitches:
            live.strike(number * BAR, pitch, 80)
        for tick in range(number * BAR, (number + 1) * BAR, 12):
            live.pass_to(tick)
        for pitch in pitches:
            live.release((number + 1) * BAR, pitch)
    live.pass_to(8 * BAR + BEAT // 2)
    live.pass_to(8 * BAR + BEAT // 2 + 2)  # the progression is judged at two moments, half of the work at each
    now = live.now
    assert now.key is not None and now.key.key == Key(0) and 0.4 < now.key.confidence <= 1
    wanted = [ChordSpan(number * BAR, (number + 1) * BAR, chord) for number, chord in enumerate(POP * 2)]
    assert [span.chord for span in now.progression] == [span.chord for span in wanted]
    assert now.chord == POP[3] and 0 < now.confidence <= 1
    assert all(chord.root in range(12) and 0 <= share <= 1 for chord, share in now.alternatives)


def test_an_update_takes_less_than_a_millisecond() -> None:
    """The median of all updates of eight bars of arpeggios over blocks, in time on the processor."""
    took = play(bars(POP * 2, "block") + bars(POP * 2, "arpeggio")).seconds
    assert sorted(took)[len(took) // 2] < 0.001


KEYS = st.lists(
    st.tuples(st.integers(0, 40), st.booleans(), st.integers(40, 80), st.integers(1, 127)), min_size=1, max_size=40
)


@given(KEYS, st.sampled_from([Metre(), Metre(3, 17), FREE]))
@settings(max_examples=40, deadline=None)
def test_any_keys_at_any_time(keys: list[tuple[int, bool, int, int]], metre: Metre) -> None:
    """Whatever is struck or released: shares are ordered and the same keys say the same."""

    def heard() -> object:
        live, tick = LiveHarmony(metre), 0
        said = []
        for wait, is_strike, pitch, velocity in keys:
            tick += wait
            if is_strike:
                live.strike(tick, pitch, velocity)
            else:
                live.release(tick, pitch)
            live.pass_to(tick + wait // 2)
            tick += wait // 2
            now = live.now
            shares = [share for _, share in now.alternatives]
            assert shares == sorted(shares, reverse=True) and now.confidence + sum(shares) <= 1 + 1e-6
            assert (now.chord is None) == (now.confidence == 0)
            said.append(now)
        return said

    assert heard() == heard()
