"""Which piece is held out, where a folder does not say: whole groups, by a hash of their music.

So the split of a piece depends neither on its name nor on the order of files, and hardly on what else is there.
Knows no files.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence

SPLITS = ("train", "valid", "test")


def place_of(group: str) -> float:
    """A number in [0, 1) that depends on the group's name only."""
    return int.from_bytes(hashlib.blake2b(group.encode(), digest_size=6).digest()) / 2**48


def split_groups(groups: Sequence[str], valid: float, test: float) -> dict[str, str]:
    """Group → split, with about these shares of the groups held out (0 to 1, together below 1).

    A split that would be empty gets one group while there are enough: train first, then valid, then test.
    ValueError where nothing would be left to learn from.
    """
    if valid < 0 or test < 0 or valid + test >= 1:
        raise ValueError("The shares of valid and test must not be negative and together be less than 1; lower them.")
    ordered = sorted(set(groups), key=place_of)
    chosen = {g: "test" if place_of(g) < test else "valid" if place_of(g) < test + valid else "train" for g in ordered}
    needed = [split for split, share in zip(SPLITS, (1.0, valid, test), strict=True) if share][: len(ordered)]
    for split in needed:
        if split not in chosen.values():
            sizes = Counter(chosen.values())
            spare = next(g for g in ordered if chosen[g] not in needed or sizes[chosen[g]] > 1)
            chosen[spare] = split
    return chosen
