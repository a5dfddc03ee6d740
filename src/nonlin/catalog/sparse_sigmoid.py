"""Sparse sigmoid: the two-class sparsemax, f(x) = min(max((x + 1) / 2, 0), 1)."""

from nonlin.vocabulary import Bounded, Complement, Definition, Increasing, Slope, Twin, Value, where, x

sparse_sigmoid = Definition(
    formula=where(x <= -1, 0, where(x >= 1, 1, (x + 1) / 2)),
    source="Martins and Astudillo (2016), From softmax to sparsemax, arXiv:1602.02068",
    twins={
        "keras": "keras.activations.sparse_sigmoid",
        "jax": Twin("jax.nn.sparse_sigmoid", kink="middle"),
    },
    claims=[
        Value(at=-2, is_=0), Value(at=0, is_=0.5), Value(at=2, is_=1), Slope(at=-1, is_=0), Slope(at=1, is_=0),
        Bounded(below=0, above=1), Complement(total=1), Increasing(),
    ],
)  # fmt: skip
