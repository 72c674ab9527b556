"""The JACK server that the real-port tests run on. Where CI is set its absence is a failure, not a skip."""

import os
from collections.abc import Iterator

import pytest

from tests.fakes.jack_server import ENVIRONMENT, JackServer, missing_programs


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
