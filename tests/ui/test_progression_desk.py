"""The progression through the conductor: edits with undo, what the engine is asked and told, what comes of answers."""

import msgspec
import pytest

from cocomposer.document.document import Document
from cocomposer.harmony.voicing.rules import Style
from cocomposer.jam import inputs, outputs
from cocomposer.jam.inputs import PlayChords, Suggest
from cocomposer.jam.outputs import ChordsChanged, Suggested, SuggestedLine
from cocomposer.music.grid import BeatSource
from cocomposer.runtime.news import FromFront
from tests.ui.test_conductor import hello
from ui.chord_drawing import FIRST_REQUEST
from ui.conductor import Conductor
from ui.presenters.actions import ACTIONS
from ui.presenters.circle import circle_of
from ui.presenters.progression import ProgressionView, slot_at, sounding_card, view_of
from ui.presenters.session import Session


class Stage:
    """A conductor with an engine that writes down what it is told, and plays chords as it is told to."""

    def __init__(self) -> None:
        self.said: list[FromFront] = []
        self.there = True
        self.session = Session()
        self.conductor = Conductor(self.session, self._send, lambda: 0.0, lambda *_: ())
        self.desk = self.conductor.progression
        self.conductor.take_in(hello())
        self.conductor.take_in(outputs.BeatChanged(0.0, 0.0, 0.5 / 48, BeatSource.SET, True, 0, 4))

    def _send(self, command: FromFront) -> bool:
        if self.there:
            self.said.append(command)
        return self.there

    def plays(self) -> PlayChords:
        """The last that was told about playing; the engine says that it does so."""
        told = [one for one in self.said if isinstance(one, PlayChords)][-1]
        loop = round(sum(slot.beats for slot in told.slots) * 48) if told.loop and told.slots else None
        self.conductor.take_in(ChordsChanged(told.slots, 0, loop, told.sound, told.lock, told.strict))
        return told

    def asked(self) -> Suggest:
        last = self.said[-1]
        assert isinstance(last, Suggest)
        return last

    def answer(self, *lines: str, request: int | None = None, failure: str | None = None) -> None:
        found = tuple(SuggestedLine(tuple(line.split()), tuple(line.split()), 0.1) for line in lines)
        number = self.asked().request if request is None else request
        self.conductor.take_in(Suggested(number, lines=found, failure=failure))

    @property
    def view(self) -> ProgressionView:
        return view_of(self.session)

    @property
    def symbols(self) -> str:
        return " ".join(card.symbol for card in self.session.document.progression.cards)

    def chosen(self) -> tuple[int, ...]:
        return self.desk.selected

    @property
    def sentence(self) -> str:
        return self.session.notices[-1].sentence if self.session.notices else ""


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def row(stage: Stage) -> Stage:
    stage.desk.write("| Am | F C | G7 |")
    return stage


def test_chords_are_placed_behind_the_selected_card(stage: Stage) -> None:
    for symbol in ("Am", "F", "G"):
        stage.conductor.place_chord(symbol)
    assert stage.symbols == "Am F G"
    stage.desk.select([0])
    stage.conductor.place_chord("Dm")
    assert (stage.symbols, stage.chosen()) == ("Am Dm F G", (1,))
    assert {card.beats for card in stage.desk.row.cards} == {4.0}
    assert stage.session.document.undo_text == "add Dm"
    stage.conductor.act("undo")
    assert stage.symbols == "Am F G"


@pytest.mark.parametrize(
    ("chart", "key"), [("Gb Cb Db7 Gb", "Gb major"), ("F# B C#7 F#", "F# major"), ("Ebm Abm Bb7 Ebm", "Eb minor")]
)
def test_a_key_of_six_accidentals_is_written_as_its_chords_are(stage: Stage, chart: str, key: str) -> None:
    stage.desk.write(chart)
    assert stage.view.key == key and [card.name for card in stage.view.cards] == [
        name.replace("b", "♭").replace("#", "♯") for name in chart.split()
    ]
    (lit,) = [segment for segment in circle_of(stage.session, 0.0).segments if segment.lit]
    assert lit.place == 6


