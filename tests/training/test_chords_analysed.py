"""Chord sheets from scores: bars, bar lines that are guessed, passing chords, keys that last, and the command."""

import csv
import json
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.adapters.midi_files import MidiPiece, read_midi_bytes
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import Key, Mode, key_named
from cocomposer.harmony.key_tracking import KeySpan
from cocomposer.harmony.names.symbols import read_symbol
from cocomposer.harmony.pitch_class import PITCH_CLASSES
from models.training.chords import analysed
from models.training.chords.corpus import sheets_of, song_of_row
from models.training.chords.score_hearing import HeardChord, analysis_of, lasting_keys, without_passing
from models.training.chords.scored_bars import sections_of
from tests.training.made_midi import PPQ, Strokes, midi, put

BAR = 4 * PPQ
CADENCE = "C F G7 C Am Dm G7 C"
TOKENS = [0, 40, 58, 0, 73, 17, 58, 0]
"""Those of CADENCE in C: eight classes to a root."""


def strokes(chart: str, tick: int, ticks_each: int, semitones: int = 0) -> Strokes:
    """A close chord over its root, for each name, one after another."""
    found: Strokes = []
    for number, name in enumerate(chart.split()):
        chord = read_symbol(name)
        assert isinstance(chord, Chord)
        pitches = [36 + chord.root, *sorted(60 + pitch for pitch in chord.pitch_classes)]
        found += [(tick + number * ticks_each, ticks_each, pitch + semitones, 80) for pitch in pitches]
    return found


def piece(notes: Strokes, *meters: tuple[int, int, int]) -> MidiPiece:
    """As it is read from a file with these (tick, numerator, denominator)."""
    return replace(read_midi_bytes(midi((0, notes)), "made"), meters=meters)


def sheet(of: MidiPiece, upbeat_written: bool = True) -> dict[str, Any]:
    """The only chord sheet of a piece."""
    analysis = analysis_of(of, upbeat_written)
    assert analysis is not None
    assert analysed.why_not(of, analysis) is None
    (part,) = analysed.parts_of(analysis)
    return analysed.music_of(analysis, part)


@pytest.mark.parametrize(
    ("meters", "wanted"),
    [
        ([], [(0, 0, (4, 4))]),
        ([(0, 3, 4)], [(0, 0, (3, 4))]),
        ([(0, 1, 4), (480, 3, 4)], [(0, 480 - 1440, (3, 4))]),  # an upbeat
        ([(0, 1, 8), (240, 6, 8)], [(0, 240 - 1440, (6, 8))]),
        ([(0, 3, 4), (1440, 4, 4)], [(0, 1440 - 1920, (4, 4))]),  # three beats of four
        ([(0, 3, 4), (2880, 4, 4)], [(0, 0, (3, 4)), (2880, 2880, (4, 4))]),  # two bars are none
        ([(0, 4, 4), (3840, 2, 4), (4800, 4, 4)], [(0, 0, (4, 4)), (3840, 3840, (2, 4)), (4800, 4800, (4, 4))]),
        ([(0, 3, 4), (2880, 2, 4), (3840, 1, 4), (4320, 3, 4)], [(0, 0, (3, 4))]),  # split where it is repeated
        ([(1920, 2, 4)], [(0, 0, (4, 4)), (1920, 1920, (2, 4))]),
        ([(0, 4, 4), (1920, 4, 4), (90_000, 2, 4)], [(0, 0, (4, 4))]),  # told twice, and after the end
    ],
)
def test_sections(meters: list[tuple[int, int, int]], wanted: list[tuple[int, int, tuple[int, int]]]) -> None:
    found = sections_of(meters, 9_600, PPQ)
    assert [(one.start, one.bar, one.meter) for one in found] == wanted
    assert [before.end for before in found] == [*(later.start for later in found[1:]), 9_600]


@pytest.mark.parametrize(
    ("meter", "beat", "beats"),
    [((4, 4), 1, 4), ((2, 2), 1, 4), ((6, 8), 1.5, 2), ((3, 8), 1.5, 1), ((2, 8), 0.5, 2), ((5, 8), 0.5, 5),
     ((3, 2), 1, 6), ((2, 1), 2, 4), ((9, 16), 0.75, 3)],
)  # fmt: skip
def test_beats_are_what_a_conductor_would_count(meter: tuple[int, int], beat: float, beats: int) -> None:
    (section,) = sections_of([(0, *meter)], 9_600, PPQ)
    assert (section.beat / PPQ, section.beats_per_bar) == (beat, beats)
    assert section.beat * section.beats_per_bar == section.bar_ticks


