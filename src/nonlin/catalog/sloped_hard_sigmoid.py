"""Sloped hard sigmoid: a hard sigmoid of any slope; f(x) = min(max(alpha x + beta, 0), 1)."""

from nonlin.vocabulary import Bounded, Definition, Increasing, Parameter, Slope, Twin, Value, where, x

# alpha 1/6 is no float: the hard sigmoid itself, whose kinks are at -3 and 3 exactly, is a file of its own.
alpha = Parameter("alpha", 0.2, "slope between the bounds")
beta = Parameter("beta", 0.5, "value at 0")

sloped_hard_sigmoid = Definition(
    formula=where(alpha * x + beta <= 0, 0, where(alpha * x + beta >= 1, 1, alpha * x + beta)),
    parameters=[alpha, beta],
    fast_lanes=False,  # alpha x and beta, as float32 rounds them, cancel at the lower kink
    source="Courbariaux, Bengio and David (2015), BinaryConnect, arXiv:1511.00363",
    aliases=["onnx_hard_sigmoid"],
    twins={
        "onnx": Twin("HardSigmoid", defaults={"alpha": 0.20000000298023224}),
        "tinygrad": Twin(
            "tinygrad.Tensor.hardsigmoid", defaults={"alpha": 1 / 6}, kink="left",
            differs="theirs is NaN at inf (as tinygrad#18028)"
        ),
    },
    claims=[
        Value(at=0, is_=0.5), Value(at=1, is_=0.7), Value(at=-3, is_=0), Value(at=3, is_=1), Slope(at=1, is_=0.2),
        Bounded(below=0, above=1), Increasing(),
    ],
)  # fmt: skip
