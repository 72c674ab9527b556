"""`cocomposer render --role accompany:…`: a file played to a jam that plays along, in virtual time. Needs no model."""

import argparse
import sys
import time
from dataclasses import replace
from typing import Final

from cocomposer.adapters.disk import save_bytes
from cocomposer.adapters.midi_takes import read_take
from cocomposer.commands.report import as_json
from cocomposer.document.document import Document
from cocomposer.document.takes import KeptTake
from cocomposer.export.midi_file import Part, midi_bytes
from cocomposer.export.take_midi import EARLY_TICKS, PLAYER_PART
from cocomposer.jam import inputs, outputs
from cocomposer.jam.jam import Jam
from cocomposer.jam.settings import Accompaniment, Settings, changed
from cocomposer.music.message import NOTE_ON, kind_of, note_off, note_on
from cocomposer.music.note import Note
from cocomposer.music.ticks import seconds_per_tick
from cocomposer.playback.sounding import ACCOMPANIMENT_TURNS
from cocomposer.runtime.offline import Offline

PREFIX: Final = "accompany:"
ROLES: Final = tuple(f"{PREFIX}{one}" for one in Accompaniment if one is not Accompaniment.OFF)
ON_BEATS: Final = {"auto": None, "file": True, "none": False}
"""What --beat says → whether the notes are taken to lie on the file's beats; None: where they do."""
_MISUSED: Final = 2
_PARTS: Final = {turn: name for name, turn in ACCOMPANIMENT_TURNS.items()}


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Read, play along, save the player's notes and each part."""
    imported = read_take(options.seed_file, Document(), ON_BEATS[options.beat])
    if imported.sentence is not None:
        print(imported.sentence, file=sys.stderr)
    take = imported.take
    if not take.beat_known and settings.tempo is None:
        print("An accompaniment needs a beat; say how fast the file is, with --tempo BPM.", file=sys.stderr)
        return _MISUSED
    tempo = min(300.0, max(20.0, take.bpm if settings.tempo is None else settings.tempo))
    role = options.role.removeprefix(PREFIX)
    changes = {"accompany": role, "tempo": tempo, "beats_per_bar": take.beats_per_bar, "answer": False}
    begun = time.perf_counter()
    player = _from_its_bar(take)
    parts = played_along(player, changed(settings, changes))
    count = sum(len(notes) for notes in parts.values())
    written = [Part(PLAYER_PART, player), *(Part(name.capitalize(), notes) for name, notes in parts.items() if notes)]
    title = f"cocomposer {options.role}"
    save_bytes(options.output, midi_bytes(written, tempos=[(0, tempo)], meter=(take.beats_per_bar, 4), title=title))
    seconds = time.perf_counter() - begun
    if options.json:
        facts = {
            "output": str(options.output), "role": options.role, "given_notes": len(player), "drawn_notes": count,
            "bpm": tempo, "beat_known": True, "seconds": seconds,
        }  # fmt: skip
        print(as_json(facts))
    else:
        print(f"{options.output}: {len(player)} notes played, {count} played along with them in {seconds:.1f} s.")
    return 0


def played_along(player: list[Note], settings: Settings) -> dict[str, list[Note]]:
    """By part, what sounds with the player's notes (ticks from 0) at the settings' tempo, which must be set."""
    assert settings.tempo is not None
    tick_seconds = seconds_per_tick(settings.tempo)
    script = []
    for note in player:
        script.append((note.onset_tick * tick_seconds, 1, note_on(note.channel, note.pitch, note.velocity)))
        script.append((note.end_tick * tick_seconds, 0, note_off(note.channel, note.pitch)))
    script.sort()
    offline = Offline(Jam(settings), None)
    end = script[-1][0]
    offline.run([(at, inputs.Arrived(at, data)) for at, _, data in script], end)
    offline.do(inputs.Change({"accompany": Accompaniment.OFF.value}))
    plans = {told.note_id: told.note for told in offline.told if isinstance(told, outputs.Accompany)}
    begun: dict[int, float] = {}
    parts: dict[str, list[Note]] = {name: [] for name in ACCOMPANIMENT_TURNS}
    for at, message in offline.heard:
        number = message.note_id
        if message.turn not in _PARTS or number is None:
            continue
        if kind_of(message.data) == NOTE_ON:
            begun[number] = at
            continue
        onset = round(begun[number] / tick_seconds)
        length = max(1, round(at / tick_seconds) - onset)
        parts[_PARTS[message.turn]].append(replace(plans[number], onset_tick=onset, duration_ticks=length))
    return {name: sorted(notes) for name, notes in parts.items()}


def _from_its_bar(take: KeptTake) -> list[Note]:
    """The notes counted from the bar line before the first; without bars, from the first."""
    first = take.phrase[0].onset_tick
    begin = first
    if take.beat_known:
        bar = take.ticks_per_bar
        begin = take.bar_tick + (first + EARLY_TICKS - take.bar_tick) // bar * bar
    return [replace(note, onset_tick=max(0, note.onset_tick - begin)) for note in take.phrase]
