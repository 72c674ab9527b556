"""The figures of the accompaniment: `python -m cocomposer.bench.accompaniment [CORPUS] [--live SECONDS] [--json]`.

Without a corpus: a progression in block chords, arpeggios and melody, in virtual time. With one: its melodies with
known chords (OpenEWLD), accompanied by chords and bass, where the progression is given, where the player plays the
chords too, and where only the melody is heard; and songs with piano (OpenScore Lieder), where all of it is heard, and
where only the voice is. Of the songs what the composer wrote for the piano is judged by the same rule on the same
beats; the harmony in force is recognised in the whole score, of which it is a part. `--live`: through the real engine.
"""

import argparse
import csv
import json
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from cocomposer.adapters.midi_files import MidiFileError, read_midi_file
from cocomposer.adapters.places import default_bundle
from cocomposer.bench.accompanied import Tally, accompanied, judged_beats
from cocomposer.bench.accompanied_live import measure_live
from cocomposer.bench.known_chords import known_pieces
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.metre import Metre
from cocomposer.harmony.names.symbols import read_symbol
from cocomposer.harmony.progression import ChordSpan, chords_of
from cocomposer.jam.settings import Accompaniment
from cocomposer.music.note import Note
from cocomposer.music.ticks import TICKS_PER_BEAT

Figures = dict[str, Any]
ROLE: Final = Accompaniment.CHORDS_BASS
SONG_BEATS: Final = 96
"""Of each song so much is played."""
MELODY_CHANNEL: Final = 1
"""Of the pieces with known chords; what accompanies them is on another."""
PROGRESSION: Final = ("Dm7", "G7", "Cmaj7", "Cmaj7", "Fmaj7", "Bm7b5", "E7", "Am7")
_SONG_METERS: Final = (2, 3, 4)