def test_replace_spares_a_locked_card(row: Stage) -> None:
    row.desk.set_replace(True)
    row.desk.select([1])
    row.conductor.place_chord("Dm7")
    assert row.symbols == "Am Dm7 C G7" and row.desk.row.cards[1].beats == 2.0
    row.desk.lock_cards()
    row.conductor.place_chord("E7")
    assert row.symbols == "Am Dm7 E7 C G7"


def test_what_is_no_chord_is_said(row: Stage) -> None:
    row.conductor.place_chord("Hq7")
    assert "'Hq7' is no chord" in row.sentence and row.symbols == "Am F C G7"


def test_typing_on_a_card(row: Stage) -> None:
    row.desk.type(1, "Dm")
    assert row.symbols == "Am Dm C G7"
    row.desk.type(1, "Fxyz")
    assert row.symbols == "Am Dm C G7" and row.view.sentence.startswith("Column 1: 'Fxyz' is no chord")
    row.desk.type(1, "| Dm E7 |")
    assert row.symbols == "Am Dm E7 C G7" and row.view.sentence == ""
    assert row.session.document.undo_text == "change Dm to 2 chords"
    row.desk.choose_key("C major")
    row.desk.type(2, "V7/vi")
    assert row.session.document.undo_text == "choose the key C major", "the same chord by its numeral"


def test_a_chart_is_spelt_in_its_own_key(stage: Stage) -> None:
    stage.conductor.take_in(outputs.HarmonyChanged(0.0, 0.0, key="Db major", key_confidence=0.9))
    stage.desk.write("F#m7b5 B7 | Em | Am6 B7 | Em")
    assert stage.symbols == "F#m7b5 B7 Em Am6 B7 Em"
    stage.desk.write("Dbmaj7 | Ebm7 Ab7 | Dbmaj7 Bbm7")
    assert stage.symbols == "Dbmaj7 Ebm7 Ab7 Dbmaj7 Bbm7"
    stage.desk.choose_key("C# minor")
    stage.desk.write("Abm | Db")
    assert stage.symbols == "G#m C#", "a chosen key stays"


def test_a_chart_with_a_mistake_is_kept_but_for_it(stage: Stage) -> None:
    stage.desk.write("| Am | Hq7 | G |")
    assert stage.symbols == "Am X G"
    assert stage.view.sentence.startswith("Column 8: 'Hq7' is no chord that can be read; did you mean B7")


def test_pasting_comes_behind_the_selected_cards(row: Stage) -> None:
    row.desk.select([0])
    row.desk.insert("Dm E")
    assert row.symbols == "Am Dm E F C G7" and row.chosen() == (1, 2)
    row.desk.insert("B", at=0)
    assert row.symbols == "B Am Dm E F C G7"


def test_moving_lengthening_repeating_deleting(row: Stage) -> None:
    row.desk.select([0])
    row.desk.step(1)
    assert (row.symbols, row.chosen()) == ("F Am C G7", (1,))
    row.desk.step(-1)
    row.desk.step(-1)
    assert (row.symbols, row.chosen()) == ("Am F C G7", (0,))
    row.desk.lengthen(-48)
    row.desk.repeat()
    assert [card.beats for card in row.desk.row.cards] == [3.0, 3.0, 2.0, 2.0, 4.0]
    row.desk.delete()
    row.desk.clear()
    assert row.symbols == ""
    while row.session.document.undo_text != "write the chords":
        row.conductor.act("undo")
    assert row.view.chart == "| Am | F C | G7 |"


def test_the_key_is_chosen_for_the_suggestions_too(row: Stage) -> None:
    assert (row.view.key, row.view.key_chosen) == ("C major", False)
    row.desk.choose_key("A minor")
    assert (row.view.key, row.view.key_chosen) == ("A minor", True)
    assert [card.numeral for card in row.view.cards] == ["i", "VI", "III", "VII7"]
    wish = row.session.chord_wish
    assert wish.pinned_key == "A minor"
    row.conductor.act("undo")
    assert row.view.key == "C major" and not row.view.key_chosen
    row.desk.transpose_to("E major")
    assert row.symbols == "C#m A E B7"


# -- the engine --------------------------------------------------------------------------------


