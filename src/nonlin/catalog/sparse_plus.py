"""Sparse plus: 0 below -1, (x + 1)^2 / 4 up to 1, then the input; its slope is the sparse sigmoid."""

from nonlin.vocabulary import Bounded, Definition, Increasing, Slope, Twin, Value, where, x

unsettled = "its slope is NaN at inf and -inf, where the limits are 1 and 0 (measured)"

sparse_plus = Definition(
    formula=where(x <= -1, 0, where(x < 1, (x + 1) ** 2 / 4, x)),
    source="the integral of the two-class sparsemax of Martins and Astudillo (2016), arXiv:1602.02068",
    twins={
        "keras": Twin("keras.activations.sparse_plus", differs=unsettled),
        "jax": Twin("jax.nn.sparse_plus", differs=unsettled),
    },
    claims=[
        Value(at=-2, is_=0), Value(at=0, is_=0.25), Value(at=1, is_=1), Value(at=3, is_=3), Slope(at=-1, is_=0),
        Slope(at=0, is_=0.5), Slope(at=1, is_=1), Bounded(below=0), Increasing(),
    ],
)  # fmt: skip
