"""What the chord panel says and asks, without Qt: names in the key in force, what is shown of what was told."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.document.progression import Card
from cocomposer.harmony.key import C_MAJOR, key_named
from cocomposer.harmony.names.symbols import read_symbol
from cocomposer.harmony.voicing.rules import VoicingRules
from cocomposer.jam.outputs import HarmonyChanged, Suggested, SuggestedChord
from ui.bench import session_states as states
from ui.presenters.chords import (
    NOTHING_PLACED,
    NOTHING_YET,
    SO_FAR,
    SURE_OF_KEY,
    ChordsViewer,
    instead_of,
    key_names,
    share_words,
    view_of,
)
from ui.presenters.chords_asked import asked_of, heard_song, last_chord, placed_song
from ui.presenters.chords_heard import BEATS, audition_of, is_tried, voiced
from ui.presenters.chords_wish import ChordWish, Follows

SYMBOLS = st.sampled_from(["C", "Dm7", "Bb", "F#m7b5", "A#", "G7", "N.C.", "Eb/G"])
WISH = ChordWish()


def heard(
    chord: str | None = "A#",
    key: str | None = "F major",
    tick: float = 400.0,
    spans: tuple[tuple[int, int, str], ...] = (),
) -> HarmonyChanged:
    others = (("D#", 0.2), ("Gm7", 0.1), ("C9", 0.04))
    return HarmonyChanged(0.0, tick, chord, 0.7, others, key, 0.85, spans)


def test_nothing_was_told() -> None:
    view = view_of(None, None, WISH)
    assert (view.now, view.key, view.cards, view.so_far, view.hint) == ("", "", (), (), NOTHING_YET)
    assert view_of(None, None, ChordWish(follows=Follows.PROGRESSION)).hint == NOTHING_PLACED


def test_names_are_spelt_in_the_key_that_is_heard() -> None:
    view = view_of(heard(), None, WISH)
    assert (view.now, view.symbol, view.confidence, view.key, view.key_confidence) == ("B♭", "Bb", 0.7, "F major", 0.85)
    assert view.alternatives == (("E♭", 0.2), ("Gm7", 0.1))
    assert not view.pinned


def test_a_pinned_key_names_everything() -> None:
    told = Suggested(1, (SuggestedChord("A#", "VII", 0.3, "subdominant", "diatonic"),), key="B major")
    view = view_of(heard(spans=((0, 192, "Gb"), (192, 384, "Bb"))), told, ChordWish(pinned_key="B major"))
    assert (view.now, view.key, view.pinned, view.heard_key) == ("A♯", "B major", True, "F major")
    assert (view.cards[0].symbol, view.cards[0].name) == ("A#", "A♯")
    assert [(one.name, one.numeral) for one in view.so_far] == [("F♯", "V"), ("A♯", "V/iii")]


def test_the_chords_so_far_end_with_what_sounds_and_none_stands_twice() -> None:
    spans = tuple((192 * n, 192 * (n + 1), symbol) for n, symbol in enumerate(("F", "Bb", "C7") * 4))
    view = view_of(heard("C7", spans=spans), None, WISH)
    assert len(view.so_far) == SO_FAR
    assert [(one.name, one.numeral) for one in view.so_far[-3:]] == [("F", "I"), ("B♭", "IV"), ("C7", "V7")]
    assert all(not one.numeral for one in view_of(heard("C7", None, spans=spans), None, WISH).so_far)


def test_no_two_parts_of_the_panel_name_one_chord_in_different_keys() -> None:
    told = Suggested(1, (SuggestedChord("Ab7", "V7", 0.3, "dominant", "diatonic in Db major"),), key="Db major")
    unsure = msgspec.structs.replace(heard("C#", "G major", spans=((0, 192, "G#7"),)), key_confidence=0.02)
    view = view_of(unsure, told, WISH)
    assert (view.now, view.key, view.key_supposed, view.heard_key) == ("D♭", "D♭ major", True, "G major")
    assert [(one.name, one.numeral) for one in view.so_far] == [("A♭7", "V7"), ("D♭", "I")]
    assert (view.cards[0].name, view.cards[0].reason) == ("A♭7", "diatonic in D♭ major")
    sure = msgspec.structs.replace(unsure, key="F# major", key_confidence=SURE_OF_KEY)
    assert view_of(sure, told, WISH).key == "F♯ major"
    assert view_of(unsure, told, ChordWish(pinned_key="C# minor")).key == "C♯ minor"
    assert view_of(unsure, told, ChordWish(follows=Follows.PROGRESSION)).key == "G major"
    placed = view_of(None, told, ChordWish(follows=Follows.PROGRESSION))
    assert (placed.key, placed.key_supposed) == (view_of(unsure, told, ChordWish()).key, True), "nothing was heard"
    assert view_of(unsure, Suggested(1, failure="The model is away."), WISH).key == "G major"


def test_the_suggestions_write_a_key_of_six_accidentals_as_it_is_heard() -> None:
    told = Suggested(1, (SuggestedChord("C#7", "V7", 0.3, "dominant", "diatonic in F# major"),), key="F# major")
    view = view_of(heard("C#", "Gb major"), told, WISH)
    assert (view.now, view.key, view.key_supposed) == ("D♭", "G♭ major", False)
    assert (view.cards[0].name, view.cards[0].reason) == ("D♭7", "diatonic in G♭ major")


def test_cards_say_all_that_a_suggestion_has() -> None:
    card = view_of(heard(), states.suggested(), WISH).cards[4]
    assert (card.number, card.symbol, card.name, card.numeral) == (5, "F#dim7", "F♯dim7", "viio7/iv")
    assert (card.function, card.short_function) == ("applied dominant", "applied")
    assert card.spoken == "5: F#dim7, viio7/iv, 5 %, applied dominant, diminished, leads up a semitone to iv"


def test_a_failure_is_told_in_place_of_cards() -> None:
    view = view_of(heard(), Suggested(1, failure="The model is away."), WISH)
    assert (view.cards, view.hint) == ((), "The model is away.")


def test_what_a_newer_engine_tells_is_no_trouble() -> None:
    view = view_of(heard("C&7", "F lydian", spans=((0, 192, "?!"), (192, 384, "C"))), None, WISH)
    assert (view.now, view.key, [one.name for one in view.so_far]) == ("", "", ["C"])


def test_a_view_is_made_only_when_something_is_new() -> None:
    session, _ = states.listening()
    viewer = ChordsViewer()
    first = viewer.view(session)
    session.take_in(states.status(1.0))
    assert viewer.view(session) is first
    session.take_in(heard())
    assert viewer.view(session).now == "B♭"


def test_shares() -> None:
    assert [share_words(share) for share in (1.0, 0.345, 0.01, 0.001)] == ["100 %", "34 %", "1 %", "below 1 %"]


def test_what_could_stand_for_a_chord() -> None:
    found = instead_of("G7", C_MAJOR)
    assert found[0].symbol in {"Db7", "Bdim7", "Dm7", "G7sus4"}
    assert any("tritone" in one.text for one in found)
    assert instead_of("N.C.", C_MAJOR) == instead_of("?", None) == ()
    assert instead_of("Am", None)
    assert all(read_symbol(one.symbol) for one in found)


def test_all_keys_can_be_chosen() -> None:
    names = [name for _, keys in key_names() for name, _ in keys]
    assert len({key_named(name) for name in names}) == 24
    assert ("Bb minor", "B♭ minor") in key_names()[1][1]


# -- what is asked -------------------------------------------------------------------------------------------------


def test_what_was_heard_is_asked_from_a_bar_line_to_a_bar_line() -> None:
    spans = ((100, 192, "Dm"), (192, 312, "G7"))
    assert heard_song(heard("C", tick=320.0, spans=spans), 0, 4) == (("Dm", 4.0), ("G7", 2.5), ("C", 1.5))
    assert heard_song(heard(None, spans=spans), 0, 4) == (("Dm", 4.0), ("G7", 4.0))
    assert heard_song(heard("G7", spans=spans), 0, 4) == (("Dm", 4.0), ("G7", 4.0))
    assert heard_song(heard("C", tick=20.0), None, 3) == (("C", 3.0),)
    assert heard_song(heard(None), 0, 4) == heard_song(None, 0, 4) == ()


def test_a_long_pause_is_silence() -> None:
    spans = ((0, 192, "Dm"), (384, 576, "G7"), (580, 768, "C"))
    assert heard_song(heard(None, spans=spans), 0, 4) == (("Dm", 4.0), ("N.C.", 4.0), ("G7", 4.0), ("C", 4.0))


def test_an_hour_of_silence_is_told_as_a_few_bars() -> None:
    spans = ((0, 192, "Dm"), (192 * 400 + 48, 192 * 402, "G7"))
    song = heard_song(heard(None, spans=spans), 0, 4)
    assert song == (("Dm", 4.0), ("N.C.", 61.0), ("G7", 7.0))
    assert sum(beats for _, beats in song) % 4 == 0
    assert heard_song(heard(None, spans=((0, 192 * 300, "C"),)), 0, 4) == (("C", 64.0),)


@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(1, 500), SYMBOLS), max_size=12),
    st.one_of(st.none(), SYMBOLS),
    st.one_of(st.none(), st.integers(0, 191)),
    st.integers(1, 12),
)
def test_what_is_asked_lasts_whole_bars(
    parts: list[tuple[int, int, str]], now: str | None, bar_tick: int | None, beats_per_bar: int
) -> None:
    spans, tick = [], 0
    for pause, length, symbol in parts:
        spans.append((tick + pause, tick + pause + length, symbol))
        tick += pause + length
    song = heard_song(heard(now, tick=tick + 10.0, spans=tuple(spans)), bar_tick, beats_per_bar)
    assert all(beats > 0 for _, beats in song)
    assert sum(beats for _, beats in song) % beats_per_bar == 0
    assert bool(song) == bool(spans or now)


def test_cards_before_the_place_are_asked_for_and_what_follows_it_is_told() -> None:
    cards = (Card("Am", 192), Card("F", 96), Card("G", 96))
    whole = (("Am", 4.0), ("F", 2.0), ("G", 2.0))
    assert placed_song(cards, (), False) == placed_song(cards, (), True) == (whole, None)
    assert placed_song(cards, (0,), False) == (whole[:1], "F")
    assert placed_song(cards, (0, 1), True) == (whole[:1], "G")
    assert placed_song(cards, (2,), False) == (whole, None)
    assert placed_song((*cards, Card("N.C.", 96)), (2,), False) == (whole, None)


def test_the_question_has_all_wishes_in_it() -> None:
    session, _ = states.listening()
    asked = asked_of(session, 7)
    assert asked is not None and (asked.request, asked.key, asked.count) == (7, "D minor", 8)
    session.take_in(HarmonyChanged(0.0, 1.0, "Dm", 0.7, (), "D minor", 0.3))
    unsure = asked_of(session)
    assert unsure is not None and unsure.key is None
    session.chord_wish = ChordWish("C major", style="pop", surprise=0.4)
    asked = asked_of(session)
    assert asked is not None and (asked.key, asked.style, asked.surprise) == ("C major", "pop", 0.4)
    session.chord_wish = ChordWish(follows=Follows.PROGRESSION)
    assert asked_of(session) is None


# -- how it sounds -------------------------------------------------------------------------------------------------


def test_a_chord_is_voiced_near_the_one_before_and_heard_on_its_channel() -> None:
    before = voiced("Dm7", None, VoicingRules())
    after = voiced("G7", before, VoicingRules())
    assert before is not None and after is not None
    assert len(set(before.pitches[1:]) & set(after.pitches[1:])) >= 1
    audition = audition_of(after, "G7", 2)
    assert is_tried(audition.name) and not is_tried("t1")
    assert (audition.channel, audition.at_once, audition.beside) == (2, True, True)
    assert [note.pitch for note in audition.notes] == list(after.pitches)
    assert {note.duration_ticks for note in audition.notes} == {BEATS * 48}
    assert voiced("N.C.", None, VoicingRules()) is voiced("?", None, VoicingRules()) is None


def test_the_chord_before_is_the_last_that_sounded() -> None:
    session, _ = states.listening()
    assert last_chord(session) == "Dm"
    session.harmony = None
    assert last_chord(session) is None
