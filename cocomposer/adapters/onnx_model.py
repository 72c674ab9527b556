"""The note model in ONNX Runtime: a ring of keys and values on the device, one backbone run per chunk of notes.

The ring's buffers are input and output of the graph at once (IO binding), so a step copies nothing
and costs the same at the first note and at the ten-thousandth. Knows no music: rows in, logits out.
"""

from collections.abc import Sequence
from copy import copy
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from cocomposer.adapters.bundle import Bundle, open_bundle
from cocomposer.adapters.provider_names import Provider
from cocomposer.adapters.providers import session_of
from cocomposer.events.layout import COLUMN, DRAWN, PLACE, RECENT, RECENT_COLUMNS


class OnnxNoteModel:
    """A `NoteModel` on a bundle. One thread at a time; RuntimeError-like errors of the provider pass through."""

    def __init__(self, folder: Path, provider: Provider) -> None:
        self.bundle: Bundle = open_bundle(folder)
        self.provider = provider
        self._backbone = session_of(folder / "backbone.onnx", provider)
        # The heads are small and their logits are wanted on the host: they run on the CPU everywhere.
        self._heads = [session_of(folder / f"head_{field.name}.onnx", Provider.CPU) for field in DRAWN]
        self._begin()

    def _begin(self) -> None:
        """An empty cache, and the buffers around it."""
        bundle = self.bundle
        self._ring = np.full(bundle.ring, -1, dtype=np.int64)
        shape = [bundle.heads, bundle.ring, bundle.head_width]
        device = self.provider.device
        self._cache = [
            ort.OrtValue.ortvalue_from_numpy(np.zeros(shape, dtype=np.float32), device, 0)
            for _ in range(2 * bundle.layers)
        ]
        self._length = 0
        self._recent = np.zeros((1, RECENT + 1), dtype=np.int64)
        self._hidden = np.zeros((1, bundle.width), dtype=np.float32)
        self._bindings: dict[int, _Binding] = {}
        self._drawn = np.zeros((1, len(DRAWN)), dtype=np.int64)
        self._place = np.zeros((1, len(PLACE)), dtype=np.int64)

    def twin(self) -> "OnnxNoteModel":
        """The same sessions, so the same weights in memory, with a cache of their own."""
        other = copy(self)
        other._begin()
        return other

    @property
    def length(self) -> int:
        """How many events it has been fed since the last reset (rewound ones not counted)."""
        return self._length

    @property
    def window(self) -> int:
        """How many events it looks back on."""
        return self.bundle.window

    @property
    def chunk(self) -> int:
        """Most events fed in one run; feeding more at once is split by the model itself."""
        return self.bundle.chunk

    def reset(self) -> None:
        """Forget everything."""
        self._ring.fill(-1)
        self._length = 0
        self._hidden = np.zeros_like(self._hidden)
        self._recent = np.zeros_like(self._recent)

    def rewind(self, length: int) -> bool:
        """Forget all events from absolute index `length` on; False if that is further back than the ring keeps."""
        if length >= self._length:
            return True
        oldest_wanted = max(0, length - self.bundle.window)
        kept = np.count_nonzero((self._ring >= oldest_wanted) & (self._ring < length))
        if length <= 0 or kept < length - oldest_wanted:
            return False
        self._ring[self._ring >= length] = -1
        self._length = length
        return True

    def feed(self, rows: NDArray[np.int64], ticks: NDArray[np.int64]) -> NDArray[np.float32]:
        """Append events; their hidden states [events, width]."""
        states = []
        for start in range(0, len(rows), self.bundle.chunk):
            chunk = slice(start, start + self.bundle.chunk)
            states.append(self._feed_chunk(rows[chunk], ticks[chunk]))
        if not states:
            return np.empty((0, self.bundle.width), dtype=np.float32)
        self._hidden = states[-1][-1:]
        self._recent = rows[-1:, RECENT_COLUMNS]
        return states[0] if len(states) == 1 else np.concatenate(states)

    def _feed_chunk(self, rows: NDArray[np.int64], ticks: NDArray[np.int64]) -> NDArray[np.float32]:
        count = len(rows)
        index = np.arange(self._length, self._length + count)
        self._ring[index % self.bundle.ring] = index
        if count not in self._bindings:
            self._bindings[count] = _Binding(
                self._backbone, count, self._cache, self.bundle, self._ring, self.provider is Provider.CPU
            )
        hidden = self._bindings[count].run(rows, ticks, index)
        self._length += count
        return hidden

    def logits(self, drawn: Sequence[int], place: Sequence[int]) -> NDArray[np.float32]:
        """Logits [classes] of the field after the `drawn` ones of the next event."""
        number = len(drawn)
        self._drawn[0, :number] = drawn
        self._place[0] = place
        logits: NDArray[np.float32] = self.head(number, self._hidden, self._drawn, self._place, self._recent)[0]
        return logits

    def head(
        self,
        number: int,
        hidden: NDArray[np.float32],
        drawn: NDArray[np.int64],
        place: NDArray[np.int64],
        recent: NDArray[np.int64],
    ) -> NDArray[np.float32]:
        """Logits [events, classes] of field `number` of the events after those with these hidden states."""
        inputs = {"hidden": hidden, "drawn": drawn, "place": place, "recent": recent}
        result: NDArray[np.float32] = self._heads[number].run(None, inputs)[0]
        return result


class _Binding:
    """Inputs and outputs of the backbone for chunks of one size, bound once; the ring is bound to itself."""

    def __init__(
        self,
        session: ort.InferenceSession,
        count: int,
        cache: list[Any],
        bundle: Bundle,
        ring: NDArray[np.int64],
        shares_memory: bool,
    ) -> None:
        self._session = session
        self._ring_size = bundle.ring
        self._rows = np.zeros((count, len(COLUMN)), dtype=np.int64)
        self._ticks = np.zeros(count, dtype=np.int64)
        self._index = np.zeros(count, dtype=np.int64)
        self._slots = np.zeros(count, dtype=np.int64)
        self._hidden = np.zeros((count, bundle.width), dtype=np.float32)
        self._binding = session.io_binding()
        named = {
            "rows": self._rows, "ticks": self._ticks, "index": self._index, "slots": self._slots, "held": ring,
        }  # fmt: skip
        self._inputs = {name: ort.OrtValue.ortvalue_from_numpy(array) for name, array in named.items()}
        self._shares_memory = shares_memory
        self._binding.bind_ortvalue_output("hidden", ort.OrtValue.ortvalue_from_numpy(self._hidden))
        for number, value in enumerate(cache):
            part = f"{number // 2}.{'value' if number % 2 else 'key'}"
            self._inputs[f"past_key_values.{part}"] = value
            self._binding.bind_ortvalue_output(f"present.{part}", value)
        self._bind_inputs()

    def _bind_inputs(self) -> None:
        for name, value in self._inputs.items():
            self._binding.bind_ortvalue_input(name, value)

    def run(self, rows: NDArray[np.int64], ticks: NDArray[np.int64], index: NDArray[np.int64]) -> NDArray[np.float32]:
        """Hidden states [events, width] (a copy)."""
        self._rows[:] = rows
        self._ticks[:] = ticks
        self._index[:] = index
        self._slots[:] = index % self._ring_size
        if not self._shares_memory:
            # On the CPU the bound values share these arrays' memory, and writing above was the transfer. A device
            # takes its copy of a host value when it is bound; the ring lives on the device and is not copied.
            self._bind_inputs()
        self._session.run_with_iobinding(self._binding)
        return self._hidden.copy()
