"""The processor's name."""

from pathlib import Path

from cocomposer.bench.machine import cpu_words, usable_cores


def test_the_name_is_read_where_linux_tells_it(tmp_path: Path) -> None:
    told = tmp_path / "cpuinfo"
    told.write_text("processor\t: 0\nmodel name\t: Imaginary 9000\nprocessor\t: 1\nmodel name\t: Other\n")
    assert cpu_words(told) == "Imaginary 9000"


def test_elsewhere_the_name_is_not_empty(tmp_path: Path) -> None:
    assert cpu_words(tmp_path / "none")
    assert usable_cores() >= 1
