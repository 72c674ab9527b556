"""Notes on ticks as the bytes of a Standard MIDI File (type 1), for DAWs and notation programs.

One track with name, tempo and meter, then one track for each part. Knows no disk and no seconds: a moment is a tick
of 1/48 beat, and the file's resolution is a multiple of it, so that nothing is rounded.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import mido

from cocomposer.music.message import CC_SUSTAIN
from cocomposer.music.note import Note, Pedal
from cocomposer.music.ticks import NOMINAL_BPM, TICKS_PER_BEAT

FILE_TICKS_PER_BEAT = 480
"""The resolution that most programs write; ten file ticks to one of ours."""
_SCALE = FILE_TICKS_PER_BEAT // TICKS_PER_BEAT
SLOWEST_BPM = 60e6 / 0xFFFFFF
"""3.58: a file writes a tempo as 24 bits of microseconds per beat."""
FASTEST_BPM = 60e6

# Order of events that fall on one tick. What ends comes before what begins, and a pedal that is pressed afresh must
# not catch the notes that end there.
_PEDAL_LIFT, _NOTE_OFF, _TEXT, _PEDAL_PRESS, _NOTE_ON = range(5)
_PEDAL_ON = 127
_PEDAL_OFF = 0


@dataclass(frozen=True, slots=True)
class Part:
    """One named voice of the file. `program` is General MIDI, 0–127; drums are notes on channel 9."""

    name: str
    notes: Sequence[Note]
    program: int = 0
    texts: Sequence[tuple[int, str]] = ()
    """(tick, text) events among the notes."""


def midi_bytes(
    parts: Sequence[Part],
    *,
    tempos: Sequence[tuple[int, float]] = ((0, NOMINAL_BPM),),
    meter: tuple[int, int] = (4, 4),
    title: str = "",
    markers: Sequence[tuple[int, str]] = (),
    key: str | None = None,
    end_tick: int = 0,
) -> bytes:
    """A type 1 file. `tempos` are (tick, beats a minute), `markers` (tick, text); ticks are 1/48 beat from 0.

    `key` is a signature such as "Bb" or "F#m". All tracks last until `end_tick` at least, so that a loop has its rests.

    Overlapping notes of one pitch and channel within a part: the later stroke ends the earlier note, as a key does.
    Controller 64 is written where a note's pedal differs from what was written before it; a part whose notes all have
    Pedal.UNKNOWN gets none. ValueError for a negative tick, and for a tempo, program, channel, meter or key that a
    file cannot hold.
    """
    facts = _facts(title, tempos, meter, markers, key)
    tracks = [facts] + [_part_track(part) for part in parts]
    for track in tracks:
        track.append(
            mido.MetaMessage("end_of_track", time=max(0, end_tick * _SCALE - sum(event.time for event in track)))
        )
    buffer = io.BytesIO()
    mido.MidiFile(type=1, ticks_per_beat=FILE_TICKS_PER_BEAT, tracks=tracks).save(file=buffer)
    return buffer.getvalue()


def _facts(
    title: str,
    tempos: Sequence[tuple[int, float]],
    meter: tuple[int, int],
    markers: Sequence[tuple[int, str]],
    key: str | None,
) -> mido.MidiTrack:
    """The first track: title, meter, key, tempos, markers."""
    numerator, denominator = meter
    if not 1 <= numerator <= 255 or denominator not in (1, 2, 4, 8, 16, 32, 64):
        raise ValueError(f"a MIDI file cannot hold the meter {numerator}/{denominator}")
    timed = [
        (0, mido.MetaMessage("track_name", name=_utf8(title))),
        (0, mido.MetaMessage("time_signature", numerator=numerator, denominator=denominator)),
    ]
    if key is not None:
        timed.append((0, mido.MetaMessage("key_signature", key=key)))
    for tick, bpm in tempos:
        if not SLOWEST_BPM <= bpm <= FASTEST_BPM:
            raise ValueError(f"a MIDI file cannot hold a tempo of {bpm} beats a minute")
        timed.append((tick, mido.MetaMessage("set_tempo", tempo=min(round(60e6 / bpm), 0xFFFFFF))))
    timed += [(tick, mido.MetaMessage("marker", text=_utf8(text))) for tick, text in markers]
    return _with_deltas(sorted(timed, key=lambda event: event[0]))


def _part_track(part: Part) -> mido.MidiTrack:
    """One part's name, program, pedal and notes."""
    notes = _strokes(part.notes)
    channels = sorted({note.channel for note in notes})
    if channels and not 0 <= channels[0] <= channels[-1] <= 15:
        raise ValueError(f"a MIDI file has channels 0 to 15, not {channels[0]} to {channels[-1]}")
    ordered: list[tuple[int, int, int, mido.Message | mido.MetaMessage]] = []
    for note, end in zip(notes, _ends(notes), strict=True):
        on = mido.Message("note_on", channel=note.channel, note=note.pitch, velocity=max(1, note.velocity))
        off = mido.Message("note_off", channel=note.channel, note=note.pitch, velocity=64)
        ordered.append((note.onset_tick, _NOTE_ON, note.pitch, on))
        ordered.append((end, _NOTE_OFF, note.pitch, off))
    for channel in channels:
        ordered += _pedal_changes([note for note in notes if note.channel == channel], channel)
    timed: list[tuple[int, mido.Message | mido.MetaMessage]] = [
        (0, mido.MetaMessage("track_name", name=_utf8(part.name))),
    ]
    timed += [(0, mido.Message("program_change", channel=channel, program=part.program)) for channel in channels]
    ordered += [(tick, _TEXT, 0, mido.MetaMessage("text", text=_utf8(text))) for tick, text in part.texts]
    timed += [(tick, message) for tick, _, _, message in sorted(ordered, key=lambda event: event[:3])]
    return _with_deltas(timed)


