"""The plan of trials: equal tuning for every activation, then paired seeds at each one's own best rate."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from nonlin.study.settings import Settings
from nonlin.study.training import Trial, TrialResult

FIRST_TUNING_SEED = 1000  # apart from the final ones, so that no rate is chosen by a draw it is judged on
STEPS = 400  # what a trial aims at when --epochs is left open


@dataclass(frozen=True)
class Budget:
    """The same for every trial of a study.

    Attributes
    ----------
    epochs, batch_size, steps_of_an_epoch : int
    """

    epochs: int
    batch_size: int
    steps_of_an_epoch: int


def budget(rows: int, settings: Settings) -> Budget:
    """Return the asked budget, or about 400 steps in 10 to 60 epochs with 16 to 256 rows a step.

    Examples
    --------
    >>> budget(1079, Settings())
    Budget(epochs=24, batch_size=64, steps_of_an_epoch=17)
    """
    batch_size = settings.batch_size or min(256, max(16, 2 ** round(math.log2(max(rows, 1) / 20))))
    steps = -(-rows // batch_size)
    return Budget(settings.epochs or min(60, max(10, -(-STEPS // steps))), batch_size, steps)


def tuning_seeds(settings: Settings) -> range:
    return range(FIRST_TUNING_SEED, FIRST_TUNING_SEED + settings.tuning_seeds)


def tuning_trials(names: Sequence[str], settings: Settings, spent: Budget) -> list[Trial]:
    """Return every activation at every rate from every tuning seed; activations take turns."""
    return [
        Trial("tuning", name, rate, seed, spent.epochs, spent.batch_size)
        for seed in tuning_seeds(settings)
        for rate in settings.learning_rates
        for name in names
    ]


def final_trials(rates: Mapping[str, float | None], settings: Settings, spent: Budget) -> list[Trial]:
    """Return every activation at its chosen rate from every seed; activations take turns."""
    return [
        Trial("final", name, rate, seed, spent.epochs, spent.batch_size)
        for seed in range(settings.seeds)
        for name, rate in rates.items()
        if rate is not None
    ]


@dataclass(frozen=True)
class Choice:
    """The learning rate that tuning chose.

    Attributes
    ----------
    rate : float or None
        None if every rate diverged from every seed.
    edge : "lowest", "highest" or None
        Whether the choice lies at an end of the grid, so that the best rate may lie beyond.
    """

    rate: float | None
    edge: Literal["lowest", "highest"] | None = None


def choose_rate(tried: Mapping[float, Sequence[TrialResult]]) -> Choice:
    """Return the rate with the fewest diverged trials and, among these, the least mean validation loss.

    Not the best accuracy: on a few hundred rows two rates often differ by one row, and a rate that is far too
    high then wins by luck.
    """
    candidates = {
        rate: _standing(results) for rate, results in tried.items() if any(r.validation for r in results)
    }
    if not candidates:
        return Choice(None)
    rate = max(candidates, key=lambda each: candidates[each])
    if len(tried) == 1 or min(tried) < rate < max(tried):
        return Choice(rate)
    return Choice(rate, "lowest" if rate == min(tried) else "highest")


def _standing(results: Sequence[TrialResult]) -> tuple[int, float]:
    losses = [result.validation["loss"] for result in results if result.validation]
    return len(losses), -math.fsum(losses) / len(losses)