@given(semitones=st.integers(-5, 6), meter=st.sampled_from([(4, 4), (3, 4), (2, 4), (6, 8), (2, 2), (3, 8)]))
def test_a_song_reads_alike_in_every_key_and_metre(semitones: int, meter: tuple[int, int]) -> None:
    bar = 4 * PPQ * meter[0] // meter[1]
    found = sheet(piece(strokes(f"{CADENCE} {CADENCE}", 0, bar, semitones), (0, *meter)))
    song = song_of_row(found)
    # The C between the rounds is one chord.
    assert song.seen.tolist() == [*TOKENS, *TOKENS[1:]]
    assert song.tonic == semitones % PITCH_CLASSES
    assert not song.positions.any()
    assert set(song.metres.tolist()) == {bar / PPQ}
    assert found["key_changes"] == found["meter_changes"] == []


def test_an_upbeat_belongs_to_the_bar_before() -> None:
    upbeat = strokes("G7", 0, PPQ)
    found = sheet(piece([*upbeat, *strokes(CADENCE, PPQ, 3 * PPQ)], (0, 1, 4), (PPQ, 3, 4)))
    song = song_of_row(found)
    assert found["meter"] == "3/4"
    assert song.seen.tolist() == [58, *TOKENS]
    assert song.positions.tolist() == [2.0, *[0.0] * 9]
    assert song.bars.tolist() == list(range(10))


@pytest.mark.parametrize("meter", [(4, 4), (3, 4), (6, 8)])
@pytest.mark.parametrize("eighths", [0, 1, 2])
def test_bar_lines_are_found_where_the_file_does_not_say(meter: tuple[int, int], eighths: int) -> None:
    bar, upbeat = 4 * PPQ * meter[0] // meter[1], eighths * PPQ // 2
    notes = strokes(f"{CADENCE} {CADENCE}", upbeat, bar)
    tune = [(tick, PPQ // 2, 79, 80) for tick in range(0, upbeat, PPQ // 2)]
    found = analysis_of(piece([*tune, *notes], (0, *meter)), upbeat_written=False)
    assert found is not None
    assert found.sections[0].bar == (upbeat - bar if upbeat else 0)


def heard(text: str) -> list[HeardChord]:
    """Chords of a beat each; those with a stroke begin a bar, "?" fits badly, "-" is none."""
    found = []
    for beat, word in enumerate(text.split()):
        chord = read_symbol(word.strip("|?")) if word.strip("|?") != "-" else None
        assert chord is None or isinstance(chord, Chord)
        fit = 0.0 if chord is None else 0.4 if "?" in word else 0.9
        found.append(HeardChord(beat, beat + 1, 1.0, chord, fit, "|" in word))
    return found


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("|C F C G", "|C G"),  # a neighbour note
        ("|C F |C G", "|C G"),
        ("C |F C G", "C |F C G"),  # not on a bar line
        ("|C F G", "|C F G"),
        ("|C F? G", "|C G"),  # foreign tones
        ("|C - G", "|C G"),
        ("|C C6 C/E", "|C"),  # one chord to the network
        ("|C C7", "|C C7"),
        ("- |C", "- |C"),
    ],
)
def test_passing_chords_are_taken_away(text: str, wanted: str) -> None:
    found = without_passing(heard(text))
    assert [one.chord for one in found] == [one.chord for one in heard(wanted)]
    assert [one.end for one in found] == [*(one.start for one in found[1:]), len(text.split())]
    assert sum(one.beats for one in found) == len(text.split())


def test_a_longer_chord_between_equal_ones_stays() -> None:
    first, second, third = heard("|C F C")
    long = replace(second, end=3, beats=2.0)
    assert without_passing([first, long, third]) == [first, long, third]


def key_spans(text: str) -> list[KeySpan]:
    """Such as "C major 8, G major 2" in bars of 4 ticks."""
    spans, tick = [], 0
    for word in text.split(", "):
        name, _, bars = word.rpartition(" ")
        spans.append(KeySpan(tick, tick + 4 * int(bars), key_named(name), 0.9))
        tick = spans[-1].end_tick
    return spans


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("C major 8, G major 3, C major 8", "C major 19"),
        ("C major 8, G major 4, C major 8", "C major 8, G major 4, C major 8"),
        ("D minor 2, C major 8", "C major 10"),
        ("C major 9, D minor 2, G major 8", "C major 11, G major 8"),  # to the main key
        ("C major 9, D minor 2, G major 4, F major 6", "C major 11, G major 4, F major 6"),
        ("F major 20, C major 5, D minor 2, G major 8", "F major 20, C major 5, G major 10"),  # to the longer one
        ("A minor 2", "A minor 2"),
    ],
)
def test_only_keys_that_last_are_kept(text: str, wanted: str) -> None:
    def told(spans: list[KeySpan]) -> list[tuple[int, int, Key]]:
        return [(span.tick, span.end_tick, span.key) for span in spans]

    assert told(lasting_keys(key_spans(text), lambda _: 4.0)) == told(key_spans(wanted))


