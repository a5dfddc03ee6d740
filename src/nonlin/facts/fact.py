"""What facts are made of: plain data that reads and prints without SymPy or python-flint."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

How = Literal["proved", "numeric", "measured"]
Pair = tuple[float, float]


@dataclass(frozen=True)
class Fact:
    """One thing known of a function, and how it is known.

    Attributes
    ----------
    name : str
    value : object
        See `Facts` for each name.
    how : "proved", "numeric" or "measured"
        Proved: by interval arithmetic over the whole line, or by algebra. Numeric: from samples. Measured: on this
        machine, now.
    because : str
        How it was proved, or why it was not; a few words.
    bounds : tuple of (float, float)
        For each number of a proved value, in order, two floats that enclose it.
    """

    name: str
    value: Any
    how: How
    because: str = ""
    bounds: tuple[Pair, ...] = ()


@dataclass(frozen=True)
class Range:
    """The least and greatest value, and whether each is attained or only approached."""

    low: float
    high: float
    low_attained: bool
    high_attained: bool

    def __str__(self) -> str:
        opening, closing = "[" if self.low_attained else "(", "]" if self.high_attained else ")"
        return f"{opening}{self.low:.6g}, {self.high:.6g}{closing}"


class Places(tuple[Any, ...]):
    """Isolated places in ascending order: a tuple of floats, or of (x, f(x)), that also tells of endless families.

    Attributes
    ----------
    stretches : tuple of (float, float)
        Whole intervals on which the same holds, such as the zeros of a ReLU; an end may be infinite.
    period : float or None
        If not None, the places repeat for ever; those of one period are listed.
    endless : bool
        Whether there may be more beyond those that were found; with a period, that the values f(x) do not repeat.
    """

    stretches: tuple[Pair, ...] = ()
    period: float | None = None
    endless: bool = False

    @classmethod
    def of(
        cls,
        places: Iterable[Any],
        stretches: Iterable[Pair] = (),
        period: float | None = None,
        endless: bool = False,
    ) -> Places:
        """Return places with what is said of families of them."""
        self = cls(places)
        self.stretches, self.period, self.endless = tuple(stretches), period, endless
        return self

    def __str__(self) -> str:
        parts = [_place(p) for p in self]
        if self.period is not None and parts:
            shifted = ", with other values" if self.endless else ""
            parts[-1] += f" and again every {_short(self.period)}{shifted}"
        parts += [_stretch(*s) for s in self.stretches]
        if self.endless and self.period is None:
            parts.append("and perhaps more, farther out" if parts else "none found; perhaps farther out")
        return ", ".join(parts) or "none"


@dataclass(frozen=True)
class Line:
    """An asymptote y = slope x + offset."""

    slope: float
    offset: float

    def __str__(self) -> str:
        if self.slope == 0:
            return f"y = {_short(self.offset)}"
        slope = {1.0: "", -1.0: "-"}.get(self.slope, f"{_short(self.slope)} ")
        sign = "-" if self.offset < 0 else "+"
        return f"y = {slope}x" + ("" if self.offset == 0 else f" {sign} {_short(abs(self.offset))}")


@dataclass(frozen=True)
class Bend:
    """A stretch on which a function is "convex", "concave" or "linear"."""

    low: float
    high: float
    curvature: Literal["convex", "concave", "linear"]


@dataclass(frozen=True)
class Curvature:
    """How a function bends: as a whole, and stretch by stretch.

    Attributes
    ----------
    whole : "convex", "concave", "linear" or None
    bends : tuple of Bend
        In ascending order; of one period if the function repeats.
    """

    whole: Literal["convex", "concave", "linear"] | None
    bends: tuple[Bend, ...]

    def __str__(self) -> str:
        if self.whole:
            return self.whole
        return ", ".join(f"{b.curvature} on ({_short(b.low)}, {_short(b.high)})" for b in self.bends)


@dataclass(frozen=True)
class Gaussian:
    """What becomes of z ~ N(0, 1).

    Attributes
    ----------
    mean : float
        E f(z).
    second_moment : float
        E f(z)^2.
    slope_second_moment : float
        E f'(z)^2; jumps of f itself are not counted.
    zero_slope_mass : float
        The probability that f'(z) is exactly 0.
    """

    mean: float
    second_moment: float
    slope_second_moment: float
    zero_slope_mass: float


@dataclass(frozen=True)
class Propagation:
    """How size and gradient travel through many wide layers, in the mean-field picture.

    A layer with weights of variance s_w^2 / fan_in and biases of variance s_b^2 maps the variance q of its
    pre-activations to V(q) = s_w^2 E f(sqrt(q) z)^2 + s_b^2, and multiplies the squared gradient by
    chi = s_w^2 E f'(sqrt(q) z)^2 (Poole, Lahiri, Raghu, Sohl-Dickstein and Ganguli, 2016, arXiv:1606.05340;
    Schoenholz, Gilmer, Ganguli and Sohl-Dickstein, 2017, arXiv:1611.01232).

    Attributes
    ----------
    fixed_point : float
        q* = 1: with s_w = `Facts.gain` and no biases, V(1) = 1.
    return_rate : float
        V'(1) = s_w^2 E[(z^2 - 1) f(z)^2] / 2: a variance that is off by d is off by V'(1) d one layer on.
    fate : "attracting", "neutral" or "repelling"
        Below, at or above 1.
    chi : float
        At q* = 1 under `Facts.gain`: below 1 gradients vanish and inputs converge (ordered), above 1 they
        explode and inputs part (chaotic).
    critical_weight, critical_bias : float or None
        The s_w and s_b for which both V(1) = 1 and chi = 1, the edge of chaos at q* = 1:
        s_w^2 = 1 / E f'^2, s_b^2 = 1 - E f^2 / E f'^2; None where that is negative.
    """

    fixed_point: float
    return_rate: float
    fate: Literal["attracting", "neutral", "repelling"]
    chi: float
    critical_weight: float | None
    critical_bias: float | None


@dataclass(frozen=True)
class SelfNormalising:
    """The scale and shift with which an activation keeps mean 0 and variance 1, and whether it returns to them.

    F(x) = scale (f(x) - shift) has E F(z) = 0 and E F(z)^2 = 1 for z ~ N(0, 1), so that (0, 1) is a fixed point
    of the map of mean and variance from layer to layer (Klambauer, Unterthiner, Mayr and Hochreiter, 2017,
    arXiv:1706.02515, with weights of sum 0 and of squared sum 1). With `by`, a parameter of f takes the place of
    the shift: SELU is ELU by alpha.

    Attributes
    ----------
    scale, shift : float
    parameter : (str, float) or None
        The parameter that was solved for, and its value.
    mean_rate : float
        d mean' / d variance = E[(z^2 - 1) F(z)] / 2 at the fixed point.
    variance_rate : float
        d variance' / d variance = E[(z^2 - 1) F(z)^2] / 2 at the fixed point; the map's one eigenvalue besides 0.
    fate : "attracting", "neutral" or "repelling"
        As |variance_rate| is below, at or above 1.
    """

    scale: float
    shift: float
    parameter: tuple[str, float] | None
    mean_rate: float
    variance_rate: float
    fate: Literal["attracting", "neutral", "repelling"]


@dataclass(frozen=True)
class Memory:
    """What must be kept of a forward pass for the backward one.

    Attributes
    ----------
    keeps : "nothing" or "the input"
        Nothing where the slope is the same everywhere; else the input, from which value and slope are recomputed.
    bytes_per_value : int
        For float32.
    """

    keeps: Literal["nothing", "the input"]
    bytes_per_value: int


@dataclass(frozen=True)
class Cost:
    """Time on this machine, in times of `numpy.copyto` for the same float32 array, one thread.

    Attributes
    ----------
    value : float
        Of f(x), into an array that is there.
    value_and_slope : float
        Of f(x) and f'(x) in one pass.
    size : int
        How many values the array held.
    """

    value: float
    value_and_slope: float
    size: int


def as_plain(value: Any) -> Any:
    """Return a fact's value as numbers, texts, lists and dicts, for JSON; numbers that JSON lacks as text."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: as_plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {k: as_plain(v) for k, v in value.items()}
    return [as_plain(v) for v in value] if isinstance(value, tuple | list) else value


def _place(place: Any) -> str:
    return f"f({_short(place[0])}) = {_short(place[1])}" if isinstance(place, tuple) else _short(place)


def _stretch(low: float, high: float) -> str:
    if math.isinf(low):
        return "everywhere" if math.isinf(high) else f"all up to {_short(high)}"
    return f"all from {_short(low)} on" if math.isinf(high) else f"all from {_short(low)} to {_short(high)}"


def _short(value: float) -> str:
    return f"{value + 0.0:.6g}"
