"""Preferences on a real disk: what is written comes back, and nothing that stands there stops the window."""

import os
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocomposer.adapters.preferences import FILE, Closing, Preferences, PreferencesStore


def read(folder: Path) -> tuple[Preferences, str | None]:
    store = PreferencesStore(folder)
    return store.read(), store.sentence


def test_a_first_start(tmp_path: Path) -> None:
    assert read(tmp_path / "none") == (Preferences(), None)


def test_written_and_read(tmp_path: Path) -> None:
    preferences = Preferences(
        theme="light", recent=("a", "b"), geometry="AdnQ", guide_seen=True, volume=0.25, inputs=("Keystation",),
        shortcuts={"star": "S"}, closing=Closing.KEEP, settings={"creativity": 0.5, "bindings": {}},
    )  # fmt: skip
    store = PreferencesStore(tmp_path / "new")
    store.write(preferences)
    assert store.sentence is None
    assert read(tmp_path / "new") == (preferences, None)


def test_what_a_later_version_wrote_is_kept(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b'{"volume":0.5,"mood":{"calm":true}}')
    preferences, sentence = read(tmp_path)
    assert (preferences.volume, sentence) == (0.5, None)
    PreferencesStore(tmp_path).write(msgspec.structs.replace(preferences, volume=0.1))
    values = msgspec.json.decode((tmp_path / FILE).read_bytes())
    assert (values["volume"], values["mood"]) == (0.1, {"calm": True})


def test_a_value_that_cannot_be_is_the_usual_one(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b'{"volume":11,"theme":7,"guide_seen":true}')
    assert read(tmp_path) == (
        Preferences(guide_seen=True),
        "Set these preferences again, they could not be used: theme, volume.",
    )


def test_a_damaged_file_is_put_aside(tmp_path: Path) -> None:
    for number, content in enumerate([b"", b"{", b"[1]", b"\xff", b"[" * 100_000], 1):
        (tmp_path / FILE).write_bytes(content)
        preferences, sentence = read(tmp_path)
        assert preferences == Preferences()
        assert sentence is not None and sentence.endswith(f"preferences.damaged-{number}.json.")
        assert (tmp_path / f"preferences.damaged-{number}.json").read_bytes() == content
        assert read(tmp_path) == (Preferences(), None)


some_values = st.dictionaries(st.sampled_from(Preferences.__struct_fields__), st.integers() | st.text())


@given(st.binary(max_size=100), some_values)
def test_any_file_lets_the_window_start(tmp_path_factory: pytest.TempPathFactory, noise: bytes, values: object) -> None:
    folder = tmp_path_factory.mktemp("any")
    for content in (noise, msgspec.json.encode(values)):
        (folder / FILE).write_bytes(content)
        store = PreferencesStore(folder)
        preferences = store.read()
        assert store.sentence is None or (store.sentence.endswith(".") and "\n" not in store.sentence)
        store.write(preferences)
        assert store.sentence is None
        assert read(folder) == (preferences, None)


def test_what_cannot_be_read_or_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / FILE).mkdir()
    for folder in (tmp_path, tmp_path / "file"):
        preferences, sentence = read(folder)
        assert preferences == Preferences() and sentence is not None and "check" in sentence
        store = PreferencesStore(folder)
        store.write(Preferences())
        assert store.sentence is not None and store.sentence.endswith(".") and "; " in store.sentence
    assert sorted(os.listdir(tmp_path)) == ["file", FILE]
