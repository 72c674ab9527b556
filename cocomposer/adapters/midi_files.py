"""Standard MIDI Files as arrays of notes, for seeds, phrases and the training corpus.

Every file that cannot be used is a `MidiFileError` with one sentence. Knows no model and no grid of 48 ticks: times
stay in the file's own ticks, and `seconds_of` and `beats_of` translate them.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cocomposer.adapters.smf_events import DEFAULT_MICROSECONDS_PER_BEAT, SmfError, SmfEvents, parse_smf

NOTE_LIMIT = 1_000_000
SIZE_LIMIT_BYTES = 64 * 1024 * 1024
"""A million notes need about 8 MB; what is larger is something else, and is not read at all."""
LONGEST_SECONDS = 24 * 3600.0
LONGEST_BEATS = 1_000_000

_SIXTEENTHS_AND_TRIPLETS = (0.25, 1 / 3)
_ON_BEAT_SHARE = 0.8
_ON_BEAT_BEATS = 0.02


class MidiFileError(ValueError):
    """A MIDI file cannot be used; the text is one sentence for the user, with what to do."""


@dataclass(frozen=True, slots=True, eq=False)
class MidiPiece:
    """The music of one file. All ticks are the file's own, `ticks_per_beat` to the quarter note."""

    ticks_per_beat: int
    notes: NDArray[np.int64]
    """[n, 6]: onset, end, pitch, velocity, channel, track; sorted by onset, then pitch; n >= 1; end > onset."""
    tempos: tuple[tuple[int, int], ...]
    """(tick, microseconds per beat) in order, at least one; the first lies at tick 0 and no tick comes twice."""
    meters: tuple[tuple[int, int, int], ...]
    """(tick, numerator, denominator) in order, as far as the file gives them."""
    pedals: NDArray[np.int64]
    """[m, 4]: tick, channel, value, track of every sustain pedal event (controller 64), in order."""
    track_names: tuple[str, ...]
    """One for each track, empty where the file gives none; the track column of the arrays counts them from 0."""
    programs: tuple[tuple[int, int, int, int], ...]
    """(tick, channel, program 0–127, track) in order."""
    key_signatures: tuple[tuple[int, int, bool], ...]
    """(tick, sharps or minus flats, minor) in order."""
    markers: tuple[tuple[int, str], ...]
    """(tick, text) in order."""

    def seconds_of(self, ticks: ArrayLike) -> NDArray[np.float64]:
        """Seconds from tick 0 to each of `ticks`, through the tempo map; same shape as `ticks`."""
        wanted = np.asarray(ticks, np.float64)
        tempo_map = np.asarray(self.tempos, np.float64)
        starts = tempo_map[:, 0]
        seconds_per_tick = tempo_map[:, 1] / (1e6 * self.ticks_per_beat)
        seconds_at_start = np.zeros(len(starts))
        np.cumsum(np.diff(starts) * seconds_per_tick[:-1], out=seconds_at_start[1:])
        segment = np.maximum(np.searchsorted(starts, wanted, side="right") - 1, 0)
        return np.asarray(seconds_at_start[segment] + (wanted - starts[segment]) * seconds_per_tick[segment])

    def beats_of(self, ticks: ArrayLike) -> NDArray[np.float64]:
        """Quarter notes from tick 0 to each of `ticks`; same shape as `ticks`."""
        return np.asarray(np.asarray(ticks, np.float64) / self.ticks_per_beat)


def is_on_beats(piece: MidiPiece) -> bool:
    """Whether the notes lie on the file's own beats (a score, a quantised clip), so that its tempo means something."""
    beats = piece.beats_of(piece.notes[:, 0])
    near = np.zeros(len(beats), dtype=bool)
    for step in _SIXTEENTHS_AND_TRIPLETS:
        near |= np.abs(beats / step - np.rint(beats / step)) * step <= _ON_BEAT_BEATS
    return float(near.mean()) >= _ON_BEAT_SHARE


def read_midi_file(path: str | Path, *, note_limit: int = NOTE_LIMIT) -> MidiPiece:
    """The piece in the file at `path`; MidiFileError if there is none that can be used."""
    path = Path(path)
    try:
        if path.is_dir():
            raise MidiFileError(f"{path} is a folder; give the name of a MIDI file.")
        if not path.exists():
            raise MidiFileError(f"{path} does not exist; check the name and the folder.")
        if not path.is_file():
            raise MidiFileError(f"{path} is a device, not a file; give the name of a MIDI file.")
        size = path.stat().st_size
        if size > SIZE_LIMIT_BYTES:
            raise MidiFileError(
                f"{path} has {size >> 20} MB, more than the {SIZE_LIMIT_BYTES >> 20} MB that a MIDI file may have here;"
                " cut out the part that you need."
            )
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise MidiFileError(f"{path} cannot be read ({reason}); check the file and your right to read it.") from error
    except ValueError as error:
        if isinstance(error, MidiFileError):
            raise
        raise MidiFileError(f"{path!r} is no name that a file can have ({error}); check the name.") from error
    return read_midi_bytes(data, str(path), note_limit=note_limit)


def read_midi_bytes(data: bytes, name: str, *, note_limit: int = NOTE_LIMIT) -> MidiPiece:
    """The piece in `data`, the content of a MIDI file that errors call `name`; MidiFileError as `read_midi_file`."""
    try:
        events = parse_smf(data, note_limit)
        if not events.notes:
            raise SmfError("has no notes; choose a file with music in it")
        piece = _piece_of(events)
        _refuse_if_too_long(piece, events.last_tick)
    except SmfError as error:
        raise MidiFileError(f"{name} {error}.") from error
    return piece


def _piece_of(events: SmfEvents) -> MidiPiece:
    notes = np.frombuffer(events.notes, np.int64).reshape(-1, 6)
    order = np.lexsort((notes[:, 1], notes[:, 4], notes[:, 5], notes[:, 2], notes[:, 0]))
    pedals = np.zeros((0, 4), np.int64)
    if events.pedals:
        pedals = np.frombuffer(events.pedals, np.int64).reshape(-1, 4)
        pedals = pedals[np.argsort(pedals[:, 0], kind="stable")]
    notes = notes[order]
    notes.flags.writeable = False
    pedals.flags.writeable = False
    # A later tempo on the same tick replaces the earlier one, hence the dict.
    tempos = {0: DEFAULT_MICROSECONDS_PER_BEAT} | dict(sorted(events.tempos, key=lambda tempo: tempo[0]))
    return MidiPiece(
        ticks_per_beat=events.ticks_per_beat,
        notes=notes,
        tempos=tuple(tempos.items()),
        meters=tuple(sorted(events.meters, key=lambda meter: meter[0])),
        pedals=pedals,
        track_names=tuple(events.track_names),
        programs=tuple(sorted(events.programs, key=lambda program: program[0])),
        key_signatures=tuple(sorted(events.keys, key=lambda key: key[0])),
        markers=tuple(sorted(events.markers, key=lambda marker: marker[0])),
    )


def _refuse_if_too_long(piece: MidiPiece, last_tick: int) -> None:
    """A damaged delta time shows as a piece of days; arrays of bars made from it would fill the memory."""
    beats = last_tick / piece.ticks_per_beat
    seconds = float(piece.seconds_of(last_tick))
    if beats > LONGEST_BEATS or seconds > LONGEST_SECONDS:
        raise SmfError(
            f"lasts {seconds / 3600:,.0f} hours and {beats:,.0f} beats, more than {LONGEST_SECONDS / 3600:.0f} hours"
            f" or {LONGEST_BEATS:,} beats, so it is probably damaged; export it again"
        )
