"""Chords in the real engine, with its composer process and the released next-chord model: heard, suggested, played."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cocomposer.adapters.bundle import BundleError
from cocomposer.jam import inputs, outputs
from cocomposer.jam.inputs import ChordSlot, PlayChords, Suggest
from cocomposer.music.message import NOTE_ON, channel_of, kind_of
from cocomposer.runtime import composer_process
from cocomposer.runtime.news import Ready
from tests.fakes.stage import Stage

POP = (("Am", 4.0), ("F", 4.0), ("C", 4.0), ("G", 4.0))


@pytest.fixture
def stage(tiny_bundle: Path) -> Iterator[Stage]:
    stage = Stage(tiny_bundle, entry="free", tempo=240.0)
    stage.wait(lambda: stage.told(Ready))
    yield stage
    stage.close()
    assert not stage.sounding


def test_what_could_come_next_is_told_and_nonsense_is_a_sentence(stage: Stage) -> None:
    stage.say(Suggest(1, POP, "C major", following="C", gap=2))
    stage.say(Suggest(2, (("Qx", 4.0),)))
    stage.wait(lambda: len(stage.told(outputs.Suggested)) == 2)
    good, bad = stage.told(outputs.Suggested)
    assert isinstance(good, outputs.Suggested) and isinstance(bad, outputs.Suggested)
    assert good.failure is None and len(good.chords) == 6 and good.lines
    assert bad.request == 2 and bad.failure is not None and "Qx" in bad.failure


def test_chords_play_on_their_channel_lead_the_answer_and_end(stage: Stage) -> None:
    slots = tuple(ChordSlot(symbol, 4.0) for symbol, _ in POP)
    stage.say(PlayChords(slots, lock=True, strict=True, pattern="quarters"))
    stage.wait(lambda: any(kind_of(m.data) == NOTE_ON and channel_of(m.data) == 1 for m in stage.wire))
    stage.play(57, 60, 64, 69)
    stage.say(inputs.TakeOver())
    stage.wait(lambda: stage.told(outputs.Take))
    take = stage.told(outputs.Take)[0]
    chords = ({9, 0, 4}, {5, 9, 0}, {0, 4, 7}, {7, 11, 2})
    changed = stage.told(outputs.ChordsChanged)[0]
    assert isinstance(take, outputs.Take) and isinstance(changed, outputs.ChordsChanged) and take.answer
    plays = [play for play in stage.told(outputs.Play) if isinstance(play, outputs.Play) and not play.fallback]
    assert plays and all(
        play.note.pitch % 12 in chords[(play.note.onset_tick - changed.first_tick) // 192 % 4] for play in plays
    )
    heard = [one for one in stage.told(outputs.HarmonyChanged) if isinstance(one, outputs.HarmonyChanged)]
    assert any(one.given and one.confidence == 1.0 for one in heard)
    stage.say(PlayChords())
    stage.wait(lambda: len(stage.told(outputs.ChordsChanged)) == 2 and not stage.sounding)
    assert stage.engine.playback.dropped == 0


def test_a_chord_model_that_is_away_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composer_process, "models_folder", lambda: tmp_path)
    with pytest.raises(BundleError, match=r"is no next-chord model .*\.$"):
        composer_process.open_chord_network()
