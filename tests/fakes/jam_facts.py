"""Facts and edits as hypothesis draws them, for documents, jam files and journals."""

from hypothesis import strategies as st

from cocomposer.document import edits
from cocomposer.document.document import Document, Fact
from cocomposer.document.edits import Edit
from cocomposer.document.progression import Card, Progression
from cocomposer.document.takes import KeptTake, TakeKind
from cocomposer.jam import outputs
from cocomposer.jam.settings import Settings
from cocomposer.music.note import Note, Pedal

BEGAN_AT = "2026-05-01T20:00:00+02:00"

notes = st.builds(
    Note,
    onset_tick=st.integers(0, 4000),
    pitch=st.integers(0, 127),
    duration_ticks=st.integers(1, 400),
    velocity=st.integers(1, 127),
    channel=st.integers(0, 15),
    pedal=st.sampled_from(Pedal),
)
few_notes = st.lists(notes, max_size=5).map(lambda found: tuple(sorted(found)))


def take_fact(turn: int, phrase: tuple[Note, ...], answer: tuple[Note, ...]) -> outputs.Take:
    return outputs.Take(turn, phrase, answer, 120.0, True, 0, 4, turn, False, Settings(seed=turn))


@st.composite
def facts(draw: st.DrawFn, most: int = 12) -> list[Fact]:
    """What an engine tells: moments and ticks go on, turns are counted, a key comes up after it went down."""
    found: list[Fact] = []
    tick, turn = 0.0, 0
    for _ in range(draw(st.integers(0, most))):
        tick += draw(st.floats(0, 200))
        seconds = tick / 96
        pitch, channel = draw(st.integers(60, 62)), draw(st.integers(0, 1))
        match draw(st.sampled_from("heard heard released played along moved take settings".split())):
            case "along":
                note = Note(int(tick), pitch, draw(st.integers(1, 96)), 80, channel)
                found.append(outputs.Accompany(-12, len(found), note, seconds, seconds + 0.2))
            case "moved":
                found.append(outputs.EndMoved(draw(st.integers(0, most)), seconds, draw(st.floats(0, 1))))
            case "heard":
                found.append(outputs.Heard(seconds, pitch, draw(st.integers(1, 127)), channel, tick))
            case "released":
                found.append(outputs.Released(seconds, pitch, channel, tick))
            case "played":
                note = Note(int(tick), pitch, draw(st.integers(1, 96)), 80, channel)
                found.append(outputs.Play(turn + 1, 1, note, seconds, seconds + 0.2))
            case "take":
                turn += 1
                answer = tuple(
                    fact.note for fact in found if isinstance(fact, outputs.Play) and fact.turn == turn
                ) or draw(few_notes)
                found.append(take_fact(turn, draw(few_notes), tuple(sorted(answer))))
            case _:
                found.append(outputs.SettingsChanged(Settings(creativity=draw(st.floats(0.1, 2.0)))))
    return found


@st.composite
def kept_takes(draw: st.DrawFn, take_id: str = "added", number: int = 1) -> KeptTake:
    kind = draw(st.sampled_from([kind for kind in TakeKind if kind is not TakeKind.ANSWER]))
    return KeptTake(
        id=take_id,
        number=number,
        kind=kind,
        name=draw(st.text(max_size=8)),
        phrase=draw(few_notes),
        answer=draw(few_notes),
        bpm=draw(st.floats(20, 300)),
        beat_known=draw(st.booleans()),
        bar_tick=draw(st.integers(0, 192)),
        beats_per_bar=draw(st.integers(1, 16)),
        seed=draw(st.integers(0, 2**32 - 1)),
        settings=Settings(),
        created_at=BEGAN_AT,
        starred=draw(st.booleans()),
    )


def progressions() -> st.SearchStrategy[Progression]:
    """Rows of a few cards."""
    cards = st.builds(
        Card,
        st.sampled_from(["C", "Am7", "F#m7b5", "Bb/D", "N.C.", "X"]),
        st.integers(1, 400),
        st.booleans(),
        st.sampled_from(["", "", "Verse", "A", "Ärger 🎹"]),
    )
    return st.builds(
        Progression,
        cards=st.lists(cards, max_size=4).map(tuple),
        key=st.sampled_from(["", "C major", "F# minor"]),
        channel=st.integers(1, 16),
    )


ids = st.sampled_from(["s:1", "s:2", "s:3", "added 0", "added 1"])


def edit_values() -> st.SearchStrategy[Edit]:
    """Any edit, of takes that may be there or not."""
    creativity = st.sampled_from([0.5, 0.75, 1.0])
    return st.one_of(
        st.integers(0, 1).flatmap(lambda n: kept_takes(f"added {n}", n + 1)).map(edits.AddTake),
        st.builds(edits.DeleteTake, ids),
        st.builds(edits.RestoreTake, ids),
        st.builds(edits.RenameTake, ids, st.sampled_from(["", "Loud", "Soft"])),
        st.builds(edits.StarTake, ids, st.booleans()),
        st.builds(edits.Retitle, st.sampled_from(["", "Evening", "Morning"])),
        st.builds(
            lambda before, after: edits.ChangeSettings({"creativity": before}, {"creativity": after}),
            creativity, creativity,
        ),
        st.just(edits.ChangeSettings({"answer": True}, {"answer": False})),
        progressions().map(lambda chords: edits.SetProgression(chords, "change the chords")),
    )  # fmt: skip


def same(one: Document, other: Document) -> bool:
    """Whether two documents hold the same, to the last note."""
    return contents(one) == contents(other)


def contents(document: Document) -> dict[str, object]:
    line = document.timeline
    columns = (line.onset, line.end, line.pitch, line.velocity, line.channel, line.who, line.turn, line.pedal)
    return {
        "title": document.title,
        "takes": document.takes,
        "settings": document.settings,
        "progression": document.progression,
        "run": document.run,
        "turns": document.turn_takes,
        "columns": [column.tolist() for column in columns],
    }
