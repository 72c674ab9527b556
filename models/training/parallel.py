"""Which process of how many this is, and on what it computes. torchrun starts the processes; alone is one of one.

    torchrun --standalone --nproc-per-node 2 -m models.training.train …

Knows nothing of what is trained.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, distributed, nn
from torch.nn.parallel import DistributedDataParallel


@dataclass(frozen=True, slots=True)
class World:
    """This process's rank among `size` processes, and the device that it computes on."""

    device: torch.device
    rank: int = 0
    size: int = 1

    @property
    def writes(self) -> bool:
        """Whether this is the one process that prints and writes files."""
        return self.rank == 0

    def wrap(self, network: nn.Module) -> nn.Module:
        """The network with its weights taken from rank 0 and, from then on, its gradients averaged over all."""
        if self.size == 1:
            return network
        devices = [self.device.index] if self.device.type == "cuda" else None
        # The only buffers are constants.
        return DistributedDataParallel(network, device_ids=devices, broadcast_buffers=False)

    def total(self, numbers: Tensor) -> Tensor:
        """The sum of `numbers` over all processes, in place."""
        if self.size > 1:
            distributed.all_reduce(numbers)
        return numbers

    def from_first(self, value: Any) -> Any:
        """What rank 0 gave, at every rank: on several machines only rank 0's has the files that it wrote."""
        if self.size == 1:
            return value
        values = [value]
        distributed.broadcast_object_list(values, src=0)
        return values[0]


def device_named(name: str) -> torch.device:
    """The device "cpu", "cuda" or, for "auto", CUDA if there is one; ValueError for one that is not there."""
    there = torch.cuda.is_available()
    if name == "cuda" and not there:
        raise ValueError("torch finds no CUDA device here; take --device cpu, or install torch's build for CUDA.")
    if name == "cpu" or not there:
        return torch.device("cpu")
    device = int(os.environ.get("LOCAL_RANK", "0"))
    if device >= torch.cuda.device_count():
        raise ValueError(
            f"There are {torch.cuda.device_count()} CUDA devices here; start that many processes (--nproc-per-node)."
        )
    return torch.device("cuda", device)


def threads_for(cores: int, processes: int, default: int, chosen: bool) -> int:
    """Threads of each of `processes` on a machine with so many cores; `chosen`: `default` was asked for, for each."""
    if processes >= cores:
        # Two threads that share a core wait for each other: six times slower than one.
        return 1
    return default if chosen else max(1, default // processes)


@contextmanager
def join(device_name: str) -> Iterator[World]:
    """Join the processes that torchrun started, if it did, and leave them at the end; ValueError without the device."""
    device = device_named(device_name)
    torch.set_num_threads(
        threads_for(
            len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
            int(os.environ.get("LOCAL_WORLD_SIZE", "1")),
            torch.get_num_threads(),
            "OMP_NUM_THREADS" in os.environ,
        )
    )
    rank, size = int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))
    if size == 1:
        yield World(device)
        return
    if device.type == "cuda":
        torch.cuda.set_device(device)
    distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield World(device, rank, size)
        # Whoever left first would end the others' connections while rank 0 still writes.
        distributed.barrier()
    finally:
        distributed.destroy_process_group()
