"""Thresholded softplus: f(x) = log(1 + exp(beta x)) / beta, but x itself where beta x is above a threshold."""

from nonlin.vocabulary import (
    Bounded,
    Definition,
    Limit,
    Parameter,
    Slope,
    Twin,
    Value,
    inf,
    softplus,
    where,
    x,
)

beta = Parameter("beta", 1.0, "sharpness of the bend")
threshold = Parameter("threshold", 20.0, "where beta x is above it, the input passes")

thresholded_softplus = Definition(
    formula=where(beta * x > threshold, x, softplus(beta * x) / beta),
    parameters=[beta, threshold],
    fast_lanes=False,  # at a threshold that float32 rounds, the function jumps
    source="Dugas, Bengio, Belisle, Nadeau and Garcia (2000), NIPS 13; beta and threshold as in PyTorch",
    twins={
        "torch": Twin("torch.nn.functional.softplus", "torch.nn.Softplus"),
    },
    claims=[
        Value(at=0, is_=0.693147180560), Slope(at=0, is_=0.5), Limit(at=-inf, is_=0), Limit(at=inf, is_=inf),
        Value(at=30, is_=30), Bounded(below=0),
    ],
)  # fmt: skip
