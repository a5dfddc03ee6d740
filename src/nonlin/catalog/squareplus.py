"""Squareplus: a smooth ReLU without an exponential; f(x) = (x + sqrt(x^2 + b)) / 2."""

from nonlin.vocabulary import (
    Bounded,
    Definition,
    Increasing,
    Limit,
    Parameter,
    Slope,
    Twin,
    Value,
    hypot,
    inf,
    sqrt,
    x,
)

b = Parameter("b", 4.0, "width of the bend; the value at 0 is sqrt(b) / 2")

cancels = "theirs loses the digits of the left tail, 738 ulp at -80, and is NaN at -inf (measured)"

squareplus = Definition(
    formula=x / 2 + hypot(x, sqrt(b)) / 2,
    parameters=[b],
    fast_lanes=False,  # the slope's roundings add up to 4 ulp
    source="Barron (2021), Squareplus: a softplus-like algebraic rectifier, arXiv:2112.11687",
    twins={
        "jax": Twin("jax.nn.squareplus", differs=cancels),
        "keras": Twin("keras.activations.squareplus", differs=cancels),
    },
    claims=[
        Value(at=0, is_=1), Value(at=1.5, is_=2), Value(at=-1.5, is_=0.5), Slope(at=0, is_=0.5),
        Limit(at=-inf, is_=0), Limit(at=inf, is_=inf), Bounded(below=0), Increasing(),
    ],
)  # fmt: skip
