"""Affine TLU: the input, but never below a learned line; f(x) = max(x, alpha x + tau)."""

from nonlin.vocabulary import Bounded, Definition, Increasing, Parameter, Slope, Twin, Value, where, x

alpha = Parameter("alpha", 0.0, "learned slope of the line")
tau = Parameter("tau", 0.0, "learned value of the line at 0")

affine_tlu = Definition(
    formula=where(x > alpha * x + tau, x, alpha * x + tau),
    parameters=[alpha, tau],
    learnable=["alpha", "tau"],
    source="Singh and Krishnan (2019), Filter response normalization layer, arXiv:1911.09737",
    aliases=["tlu_affine"],
    twins={
        "tfa": Twin("tensorflow_addons.layers.TLU", affine=True),
    },
    claims=[Value(at=-1, is_=0), Value(at=2, is_=2), Slope(at=0, is_=0), Bounded(below=0), Increasing()],
)  # fmt: skip
