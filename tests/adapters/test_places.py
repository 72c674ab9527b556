"""Where a running engine is looked for: the user's own folder, never one that everybody can write to."""

from pathlib import Path

import pytest

from cocomposer.adapters import places


def test_the_runtime_folder_is_the_systems_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.system", lambda: "Linux")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert places.runtime_folder() == tmp_path / "cocomposer"
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "missing"))
    assert places.runtime_folder() == tmp_path / "state" / "cocomposer" / "run"
    assert places.logs_folder().parent == places.state_folder() == tmp_path / "state" / "cocomposer"
