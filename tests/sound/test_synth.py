"""The synthesiser by what is heard: pitch, loudness, pedals, ends, no clicks, and the same sound in any block size."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from cocomposer.music.message import SYSTEM_RESET, control_change, note_off, note_on
from cocomposer.sound.synth import DRUM_CHANNEL, MOST_VOICES, Synth
from cocomposer.sound.tone import hertz
from cocomposer.sound.voices import TAIL

RATE = 48_000
SILENCE = 1e-3
"""−60 dB."""
Sound = NDArray[np.float32]


def played(*messages: tuple[float, bytes], seconds: float = 1.0, volume: float = 1.0) -> Sound:
    """What is heard of messages, each with its moment in seconds."""
    synth = Synth(RATE, volume)
    for at_seconds, message in messages:
        synth.feed(message, round(at_seconds * RATE))
    return synth.render(round(seconds * RATE))


def level(sound: Sound, begin: float = 0.0, end: float | None = None) -> float:
    """Root mean square between two moments."""
    piece = sound[round(begin * RATE) : None if end is None else round(end * RATE)]
    return float(np.sqrt(np.mean(np.square(piece, dtype=np.float64))))


def strongest_hertz(sound: Sound, near: float) -> float:
    """Frequency of the highest peak within a semitone of `near`, by a parabola through three bins."""
    size = 1 << 19
    mono = sound.sum(1, dtype=np.float64)
    spectrum = np.log(np.abs(np.fft.rfft(mono * np.hanning(len(mono)), size)) + 1e-12)
    low, high = (round(near * factor * size / RATE) for factor in (0.95, 1.05))
    top = low + int(np.argmax(spectrum[low:high]))
    left, middle, right = spectrum[top - 1 : top + 2]
    return float((top + 0.5 * (left - right) / (left - 2 * middle + right)) * RATE / size)


def cents(heard: float, wanted: float) -> float:
    return 1200 * float(np.log2(heard / wanted))


@pytest.mark.parametrize("pitch", [33, 45, 57, 69, 81, 93])
def test_notes_are_in_tune(pitch: int) -> None:
    heard = strongest_hertz(played((0, note_on(0, pitch, 90)), seconds=2), hertz(pitch))
    assert abs(cents(heard, 440 * 2 ** ((pitch - 69) / 12))) < 2


def test_a_pitch_wheel_bends_what_sounds_and_what_follows() -> None:
    up = bytes((0xE0, 0x7F, 0x7F))
    for begin in (0.0, 0.1):
        sound = played((begin, up), (0.05, note_on(0, 69, 90)), seconds=2)
        assert abs(cents(strongest_hertz(sound[round(0.2 * RATE) :], hertz(71)), hertz(71))) < 3
    reset = played((0, up), (0.01, control_change(0, 121, 0)), (0.02, note_on(0, 69, 90)), seconds=2)
    assert abs(cents(strongest_hertz(reset, 440), 440)) < 2


@pytest.mark.parametrize(("channel", "pitch"), [(0, 40), (0, 60), (0, 100), (DRUM_CHANNEL, 36), (DRUM_CHANNEL, 42)])
def test_harder_is_louder(channel: int, pitch: int) -> None:
    levels = [level(played((0, note_on(channel, pitch, velocity)), seconds=0.3)) for velocity in range(1, 128, 7)]
    assert all(soft < hard for soft, hard in pairwise(levels))


def test_harder_is_brighter() -> None:
    def brightness(velocity: int) -> float:
        power = np.abs(np.fft.rfft(played((0, note_on(0, 60, velocity)), seconds=0.5)[:, 0])) ** 2
        return float((power * np.arange(len(power))).sum() / power.sum())

    assert brightness(30) < brightness(70) < brightness(120)


def test_a_note_let_go_fades_and_one_held_goes_on() -> None:
    on, off = (0.0, note_on(0, 60, 100)), (0.5, note_off(0, 60))
    let_go, held = played(on, off, seconds=1.5), played(on, seconds=1.5)
    assert level(held, 1.0) > 10 * SILENCE
    assert level(let_go, 1.1) < SILENCE < level(let_go, 0.4, 0.5)


def test_the_pedal_holds_until_it_is_lifted() -> None:
    notes = (0.0, control_change(0, 64, 127)), (0.1, note_on(0, 60, 100)), (0.2, note_off(0, 60))
    held = played(*notes, seconds=2)
    lifted = played(*notes, (0.5, control_change(0, 64, 0)), seconds=2)
    assert level(held, 1.2, 1.4) > 10 * level(lifted, 1.2, 1.4)
    assert level(lifted, 1.2) < SILENCE
    other = played(*notes, (0.5, control_change(1, 64, 0)), seconds=2)
    assert np.allclose(other, held, atol=1e-6), "another channel's pedal is not this one's"


def test_a_key_held_under_the_lifted_pedal_goes_on() -> None:
    pedal = (0.0, control_change(0, 64, 127)), (0.3, control_change(0, 64, 0))
    assert level(played((0.1, note_on(0, 60, 100)), *pedal, seconds=1.5), 1.0) > 10 * SILENCE


@pytest.mark.parametrize(
    ("message", "within"),
    [(control_change(0, 120, 0), TAIL / RATE), (bytes((SYSTEM_RESET,)), TAIL / RATE), (control_change(0, 123, 0), 0.5)],
)
def test_panic_ends_everything(message: bytes, within: float) -> None:
    chord = [(0.0, note_on(0, pitch, 110)) for pitch in range(30, 90, 5)]
    sound = played(*chord, (0.5, message), seconds=1.5)
    assert level(sound, 0.4, 0.5) > 0.05
    assert level(sound, 0.5 + within + 1 / RATE) < SILENCE


def test_drums_are_heard_and_differ_and_do_not_wait_for_a_note_off() -> None:
    kick, snare, hat = (played((0, note_on(DRUM_CHANNEL, note, 100)), seconds=3) for note in (36, 38, 42))
    assert all(level(drum, 0, 0.1) > 5 * SILENCE and not drum[-1000:].any() for drum in (kick, snare, hat))

    def centre(sound: Sound) -> float:
        power = np.abs(np.fft.rfft(sound[:, 0])) ** 2
        return float((power * np.fft.rfftfreq(len(sound), 1 / RATE)).sum() / power.sum())

    assert centre(kick) < 200 < centre(snare) < 5000 < centre(hat)


def test_every_drum_note_sounds_and_a_closed_hat_ends_an_open_one() -> None:
    for note in range(128):
        assert played((0, note_on(DRUM_CHANNEL, note, 100)), seconds=0.1).any(), note
    open_hat = (0.0, note_on(DRUM_CHANNEL, 46, 100))
    assert level(played(open_hat, (0.2, note_on(DRUM_CHANNEL, 42, 1)), seconds=0.5), 0.35) < SILENCE
    assert level(played(open_hat, seconds=0.5), 0.35) > SILENCE


def test_channels_stand_apart() -> None:
    left, right = (np.abs(played((0, note_on(channel, 64, 100)))).sum(0) for channel in (2, 1))
    assert left[0] > 1.2 * left[1] and right[1] > 1.2 * right[0]
    middle = np.abs(played((0, note_on(0, 64, 100)))).sum(0)
    assert middle[0] == pytest.approx(middle[1], rel=1e-3)


def test_volume_scales_and_changes_smoothly() -> None:
    note = (0.0, note_on(0, 60, 100))
    loud, soft = played(note), played(note, volume=0.25)
    assert np.allclose(soft, 0.25 * loud, atol=1e-6)
    synth = Synth(RATE, 1.0)
    synth.feed(note[1], 0)
    first = synth.render(RATE // 2)
    synth.set_volume(0.0)
    rest = synth.render(RATE // 2)
    assert _largest_second_difference(np.concatenate((first, rest))[RATE // 4 :]) < 2e-3
    assert not rest[RATE // 10 :].any()


def _largest_second_difference(sound: Sound) -> float:
    """A click is a corner in the wave: where the second difference is large."""
    return float(np.abs(np.diff(sound, 2, axis=0)).max())


LOW_KEYS = range(24, 24 + MOST_VOICES)


def test_stealing_makes_no_click() -> None:
    """Low soft strings, whose waves have no corners; then many more, so soft that only the thefts are heard."""
    held = [(0.0, note_on(0, pitch, 60)) for pitch in LOW_KEYS]
    more = [(1.0 + 0.002 * number, note_on(1, pitch, 1)) for number, pitch in enumerate(LOW_KEYS)]
    before = played(*held, seconds=1.2)
    thefts = played(*held, *more, seconds=1.2)
    quiet = slice(round(0.9 * RATE), None)
    assert not np.array_equal(before, thefts)
    assert _largest_second_difference(thefts[quiet]) < 1.5 * _largest_second_difference(before[quiet])
    # That the measure would find a click: one voice of the 48 ending at once.
    cut = before.copy()
    cut[round(1.1 * RATE) :] -= played((0.0, note_on(0, LOW_KEYS[20], 60)), seconds=1.2)[round(1.1 * RATE) :]
    assert _largest_second_difference(cut[quiet]) > 3 * _largest_second_difference(before[quiet])


def test_what_is_struck_last_is_heard_when_all_voices_sound() -> None:
    synth = Synth(RATE)
    for pitch in LOW_KEYS:
        synth.feed(note_on(0, pitch, 50), 0)
    synth.render(RATE // 10)
    assert synth.voices == MOST_VOICES
    synth.feed(note_on(0, 93, 127), synth.frame)
    sound = synth.render(RATE // 2)
    assert synth.voices == MOST_VOICES

    def strength_at_the_new_key(heard: Sound) -> float:
        return float(np.abs(np.fft.rfft(heard[:, 0] * np.hanning(len(heard))))[round(hertz(93) / 2)])

    others = played(*((0.0, note_on(0, pitch, 50)) for pitch in LOW_KEYS), seconds=0.6)[RATE // 10 :]
    assert strength_at_the_new_key(sound) > 20 * strength_at_the_new_key(others)


def test_striking_a_key_again_does_not_pile_up_strings() -> None:
    synth = Synth(RATE)
    synth.feed(control_change(0, 64, 127), 0)
    for number in range(40):
        synth.feed(note_on(0, 48, 100), number * RATE // 10)
        synth.feed(note_off(0, 48), number * RATE // 10 + RATE // 20)
    synth.render(4 * RATE)
    assert synth.voices <= 4


def test_full_keyboard_as_hard_as_can_be_stays_within_bounds() -> None:
    chord = [(0.0, note_on(channel, pitch, 127)) for channel in (0, 1) for pitch in range(24, 96, 3)]
    drums = [(0.0, note_on(DRUM_CHANNEL, note, 127)) for note in (36, 38, 41, 49)]
    sound = played(*chord, *drums)
    assert 0.9 < np.abs(sound).max() < 1.0


def test_soft_sounds_pass_the_limiter_as_they_are() -> None:
    one, two = (played((0, note_on(0, pitch, 60))) for pitch in (60, 64))
    both = played((0, note_on(0, 60, 60)), (0, note_on(0, 64, 60)))
    assert np.allclose(both, one + two, atol=1e-6)


def test_a_message_is_carried_out_at_its_frame() -> None:
    sound = played((0.1234, note_on(0, 72, 127)), seconds=0.2)
    first = int(np.flatnonzero(np.abs(sound).sum(1) > 0)[0])
    assert 0 <= first - round(0.1234 * RATE) <= 2


@pytest.mark.parametrize(
    "nonsense", [b"", b"\x90", b"\x90\x40", b"\x40\x40", b"\xf8", b"\xf0\x01\xf7", b"\x90\xff\x40"]
)
def test_what_is_no_channel_message_is_ignored(nonsense: bytes) -> None:
    synth = Synth(RATE)
    synth.feed(nonsense, 0)
    assert synth.silent and not synth.render(RATE // 10).any()


channels = st.sampled_from([0, 0, 1, DRUM_CHANNEL])
data = st.integers(0, 127)
messages = st.one_of(
    st.builds(note_on, channels, data, data),
    st.builds(note_off, channels, data),
    st.builds(control_change, channels, st.sampled_from([1, 64, 64, 120, 121, 123, 126]), data),
    st.builds(lambda channel, low, high: bytes((0xE0 | channel, low, high)), channels, data, data),
    st.builds(lambda channel, program: bytes((0xC0 | channel, program)), channels, data),
    st.just(bytes((SYSTEM_RESET,))),
    st.binary(max_size=4),
)
scripts = st.lists(st.tuples(st.integers(0, RATE), messages), max_size=120)


@settings(max_examples=40)
@given(scripts)
def test_whatever_was_played_is_sound_within_bounds_and_ends(script: list[tuple[int, bytes]]) -> None:
    synth = Synth(RATE)
    for frame, message in script:
        synth.feed(message, frame)
    sound = synth.render(RATE + 1)
    assert np.isfinite(sound).all() and np.abs(sound).max() < 1
    for channel in range(16):
        synth.feed(control_change(channel, 64, 0), synth.frame)
        synth.feed(control_change(channel, 123, 0), synth.frame)
    synth.render(4 * RATE)  # drums ring, and the lowest damped string, for two seconds
    assert synth.silent and not synth.render(64).any()


@settings(max_examples=25)
@given(scripts, st.lists(st.integers(1, 700), min_size=1, max_size=8))
def test_the_block_size_is_not_heard(script: list[tuple[int, bytes]], blocks: list[int]) -> None:
    whole, parts = Synth(RATE), Synth(RATE)
    for frame, message in script:
        whole.feed(message, frame)
        parts.feed(message, frame)
    expected = whole.render(RATE)
    pieces: list[Sound] = []
    while parts.frame < RATE:
        pieces.append(parts.render(min(blocks[len(pieces) % len(blocks)], RATE - parts.frame)))
    assert np.allclose(np.concatenate(pieces), expected, atol=2e-5)


def test_even_a_pedal_never_lifted_ends() -> None:
    sound_ends = Synth(RATE)
    sound_ends.feed(control_change(0, 64, 127), 0)
    for pitch in range(128):
        sound_ends.feed(note_on(0, pitch, 127), 0)
    for _ in range(150):
        sound_ends.render(RATE)
        if sound_ends.silent:
            break
    assert sound_ends.silent
