"""The application around the window: what it remembers, and names of files."""

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox

from cocomposer.adapters.journal import Journal
from cocomposer.adapters.places import default_bundle
from cocomposer.adapters.preferences import Closing, Preferences, PreferencesStore
from cocomposer.adapters.presets import PresetStore
from cocomposer.document.document import Document
from cocomposer.jam import outputs
from cocomposer.jam.outputs import Mode
from cocomposer.jam.settings import Settings
from cocomposer.music.note import Note
from cocomposer.runtime import news as told
from ui.app import _options
from ui.application import Application
from ui.engine_bridge import EngineLink
from ui.presenters.chords_wish import ChordWish


def nobody() -> EngineLink:
    raise ConnectionError("There is no engine here.")


@contextmanager
def opened(folder: Path) -> Iterator[Application]:
    """No fixture: pytest would keep it, and with it its widgets, beyond the test."""
    store = PreferencesStore(folder)
    store.write(Preferences(settings={"creativity": 1.5}, volume=0.3, guide_seen=True, closing=Closing.STOP))
    made = Application(folder, store, PresetStore(folder), nobody)
    made.jams.begin(None)
    try:
        yield made
    finally:
        made.window.close()
        made.window.deleteLater()
        made.deleteLater()


@pytest.mark.usefixtures("qapp")
def test_a_window_that_never_met_an_engine_leaves_the_settings_as_they_were(tmp_path: Path) -> None:
    with opened(tmp_path):
        pass
    kept = PreferencesStore(tmp_path).read()
    assert kept.settings == {"creativity": 1.5} and kept.sound_on and kept.volume == 0.3


@pytest.mark.usefixtures("qapp")
def test_the_next_engine_begins_as_the_one_before_stood(tmp_path: Path) -> None:
    settings = Settings(creativity=0.7)
    hello = told.Hello("one", 1, None, 0, 0.0, "", Mode.LISTENING, settings, told.Options("models/live"))
    with opened(tmp_path) as application:
        application.conductor.take_in(hello)
        application.conductor.take_in(told.SoundChanged(False, 0.2))
        application.remember(inputs=("My keyboard",))
        application.session.engine_lost("It has ended.")
        stands = application.as_it_stands()
        application.conductor.take_in(told.SoundChanged(False, 0.2, "There is no sound card."))
        assert application.as_it_stands().sound_on
    assert stands.settings == msgspec.to_builtins(settings)
    assert (stands.sound_on, stands.volume, stands.inputs) == (False, 0.2, ("My keyboard",))


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("replace", [True, False])
def test_a_name_without_its_ending_replaces_no_other_jam_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, replace: bool
) -> None:
    there = tmp_path / "v1.2.cocojam"
    there.write_bytes(b"another")
    answer = QMessageBox.StandardButton.Yes if replace else QMessageBox.StandardButton.No
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "v1.2"), ""))
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answer)
    with opened(tmp_path) as application:
        application.window.act("save_as")
        assert (application.session.path == str(there)) is replace
    assert (there.read_bytes() != b"another") is replace


@pytest.mark.usefixtures("qapp")
def test_a_damaged_journal_does_not_hide_the_one_before_it(tmp_path: Path) -> None:
    take = outputs.Take(1, (Note(0, 60, 24, 80),), (Note(192, 60, 24, 80),), 120.0, True, 0, 4, 1, False)
    document = Document()
    document.happened(take)
    Journal.begin(tmp_path / "journals", document).leave()
    damaged = tmp_path / "journals" / "newer"
    damaged.mkdir()
    (damaged / "journal").write_bytes(b"nothing of ours\n")
    with opened(tmp_path) as application:
        assert len(application.session.document.takes) == 1
        assert any("newer" in said.sentence for said in application.session.notices)


@pytest.mark.usefixtures("qapp")
def test_what_was_wanted_of_the_chords_is_wanted_the_next_time(tmp_path: Path) -> None:
    with opened(tmp_path) as application:
        assert (application.window.chords_wanted, application.window.progression_wanted) == (None, None)
        application.conductor.advice.wish(ChordWish(style="standard", surprise=0.4, hear=False, pinned_key="D minor"))
        application.window.show()
        application.window.act("chords")
        application.window.act("progression")
    kept = PreferencesStore(tmp_path).read()
    again = Application(tmp_path, PreferencesStore(tmp_path), PresetStore(tmp_path), nobody)
    assert (again.window.chords_wanted, again.window.progression_wanted) == (False, True)
    assert again.session.chord_wish == ChordWish(style="standard", surprise=0.4, hear=False)
    again.window.deleteLater()
    PreferencesStore(tmp_path).write(msgspec.structs.replace(kept, chord_style="of a later version"))
    later = Application(tmp_path, PreferencesStore(tmp_path), PresetStore(tmp_path), nobody)
    assert later.session.chord_wish.style == "any"
    later.window.deleteLater()


@pytest.mark.usefixtures("qapp")
def test_a_model_chosen_in_the_window_is_there_the_next_time(tmp_path: Path) -> None:
    hello = told.Hello("one", 1, None, 0, 0.0, "", Mode.LISTENING, Settings(), told.Options("models/live"))
    with opened(tmp_path) as application:
        application.conductor.take_in(hello)
        application.session.asked_for_model(told.LoadModel(str(tmp_path), "cpu"))
    kept = PreferencesStore(tmp_path).read()
    assert (kept.bundle, kept.provider) == (str(tmp_path), "cpu")
    options = _options(Namespace(bundle=None, provider=None, midi=None), kept)
    assert (options.bundle, options.provider) == (str(tmp_path), "cpu")
    gone = msgspec.structs.replace(kept, bundle=str(tmp_path / "gone"), provider="abacus")
    options = _options(Namespace(bundle=None, provider=None, midi=None), gone)
    assert (options.bundle, options.provider) == (str(default_bundle()), "auto")
