"""How all property tests run: without deadlines, which a busy machine would miss; the same examples each time in CI.
And the JACK server that the real-port tests share. Where CI is set its absence is a failure, not a skip.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.fakes.jack_server import ENVIRONMENT, JackServer, missing_programs

settings.register_profile(
    "everywhere",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("everywhere")


@pytest.fixture(scope="session")
def jack_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JackServer]:
    missing = missing_programs()
    if missing:
        sentence = f"real-port tests need {', '.join(missing)}: apt-get install jackd2 jack-midi-clock"
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        server = JackServer(tmp_path_factory.mktemp("jack") / "jackd.log")
        server.start()
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def tiny_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real bundle with a very small model; torch is only loaded where it is wanted."""
    from tests.fakes.tiny_bundle import write_tiny_bundle

    return write_tiny_bundle(tmp_path_factory.mktemp("bundles") / "tiny")
