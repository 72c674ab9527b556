"""What cannot be done is refused by the program as a whole in one sentence, with an exit code, and no traceback."""

import json
import subprocess
import sys
from pathlib import Path

import pytest


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cocomposer", *arguments]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("command", ["jam", "ports", "doctor"])
def test_an_unknown_midi_system_is_a_wrong_line(command: str) -> None:
    done = run(command, "--midi", "oss")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr and "coremidi" in done.stderr and "jack" in done.stderr


def test_a_jam_without_a_model_ends_with_one_sentence(tmp_path: Path) -> None:
    done = run("jam", "--midi", "virtual", "--json", "--bundle", str(tmp_path / "none"))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and "no model bundle" in done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert sum(news["type"] == "Lost" for news in told) == 1


def test_the_doctor_finds_no_fault_in_itself(bundle: Path) -> None:
    done = run("doctor", "--midi", "virtual", "--json", "--bundle", str(bundle))
    assert done.returncode == 0 and done.stderr == ""
    found = json.loads(done.stdout)
    assert found["model"]["well"] and found["ports"]["well"] and "ms" in found["timing"]["found"]
