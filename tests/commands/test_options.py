"""Options of the settings: one for each, made of the settings, each refused in a sentence where it cannot be."""

import argparse
from typing import Any

import msgspec
import pytest

from cocomposer.commands.options import add_settings, settings_from
from cocomposer.jam.setting_facts import FACTS, Fact, Sort
from cocomposer.jam.settings import Settings, SettingsError


def read(*words: object) -> Settings:
    parser = argparse.ArgumentParser()
    add_settings(parser)
    return settings_from(parser.parse_args([str(word) for word in words]))


def other(fact: Fact) -> Any:
    """A value that is not the default."""
    match fact.sort:
        case Sort.WORD:
            return next(word for word in fact.choices if word != fact.default)
        case Sort.SWITCH:
            return not fact.default
        case _:
            return fact.high if fact.default != fact.high else fact.low


def test_every_setting_is_known_with_its_words() -> None:
    assert list(FACTS) == [field.name for field in msgspec.structs.fields(Settings)]
    assert all(fact.words and not fact.words.endswith(".") for fact in FACTS.values() if fact.sort is not Sort.OTHER)
    assert [name for name, fact in FACTS.items() if fact.sort is Sort.OTHER] == ["bindings"]


@pytest.mark.parametrize("name", [name for name, fact in FACTS.items() if fact.sort is not Sort.OTHER])
def test_each_setting_has_an_option(name: str) -> None:
    value = other(FACTS[name])
    option = f"--{name.replace('_', '-')}"
    if FACTS[name].sort is Sort.SWITCH:
        words: list[object] = [option if value else option.replace("--", "--no-", 1)]
    else:
        words = [f"{option}={value}"]
    if name == "lowest_pitch":
        words.append("--highest-pitch=127")
    assert msgspec.to_builtins(read(*words))[name] == value
    assert read() == Settings()


def test_short_ways_and_any_setting() -> None:
    assert (read("--bars", 8).length, read("--bars", 8).length_bars) == ("bars", 8)
    assert read("--endless").length == "endless"
    assert read("--set", "scale=minor pentatonic", "--set", "tonic=A", "--set", "density=-0.5").density == -0.5


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--density", 2), "density cannot be 2.0"),
        (("--guard-notes", 8), "guard_notes cannot be 8"),
        (("--scale", "major", "--lowest-pitch", 61, "--highest-pitch", 61), "No note of the scale"),
        (("--set", "novelty=1"), "is no setting"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(words: tuple[object, ...], said: str) -> None:
    with pytest.raises(SettingsError, match=said) as refused:
        read(*words)
    assert str(refused.value).endswith(".")
