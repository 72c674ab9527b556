"""What is done with a row of chord cards, one by one and in any order; the cards that typed and heard chords give."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocomposer.document.document import Document
from cocomposer.document.edits import SetProgression
from cocomposer.document.progression import MOST_CARDS, SHORTEST_TICKS, Card, Progression
from cocomposer.document.takes import ChordName, KeptTake
from cocomposer.harmony.chord import Chord
from cocomposer.harmony.key import key_named
from cocomposer.music.note import Note
from tests.fakes.jam_facts import kept_takes, progressions
from ui.presenters import progression_edits as edits
from ui.presenters.progression import beats_words, chart_of, key_of
from ui.presenters.progression_edits import Change, RowError
from ui.presenters.progression_sources import Span, cards_of_spans, cards_of_text, spans_of_take

C_MAJOR, E_FLAT = key_named("C major"), key_named("Eb major")


def row(text: str, locked: tuple[int, ...] = (), key: str = "") -> Progression:
    cards = cards_of_text(text, C_MAJOR, 4).cards
    return Progression(tuple(Card(card.symbol, card.ticks, n in locked) for n, card in enumerate(cards)), key)


def told(progression: Progression) -> str:
    """Symbols with their beats where these are no four, an exclamation mark behind locked ones."""
    return " ".join(
        f"{card.symbol}{'' if card.ticks == 192 else f'*{card.beats:g}'}{'!' if card.locked else ''}"
        for card in progression.cards
    )


ROW = row("Am | F C | G7 |", locked=(2,))
DONE = [
    ("insert", edits.inserted(ROW, 1, [Card("Dm", 96)]), "Am Dm*2 F*2 C*2! G7", "add Dm", (1,)),
    ("insert two", edits.inserted(ROW, 9, [Card("Dm", 96), Card("E", 96)]), "Am F*2 C*2! G7 Dm*2 E*2", "add 2 chords",
     (4, 5)),
    ("rename", edits.renamed(ROW, 2, "Cmaj7"), "Am F*2 Cmaj7*2! G7", "change C to Cmaj7", (2,)),
    ("remove", edits.removed(ROW, (1,)), "Am C*2! G7", "delete F", (1,)),
    ("remove the last", edits.removed(ROW, (2, 3)), "Am F*2", "delete 2 chords", (1,)),
    ("remove all", edits.removed(ROW, range(4)), "", "delete 4 chords", ()),
    ("repeat", edits.repeated(ROW, (0, 1)), "Am F*2 Am F*2 C*2! G7", "repeat 2 chords", (2, 3)),
    ("move right", edits.moved(ROW, (0,), 3), "F*2 C*2! Am G7", "move Am", (2,)),
    ("move left", edits.moved(ROW, (3,), 0), "G7 Am F*2 C*2!", "move G7", (0,)),
    ("move two apart together", edits.moved(ROW, (0, 2), 4), "F*2 G7 Am C*2!", "move 2 chords", (2, 3)),
    ("move nowhere", edits.moved(ROW, (1,), 2), "Am F*2 C*2! G7", "move F", (1,)),
    ("resize", edits.resized(ROW, (0,), 48), "Am*1 F*2 C*2! G7", "change the length of Am", (0,)),
    ("resize to nothing", edits.resized(ROW, (0,), -5), "Am*0.25 F*2 C*2! G7", "change the length of Am", (0,)),
    ("lock", edits.locked(ROW, (0, 3), True), "Am! F*2 C*2! G7!", "lock 2 chords", (0, 3)),
    ("unlock", edits.locked(ROW, (2,), False), "Am F*2 C*2 G7", "unlock C", (2,)),
    ("transpose", edits.transposed(ROW, 3, C_MAJOR), "Cm Ab*2 Eb*2! Bb7", "transpose up 3 semitones", ()),
    ("transpose the free", edits.transposed(ROW, -1, C_MAJOR, False), "G#m E*2 C*2! F#7", "transpose down 1 semitone",
     ()),
    ("transpose to", edits.transposed_to(ROW, C_MAJOR, key_named("A major")), "F#m D*2 A*2! E7",
     "transpose to A major", ()),
    ("exchange", edits.exchanged(ROW, 1, 3, [Card("Dm7", 192)], "fill"), "Am Dm7 G7", "fill", (1,)),
]  # fmt: skip


@pytest.mark.parametrize(("change", "cards", "what", "selected"), [one[1:] for one in DONE], ids=[d[0] for d in DONE])
def test_an_edit(change: Change, cards: str, what: str, selected: tuple[int, ...]) -> None:
    assert told(change.progression) == cards
    assert (change.what, change.selected) == (what, selected)


def test_a_chosen_key_moves_along_and_respells() -> None:
    up = edits.transposed(row("C Am7 Bdim", key="C major"), 3, C_MAJOR).progression
    assert (told(up), up.key) == ("Eb Cm7 Ddim", "Eb major")
    sharp = edits.in_key(row("C# Eb", key=""), key_named("E major"))
    assert (told(sharp.progression), sharp.progression.key) == ("C# D#", "E major")
    assert edits.in_key(sharp.progression, None).progression.key == ""


def test_silence_and_unknown_chords_are_not_transposed() -> None:
    assert told(edits.transposed(Progression((Card("N.C.", 192), Card("X", 192))), 5, None).progression) == "N.C. X"


def test_a_row_does_not_grow_for_ever() -> None:
    full = Progression((Card("C", 48),) * MOST_CARDS)
    with pytest.raises(RowError, match="delete some first"):
        edits.repeated(full, (0,))
    with pytest.raises(RowError, match="delete some first"):
        edits.inserted(full, 0, [Card("D", 48)])


def test_what_is_written_anew_stays_locked_where_it_stays() -> None:
    anew = edits.rewritten(ROW, cards_of_text("Dm | F C | G7 | Am |", C_MAJOR, 4).cards)
    assert told(anew.progression) == "Dm F*2 C*2! G7 Am"
    other = edits.rewritten(ROW, cards_of_text("Am | F Dm |", C_MAJOR, 4).cards)
    assert told(other.progression) == "Am F*2 Dm*2"


CHARTS = [
    ("| Am | F C | G7 |", 4, "Am F*2 C*2 G7", ()),
    ("Dm7 G7 Cmaj7", 3, "Dm7*3 G7*3 Cmaj7*3", ()),
    ("vi IV I V", 4, "Am F C G", ()),
    ("C / F G", 4, "C*2 F*1 G*1", ()),
    ("| C Hq7 | Am", 4, "C*2 X*2 Am", ("Column 5: 'Hq7' is no chord",)),
    ("| C D E F G | Am", 4, "C*0.791667 D*0.8125 E*0.791667 F*0.8125 G*0.791667 Am", ()),
    ("", 4, "", ()),
]


@pytest.mark.parametrize(("text", "beats", "cards", "faults"), CHARTS)
def test_charts_become_cards(text: str, beats: int, cards: str, faults: tuple[str, ...]) -> None:
    read = cards_of_text(text, C_MAJOR, beats)
    assert told(Progression(read.cards)) == cards
    assert len(read.faults) == len(faults)
    assert all(fault.startswith(begins) for fault, begins in zip(read.faults, faults, strict=True))


@given(progressions(), st.integers(2, 7))
def test_a_row_as_text_is_read_as_the_same_cards(progression: Progression, beats: int) -> None:
    key = key_of(progression)
    read = cards_of_text(chart_of(progression, beats, key), key, beats)
    assert not read.faults
    assert [(card.ticks, _heard(card), card.section) for card in read.cards] == [
        (card.ticks, _heard(card), card.section) for card in progression.cards
    ]


def _heard(card: Card) -> object:
    chord = card.chord
    return (chord.root, chord.quality, chord.bass_or_root) if isinstance(chord, Chord) else chord


def test_heard_chords_begin_on_a_bar_line_and_last_whole_beats() -> None:
    spans = [Span(200, 290, "Am"), Span(290, 300, "G"), Span(300, 400, "Am"), Span(480, 580, "F")]
    cards = cards_of_spans(spans, 0, 192, C_MAJOR).cards
    assert told(Progression(cards)) == "Am N.C.*2 F*2"
    late = cards_of_spans([Span(100, 196, "D")], 0, 192, None).cards
    assert told(Progression(late)) == "N.C.*2 D*2"
    free = cards_of_spans([Span(100, 196, "D"), Span(196, 292, "D")], None, 192, None).cards
    assert told(Progression(free)) == "D"
    assert cards_of_spans([], 0, 192, None).cards == ()


@given(kept_takes())
def test_any_take_gives_cards_that_can_be_read(take: KeptTake) -> None:
    named = msgspec.structs.replace(
        take, phrase=(Note(0, 60, 400, 80),), answer=(), chords=(ChordName(0, "Dm"), ChordName(192, "Hm?"))
    )
    spans = spans_of_take(named)
    assert [span.end_tick for span in spans] == [192, 400]
    assert [card.symbol for card in cards_of_spans(spans, 0, 192, None).cards] == ["Dm", "X"]


@pytest.mark.parametrize(("ticks", "words"), [(192, "4"), (72, "1½"), (24, "½"), (12, "¼"), (64, "1⅓"), (38, "0.79")])
def test_lengths_in_words(ticks: int, words: str) -> None:
    assert beats_words(ticks) == words


numbers = st.lists(st.integers(0, 5), max_size=4)


@st.composite
def changes(draw: st.DrawFn, now: Progression) -> Change:
    """Any edit of this row that it can be asked for."""
    count = len(now.cards)
    chosen = tuple(sorted({number for number in draw(numbers) if number < count}))
    makers = [
        lambda: edits.inserted(now, draw(st.integers(0, count)), draw(progressions()).cards),
        lambda: edits.transposed(now, draw(st.integers(-11, 11)), key_of(now), draw(st.booleans())),
        lambda: edits.in_key(now, draw(st.sampled_from([None, C_MAJOR, E_FLAT]))),
        lambda: edits.rewritten(now, draw(progressions()).cards),
    ]
    if chosen:
        makers += [
            lambda: edits.removed(now, chosen),
            lambda: edits.repeated(now, chosen),
            lambda: edits.moved(now, chosen, draw(st.integers(0, count))),
            lambda: edits.resized(now, chosen, draw(st.integers(-10, 9999))),
            lambda: edits.locked(now, chosen, draw(st.booleans())),
            lambda: edits.renamed(now, chosen[0], "E7"),
            lambda: edits.begun(now, chosen[0], draw(st.sampled_from(["", "Verse", "B"]))),
        ]
    return draw(st.sampled_from(makers))()


@settings(max_examples=60)
@given(st.data(), progressions())
def test_any_edits_all_undone_are_the_beginning(data: st.DataObject, begin: Progression) -> None:
    document = Document()
    document.edit(SetProgression(begin, "begin"))
    for _ in range(data.draw(st.integers(0, 8))):
        change = data.draw(changes(document.progression))
        cards = change.progression.cards
        assert all(number < len(cards) for number in change.selected)
        assert all(card.ticks >= min(SHORTEST_TICKS, 1) for card in cards)
        document.edit(SetProgression(change.progression, change.what))
    reached = document.progression
    while document.undo():
        pass
    assert document.progression == Progression()
    while document.redo():
        pass
    assert document.progression == reached


@given(progressions(), st.integers(-11, 11))
def test_transposed_there_and_back_is_the_same_music(progression: Progression, semitones: int) -> None:
    key = key_of(progression)
    there = edits.transposed(progression, semitones, key)
    aim = None if key is None else key.transposed(semitones)
    back = edits.transposed(there.progression, -semitones, aim).progression
    assert [_heard(card) for card in back.cards] == [_heard(card) for card in progression.cards]


@given(progressions(), numbers, st.integers(0, 4))
def test_moving_loses_no_card(progression: Progression, chosen: list[int], to: int) -> None:
    there = {number for number in chosen if number < len(progression.cards)}
    moved = edits.moved(progression, there, to)
    after, before = ([(c.symbol, c.ticks, c.locked) for c in row.cards] for row in (moved.progression, progression))
    assert sorted(after) == sorted(before)
    assert [after[n] for n in moved.selected] == [before[n] for n in sorted(there)]
