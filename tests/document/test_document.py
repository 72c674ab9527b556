"""A document as the fold of its facts and edits."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.document.document import Document, Fact
from cocomposer.document.edits import (
    AddTake,
    ChangeSettings,
    DeleteTake,
    Edit,
    RenameTake,
    RestoreTake,
    Retitle,
    SetProgression,
    StarTake,
)
from cocomposer.document.progression import Card, Progression
from cocomposer.document.takes import KeptTake, TakeKind
from cocomposer.document.timeline import HELD
from cocomposer.jam import outputs
from cocomposer.jam.settings import Settings
from cocomposer.music.note import Note
from tests.fakes.jam_facts import BEGAN_AT, contents, edit_values, facts, ids, same, take_fact

PHRASE = (Note(0, 60, 24, 80), Note(48, 64, 24, 80))
ANSWER = (Note(192, 67, 24, 80), Note(240, 65, 48, 80))


def joined(*told: Fact) -> Document:
    document = Document()
    document.join("s", BEGAN_AT)
    for fact in told:
        document.happened(fact)
    return document


def kept(take_id: str = "x", kind: TakeKind = TakeKind.CAPTURED, number: int = 1) -> KeptTake:
    return KeptTake(take_id, number, kind, "Mine", PHRASE, (), 120.0, True, 0, 4, 1, Settings(), BEGAN_AT)


def names(document: Document) -> list[str]:
    return [take.name for take in document.takes]


def test_a_turn_becomes_a_take() -> None:
    document = joined(
        outputs.Heard(100.0, 60, 80, 0, 0.0), outputs.Released(103.0, 60, 0, 24.0), take_fact(1, PHRASE, ANSWER)
    )
    (take,) = document.takes
    assert (take.id, take.number, take.kind, take.name) == ("s:1", 1, TakeKind.ANSWER, "Take 1")
    assert (take.phrase, take.answer, take.seed) == (PHRASE, ANSWER, 1)
    assert take.created_at == "2026-05-01T20:00:03+02:00"
    assert document.take("s:1") == take
    assert document.turn_takes == {1: "s:1"}
    assert document.take("s:2") is None


def test_a_phrase_lies_where_its_take_says_once_the_beat_is_found() -> None:
    """The beat of the first phrase is found while it is played: what came before had other ticks."""
    told: list[Fact] = [
        outputs.Heard(0.0, 60, 80, 0, 5.0), outputs.Released(0.1, 60, 0, 20.0), outputs.Heard(0.3, 64, 80, 0, 30.0),
        outputs.Play(1, 1, ANSWER[0], 1.0, 1.5), outputs.Heard(1.1, 60, 80, 0, 200.0),
        outputs.Released(1.2, 60, 0, 210.0),
    ]  # fmt: skip
    timeline = joined(*told, take_fact(1, PHRASE, ANSWER[:1])).timeline
    assert timeline.onset.tolist() == [0, 48, 192, 200]
    assert timeline.end.tolist() == [24, HELD, 240 - 24, 210], "a key that is still down stays so"
    other = joined(*told, take_fact(1, (*PHRASE, Note(60, 65, 24, 80)), ANSWER[:1])).timeline
    assert other.onset.tolist()[:2] == [5, 30], "another phrase moves nothing"
    crossed = joined(*told, take_fact(1, (Note(0, 64, 24, 80), Note(48, 60, 24, 80)), ANSWER[:1])).timeline
    assert crossed.onset.tolist()[:2] == [5, 30], "nor does one in another order"


def test_takes_are_given_key_and_chords_one_by_one() -> None:
    scale = tuple(Note(24 * n, pitch, 24, 80) for n, pitch in enumerate((62, 64, 65, 67, 69, 70, 69, 62)))
    chord = tuple(Note(192, pitch, 192, 80) for pitch in (50, 62, 65, 69))
    document = joined(take_fact(1, scale, chord), take_fact(2, PHRASE[:1], ()))
    document.edit(StarTake("s:1", True))
    assert not document.takes[0].key
    version = document.version
    assert document.name_next() and document.version > version
    first = document.takes[0]
    assert (first.key, first.chords[-1].name, first.starred) == ("D minor", "Dm", True)
    assert first.chords[-1].tick <= 192
    assert document.name_next() and not document.takes[1].key, "one note tells no key"
    assert not document.name_next()
    assert document.undo() == StarTake("s:1", False)


def test_the_moment_counts_from_the_engines_beginning_where_it_is_known() -> None:
    document = Document()
    document.join("s", BEGAN_AT, began_seconds=40.0)
    document.happened(outputs.Heard(100.0, 60, 80, 0, 0.0))
    assert document.last_moment == "2026-05-01T20:01:00+02:00"


def test_a_second_run_is_laid_behind_the_first_on_whole_bars() -> None:
    document = joined(take_fact(1, PHRASE, ANSWER), outputs.Heard(1.0, 60, 80, 0, 400.0))
    document.join("t", BEGAN_AT)
    assert document.offset_ticks == 576
    assert document.timeline.end.tolist() == [412.0], "the key still down came up soon after the run ended"
    document.happened(outputs.Play(1, 1, ANSWER[0], 5.0, 6.0))
    document.happened(take_fact(1, PHRASE, ANSWER))
    assert [take.id for take in document.takes] == ["s:1", "t:1"]
    assert document.takes[1].answer[0].onset_tick == 192 + 576
    assert document.takes[1].bar_tick == 576
    assert document.timeline.onset.tolist() == [400.0, 768.0]
    assert document.timeline.end.tolist() == [412.0, 792.0]
    assert document.turn_takes == {1: "s:1", 2: "t:1"}


def test_joining_the_same_run_where_it_stands_changes_nothing() -> None:
    document = joined(outputs.Heard(1.0, 60, 80, 0, 400.0))
    before = contents(document)
    document.join("s", BEGAN_AT)
    document.join("s", BEGAN_AT, position=1)
    assert contents(document) == before
    document.join("s", BEGAN_AT, position=5)
    assert (document.offset_ticks, document.position) == (576, 5)


def test_a_turn_that_never_sounded_leaves_the_timeline() -> None:
    early = outputs.Play(1, 1, Note(48, 60, 24, 80), 1.0, 1.5)
    later = outputs.Play(2, 1, Note(96, 62, 24, 80), 2.0, 2.5)
    document = joined(early, later)
    assert document.timeline.notes(0, 1000) == [later.note]


def test_the_key_that_was_down_last_when_the_engine_went_stays_a_note() -> None:
    document = Document()
    document.join("one", BEGAN_AT)
    document.happened(outputs.Heard(0.0, 60, 80, 0, 96.0))
    document.join("two", BEGAN_AT)
    (note,) = document.timeline.notes(0, 1000)
    assert (note.onset_tick, note.duration_ticks) == (96, 12)


def test_an_answer_begun_before_the_document_joined_is_no_take_of_it() -> None:
    document = Document()
    document.join("one", BEGAN_AT, 5, from_tick=200.0)
    note = Note(190, 60, 24, 80)
    take = outputs.Take(1, (note,), (note,), 120.0, True, 0, 4, 1, True)
    document.happened(take)
    assert not document.takes and document.position == 6
    later = Note(240, 60, 24, 80)
    document.happened(msgspec.structs.replace(take, turn=2, answer=(later,)))
    assert len(document.takes) == 1


def test_what_the_engine_says_of_settings_counts() -> None:
    document = joined(outputs.SettingsChanged(Settings(creativity=1.5)))
    assert document.settings.creativity == 1.5


def test_deleted_takes_keep_their_place_and_their_number() -> None:
    document = joined(*(take_fact(turn, PHRASE, ANSWER) for turn in (1, 2, 3)))
    document.edit(DeleteTake("s:2"))
    assert names(document) == ["Take 1", "Take 3"]
    taken = document.take("s:2")
    assert taken is not None and taken.name == "Take 2"
    document.happened(take_fact(4, PHRASE, ANSWER))
    document.undo()
    assert names(document) == ["Take 1", "Take 2", "Take 3", "Take 4"]


def test_added_takes_have_numbers_of_their_own_kind() -> None:
    document = joined(take_fact(1, PHRASE, ANSWER))
    assert document.next_number(TakeKind.CAPTURED) == 1
    first = document.new_id(TakeKind.CAPTURED)
    document.edit(AddTake(kept(first)))
    assert document.next_number(TakeKind.CAPTURED) == 2
    assert document.new_id(TakeKind.CAPTURED) != first
    document.undo()
    assert names(document) == ["Take 1"]
    assert document.next_number(TakeKind.CAPTURED) == 2, "a number is never used again"
    document.redo()
    document.happened(take_fact(2, PHRASE, ANSWER))
    assert names(document) == ["Take 1", "Mine", "Take 2"]


SLIDERS = ("density", "loudness", "register", "note_length")
TEXTS: list[tuple[Edit, str]] = [
    (AddTake(kept()), "keep Mine"),
    (DeleteTake("s:1"), "delete Take 1"),
    (RenameTake("s:1", "Loud"), "rename Loud"),
    (StarTake("s:1", True), "star Take 1"),
    (Retitle("Evening"), "change the title"),
    (ChangeSettings({"length_bars": 4}, {"length_bars": 8}), "change length bars"),
    (ChangeSettings({"creativity": 0.95, "top_p": 0.9}, {"creativity": 1.2, "top_p": 0.9}), "change creativity"),
    (
        ChangeSettings(
            {"loudness": 0.0, "density": 0.0, "tempo": None}, {"loudness": 0.2, "density": 0.1, "tempo": 70}
        ),
        "change loudness, density and tempo",
    ),
    (ChangeSettings(dict.fromkeys(SLIDERS, 0.0), dict.fromkeys(SLIDERS, 0.5)), "change 4 settings"),
    (ChangeSettings({"top_p": 0.9}, {"top_p": 0.8}, what="use the preset Calm"), "use the preset Calm"),
    (DeleteTake("nobody"), "delete a take"),
    (SetProgression(Progression((Card("Am", 192),)), "add Am"), "add Am"),
]


@pytest.mark.parametrize(("edit", "text"), TEXTS, ids=[text for _, text in TEXTS])
def test_what_undo_would_undo_is_told(edit: Edit, text: str) -> None:
    document = joined(take_fact(1, PHRASE, ANSWER))
    assert (document.undo_text, document.redo_text) == (None, None)
    document.edit(edit)
    assert (document.undo_text, document.redo_text) == (text, None)
    document.undo()
    assert document.undo_text is None
    assert document.redo_text is not None and document.redo_text.split()[0] == text.split(maxsplit=1)[0]


NOTHING: list[Edit] = [
    RestoreTake("s:1"),
    RenameTake("s:1", " "),
    StarTake("s:1", False),
    Retitle(""),
    ChangeSettings({"creativity": 1.0}, {"creativity": 1.0}),
    ChangeSettings({"creativity": 1.0}, {"creativity": 99.0}),
    ChangeSettings({}, {"no such setting": 1}),
    SetProgression(Progression(), "delete C"),
]


@pytest.mark.parametrize("edit", NOTHING, ids=[str(n) for n in range(len(NOTHING))])
def test_what_changes_nothing_is_not_undone(edit: Edit) -> None:
    document = joined(take_fact(1, PHRASE, ANSWER))
    version = document.version
    document.edit(edit)
    assert document.undo() is None
    assert document.version == version


def test_an_empty_name_brings_back_the_first() -> None:
    document = joined(take_fact(1, PHRASE, ANSWER))
    document.edit(RenameTake("s:1", " Loud "))
    assert names(document) == ["Loud"]
    document.edit(RenameTake("s:1", ""))
    assert names(document) == ["Take 1"]
    document.undo()
    assert names(document) == ["Loud"]


def change(before: object, after: object, what: str = "") -> ChangeSettings:
    return ChangeSettings({"creativity": before}, {"creativity": after}, what)


def test_each_movement_of_a_slider_and_each_preset_is_a_step() -> None:
    """Who moves a slider says so once, when it has come to rest."""
    document = Document()
    for edit in (change(0.95, 1.2), change(1.2, 0.8), change(0.8, 0.95, "use the preset Calm")):
        document.edit(edit)
    told = []
    while (text := document.undo_text) is not None:
        document.undo()
        told.append((text, document.settings.creativity))
    assert told == [("use the preset Calm", 0.8), ("change creativity", 1.2), ("change creativity", 0.95)]


def test_what_is_done_after_undo_cannot_be_done_again() -> None:
    document = Document()
    document.edit(change(1.0, 0.9))
    document.edit(Retitle("x"))
    document.undo()
    document.edit(change(0.9, 0.8))
    assert document.undo() == change(0.8, 0.9)
    assert document.undo() == change(0.9, 1.0)
    assert document.redo() == change(1.0, 0.9)
    document.edit(Retitle("y"))
    assert document.redo() is None


@given(facts(), st.lists(st.one_of(edit_values(), st.sampled_from(["undo", "redo"])), max_size=12), st.data())
def test_undo_all_leaves_the_facts_and_redo_all_brings_back(
    told: list[Fact], made: list[Edit | str], data: st.DataObject
) -> None:
    document = joined()
    waiting: list[Any] = list(told)
    for step in made:
        for _ in range(data.draw(st.integers(0, len(waiting)))):
            document.happened(waiting.pop(0))
        match step:
            case "undo":
                document.undo()
            case "redo":
                document.redo()
            case _:
                document.edit(step)  # type: ignore[arg-type]
    while document.redo():
        pass
    reached, title, chords = document.takes, document.title, document.progression
    steps = 0
    while document.undo():
        steps += 1
        if waiting:
            document.happened(waiting.pop(0))
    arrived = told[: len(told) - len(waiting)]
    alone = joined(*arrived)
    assert document.takes == alone.takes
    assert (document.title, document.timeline.onset.tolist()) == ("", alone.timeline.onset.tolist())
    assert document.progression == Progression()
    redone = 0
    while document.redo():
        redone += 1
    assert redone == steps
    assert (document.title, document.progression) == (title, chords)
    old = {take.id for take in reached}
    assert tuple(take for take in document.takes if take.id in old) == reached


@given(facts(), st.lists(st.tuples(st.integers(0, 12), edit_values()), max_size=8))
def test_the_order_of_facts_and_edits_changes_no_take(told: list[Fact], made: list[tuple[int, Edit]]) -> None:
    """Edits hold whether they come before or after the take that they are of; only places in the list may differ."""
    ordered = sorted(made, key=lambda pair: pair[0])
    mixed, facts_first, edits_first = joined(), joined(*told), joined()
    waiting = list(ordered)
    for position, fact in enumerate([*told, None]):
        while waiting and (waiting[0][0] <= position or fact is None):
            mixed.edit(waiting.pop(0)[1])
        if fact is not None:
            mixed.happened(fact)
    for _, edit in ordered:
        facts_first.edit(edit)
        edits_first.edit(edit)
    for fact in told:
        edits_first.happened(fact)
    by_id = [{take.id: take for take in document.takes} for document in (mixed, facts_first, edits_first)]
    assert by_id[0] == by_id[1] == by_id[2]


@given(facts(), st.lists(ids, max_size=3))
def test_replaying_the_log_gives_what_was_heard_live(told: list[Fact], deleted: list[str]) -> None:
    live, replayed = joined(), joined(*told)
    for fact in told:
        live.happened(fact)
    for take_id in deleted:
        live.edit(DeleteTake(take_id))
        replayed.edit(DeleteTake(take_id))
    assert same(live, replayed)