def test_playing_and_locking(row: Stage) -> None:
    row.conductor.act("play_chords")
    told = row.plays()
    assert [(slot.symbol, slot.beats) for slot in told.slots] == [("Am", 4), ("F", 2), ("C", 2), ("G7", 4)]
    assert (told.sound, told.lock, told.style, told.pattern, told.channel) == (True, False, "close", None, 2)
    row.conductor.act("lock_chords")
    assert (row.plays().sound, row.view.sounds, row.view.locks) == (True, True, True)
    row.desk.player.set_strict(True)
    assert row.plays().strict
    row.conductor.act("play_chords")
    assert (row.plays().lock, row.view.sounds, row.view.locks) == (True, False, True)
    row.conductor.act("lock_chords")
    assert row.plays() == PlayChords()
    assert not row.view.locks


def test_what_was_asked_for_and_is_not_told_yet_counts(row: Stage) -> None:
    row.conductor.act("play_chords")
    row.conductor.act("lock_chords")
    assert (row.plays().sound, row.view.locks) == (True, True)
    row.conductor.act("lock_chords")
    row.conductor.act("play_chords")
    assert row.plays() == PlayChords(), "both were pressed before the engine could tell of the first"
    row.conductor.act("play_chords")
    row.plays()
    row.conductor.act("play_chords")
    row.conductor.place_chord("Em")
    assert row.plays() == PlayChords(), "a change right after Stop begins nothing"


def test_what_was_refused_counts_no_more_than_it_must(row: Stage) -> None:
    row.conductor.act("play_chords")  # the engine says why not, and nothing changes
    row.conductor.act("play_chords")
    assert row.plays().sound, "what is seen decides what a press means"


def test_what_plays_follows_the_cards(row: Stage) -> None:
    row.conductor.act("play_chords")
    row.plays()
    row.conductor.place_chord("Em")
    assert [slot.symbol for slot in row.plays().slots][-1] == "Em"
    row.desk.play_as(style=Style.SHELL)
    row.desk.play_as(pattern="bossa")
    row.desk.play_as(channel=5)
    told = row.plays()
    assert (told.style, told.pattern, told.channel) == ("shell", "bossa", 5)
    row.desk.play_as(held=True)
    row.conductor.act("undo")
    assert row.plays().pattern == "bossa"
    said = len(row.said)
    row.conductor.act("star")
    assert len(row.said) == said, "what has nothing to do with chords tells nothing"
    row.desk.clear()
    assert row.plays() == PlayChords()


def test_nothing_to_play(stage: Stage) -> None:
    stage.conductor.act("play_chords")
    assert stage.sentence == "There are no chords yet; place or type some first."


def test_another_jam_ends_what_plays(row: Stage) -> None:
    row.conductor.act("play_chords")
    row.plays()
    row.conductor.begin(Document(), None, None)
    assert PlayChords() in row.said and row.symbols == "" and row.session.row.selected == ()


PLAYING = ChordsChanged(tuple(inputs.ChordSlot(symbol, 4) for symbol in "CFG"), 192, 576, True)


@pytest.mark.parametrize(
    ("tick", "slot"), [(0, None), (191.9, None), (192, 0), (384, 1), (767, 2), (768, 0), (192 + 576 * 9 + 200, 1)]
)
def test_which_chord_sounds(tick: float, slot: int | None) -> None:
    assert slot_at(PLAYING, tick) == slot


def test_which_chord_sounds_of_a_row_that_is_played_once() -> None:
    once = msgspec.structs.replace(PLAYING, loop_ticks=None)
    assert [slot_at(once, tick) for tick in (192, 767, 768)] == [0, 2, None]


def test_the_sounding_card_needs_a_beat(row: Stage) -> None:
    row.conductor.act("play_chords")
    row.plays()
    assert [sounding_card(row.session, seconds) for seconds in (0.0, 2.1, 3.1, 5.9, 6.1)] == [0, 1, 2, 3, 0]
    row.session.beat = None
    assert sounding_card(row.session, 0.0) is None


# -- the chord model ---------------------------------------------------------------------------


def test_filling_a_gap(row: Stage) -> None:
    row.conductor.act("fill_gap")
    assert row.sentence == "Select the two chords around the gap first."
    row.desk.select([0, 1])
    row.desk.drawing.fill(2)
    asked = row.asked()
    assert (asked.chords, asked.following, asked.gap, asked.lasting) == ((("Am", 4.0),), "F", 2, 4.0)
    view = row.view
    assert asked.request > FIRST_REQUEST and view.waiting
    row.answer("Dm E7", "G C")
    assert [offer.text for offer in row.view.offers] == ["Dm  E7", "G  C"] and not row.view.waiting
    row.desk.drawing.choose(1)
    assert row.symbols == "Am G C F C G7" and not row.view.offers
    assert row.session.document.undo_text == "fill the gap"


