"""Softplus of any sharpness: f(x) = log(1 + exp(beta x)) / beta; beta 1 is softplus, a large beta is near ReLU."""

from nonlin.vocabulary import (
    Bounded,
    Definition,
    Increasing,
    Limit,
    Parameter,
    Slope,
    Twin,
    Value,
    inf,
    softplus,
    x,
)

beta = Parameter("beta", 1.0, "sharpness of the bend")

softplus_beta = Definition(
    formula=softplus(beta * x) / beta,
    parameters=[beta],
    source="Dugas, Bengio, Belisle, Nadeau and Garcia (2000), NIPS 13; beta as in PyTorch",
    twins={
        "tinygrad": Twin("tinygrad.Tensor.softplus", differs="theirs is 0 below -17, and NaN at inf (measured)"),
    },
    claims=[
        Value(at=0, is_=0.693147180560), Slope(at=0, is_=0.5), Limit(at=-inf, is_=0), Limit(at=inf, is_=inf),
        Bounded(below=0), Increasing(),
    ],
)  # fmt: skip
