"""Every choice that has an influence on a study, checked once and then never changed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from nonlin.errors import InvalidInput, did_you_mean

Task = Literal["classification", "regression"]

ACTIVATIONS = ("relu", "leaky_relu", "elu", "selu", "gelu", "silu", "mish", "tanh")
LEARNING_RATES = (0.0004, 0.0016, 0.006, 0.025, 0.1)  # a factor of about 4 apart


@dataclass(frozen=True)
class Settings:
    """The plan of a study in the person's own terms; what is None is chosen from the data and then said.

    Raises
    ------
    InvalidInput
        If a value is outside its range.
    """

    hidden: tuple[int, ...] = (128, 128)
    model: str | None = None
    epochs: int | None = None
    batch_size: int | None = None
    learning_rates: tuple[float, ...] = LEARNING_RATES
    tuning_seeds: int = 2
    seeds: int = 5
    validation_share: float = 0.2
    test_share: float = 0.2
    split_seed: int = 0
    confidence: float = 0.95
    task: Task | None = None
    target: str | None = None
    drop: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _demand(bool(self.hidden), "hidden is empty: give at least one layer, such as 128,128")
        _demand(
            all(_is_count(width) for width in self.hidden),
            f"hidden={_listed(self.hidden)}: each layer has a whole number of units, at least 1",
        )
        _demand(self.epochs is None or _is_count(self.epochs), f"epochs={self.epochs}: give 1 or more")
        _demand(
            self.batch_size is None or _is_count(self.batch_size),
            f"batch_size={self.batch_size}: give 1 or more rows",
        )
        _check_rates(self.learning_rates)
        _demand(_is_count(self.seeds, 2), f"seeds={self.seeds}: an interval needs at least 2, better 5")
        _demand(_is_count(self.tuning_seeds), f"tuning_seeds={self.tuning_seeds}: give 1 or more")
        _check_shares(self.validation_share, self.test_share)
        _demand(_is_count(self.split_seed, 0), f"split_seed={self.split_seed}: give 0 or more")
        _demand(0 < self.confidence < 1, f"confidence={self.confidence}: give a share such as 0.95")
        _demand(
            self.task in (None, "classification", "regression"),
            f"task={self.task!r} is neither 'classification' nor 'regression'."
            + did_you_mean(str(self.task), ["classification", "regression"]),
        )


def _demand(holds: bool, otherwise: str) -> None:
    if not holds:
        raise InvalidInput(otherwise)


def _is_count(value: object, least: int = 1) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _listed(values: Sequence[object]) -> str:
    return ",".join(map(str, values))


def _check_rates(rates: Sequence[float]) -> None:
    _demand(bool(rates), "learning_rates is empty: give at least one, such as 0.001,0.003,0.01")
    usable = all(math.isfinite(rate) and rate > 0 for rate in rates)
    _demand(usable, f"learning_rates={_listed(rates)}: each must be a positive number")
    _demand(len(set(rates)) == len(rates), f"learning_rates={_listed(rates)}: one is given twice")


def _check_shares(validation: float, test: float) -> None:
    _demand(0 < validation < 1, f"validation_share={validation}: give a share of the rows, such as 0.2")
    _demand(0 < test < 1, f"test_share={test}: give a share of the rows, such as 0.2")
    _demand(
        validation + test < 0.9,
        f"validation_share={validation} and test_share={test} leave too few rows to train on",
    )
