"""Which ports can be chosen, which are, and which of the chosen ones are away. Knows no widgets."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cocomposer.runtime.news import Ports

NONE: Final = ""
"""No port of others: our own output, or a list with nothing in it."""
OWN_OUTPUT: Final = "cocomposer Out"


@dataclass(frozen=True, slots=True)
class Choice:
    """One port (by the stable part of its name) and how it is shown."""

    name: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class PortsView:
    """What can be chosen. `outputs` begins with our own, and exactly one of it is chosen."""

    inputs: tuple[Choice, ...]
    outputs: tuple[Choice, ...]
    lights: tuple[Choice, ...]
    sentence: str
    """What is wrong, and what to do; empty if nothing is."""


def ports_view(
    ports: Ports, inputs: Iterable[str] = (), outputs: Iterable[str] = (), lights: Iterable[str] = ()
) -> PortsView:
    """`inputs`, `outputs`, `lights`: those that were chosen at some time; those that are away stay chosen."""
    wanted = next(iter(outputs), None)
    playing_on = ports.playing_on if ports.playing_on in ports.outputs else None
    away = wanted is not None and wanted not in ports.outputs
    chosen = wanted if away and playing_on is None else playing_on
    others = tuple(
        Choice(name, _text(name, name in ports.outputs), name == chosen)
        for name in (*ports.outputs, *((wanted,) if wanted is not None and away else ()))
    )
    alone = ports.midi == "virtual"
    return PortsView(
        _many(ports.inputs, (*ports.open_inputs, *inputs)),
        (Choice(NONE, OWN_OUTPUT, chosen is None), *others),
        _many(ports.outputs, (*ports.lights, *lights)),
        "There is no MIDI system here; First steps in the Help menu tells what to do." if alone else "",
    )


def _many(there: tuple[str, ...], chosen: Iterable[str]) -> tuple[Choice, ...]:
    wanted = tuple(dict.fromkeys(chosen))
    away = tuple(name for name in wanted if name not in there and not name.startswith("cocomposer"))
    choices = tuple(Choice(name, _text(name, name in there), name in wanted) for name in (*there, *away))
    return choices or (Choice(NONE, "none found", False),)


def _text(name: str, there: bool) -> str:
    return name if there else f"{name} (not there now)"
