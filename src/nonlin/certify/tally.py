"""What was measured in a block, and how blocks add up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce


@dataclass(frozen=True)
class Extreme:
    """An error and the input it was found at.

    Attributes
    ----------
    ulp, size : float
        In units in the last place of the truth, and in itself.
    at, got : float
    truth : str
        In 20 digits.
    """

    ulp: float
    size: float
    at: float
    got: float
    truth: str


@dataclass(frozen=True)
class Tally:
    """One quantity at some inputs.

    Attributes
    ----------
    inputs : int
        Finite ones.
    right : int
        Correctly rounded results.
    by_balls, undecided : int
        Roundings decided by ball arithmetic; roundings that nothing decided, which count as not right.
    nans, wrong_zeros : int
        NaN for a number; a zero with the wrong sign where the truth is not 0.
    numbers_for_nan : int
        A number for NaN.
    at_most : float
        No error in ulp is larger, as far as the reference's measured error holds.
    worst : Extreme or None
        The largest error that ball arithmetic confirmed.
    away_at_most : float
        As `at_most`, away from the roots of the slope.
    near_at_most, near_size_at_most, near_size_at : float
        Near them: in ulp; in itself, with its input.
    reference_error : float
        The largest relative error of the reference that ball arithmetic found.
    samples : int
        At how many inputs that was looked for.
    """

    inputs: int = 0
    right: int = 0
    by_balls: int = 0
    undecided: int = 0
    nans: int = 0
    wrong_zeros: int = 0
    numbers_for_nan: int = 0
    at_most: float = 0.0
    worst: Extreme | None = None
    away_at_most: float = 0.0
    near_at_most: float = 0.0
    near_size_at_most: float = 0.0
    near_size_at: float = 0.0
    reference_error: float = 0.0
    samples: int = 0

    def __add__(self, other: Tally) -> Tally:
        """Return the tally of both blocks; the order does not matter."""
        larger = max(self, other, key=lambda t: (t.near_size_at_most, -t.near_size_at))
        return Tally(
            **{name: getattr(self, name) + getattr(other, name) for name in SUMS},
            **{name: max(getattr(self, name), getattr(other, name)) for name in LARGEST},
            worst=max(filter(None, (self.worst, other.worst)), key=_rank, default=None),
            near_size_at=larger.near_size_at,
        )


SUMS = ("inputs", "right", "by_balls", "undecided", "nans", "wrong_zeros", "numbers_for_nan", "samples")
LARGEST = ("at_most", "away_at_most", "near_at_most", "near_size_at_most", "reference_error")


def _rank(extreme: Extreme) -> tuple[float, float]:
    return extreme.ulp, -extreme.at


def total(tallies: Iterable[Tally]) -> Tally:
    """Return the tally of all blocks."""
    return reduce(Tally.__add__, tallies, Tally())


def from_plain(plain: dict[str, object]) -> Tally:
    """Return the tally that `dataclasses.asdict` took apart."""
    worst = plain.pop("worst")
    return Tally(**plain, worst=Extreme(**worst) if worst else None)  # type: ignore[arg-type]
