"""A document as the bytes of a jam file (JSON), and back. Knows no disk; what is deleted or undone is left out.

The run of the engine that was followed is in it too, so that a crashed window finds back to where it was.
Texts of errors go on from the file's name: "is empty; …".
"""

import math
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from cocomposer.document.document import Document, Run
from cocomposer.document.progression import Progression, check_names
from cocomposer.document.takes import KeptTake, TakeKind
from cocomposer.document.timeline import Timeline, TimelineColumns
from cocomposer.jam.settings import Settings, SettingsError, changed
from cocomposer.music.note import Note

FORMAT: Final = "cocomposer jam"
VERSION: Final = 2
"""2 since a jam has a progression with its sections, what was played along, and the settings that steer answers: a
program of version 1 would lose them."""
_FURTHEST: Final = 2**31
"""Ticks: 250 hours."""
_SLOWEST_BPM: Final = 5.0
_FASTEST_BPM: Final = 1000.0


class JamFormatError(ValueError):
    """The bytes are no jam that can be used; the text goes on from the file's name and says what to do."""


class NewerJamError(JamFormatError):
    """A later cocomposer made it."""


class _Header(msgspec.Struct):
    format: str
    version: int


class _Jam(msgspec.Struct, kw_only=True):
    format: str = FORMAT
    version: int = VERSION
    title: str
    settings: Settings
    takes: list[KeptTake]
    highest_numbers: dict[TakeKind, Annotated[int, Meta(ge=0)]]
    run: Run
    turn_takes: dict[int, str]
    timeline: TimelineColumns
    progression: Progression = Progression()


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(_Jam)
_HEADERS = msgspec.json.Decoder(_Header)


def jam_bytes(document: Document) -> bytes:
    """The content of the file."""
    jam = _Jam(
        title=document.title,
        settings=document.settings,
        takes=list(document.takes),
        highest_numbers=document.shelf.highest,
        run=document.run,
        turn_takes=document.turn_takes,
        timeline=document.timeline.columns(),
        progression=document.progression,
    )
    return _ENCODER.encode(jam)


def check_version(data: bytes) -> None:
    """JamFormatError unless this is a jam of a version that is known here (NewerJamError if it is a later one)."""
    if not data.strip():
        raise JamFormatError("is empty; choose another file or an older copy of it")
    try:
        header = _HEADERS.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        if f'"{FORMAT}"'.encode() in data[:100]:
            raise JamFormatError("is cut off or damaged; open an older copy of it") from error
        raise JamFormatError("is not a jam; choose a .cocojam file") from error
    if header.format != FORMAT:
        raise JamFormatError("is not a jam; choose a .cocojam file")
    if header.version > VERSION:
        raise NewerJamError("was saved by a newer cocomposer; update cocomposer to open it")


def jam_of(data: bytes) -> Document:
    """The document in the bytes of a file; JamFormatError if there is none that can be used."""
    check_version(data)
    try:
        jam = _DECODER.decode(data)
        _check(jam)
        document = Document()
        document.timeline = Timeline.of(jam.timeline)
        document.settings = changed(jam.settings, {})
    except (msgspec.MsgspecError, SettingsError, ValueError, RecursionError) as error:
        what = str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__
        raise JamFormatError(f"is damaged ({what}); open an older copy of it") from error
    document.title = jam.title
    document.run = jam.run
    document.turn_takes = jam.turn_takes
    document.progression = jam.progression
    for take in jam.takes:
        document.shelf.put(take)
    for kind, number in jam.highest_numbers.items():
        document.shelf.reserve(kind, number)
    return document


def _check(jam: _Jam) -> None:
    """ValueError if something lies outside what it can be."""
    if len({take.id for take in jam.takes}) < len(jam.takes):
        raise ValueError("two takes have the same id")
    for take in jam.takes:
        _check_notes(take.phrase)
        _check_notes(take.answer)
        _check_notes(take.along)
        if not (_SLOWEST_BPM <= take.bpm <= _FASTEST_BPM and 1 <= take.beats_per_bar <= 16):
            raise ValueError(f"a tempo of {take.bpm} or a bar of {take.beats_per_bar} beats")
        if abs(take.bar_tick) > _FURTHEST or take.number < 1:
            raise ValueError("a take lies nowhere")
        if any(abs(chord.tick) > _FURTHEST for chord in take.chords):
            raise ValueError("a chord lies nowhere")
    check_names(jam.progression)
    run = jam.run
    if run.position < 0 or abs(run.offset_ticks) > _FURTHEST or not 0 <= run.turns_before <= _FURTHEST // 2:
        raise ValueError("the engine's run lies nowhere")
    if not all(math.isfinite(seconds or 0.0) for seconds in (run.began_seconds, run.last_seconds)):
        raise ValueError("a moment is not a number")
    if not all(0 <= turn < _FURTHEST for turn in (*jam.turn_takes, *jam.timeline.open_turns)):
        raise ValueError("a turn is not a number")


def _check_notes(notes: tuple[Note, ...]) -> None:
    last = -_FURTHEST
    for note in notes:
        if not (
            last <= note.onset_tick <= _FURTHEST
            and 0 <= note.pitch <= 127
            and 1 <= note.duration_ticks <= _FURTHEST
            and 1 <= note.velocity <= 127
            and 0 <= note.channel <= 15
        ):
            raise ValueError("a note of a take is out of range or out of order")
        last = note.onset_tick