def made_up() -> dict[str, tuple[list[Note], list[ChordSpan]]]:
    """A progression of eight bars, four times over, in three ways to play it."""
    bar = 4 * TICKS_PER_BEAT
    spans = [ChordSpan(n * bar, (n + 1) * bar, _chord(PROGRESSION[n % len(PROGRESSION)])) for n in range(32)]
    blocks, broken, tune = [], [], []
    for span in spans:
        assert span.chord is not None
        tones = sorted(48 + (tone - 48) % 12 for tone in span.chord.pitch_classes)
        tones = [span.chord.root + 36, *(tone + 12 for tone in tones)]
        blocks += [Note(span.tick, pitch, bar - 4, 80) for pitch in tones]
        for eighth in range(8):
            tick = span.tick + eighth * TICKS_PER_BEAT // 2
            broken.append(Note(tick, tones[(0, 1, 2, 3, 4, 3, 2, 1)[eighth] % len(tones)], TICKS_PER_BEAT // 2 - 2, 76))
        upper = [tone + 12 for tone in tones[1:]]
        for beat, number in enumerate((1, 2, 0, 1)):
            tune.append(Note(span.tick + beat * TICKS_PER_BEAT, upper[number % len(upper)], TICKS_PER_BEAT - 3, 84))
    return {"block chords": (blocks, spans), "arpeggios": (sorted(broken), spans), "melody": (tune, spans)}


def _chord(symbol: str) -> Chord:
    chord = read_symbol(symbol)
    assert isinstance(chord, Chord)
    return chord


def without_corpus() -> Figures:
    """Made-up playing."""
    figures = {}
    for name, (player, spans) in made_up().items():
        tally = Tally()
        _accompany(tally, player, spans, 4, is_given=False)
        figures[f"ii-V-I and on, {name}"] = _figures(tally)
    return figures


def with_corpus(corpus: Path, split: str, most: int | None) -> Figures:
    """Melodies with known chords, then songs with piano. OSError if the corpus is not there."""
    figures: Figures = {}
    # Some melodies are there twice.
    pieces = list({piece.title: piece for piece in known_pieces(corpus, "openewld", split, most)}.values())
    for name, is_given, with_chords in (
        ("progression given", True, False),
        ("melody and chords heard", False, True),
        ("melody heard", False, False),
    ):
        ours = Tally()
        for piece in pieces:
            player = [note for note in piece.notes if with_chords or note.channel == MELODY_CHANNEL]
            spans = [known.span for known in piece.chords if known.is_known]
            player = [note for note in player if note.onset_tick < SONG_BEATS * TICKS_PER_BEAT]
            _accompany(ours, player, spans, piece.metre.beats_per_bar, is_given)
        figures[f"openewld {split} ({len(pieces)}), {name}"] = _figures(ours)
    songs = list(_songs(corpus, split, most))
    for name, with_piano in (("voice and piano heard", True), ("voice heard", False)):
        human, ours = Tally(), Tally()
        for beats_per_bar, voice, piano in songs:
            player = sorted(voice + piano) if with_piano else voice
            chords = chords_of(voice + piano, Metre(beats_per_bar))
            _accompany(ours, player, chords, beats_per_bar, is_given=False)
            _judge_people(human, piano, chords, judged_beats(player, beats_per_bar))
        figures[f"lieder {split} ({len(songs)}), {name}"] = _figures(ours) | {
            "people's notes a beat": human.notes_per_beat,
            "people's fit": human.share_fitting(),
            "people's, of the time": human.share_of_time,
        }
    return figures


def _accompany(
    tally: Tally, player: Sequence[Note], spans: Sequence[ChordSpan], beats_per_bar: int, is_given: bool
) -> None:
    if not player:
        return

    def sheet(tick: int) -> Chord | None:
        return next((span.chord for span in spans if span.tick <= tick < span.end_tick), None)

    heard = accompanied(player, ROLE, beats_per_bar, sheet if is_given else None)
    beats = judged_beats(player, beats_per_bar)
    if is_given:
        # A sheet may begin later than the melody.
        beats = frozenset(beat for beat in beats if sheet(beat * TICKS_PER_BEAT) is not None)
    tally.cover(heard, beats)
    for note in heard:
        if round(note.begin) // TICKS_PER_BEAT in beats:
            tally.judge(note.part, note.pitch, note.begin, note.end, spans)


def _judge_people(tally: Tally, piano: Sequence[Note], chords: Sequence[ChordSpan], beats: frozenset[int]) -> None:
    tally.beats += len(beats)
    for note in piano:
        if note.onset_tick // TICKS_PER_BEAT in beats:
            tally.judge("piano", note.pitch, note.onset_tick, note.end_tick, chords)


def _figures(tally: Tally) -> Figures:
    return {
        "beats": tally.beats,
        "covered in time": tally.share_covered,
        "sent in time": tally.in_time / max(1, tally.planned),
        "notes a beat": tally.notes_per_beat,
        "fit": tally.share_fitting(),
        "fit, of the time": tally.share_of_time,
        "chords": tally.share_fitting("chords"),
        "bass": tally.share_fitting("bass"),
    }


def _songs(corpus: Path, split: str, most: int | None) -> Iterator[tuple[int, list[Note], list[Note]]]:
    """(beats per bar, the voice, the piano) of songs in one simple metre; the first track with notes is the voice."""
    with (corpus / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if (row["source"], row["split"]) == ("openscore-lieder", split)]
    for row in rows[:most]:
        try:
            piece = read_midi_file(corpus / row["path"])
        except MidiFileError:
            continue
        beats = {Fraction(4 * numerator, denominator) for _, numerator, denominator in piece.meters}
        if len(beats) != 1 or (one := beats.pop()) not in _SONG_METERS:
            continue
        scale = TICKS_PER_BEAT / piece.ticks_per_beat
        parts: dict[int, list[Note]] = {}
        for onset, end, pitch, velocity, _, track in piece.notes.tolist():
            tick = round(onset * scale)
            if tick < SONG_BEATS * TICKS_PER_BEAT:
                note = Note(tick, pitch, max(1, round((end - onset) * scale)), velocity)
                parts.setdefault(track, []).append(note)
        if len(parts) >= 2:
            voice = parts.pop(min(parts))
            yield int(one), voice, sorted(note for notes in parts.values() for note in notes)


def text(figures: Figures) -> str:
    """For people: one row a measurement, one column a figure."""
    columns = list(dict.fromkeys(word for values in figures.values() for word in values))
    rows = [["", *columns]]
    for name, values in figures.items():
        rows.append([name, *(_cell(values.get(word)) for word in columns)])
    widths = [max(len(row[number]) for row in rows) for number in range(len(rows[0]))]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(line.rstrip() for line in lines)


def _cell(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}" if isinstance(value, float) else str(value)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="?", type=Path)
    parser.add_argument("--split", default="test")
    parser.add_argument("--most", type=int, help="so many pieces of each kind at most")
    parser.add_argument("--live", type=float, metavar="SECONDS", help="through the real engine for so long instead")
    parser.add_argument("--bundle", type=Path, default=default_bundle())
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.live:
        figures: Figures = {"real engine, 120 BPM": measure_live(options.bundle, options.live)}
    elif options.corpus is None:
        figures = without_corpus()
    else:
        figures = with_corpus(options.corpus, options.split, options.most)
    print(json.dumps(figures) if options.json else text(figures))


if __name__ == "__main__":
    main()
