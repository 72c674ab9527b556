"""The takes in words: what the rows say, what they keep, what is A and B, how far one sounds."""

import pytest

from cocomposer.document.edits import DeleteTake, RenameTake, StarTake
from cocomposer.document.takes import TakeKind
from cocomposer.music.note import Note
from tests.ui.takes_jam import BAR, hear, jam, take
from ui.presenters.takes import (
    NOTHING_STARRED,
    NOTHING_YET,
    TakesPresenter,
    along,
    comparison,
    density_of,
    length_of,
    sounding,
    title_of,
)


def test_a_row_says_what_the_take_is() -> None:
    session = jam(
        take(3, starred=True), take(4, kind=TakeKind.ALTERNATIVE, name="Take 3 b", parent="t3", cut_short=True)
    )
    first, second = TakesPresenter().view(session).rows
    assert (first.title, first.facts, first.chords) == ("Take 3", "2 bars · D minor · 118 bpm", "Dm  A7")
    assert first.origin == "answer · seed 30"
    assert first.spoken == "Take 3, answer, 2 bars, D minor, starred, 118 bpm, chords Dm  A7, seed 30"
    assert second.origin == "alternative · cut short · after take 3 · seed 40"


@pytest.mark.parametrize(
    ("name", "kind", "title"),
    [
        ("Take 7", TakeKind.ANSWER, "Take 7"),
        ("", TakeKind.ANSWER, "Take 7"),
        ("Chorus", TakeKind.ANSWER, "7 · Chorus"),
        ("Chorus\n two", TakeKind.ANSWER, "7 · Chorus two"),
        ("Capture 2", TakeKind.CAPTURED, "Capture 2"),
        ("Take 3 b", TakeKind.ALTERNATIVE, "Take 3 b"),
    ],
)
def test_titles(name: str, kind: TakeKind, title: str) -> None:
    assert title_of(take(7, name=name, kind=kind)) == title


def test_lengths() -> None:
    one = take(1)
    assert length_of(one) == "2 bars"
    hanging = (*one.answer[:-1], Note(one.answer[-1].onset_tick, 60, 40, 80))
    assert length_of(take(1, answer=hanging)) == "2 bars"
    assert length_of(take(1, answer=one.answer[:2])) == "1 bar"
    assert length_of(take(1, answer=(), kind=TakeKind.CAPTURED)) == "2 bars"
    assert length_of(take(1, kind=TakeKind.RECORDING)) == "4 bars"
    assert length_of(take(1, beat_known=False, bpm=120.0)) == f"{(15 * 24 + 20) / 96:.1f} s"
    assert length_of(take(1, 12, beat_known=False, bpm=20.0)) == "2:23 min"
    assert length_of(take(1, phrase=(), answer=())) == "empty"


def test_density() -> None:
    one = take(1)
    assert density_of(one, one.answer) == "2.0 notes/beat"
    assert density_of(take(1, beat_known=False, bpm=120.0), one.answer) == "4.0 notes/s"
    assert density_of(one, ()) == "no notes"


def test_unchanged_takes_keep_their_rows() -> None:
    session = jam(*(take(n) for n in range(1, 6)))
    session.document.edit(RenameTake("t2", "Verse"))
    presenter = TakesPresenter()
    before = presenter.view(session).rows
    session.document.edit(StarTake("t4", True))
    after = presenter.view(session).rows
    assert [a is b for a, b in zip(before, after, strict=True)] == [True, True, True, False, True]


def test_renaming_a_parent_renames_the_link() -> None:
    session = jam(take(1), take(2, parent="t1", kind=TakeKind.ALTERNATIVE, name="Take 1 b"))
    presenter = TakesPresenter()
    presenter.view(session)
    session.document.edit(RenameTake("t1", "Verse"))
    assert presenter.view(session).rows[1].origin == "alternative · after 1 · Verse · seed 20"


def test_filter_order_and_count() -> None:
    session = jam(take(1), take(2, starred=True), take(3, starred=True))
    session.selected = "t1"
    presenter = TakesPresenter()
    assert presenter.view(session).count == "3"
    presenter.newest_first = presenter.only_starred = True
    view = presenter.view(session)
    assert [row.take.id for row in view.rows] == ["t3", "t2"]
    assert (view.count, view.current) == ("2 of 3", None)


def test_empty_lists_say_what_to_do() -> None:
    presenter = TakesPresenter()
    assert presenter.view(jam()).empty == NOTHING_YET
    presenter.only_starred = True
    assert presenter.view(jam(take(1))).empty == NOTHING_STARRED


def test_a_and_b() -> None:
    session = jam(take(1), take(2, 4), take(3))
    session.selected, session.compared = "t1", "t2"
    assert [row.badge for row in TakesPresenter().view(session).rows] == ["A", "B", ""]
    pair = comparison(session)
    assert pair is not None
    assert (pair.a.id, pair.b.id, pair.ticks) == ("t1", "t2", 8 * BAR - 4)
    session.selected = "t2"
    assert comparison(session) is None


def test_b_stays_known_when_it_is_deleted_and_brought_back() -> None:
    session = jam(take(1), take(2))
    session.selected, session.compared = "t1", "t2"
    session.document.edit(DeleteTake("t2"))
    assert [row.badge for row in TakesPresenter().view(session).rows] == ["A"]


def test_how_far_it_sounds() -> None:
    one = take(1)
    session = jam(one)
    assert sounding(session, 0.0) is None
    hear(session, "t1", one.phrase[0].onset_tick)
    heard = sounding(session, 102.0)
    assert heard is not None and heard.share == pytest.approx(0.25)
    assert along(one, heard) == pytest.approx(BAR / (4 * BAR - 4))
    assert along(take(2), heard) is None
    late = sounding(session, 500.0)
    assert late is not None and (late.share, along(one, late)) == (1.0, 1.0)
