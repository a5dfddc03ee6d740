"""Clip: the input, brought between two bounds; unlike hard tanh, its slope at a bound is 1."""

from nonlin.vocabulary import Bounded, Definition, Increasing, Odd, Parameter, Slope, Twin, Value, where, x

low = Parameter("min", -1.0, "the least value")
high = Parameter("max", 1.0, "the greatest value")

unbounded = "theirs has no bounds unless they are given (documented)"

clip = Definition(
    formula=where(x < low, low, where(x > high, high, x)),
    parameters=[low, high],
    source="the projection onto an interval",
    aliases=["clamp"],
    twins={
        "torch": Twin("torch.clamp", "torch.clip", by_default=True, min=-1.0, max=1.0, differs=unbounded),
        "keras": Twin(
            "keras.ops.clip", names={"min": "x_min", "max": "x_max"}, by_default=True, x_min=-1.0, x_max=1.0,
            differs=unbounded,
        ),
        "jax": Twin("jax.numpy.clip", by_default=True, min=-1.0, max=1.0, kink="middle", differs=unbounded),
        "onnx": Twin("Clip", by_default=True, min=-1.0, max=1.0, differs=unbounded),
        "tinygrad": Twin(
            "tinygrad.Tensor.clip", "tinygrad.Tensor.clamp", names={"min": "min_", "max": "max_"}, by_default=True,
            min_=-1.0, max_=1.0, differs=unbounded,
        ),
    },
    claims=[
        Value(at=-4, is_=-1), Value(at=4, is_=1), Value(at=0.25, is_=0.25), Slope(at=-1, is_=1), Slope(at=1, is_=1),
        Bounded(below=-1, above=1), Odd(), Increasing(),
    ],
)  # fmt: skip
