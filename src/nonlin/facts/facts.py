"""Facts: what is true of an activation, in the numbers that decide how a network with it behaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Literal

from nonlin.errors import InvalidInput
from nonlin.facts.fact import (
    Cost,
    Curvature,
    Fact,
    Gaussian,
    Line,
    Memory,
    Places,
    Propagation,
    Range,
    SelfNormalising,
    as_plain,
)

if TYPE_CHECKING:
    from nonlin.vocabulary import Definition

NAMES = (
    "range", "limits", "slope_limits", "asymptotes", "zeros", "extrema", "inflections", "kinks", "jumps", "period",
    "monotone", "curvature", "parity", "smoothness", "lipschitz", "saturation", "memory", "mean", "second_moment",
    "slope_second_moment", "zero_slope_mass", "gain", "backward_gain", "chi", "propagation", "self_normalising",
)  # fmt: skip
"""Every fact that is derived; `cost` is measured."""

MOMENTS = ("mean", "second_moment", "slope_second_moment", "zero_slope_mass")


class Facts:
    """What is known of an elementwise activation at its default parameters; each fact is found when asked for.

    An attribute is the plain value; `facts["gain"]` is a `Fact`: the value, whether it is proved or numeric, why,
    and floats that enclose what is proved.

    Attributes
    ----------
    range : Range
        The least and greatest value, and whether each is attained.
    limits, slope_limits : (float, float)
        Of value and slope at minus and plus infinity; NaN where there is none.
    asymptotes : (Line or None, Line or None)
        The line that f approaches at minus and plus infinity.
    zeros : Places of float
        Isolated inputs with value 0, and stretches of them.
    extrema : Places of (float, float)
        (x, f(x)) of each strict local minimum and maximum.
    inflections, kinks, jumps : Places of float
        Where the bend changes sign; where the formula switches; where f is not continuous.
    period : float or None
    monotone : "increasing", "decreasing" or None
        In the wide sense: flat stretches are allowed.
    curvature : Curvature
        Convex, concave, linear or none of them as a whole, and on which stretches.
    parity : "odd", "even" or None
    smoothness : float
        How many derivatives are continuous; infinity if all are, -1 if f itself is not.
    lipschitz : float
        The least upper bound of |f'(x)|; infinity where f jumps.
    saturation : (float or None, float or None)
        Below the first and above the second, |f'| is under 1 % of its maximum; None where it never is.
    memory : Memory
        What is kept for the backward pass.
    gaussian : Gaussian
        Moments for a standard normal input z: mean, second_moment, slope_second_moment, zero_slope_mass.
    gain : float
        1 / sqrt(E f(z)^2): weights of variance gain^2 / fan_in keep the second moment at 1.
    backward_gain : float
        1 / sqrt(E f'(z)^2): weights of variance backward_gain^2 / fan_out keep gradients' size; infinity where no
        gradient passes.
    chi : float
        gain^2 E f'(z)^2: the factor by which the squared gradient changes per layer under `gain`.
    propagation : Propagation or None
        The fixed point of the variance under `gain`, whether it attracts, and the edge of chaos.
    self_normalising : SelfNormalising or None
        The scale and shift that keep mean 0 and variance 1.
    cost : Cost
        Measured on this machine when asked for.

    Examples
    --------
    >>> import nonlin as nl
    >>> nl.silu.facts.range.low_attained, str(nl.silu.facts.range)
    (True, '[-0.278465, inf)')
    >>> nl.silu.facts["gain"].how, round(nl.silu.facts.gain, 6)
    ('proved', 1.676532)
    """

    range: Range
    limits: tuple[float, float]
    slope_limits: tuple[float, float]
    asymptotes: tuple[Line | None, Line | None]
    zeros: Places
    extrema: Places
    inflections: Places
    kinks: Places
    jumps: Places
    period: float | None
    monotone: Literal["increasing", "decreasing"] | None
    curvature: Curvature
    parity: Literal["odd", "even"] | None
    smoothness: float
    lipschitz: float
    saturation: tuple[float | None, float | None]
    memory: Memory
    mean: float
    second_moment: float
    slope_second_moment: float
    zero_slope_mass: float
    gain: float
    backward_gain: float
    chi: float
    propagation: Propagation | None
    self_normalising: SelfNormalising | None
    cost: Cost

    def __init__(self, find: Callable[[str], Fact], measure: Callable[[], Cost] | None = None) -> None:
        """Take what finds a fact by its name, and what measures the cost."""
        self._find, self._measure = find, measure
        self._known: dict[str, Fact] = {}

    def __getitem__(self, name: str) -> Fact:
        """Return one fact with how it is known.

        Raises
        ------
        InvalidInput
            If there is no such fact.
        """
        if name not in self._known:
            self._known[name] = self._found(name)
        return self._known[name]

    def __getattr__(self, name: str) -> Any:
        if name in NAMES or name == "cost":
            return self[name].value
        raise AttributeError(f"facts have no {name!r}; they are {', '.join(NAMES)}, gaussian and cost")

    def __iter__(self) -> Iterator[Fact]:
        """Yield every derived fact; none is measured."""
        return (self[name] for name in NAMES)

    def __dir__(self) -> list[str]:
        return [*NAMES, "gaussian", "cost", "as_dict"]

    def __repr__(self) -> str:
        return "\n".join(f"{f.name}: {f.value}  ({f.how})" for f in self)

    @property
    def gaussian(self) -> Gaussian:
        """Moments for a standard normal input."""
        return Gaussian(*(self[name].value for name in MOMENTS))

    def as_dict(self) -> dict[str, Any]:
        """Return every derived fact as plain data, and under "known" how each is known."""
        told = {f.name: f.value for f in self if f.name not in MOMENTS}
        known = {f.name: {"how": f.how, "because": f.because, "bounds": f.bounds} for f in self}
        plain = {**told, "gaussian": {n: self[n].value for n in MOMENTS}, "known": known}
        return {name: as_plain(value) for name, value in plain.items()}

    def _found(self, name: str) -> Fact:
        if name == "cost" and self._measure is not None:
            return Fact("cost", self._measure(), "measured", "on this machine, now, in times of numpy.copyto")
        if name not in NAMES:
            raise InvalidInput(f"no fact is called {name!r}; the facts are {', '.join(NAMES)} and cost")
        return self._find(name)


def found_in(definition: Callable[[], Definition]) -> Callable[[str], Fact]:
    """Return what derives a fact of a definition by its name; the definition itself is had when first needed."""

    def found(name: str) -> Fact:
        from nonlin.facts.finding import find

        return find(definition(), name)

    return found


def facts(definition: Definition) -> Facts:
    """Return the facts of an elementwise definition, each derived when first asked for; none measured."""
    return Facts(found_in(lambda: definition))
