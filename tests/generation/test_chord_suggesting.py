"""Questions about chords in the composer: all answered, in order, in a sentence where they make no sense."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from cocomposer.adapters.bundle import BundleError
from cocomposer.events.codec import Metre
from cocomposer.generation import chord_suggesting
from cocomposer.generation.chord_request import Suggest, Suggested
from cocomposer.generation.chord_suggesting import MOST_WAITING, ChordSuggesting
from cocomposer.generation.request import Ask, Drawn, Hearing, Sketch, Wish
from cocomposer.generation.worker import Worker
from cocomposer.harmony.progressions.filling import fill_stepwise
from cocomposer.harmony.progressions.foretelling import ChordScores
from cocomposer.harmony.progressions.inputs import Inputs
from cocomposer.harmony.progressions.suggesting import Context, Options, Suggestion, suggest
from cocomposer.music.note import Note
from tests.fakes.note_model import FakeNoteModel, spare
from tests.harmony.chord_songs import KnownNetwork

POP = (("Am", 4.0), ("F", 4.0), ("C", 4.0), ("G", 4.0))


def answers(*questions: Suggest, network: Callable[[], ChordScores] | None = KnownNetwork) -> list[Suggested]:
    work = ChordSuggesting(network)
    for question in questions:
        work.add(question)
    found: list[Suggested] = []
    while not work.idle:
        found += work.work()
    return found


def test_six_suggestions_with_all_that_is_shown() -> None:
    (told,) = answers(Suggest(7, POP, "C major"))
    assert told.request == 7 and told.failure is None and told.key == "C major" and len(told.chords) == 6
    for chord in told.chords:
        assert chord.symbol and chord.numeral and chord.function and chord.reason and chord.device
        assert 0 < chord.probability <= 1 and 0 <= chord.remembered <= 1


def test_sections_begin_where_their_chords_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """The suggested chord may begin one itself; a line is found with the same sections."""
    asked: list[Context] = []

    def suggested(context: Context, network: ChordScores, options: Options) -> list[Suggestion]:
        asked.append(context)
        return suggest(context, network, options)

    def filled(context: Context, *how: Any) -> Any:
        asked.append(context)
        return fill_stepwise(context, *how)

    monkeypatch.setattr(chord_suggesting, "suggest", suggested)
    monkeypatch.setattr(chord_suggesting, "fill_stepwise", filled)
    chords = (("Am", 4.0), ("F", 2.0), ("N.C.", 2.0), ("G", 4.0))
    (told,) = answers(Suggest(1, chords, "C major", gap=2, sections=(0, 2, 4)))
    assert told.failure is None and [context.sections for context in asked] == [(0.0, 6.0, 12.0)] * 2


def test_the_key_is_found_where_none_is_given() -> None:
    assert [told.key for told in answers(Suggest(1, POP), Suggest(2, ()))] == ["C major", "C major"]
    alone = [Suggest(1, ((symbol, 4.0),)) for symbol in ("C#", "F#m7", "G7", "Am")]
    assert [told.key for told in answers(*alone)] == ["Db major", "F# minor", "C major", "C major"]
    flats = (("Bb", 4.0), ("Eb", 4.0), ("F7", 4.0), ("Bb", 4.0))
    assert answers(Suggest(1, flats))[0].key == "Bb major"


def test_a_gap_is_filled_with_lines() -> None:
    (told,) = answers(Suggest(1, POP, "C major", following="C", gap=3, ending="authentic cadence", count=4))
    assert 1 <= len(told.lines) <= 4 and told.chords
    assert all(len(line.symbols) == len(line.numerals) == 3 and 0 < line.probability <= 1 for line in told.lines)


BAD = [
    (Suggest(1, (("Hxyz", 4.0),)), "Hxyz"),
    (Suggest(1, (("C", 4.0),) * 5000), "4096"),
    (Suggest(1, (("C", 0.0),)), "beats"),
    (Suggest(1, (("C", float("nan")),)), "beats"),
    (Suggest(1, POP, "H flat"), "names no key"),
    (Suggest(1, POP, beats_per_bar=0), "beats in a bar"),
    (Suggest(1, POP, count=0), "number of suggestions"),
    (Suggest(1, POP, style="polka"), "style"),
    (Suggest(1, POP, surprise=float("nan")), "surprise"),
    (Suggest(1, POP, memory=2.0), "memory"),
    (Suggest(1, POP, gap=100), "gap"),
    (Suggest(1, POP, ending="none"), "cadence"),
    (Suggest(1, POP, following="?"), "no chord"),
    (Suggest(1, POP, lasting=float("inf")), "length"),
    (Suggest(1, POP, sections=(0, 5)), "begins a section"),
    (Suggest(1, POP, sections=(-1,)), "begins a section"),
]


@pytest.mark.parametrize(("question", "word"), BAD, ids=[word for _, word in BAD])
def test_what_makes_no_sense_is_one_sentence(question: Suggest, word: str) -> None:
    (told,) = answers(question)
    assert told.failure is not None and word in told.failure and told.failure.endswith((".", "?"))
    assert not told.chords and "\n" not in told.failure


def test_the_model_is_opened_when_first_asked_and_tried_again_after_a_failure() -> None:
    opened = 0

    def network() -> ChordScores:
        nonlocal opened
        opened += 1
        if opened == 1:
            raise BundleError("It is damaged; restore it.")
        return KnownNetwork()

    work = ChordSuggesting(network)
    assert opened == 0
    for _ in range(3):
        work.add(Suggest(1, POP))
    found: list[Suggested] = []
    while not work.idle:
        found += work.work()
    assert [told.failure for told in found] == ["It is damaged; restore it.", None, None] and opened == 2


def test_without_a_model_and_with_one_that_breaks_it_is_said() -> None:
    assert "no next-chord model" in (answers(Suggest(1, POP), network=None)[0].failure or "")

    class Broken(KnownNetwork):
        def scores(self, inputs: Inputs) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
            raise RuntimeError(f"{len(inputs)} inputs are too many")

    assert "failed" in (answers(Suggest(1, POP), network=Broken)[0].failure or "")


def test_a_flood_is_answered_too() -> None:
    asked = [Suggest(number, POP) for number in range(MOST_WAITING + 10)]
    told = answers(*asked)
    assert sorted(one.request for one in told) == [one.request for one in asked]
    assert sum(one.failure is not None for one in told) == 10


def test_the_running_turn_comes_first_then_chords_then_sketches() -> None:
    worker = Worker(FakeNoteModel(), spare(), open_chords=KnownNetwork)
    hearing = Hearing(0, (Note(0, 60, 40, 80),), Metre())
    worker.take(Sketch(1, hearing, Wish(0, 1, 48, 48, 200), 4))
    worker.take(Suggest(1, POP, gap=2))
    worker.take(Ask(1, hearing, Wish(1, 1, 48, 48, 400), 400))
    order = []
    while not worker.idle:
        order += [type(reply).__name__ for reply in worker.work()]
    drawn = order.count(Drawn.__name__)
    assert drawn > 1 and order == ["Drawn"] * drawn + ["Suggested", "Sketched"]
