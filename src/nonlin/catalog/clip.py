"""Clip: the input, brought between two bounds; unlike hard tanh, its slope at a bound is 1."""

from nonlin.vocabulary import Bounded, Definition, Increasing, Odd, Parameter, Slope, Twin, Value, where, x

low = Parameter("min", -1.0, "the least value")
high = Parameter("max", 1.0, "the greatest value")

clip = Definition(
    formula=where(x < low, low, where(x > high, high, x)),
    parameters=[low, high],
    source="the projection onto an interval",
    aliases=["clamp"],
    twins={
        "torch": Twin("torch.clamp", min=-1.0, max=1.0),
        "jax": Twin("jax.numpy.clip", min=-1.0, max=1.0),
        "onnx": Twin("Clip", min=-1.0, max=1.0),
    },
    claims=[
        Value(at=-4, is_=-1), Value(at=4, is_=1), Value(at=0.25, is_=0.25), Slope(at=-1, is_=1), Slope(at=1, is_=1),
        Bounded(below=-1, above=1), Odd(), Increasing(),
    ],
)  # fmt: skip
