"""Loading a model: what is said when it cannot run."""

from pathlib import Path

import pytest

from cocomposer.adapters.provider_names import Provider
from cocomposer.adapters.providers import Choice, ProviderError
from cocomposer.runtime import composer_process


def broken(_: Path, provider: Provider) -> None:
    raise RuntimeError(f"no {provider.word} today")


def test_a_model_that_fails_on_the_cpu_is_to_be_restored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composer_process, "OnnxNoteModel", broken)
    with pytest.raises(ProviderError, match=r"on cpu \(no cpu today\); restore the bundle from its release\.$"):
        composer_process.load_model(Path("tiny"), "cpu")


def test_a_model_that_fails_everywhere_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composer_process, "OnnxNoteModel", broken)

    def choose(word: str) -> Choice:
        return Choice(Provider.CUDA if word == "auto" else Provider.CPU, word)

    monkeypatch.setattr(composer_process, "choose", choose)
    with pytest.raises(ProviderError, match="restore the bundle"):
        composer_process.load_model(Path("tiny"), "auto")