def _strokes(notes: Sequence[Note]) -> list[Note]:
    """The notes in order; of several on one key at one tick only the longest, as loud as the loudest."""
    strokes: dict[tuple[int, int, int], Note] = {}
    for note in sorted(notes):
        key = (note.onset_tick, note.channel, note.pitch)
        twin = strokes.get(key)
        strokes[key] = note if twin is None else replace(note, velocity=max(note.velocity, twin.velocity))
    return list(strokes.values())


def _ends(notes: Sequence[Note]) -> list[int]:
    """Where each note ends in the file: at its own end, or where the same key is struck again before it."""
    ends = [max(note.end_tick, note.onset_tick + 1) for note in notes]
    following: dict[tuple[int, int], int] = {}
    for index in range(len(notes) - 1, -1, -1):
        key = (notes[index].channel, notes[index].pitch)
        ends[index] = min(ends[index], following.get(key, ends[index]))
        following[key] = notes[index].onset_tick
    return ends


def _pedal_changes(notes: Sequence[Note], channel: int) -> list[tuple[int, int, int, mido.Message]]:
    """Controller 64 for each change that one channel's notes tell of, and a last lift where the music ends.

    DOWN: held since before the note in front. FRESH: lifted, and pressed again with this note. UP: lifted.
    """
    changes: list[tuple[int, int, int, mido.Message]] = []

    def write(tick: int, place: int, value: int) -> None:
        message = mido.Message("control_change", channel=channel, control=CC_SUSTAIN, value=value)
        changes.append((tick, place, 0, message))

    down: bool | None = None
    known = (note for note in notes if note.pedal is not Pedal.UNKNOWN)
    for tick, chord in groupby(known, key=lambda note: note.onset_tick):
        pedals = [note.pedal for note in chord]
        lifted = Pedal.UP in pedals or (Pedal.FRESH in pedals and down is True)
        if lifted and down is not False:
            write(tick, _PEDAL_LIFT, _PEDAL_OFF)
        pressed = pedals[-1] is not Pedal.UP
        if pressed and (lifted or not down):
            write(tick, _PEDAL_PRESS, _PEDAL_ON)
        down = pressed
    if down:
        write(max(max(note.end_tick, note.onset_tick + 1) for note in notes), _PEDAL_LIFT, _PEDAL_OFF)
    return changes


def _with_deltas(timed: Sequence[tuple[int, mido.Message | mido.MetaMessage]]) -> mido.MidiTrack:
    """A track from (tick of 1/48 beat, message) in order; ValueError for a tick below 0."""
    track = mido.MidiTrack()
    last = 0
    for tick, message in timed:
        if tick < 0:
            raise ValueError(f"a MIDI file begins at tick 0, not at {tick}")
        message.time = (tick - last) * _SCALE
        last = tick
        track.append(message)
    return track


def _utf8(text: str) -> str:
    """`text` such that mido, which writes Latin-1, stores its UTF-8 bytes: DAWs and our reader expect UTF-8."""
    return text.encode().decode("latin-1")
