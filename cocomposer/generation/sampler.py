"""Draw one class from logits: mask, temperature, nucleus. Pure; chance comes in as a generator."""

import numpy as np
from numpy.typing import NDArray


class NothingAllowedError(ValueError):
    """The constraints leave no class to draw."""


def probabilities(
    logits: NDArray[np.floating],
    allowed: NDArray[np.bool_] | None,
    temperature: float,
    top_p: float,
    min_p: float = 0.0,
) -> NDArray[np.float64]:
    """What `draw` draws from, [classes].

    In this order: forbidden classes go, `temperature` (> 0; below 1 is safer) bends what is left, classes less likely
    than `min_p` [0–1) times the likeliest go (Nguyen et al. 2024), and of the rest the smallest set of likeliest
    classes that holds `top_p` (0–1] of the mass stays (nucleus sampling, Holtzman et al. 2020).
    NothingAllowedError if everything is forbidden.
    """
    scaled = logits.astype(np.float64) / temperature
    if allowed is not None:
        if not allowed.any():
            raise NothingAllowedError("every class is forbidden")
        scaled = np.where(allowed, scaled, -np.inf)
    weights = np.exp(scaled - scaled.max())
    weights /= weights.sum()
    if min_p > 0:
        weights[weights < min_p * weights.max()] = 0
        weights /= weights.sum()
    if top_p < 1:
        order = np.argsort(-weights, kind="stable")
        # A class stays while what stands before it has not reached top_p; so the likeliest always stays.
        beyond = np.cumsum(weights[order]) - weights[order] >= top_p
        weights[order[beyond]] = 0
        weights /= weights.sum()
    return np.asarray(weights)


def draw(
    logits: NDArray[np.floating],
    rng: np.random.Generator,
    allowed: NDArray[np.bool_] | None = None,
    temperature: float = 1.0,
    top_p: float = 1.0,
    min_p: float = 0.0,
) -> int:
    """One class; see `probabilities`. Uses exactly one uniform number of `rng`."""
    weights = probabilities(logits, allowed, temperature, top_p, min_p)
    cumulative = np.cumsum(weights)
    place = int(np.searchsorted(cumulative, rng.random() * cumulative[-1], side="right"))
    if place >= len(weights) or weights[place] == 0:
        # Rounding put the number behind the last class with any weight.
        place = int(np.flatnonzero(weights)[-1])
    return place
