"""Where the model runs: which execution providers ONNX Runtime really has here, chosen or forced, in a sentence."""

import ctypes
import sys
from dataclasses import dataclass
from pathlib import Path

import onnxruntime as ort

from cocomposer.adapters.provider_names import WORDS, Provider


class ProviderError(ValueError):
    """A forced provider cannot be had; the text is one sentence with what to do."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The provider to try first, and why."""

    provider: Provider
    sentence: str


def session_of(path: Path, provider: Provider) -> ort.InferenceSession:
    """A session of one thread on exactly this provider; ProviderError if ONNX Runtime quietly took another."""
    if provider.value not in ort.get_available_providers() or _missing(provider) is not None:
        raise _unusable(provider)  # asked all the same, ONNX Runtime would print warnings
    options = ort.SessionOptions()
    # One thread: the other cores belong to the player, the window and the DAW.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 4
    wanted = [provider.value] if provider is Provider.CPU else [provider.value, Provider.CPU.value]
    session = ort.InferenceSession(str(path), options, providers=wanted)
    # get_available_providers() and get_device() name what was compiled in; only the session tells the truth.
    if provider.value not in session.get_providers():
        raise _unusable(provider)
    return session


def _unusable(provider: Provider) -> ProviderError:
    return ProviderError(
        f"{provider.word} was asked for but is not usable here; install its driver and libraries or choose cpu."
    )


def choose(word: str = "auto") -> Choice:
    """The provider for "auto" or a forced word; ProviderError for a word or provider that is not to be had."""
    if word not in WORDS:
        raise ProviderError(f"{word!r} is no provider; choose one of {', '.join(WORDS)}.")
    compiled = [p for p in Provider if p.value in ort.get_available_providers()]
    if word != "auto":
        forced = next(p for p in Provider if p.word == word)
        if forced not in compiled:
            raise ProviderError(
                f"This ONNX Runtime has no {word} provider (it has {', '.join(p.word for p in compiled)}); choose cpu."
            )
        return Choice(forced, f"{word}, as asked for")
    for provider in compiled:
        missing = _missing(provider)
        if missing is None:
            return Choice(provider, f"{provider.word}, the fastest that is here")
    return Choice(Provider.CPU, "cpu")


def _missing(provider: Provider) -> str | None:
    """What the provider lacks on this machine, as far as it can be told without an error on the console."""
    if provider is Provider.CUDA:
        name = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"
        try:
            ctypes.CDLL(name)
        except OSError:
            return "no NVIDIA driver"
    return None
