"""Presets on a real disk; what cannot be used is shown and left alone."""

from pathlib import Path

import msgspec
import pytest

from cocomposer.adapters.presets import FOLDER, Preset, PresetStore
from cocomposer.jam.settings import Settings, changed

SOFT = {"creativity": 0.5, "length": "bars"}


def names(presets: PresetStore) -> list[str]:
    return [preset.name for preset in presets.all()]


def test_save_rename_delete(tmp_path: Path) -> None:
    presets = PresetStore(tmp_path)
    assert presets.all() == ()
    for name in ("wild", " Soft   and slow ", "Ä/b:\\*?"):
        assert presets.save(name, SOFT) is None
    assert names(presets) == ["Soft and slow", "wild", "Ä/b:\\*?"]
    assert presets.save("Wild", {"creativity": 1.8}) is None
    assert presets.all()[1] == Preset("Wild", {"creativity": 1.8})
    assert presets.rename("wild", "Wilder") is None
    assert presets.rename("wilder", "WILDER") is None
    assert names(PresetStore(tmp_path)) == ["Soft and slow", "WILDER", "Ä/b:\\*?"]
    for name in ("soft and slow", "WILDER", "Ä/b:\\*?"):
        assert presets.delete(name) is None
    assert presets.all() == ()
    assert list((tmp_path / FOLDER).iterdir()) == []
    assert presets.delete("none") is None


def test_what_cannot_be_saved_is_a_sentence(tmp_path: Path) -> None:
    presets = PresetStore(tmp_path)
    (tmp_path / "file").write_bytes(b"")
    presets.save("Soft", SOFT)
    presets.save("Loud", SOFT)
    for refusal in (
        presets.save("  ", SOFT),
        presets.save("x" * 61, SOFT),
        presets.save("Too much", {"creativity": 99}),
        presets.save("Unknown", {"novelty": 1}),
        presets.rename("Soft", "loud"),
        presets.rename("nobody", "somebody"),
        presets.rename("Soft", ""),
        PresetStore(tmp_path / "file").save("Soft", SOFT),
    ):
        assert refusal is not None and refusal.endswith(".") and "\n" not in refusal
    assert names(presets) == ["Loud", "Soft"]


UNUSABLE: list[tuple[str, bytes, str, str]] = [
    ("newer", b'{"format":"cocomposer preset","version":3,"name":"Mine","mood":1}', "Mine", "newer cocomposer; update"),
    ("newer setting", b'{"format":"cocomposer preset","version":1,"name":"Mine","settings":{"novelty":1}}', "Mine",
     "does not fit"),
    ("out of range", b'{"name":"Mine","settings":{"creativity":77}}', "Mine", "creativity cannot be 77"),
    ("no settings", b'{"name":"Mine"}', "Mine", "is damaged; delete"),
    ("another format", b'{"format":"song","version":1,"name":"Mine","settings":{}}', "Mine", "is damaged"),
    ("cut", b'{"name":"Mi', "given", "is damaged"),
    ("empty", b"", "given", "is damaged"),
    ("binary", b"\xff\x00", "given", "is damaged"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "name", "reason"), [case[1:] for case in UNUSABLE], ids=[case[0] for case in UNUSABLE]
)
def test_what_cannot_be_used_is_shown_and_stays(tmp_path: Path, content: bytes, name: str, reason: str) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    path = folder / "given.json"
    path.write_bytes(content)
    presets = PresetStore(tmp_path)
    (preset,) = presets.all()
    assert (preset.name, preset.settings) == (name, None)
    assert preset.sentence is not None and reason in preset.sentence and preset.sentence.endswith(".")
    assert (presets.names(), presets.unusable(), presets.recall(name)) == ([], {name: preset.sentence}, {})
    assert presets.save(name.upper(), SOFT) is not None
    assert presets.rename(name, "Other") is not None
    assert path.read_bytes() == content and len(list(folder.iterdir())) == 1
    assert presets.delete(name) is None
    assert not path.exists()


def test_one_of_an_older_version_is_recalled_and_saved_anew(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    path = folder / "old.json"
    path.write_bytes(b'{"format":"cocomposer preset","version":1,"name":"Old","settings":{"creativity":1.2}}')
    presets = PresetStore(tmp_path)
    assert presets.recall("Old") == {"creativity": 1.2}
    assert presets.save("Old", {"creativity": 1.2, "density": 0.5, "scale": "dorian", "tonic": "D"}) is None
    assert PresetStore(tmp_path).recall("Old")["density"] == 0.5
    assert b'"version": 2' in path.read_bytes()


def test_a_file_given_by_a_friend_is_found_by_its_name(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    (folder / "from anna.json").write_bytes(b'{"name":"Annas","settings":{"creativity":1.2}}')
    presets = PresetStore(tmp_path)
    assert presets.all() == (Preset("Annas", {"creativity": 1.2}),)
    presets.save("annas", {"creativity": 1.3})
    assert presets.all() == (Preset("annas", {"creativity": 1.3}),)
    assert (presets.names(), presets.unusable(), presets.recall("ANNAS")) == (["annas"], {}, {"creativity": 1.3})
    assert presets.recall("nobody") == {}
    assert [path.name for path in folder.iterdir()] == ["from anna.json"]


def test_every_setting_but_what_belongs_to_the_desk_is_kept(tmp_path: Path) -> None:
    wanted = {
        "accompany": "chords+bass", "accompany_rhythm": "bossa", "mute_bass": True, "mute_answers": True,
        "drums_channel": 11, "density": 0.5, "scale": "dorian", "tonic": "D", "memory": 2.0, "guard": False,
    }  # fmt: skip
    settings = msgspec.to_builtins(changed(Settings(), wanted))
    del settings["bindings"]
    presets = PresetStore(tmp_path)
    assert presets.save("All", settings) is None
    assert PresetStore(tmp_path).recall("All") == settings
