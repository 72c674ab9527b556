"""What the machine plays along, in the document: where it lies, where it ends, and the takes that it is part of."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.document.capture import captured, last_phrase, recorded
from cocomposer.document.document import Document
from cocomposer.document.jam_format import JamFormatError, jam_bytes, jam_of
from cocomposer.document.timeline import ALONG, MOST_OPEN, PLAYER
from cocomposer.jam import outputs
from cocomposer.music.note import Note
from cocomposer.playback.sounding import ACCOMPANIMENT_TURNS
from tests.fakes.jam_facts import BEGAN_AT, same, take_fact

PHRASE = (Note(0, 60, 40, 80), Note(96, 64, 40, 80), Note(192, 67, 96, 80))


def accompany(number: int, onset: int, pitch: int = 40, length: int = 96, part: str = "bass") -> outputs.Accompany:
    note = Note(onset, pitch, length, 60, {"chords": 1, "bass": 2, "voice": 3}[part])
    return outputs.Accompany(ACCOMPANIMENT_TURNS[part], number, note, onset / 96, (onset + length) / 96)


def jam(*facts: object) -> Document:
    """The player plays PHRASE; then `facts`."""
    document = Document()
    document.join("s", BEGAN_AT)
    for note in PHRASE:
        document.happened(outputs.Heard(note.onset_tick / 96, note.pitch, 80, 0, float(note.onset_tick)))
        document.happened(outputs.Released(note.end_tick / 96, note.pitch, 0, float(note.end_tick)))
    for fact in facts:
        document.happened(fact)  # type: ignore[arg-type]
    return document


def test_each_part_is_told_apart() -> None:
    document = jam(*(accompany(n, 48 * n, part=part) for n, part in enumerate(ALONG)))
    assert document.timeline.who[len(PHRASE) :].tolist() == list(ALONG.values())
    assert document.timeline.notes(0, 1000, (PLAYER,)) == list(PHRASE)
    assert {note.channel for note in document.timeline.notes(0, 1000, tuple(ALONG.values()))} == {1, 2, 3}
    assert document.timeline.notes(0, 1000) == list(PHRASE), "what is played along is no part of what was heard"


@pytest.mark.parametrize(("share", "length"), [(0.0, None), (0.25, 24), (1.0, 96)])
def test_an_end_that_moved(share: float, length: int | None) -> None:
    document = jam(accompany(7, 96), outputs.EndMoved(7, 1.0, share), outputs.EndMoved(99, 1.0, 0.0))
    kept = [note.duration_ticks for note in document.timeline.notes(0, 1000, tuple(ALONG.values()))]
    assert kept == ([] if length is None else [length])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=4))
def test_the_last_end_counts_however_often_it_moved(shares: list[float]) -> None:
    document = jam(accompany(7, 96), *(outputs.EndMoved(7, 1.0, share) for share in shares))
    assert document.timeline.end[-1] == pytest.approx(96 + 96 * shares[-1])


def test_of_long_jams_only_the_latest_ends_move() -> None:
    document = jam(*(accompany(n, 10 * n) for n in range(MOST_OPEN + 2)))
    for number, moves in ((0, False), (1, False), (2, True), (MOST_OPEN + 1, True)):
        before = document.timeline.version
        document.happened(outputs.EndMoved(number, 1.0, 0.5))
        assert (document.timeline.version > before) is moves


def test_a_turn_takes_along_what_was_played_with_its_phrase() -> None:
    answer = (Note(384, 72, 96, 80),)
    document = jam(accompany(1, -96), accompany(2, 96), accompany(3, 900), take_fact(1, PHRASE, answer))
    (take,) = document.takes
    assert [note.onset_tick for note in take.along] == [96]
    assert take.notes == (*PHRASE, *answer)


def test_captures_and_recordings_have_it_too() -> None:
    document = jam(accompany(1, 0, length=500), accompany(2, 96, 45), accompany(3, 900))
    for take in (captured(document, 1000, 1 << 20), last_phrase(document, 1000), recorded(document, 0, 1000)):
        assert take is not None and [note.pitch for note in take.along] == [40, 45]
        assert max(note.end_tick for note in take.along) <= 288, "cut where the take ends"


def test_a_muted_note_is_no_note_that_sounded() -> None:
    note = Note(300, 70, 24, 80)
    document = jam(outputs.Play(1, 1, note, 3.0, 3.2, muted=True), take_fact(1, PHRASE, (note,)))
    assert document.timeline.count == len(PHRASE)
    assert document.takes[0].answer == (note,), "the take has it"


def test_a_jam_file_keeps_it_and_its_open_ends() -> None:
    document = jam(accompany(1, 0), accompany(2, 96), take_fact(1, PHRASE, ()))
    opened = jam_of(jam_bytes(document))
    assert same(opened, document) and opened.takes[0].along
    for one in (document, opened):
        one.happened(outputs.EndMoved(2, 1.2, 0.5))
    assert same(opened, document)


def test_files_from_before_there_was_any_are_read() -> None:
    raw = msgspec.json.decode(jam_bytes(jam(take_fact(1, PHRASE, ()))))
    del raw["timeline"]["open_notes"], raw["takes"][0]["along"]
    assert jam_of(msgspec.json.encode(raw)).takes[0].along == ()


def test_an_open_end_of_no_note_is_damage() -> None:
    raw = msgspec.json.decode(jam_bytes(jam(accompany(1, 0))))
    raw["timeline"]["open_notes"] = {"1": [99, 5.0]}
    with pytest.raises(JamFormatError):
        jam_of(msgspec.json.encode(raw))
