"""Chords of many takes in one lane: each keeps its beginning, none overlaps."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.document.edits import SetProgression
from cocomposer.document.progression import Card, Progression
from cocomposer.jam.inputs import ChordSlot
from cocomposer.jam.outputs import ChordsChanged, HarmonyChanged
from ui.bench import session_states as states
from ui.presenters.chords_wish import ChordWish
from ui.presenters.progression import view_of
from ui.presenters.roll_harmony import ChordStretch, RollHarmony, given_stretches, without_overlap
from ui.presenters.session import Session

stretches = st.lists(
    st.builds(lambda tick, length, name: ChordStretch(tick, tick + length, name), st.integers(0, 500),
              st.integers(1, 200), st.sampled_from(["C", "Dm", "G7"])), max_size=20
)  # fmt: skip


@given(stretches)
def test_none_overlaps_and_none_begins_elsewhere(given_stretches: list[ChordStretch]) -> None:
    found = without_overlap(sorted(given_stretches, key=lambda stretch: stretch.tick))
    assert all(a.end_tick <= b.tick for a, b in itertools.pairwise(found))
    assert {stretch.tick for stretch in found} == {stretch.tick for stretch in given_stretches}
    assert all(stretch.end_tick > stretch.tick for stretch in found)


@pytest.fixture
def session() -> Session:
    return states.joined()


def names(harmony: RollHarmony) -> list[tuple[int, int, str]]:
    return [(one.tick, one.end_tick, one.name) for one in harmony.live]


def told(session: Session, tick: float, chord: str | None, *spans: tuple[int, int, str]) -> None:
    session.take_in(HarmonyChanged(0.0, tick, chord, 0.7, (), "D minor", 0.8, spans))


def test_what_the_engine_tells_is_shown_the_chord_that_sounds_to_the_end_of_its_beat(session: Session) -> None:
    harmony = RollHarmony()
    told(session, 250.0, "Bb", (0, 192, "Dm"))
    harmony.hear(session)
    assert harmony.key is not None and harmony.key.name == "D minor"
    assert names(harmony) == [(0, 192, "Dm"), (240, 288, "B♭")]
    told(session, 300.0, "Bb", (0, 192, "Dm"), (192, 288, "Bb"))
    harmony.hear(session)
    assert names(harmony) == [(0, 192, "Dm"), (192, 336, "B♭")]
    told(session, 900.0, None, (0, 192, "Dm"), (192, 384, "Bb"))
    harmony.hear(session)
    assert names(harmony)[-1] == (192, 384, "B♭")


def test_what_an_engine_no_longer_tells_stays(session: Session) -> None:
    harmony = RollHarmony()
    told(session, 250.0, None, (0, 192, "Dm"), (192, 240, "Gm"))
    harmony.hear(session)
    told(session, 500.0, None, (192, 384, "Gm"))
    harmony.hear(session)
    assert names(harmony) == [(0, 192, "Dm"), (192, 384, "Gm")]
    session.take_in(HarmonyChanged(0.0, 600.0))
    harmony.hear(session)
    assert names(harmony) == [(0, 192, "Dm"), (192, 384, "Gm")]


def test_names_are_spelt_in_the_key_that_is_pinned(session: Session) -> None:
    harmony = RollHarmony()
    told(session, 250.0, None, (0, 192, "A#"))
    session.chord_wish = ChordWish(pinned_key="F major")
    harmony.hear(session)
    assert names(harmony) == [(0, 192, "B♭")]
    session.chord_wish = ChordWish(pinned_key="B major")
    harmony.hear(session)
    assert names(harmony) == [(0, 192, "A♯")]


def test_the_ticks_of_an_engine_are_moved_to_the_documents(session: Session) -> None:
    harmony = RollHarmony()
    session.document.join("another", "", 0, from_tick=0)
    told(session, 250.0, None, (0, 192, "Dm"))
    harmony.hear(session)
    assert names(harmony) == [(session.document.offset_ticks, session.document.offset_ticks + 192, "Dm")]


def given_chords(loop: int | None) -> ChordsChanged:
    slots = (ChordSlot("Dm", 4.0), ChordSlot("N.C.", 1.0), ChordSlot("A7", 3.0))
    return ChordsChanged(slots, 192, loop, True)


def test_a_progression_that_is_given_is_shown_from_where_it_begins(session: Session) -> None:
    harmony = RollHarmony()
    told(session, 250.0, "Bb", (0, 240, "F"))
    session.take_in(given_chords(384))
    harmony.hear(session)
    shown = harmony.chords((), 0.0, 1000.0)
    assert [(one.tick, one.end_tick, one.name, one.given) for one in shown] == [
        (0, 192, "F", False), (192, 384, "Dm", True), (432, 576, "A7", True), (576, 768, "Dm", True),
        (816, 960, "A7", True), (960, 1152, "Dm", True),
    ]  # fmt: skip
    session.take_in(ChordsChanged())
    harmony.hear(session)
    assert [one.name for one in harmony.chords((), 0.0, 1000.0)] == ["F", "B♭"]


@pytest.mark.parametrize(("own", "name"), [("C minor", "A♭7"), ("", "A♭7"), ("E major", "G♯7")])
def test_given_chords_are_spelt_as_their_cards_are(session: Session, own: str, name: str) -> None:
    """Whatever key is heard at the moment."""
    cards = tuple(Card(symbol, 192) for symbol in ("Cm", "G#7", "Fm", "G7", "Cm"))
    session.document.edit(SetProgression(Progression(cards, key=own), "write"))
    session.take_in(HarmonyChanged(0.0, 0.0, "E", 0.7, (), "E major", 0.9))
    session.take_in(ChordsChanged(tuple(ChordSlot(card.symbol, card.beats) for card in cards), 0, 960, True))
    harmony = RollHarmony()
    harmony.hear(session)
    shown = [one.name for one in harmony.chords((), 0.0, 900.0)]
    assert shown == [card.name for card in view_of(session).cards]
    assert shown[1] == name


@given(st.one_of(st.none(), st.integers(384, 800)), st.floats(-500, 20000), st.floats(1, 4000))
def test_given_chords_are_those_in_sight(loop: int | None, first: float, length: float) -> None:
    found = given_stretches(given_chords(loop), 0, first, first + length)
    assert all(one.end_tick > first and one.tick < first + length and one.tick >= 192 for one in found)
    assert all(a.end_tick <= b.tick for a, b in itertools.pairwise(found))
    if loop is not None and first >= 192 and length > loop:
        assert {one.name for one in found} == {"Dm", "A7"}
    if loop is None and first > 192 + 384:
        assert not found