def test_a_modulation_is_told_where_it_is() -> None:
    there = strokes(" ".join([CADENCE] * 2), 0, BAR)
    beyond = strokes(" ".join([CADENCE] * 2), 16 * BAR, BAR, 4)
    found = sheet(piece(there + beyond))
    assert found["key"] == "C:maj"
    (change,) = found["key_changes"]
    assert change[1] == "E:maj"
    assert abs(change[0] - 64) <= 4
    assert song_of_row(found).seen.tolist() == [*TOKENS, *TOKENS[1:], *TOKENS, *TOKENS[1:]]


def test_why_pieces_are_left_out() -> None:
    def reason(one: MidiPiece) -> str | None:
        return analysed.why_not(one, analysis_of(one, upbeat_written=True))

    full = piece(strokes(CADENCE, 0, BAR))
    assert reason(full) is None
    assert reason(piece([(n * PPQ, PPQ, pitch, 80) for n, pitch in enumerate([60, 64, 67, 72] * 8)])) == "a melody"
    assert reason(piece(strokes("C F G7 C", 0, BAR))) == "too short"
    found = analysis_of(full, upbeat_written=True)
    assert found is not None
    unclear = tuple(replace(one, fit=0.7) for one in found.chords)
    pauses = tuple(replace(one, chord=None, start=one.end, end=one.end + BAR) for one in found.chords)
    keys = tuple((number, Key(number, Mode.MINOR)) for number in range(3))
    assert [
        analysed.why_not(full, one)
        for one in (
            replace(found, chords=unclear),
            replace(found, chords=found.chords + pauses),
            replace(found, keys=keys),
            replace(found, key_confidence=0.4),
        )
    ] == ["no clear chords", "no clear chords", "no clear key", "no clear key"]


def test_long_pieces_are_parted_where_the_metre_changes() -> None:
    rounds = 60
    notes = strokes(" ".join([CADENCE] * rounds), 0, BAR)
    change = 201 * BAR
    found = analysis_of(piece(notes, (0, 4, 4), (change, 2, 2)), upbeat_written=True)
    assert found is not None
    parts = analysed.parts_of(found)
    assert [one for part in parts for one in part] == list(found.chords)
    assert all(len(part) <= analysed.MOST_CHORDS for part in parts)
    assert [part[0].start for part in parts] == [0, change]
    later = analysed.music_of(found, parts[1])
    assert (later["meter"], later["chords"][0][0]) == ("2/2", 0.0)
    for before, after in pairwise(later["chords"]):
        assert before[0] + before[1] == after[0]


def test_the_command_writes_sheets_of_all_splits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    song, few = midi((0, strokes(CADENCE, 0, BAR, 2))), midi((0, strokes("C G7 C", 0, BAR)))
    entries = []
    for name, source, split, content in (
        ("song", "openscore-lieder", "train", song),
        ("few", "openscore-lieder", "train", few),
        ("broken", "openhymnal", "train", b"MThd"),
        ("held", "openhymnal", "test", song),
        ("tune", "folk-aird", "train", song),
    ):
        put(tmp_path / f"{source}/{name}.mid", content)
        columns = {"licence": "CC0-1.0", "composer": "C", "title": name.title(), "group": "g", "upstream": "u"}
        entries.append({"path": f"{source}/{name}.mid", "source": source, "split": split, **columns})
    with (tmp_path / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, list(entries[0]))
        table.writeheader()
        table.writerows(entries)
    out = tmp_path / "out" / "analysed.jsonl"
    monkeypatch.setattr(sys, "argv", ["analysed", "--corpus", str(tmp_path), "--out", str(out)])
    assert analysed.main() == 0
    row, held = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    assert (held["id"], held["split"]) == ("openhymnal/held", "test")
    assert (row["id"], row["title"], row["source"], row["split"]) == (
        "openscore-lieder/song",
        "Song",
        "scores",
        "train",
    )
    assert (row["key"], row["chords"][1]) == ("D:maj", [4.0, 4.0, "G:maj"])
    assert song_of_row(row).seen.tolist() == TOKENS
    assert [sheet.name for sheet in sheets_of(out, "train")] == ["openscore-lieder/song"]
    told = capsys.readouterr().out
    assert "openscore-lieder: 2 pieces, 1 sheets, 8 chords" in told
    assert "1 too short" in told
    assert "1 not read" in told


def test_a_folder_that_is_no_corpus_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["analysed", "--corpus", str(tmp_path), "--out", str(tmp_path / "a.jsonl")])
    assert analysed.main() == 1
    assert "manifest.csv" in capsys.readouterr().err
