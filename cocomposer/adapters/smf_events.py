"""The events of a Standard MIDI File, read from its bytes in one pass.

Exists beside mido's reader because training reads millions of notes (mido takes six times as long), because mido
drops the delta time of meta events that it does not know, and because every size written in a file must be held
against the file before it is believed. Knows no paths, no seconds and no notes of other libraries.
Source: Standard MIDI Files 1.0 (RP-001).
"""

from array import array
from dataclasses import dataclass, field

DEFAULT_MICROSECONDS_PER_BEAT = 500_000
"""120 quarter notes a minute, where a file gives no tempo (RP-001)."""
LONGEST_VARIABLE_LENGTH = 4
"""A variable-length quantity has at most four bytes (RP-001)."""

_META_TRACK_NAME = 0x03
_META_MARKER = 0x06
_META_END_OF_TRACK = 0x2F
_META_TEMPO = 0x51
_META_METER = 0x58
_META_KEY = 0x59
_SMALLEST_METER_DENOMINATOR_POWER = 7
"""1/128 is the shortest beat that notation uses; a larger power is a damaged meter."""


class SmfError(ValueError):
    """The bytes are no file that can be used. The text goes on from the file's name: "is empty; …"."""


@dataclass(slots=True)
class SmfEvents:
    """What one file holds, as it comes: flat number rows, not yet in order across tracks. Times are file ticks."""

    ticks_per_beat: int
    notes: "array[int]" = field(default_factory=lambda: array("q"))
    """Rows of (onset, end, pitch, velocity, channel, track)."""
    pedals: "array[int]" = field(default_factory=lambda: array("q"))
    """Rows of (tick, channel, value, track), sustain pedal (controller 64)."""
    programs: list[tuple[int, int, int, int]] = field(default_factory=list)
    """(tick, channel, program, track)."""
    tempos: list[tuple[int, int]] = field(default_factory=list)
    """(tick, microseconds per beat)."""
    meters: list[tuple[int, int, int]] = field(default_factory=list)
    """(tick, numerator, denominator)."""
    keys: list[tuple[int, int, bool]] = field(default_factory=list)
    """(tick, sharps or minus flats, minor)."""
    markers: list[tuple[int, str]] = field(default_factory=list)
    track_names: list[str] = field(default_factory=list)
    last_tick: int = 0


def parse_smf(data: bytes, note_limit: int) -> SmfEvents:
    """All notes and tempo facts in `data`; SmfError if it cannot be used or holds more than `note_limit` notes."""
    if not data:
        raise SmfError("is empty; choose another file or export it again")
    if data[:4] != b"MThd":
        raise SmfError("is not a Standard MIDI File; choose a .mid file")
    if len(data) < 14:
        raise SmfError("ends within its header; copy or export it again")
    header_size = int.from_bytes(data[4:8])
    kind = int.from_bytes(data[8:10])
    tracks_declared = int.from_bytes(data[10:12])
    division = int.from_bytes(data[12:14])
    if header_size < 6 or header_size > len(data) - 8:
        raise SmfError(f"has a damaged header (its size is given as {header_size}); export it again")
    if kind == 2:
        raise SmfError(
            "is of type 2, whose tracks are independent pieces without a common time; export it as type 0 or 1"
        )
    if kind > 2:
        raise SmfError(f"is of the unknown type {kind}; export it as a Standard MIDI File of type 0 or 1")
    if division & 0x8000:
        raise SmfError("counts film frames (SMPTE) instead of beats; export it with ticks per quarter note")
    if division == 0:
        raise SmfError("has 0 ticks per beat, so nothing in it has a time; export it again")

    events = SmfEvents(division)
    at = 8 + header_size
    while len(events.track_names) < tracks_declared:
        if len(data) - at < 8:
            raise SmfError(
                f"ends after {len(events.track_names)} of its {tracks_declared} tracks; copy or export it again"
            )
        size = int.from_bytes(data[at + 4 : at + 8])
        if size > len(data) - at - 8:
            raise SmfError(
                f"is cut off: a chunk of {size} bytes is announced at byte {at}, but only "
                f"{len(data) - at - 8} follow; copy or export it again"
            )
        if data[at : at + 4] == b"MTrk":
            try:
                _read_track(data[at + 8 : at + 8 + size], events, note_limit)
            except IndexError:
                raise SmfError(
                    f"is damaged: track {len(events.track_names)} ends within an event; export it again"
                ) from None
        at += 8 + size
    return events


