"""A bundle made on the spot: an untrained network that is inclined to even sixteenths of middling length.

Good enough to play live with: it answers at once, densely, and about as fast as a real one of its size would.
"""

from pathlib import Path

import torch

from cocomposer.events.layout import DRAWN_INDEX, VELOCITY_BIN
from cocomposer.events.steps import STEPS
from cocomposer.music.note import Pedal
from cocomposer.music.ticks import TICKS_PER_BEAT
from models.training.export import write_bundle
from models.training.network import FieldHead, Network, Shape

SHAPE = Shape(width=32, layers=1, heads=2, feedforward=32, head_width=32, window=64)
_INCLINATION = 6.0
"""Added to the logits of what is wished; the heads of an untrained network draw evenly otherwise."""

_STIR = 0.1


def tiny_network() -> Network:
    """The network of the bundle, always the same."""
    torch.manual_seed(1)
    network = Network(SHAPE)
    sixteenth = STEPS.index(TICKS_PER_BEAT // 4)
    wished = {
        "onset": [sixteenth],
        "pitch": list(range(48, 85)),
        "duration": [sixteenth],
        "velocity": [1 + velocity // VELOCITY_BIN for velocity in (64, 80, 96)],
        "pedal": [int(Pedal.UP)],
    }
    with torch.no_grad():
        for parameter in network.parameters():
            # Away from their zero beginnings, so that what was heard makes a difference.
            parameter.add_(_STIR * torch.randn(parameter.shape))
        for field, classes in wished.items():
            head = network.heads[DRAWN_INDEX[field]]
            assert isinstance(head, FieldHead)
            head.out.bias[classes] += _INCLINATION
    return network


def write_tiny_bundle(folder: Path) -> Path:
    """Write it to `folder`, which is given back."""
    write_bundle(tiny_network(), folder, "tiny", {})
    return folder