def test_filling_takes_the_place_of_what_stands_between(row: Stage) -> None:
    row.desk.select([0, 3])
    row.conductor.act("fill_gap")
    assert (row.asked().gap, row.asked().following, row.asked().lasting) == (2, "G7", 2.0)
    row.answer("Dm E7")
    row.desk.drawing.choose(0)
    assert row.symbols == "Am Dm E7 G7" and row.desk.row.cards[1].beats == 2.0
    row.desk.select([2])
    row.desk.lock_cards()
    row.desk.select([0, 3])
    assert not row.view.can_fill
    row.conductor.act("fill_gap")
    assert row.sentence.startswith("A locked chord stands between")


def test_ending_on_a_cadence(row: Stage) -> None:
    row.desk.drawing.cadence("plagal cadence")
    asked = row.asked()
    assert (len(asked.chords), asked.gap, asked.ending, asked.following) == (4, 2, "plagal cadence", None)
    row.answer("F C")
    row.desk.drawing.choose(0)
    assert row.symbols == "Am F C G7 F C" and row.session.document.undo_text == "end on a plagal cadence"


def test_offers_for_cards_that_are_gone_go(row: Stage) -> None:
    row.desk.drawing.cadence()
    row.answer("G C")
    row.conductor.place_chord("Dm")
    assert not row.view.offers
    row.desk.drawing.cadence()
    row.desk.clear()
    row.answer("G C", request=FIRST_REQUEST + 2)
    assert not row.view.offers and not row.view.waiting
    row.desk.drawing.drop_offers()


def test_a_failure_is_said(row: Stage) -> None:
    row.desk.drawing.cadence()
    row.answer(failure="The composer is away.")
    assert row.sentence == "The composer is away." and not row.view.waiting


def test_other_chords_spare_locked_ones(row: Stage) -> None:
    row.desk.select([2])
    row.desk.lock_cards()
    row.desk.select([])
    row.conductor.act("other_chords")
    first = row.asked()
    assert (first.chords, first.gap, first.following) == ((), 2, "C")
    row.answer("Am Dm", "Em Dm", "Am F")
    second = row.asked()
    assert second.chords == (("Em", 4.0), ("Dm", 2.0), ("C", 2.0)), "it hears what was decided before"
    assert (second.gap, second.following) == (1, None)
    row.answer("F", "G7")
    assert row.symbols == "Em Dm C F" and row.desk.row.cards[2].locked
    assert row.session.document.undo_text == "draw other chords"
    row.conductor.act("undo")
    assert row.symbols == "Am F C G7"


def test_other_chords_asked_again_are_still_others(stage: Stage) -> None:
    stage.desk.write("Am")
    found = []
    for _ in range(4):
        stage.conductor.act("other_chords")
        stage.answer("F", "Dm", "Am")
        found.append(stage.symbols)
    assert found == ["F", "Dm", "F", "Am"]


def test_cards_that_changed_meanwhile_are_not_drawn_over(row: Stage) -> None:
    row.conductor.act("other_chords")
    row.desk.type(0, "E")
    row.answer("Am F C E7")
    assert row.symbols == "E F C G7" and not row.view.waiting


def test_without_an_engine_nothing_waits(row: Stage) -> None:
    row.there = False
    row.desk.drawing.cadence()
    row.conductor.act("other_chords")
    assert not row.view.waiting


def test_taking_over(row: Stage) -> None:
    row.conductor.act("chords_of_take")
    assert row.sentence == "The selected take has no chords; choose another."
    row.conductor.act("chords_of_jam")
    assert row.sentence == "No chords were heard yet; play some."
    row.conductor.take_in(outputs.HarmonyChanged(1.0, 400.0, spans=((0, 190, "Dm"), (190, 384, "E7"))))
    row.conductor.act("chords_of_jam")
    assert row.symbols == "Am F C G7 Dm E7" and row.session.document.undo_text == "take over 2 chords"


def test_every_action_of_the_row_is_one_of_the_window(stage: Stage) -> None:
    assert set(stage.desk.acts) <= {action.id for action in ACTIONS}