def _read_track(data: bytes, events: SmfEvents, note_limit: int) -> None:
    """Append one track's events; IndexError where an event runs past the end of the track."""
    track = len(events.track_names)
    name = ""
    notes = events.notes
    values_limit = 6 * note_limit
    sounding: dict[int, tuple[int, int]] = {}
    restruck: dict[int, int] = {}
    tick = 0
    status = 0
    at = 0
    size = len(data)
    while at < size:
        byte = data[at]
        at += 1
        if byte < 0x80:
            tick += byte
        else:
            delta, at = _variable_length(data, at - 1)
            tick += delta
        first = data[at]
        at += 1
        if first >= 0x80:
            if first >= 0xF0:
                if first == 0xFF:
                    meta = data[at]
                    length, at = _variable_length(data, at + 1)
                    if length > size - at:
                        raise IndexError
                    if meta == _META_END_OF_TRACK:
                        break
                    if meta == _META_TRACK_NAME and not name:
                        name = _text(data[at : at + length])
                    elif meta >= _META_TEMPO or meta == _META_MARKER:
                        _take_meta(meta, data[at : at + length], tick, events)
                elif first in (0xF0, 0xF7):
                    length, at = _variable_length(data, at)
                    if length > size - at:
                        raise IndexError
                else:
                    raise SmfError(
                        f"is damaged: track {track} holds the byte {first:#04x}, which no file may; export it again"
                    )
                at += length
                continue
            status = first
            first = data[at]
            at += 1
        elif status == 0:
            raise SmfError(f"is damaged: track {track} repeats a status that was never given; export it again")

        if status >= 0xE0 or status < 0xC0:
            second = data[at]
            at += 1
        else:
            second = 0
        if (first | second) >= 0x80:
            raise SmfError(f"is damaged: track {track} holds a value above 127; export it again")

        if status < 0xA0:
            key = (status & 0x0F) << 7 | first
            if status >= 0x90 and second:
                earlier = sounding.get(key)
                if earlier is None:
                    sounding[key] = (tick, second)
                else:
                    onset, velocity = earlier
                    if onset == tick:
                        # Two voices in unison: one key stroke, as loud as the louder.
                        sounding[key] = (tick, max(velocity, second))
                    else:
                        notes.extend((onset, tick, first, velocity, status & 0x0F, track))
                        sounding[key] = (tick, second)
                        restruck[key] = tick
                if len(notes) >= values_limit:
                    _refuse_if_too_many(len(notes) // 6 + len(sounding), note_limit)
            else:
                ended = sounding.get(key)
                if ended is not None:
                    onset, velocity = ended
                    if onset == tick and restruck.pop(key, -1) == tick:
                        # Some writers put the old note's end after the new note's start.
                        continue
                    del sounding[key]
                    notes.extend((onset, tick if tick > onset else onset + 1, first, velocity, status & 0x0F, track))
        elif status >= 0xB0:
            if status < 0xC0:
                if first == 64:
                    events.pedals.extend((tick, status & 0x0F, second, track))
            elif status < 0xD0:
                events.programs.append((tick, status & 0x0F, first, track))

    for key, (onset, velocity) in sounding.items():
        notes.extend((onset, max(tick, onset + 1), key & 0x7F, velocity, key >> 7, track))
    _refuse_if_too_many(len(notes) // 6, note_limit)
    events.track_names.append(name)
    events.last_tick = max(events.last_tick, tick)


def _refuse_if_too_many(count: int, note_limit: int) -> None:
    if count > note_limit:
        raise SmfError(f"has more than {note_limit:,} notes; cut out the part that you need")


def _variable_length(data: bytes, at: int) -> tuple[int, int]:
    """A variable-length quantity at `at`, and where the byte after it lies."""
    value = 0
    for position in range(at, at + LONGEST_VARIABLE_LENGTH):
        byte = data[position]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, position + 1
    raise SmfError("is damaged: a delta time or length has more than four bytes; export it again")


def _take_meta(meta: int, payload: bytes, tick: int, events: SmfEvents) -> None:
    """Keep a tempo, meter, key or marker. A meter or key that cannot be is left out: the notes stay good without it."""
    if meta == _META_TEMPO:
        if len(payload) != 3:
            raise SmfError(f"is damaged: a tempo has {len(payload)} bytes instead of 3; export it again")
        microseconds = int.from_bytes(payload)
        if microseconds == 0:
            raise SmfError(f"has a tempo of zero at tick {tick}; correct the tempo and export it again")
        events.tempos.append((tick, microseconds))
    elif meta == _META_METER:
        if len(payload) >= 2 and payload[0] > 0 and payload[1] <= _SMALLEST_METER_DENOMINATOR_POWER:
            events.meters.append((tick, payload[0], 1 << payload[1]))
    elif meta == _META_KEY:
        if len(payload) >= 2 and payload[1] <= 1:
            sharps = payload[0] - 256 if payload[0] >= 128 else payload[0]
            if -7 <= sharps <= 7:
                events.keys.append((tick, sharps, payload[1] == 1))
    elif meta == _META_MARKER:
        events.markers.append((tick, _text(payload)))


def _text(payload: bytes) -> str:
    """UTF-8 where it is that, else Latin-1, which never fails."""
    try:
        return payload.decode()
    except UnicodeDecodeError:
        return payload.decode("latin-1")
