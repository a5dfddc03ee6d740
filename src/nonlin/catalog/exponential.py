"""Exponential: f(x) = e^x."""

from nonlin.vocabulary import Bounded, Definition, Increasing, Limit, Slope, Value, exp, inf, x

exponential = Definition(
    formula=exp(x),
    source="the exponential function",
    aliases=["exp"],
    twins={
        "torch": "torch.exp",
        "jax": "jax.numpy.exp",
        "keras": ["keras.activations.exponential", "keras.ops.exp"],
        "onnx": "Exp",
        "mlx": "mlx.core.exp",
        "tinygrad": "tinygrad.Tensor.exp",
        "numpy": "numpy.exp",
    },
    claims=[
        Value(at=0, is_=1), Value(at=1, is_=2.718281828459), Slope(at=0, is_=1), Limit(at=-inf, is_=0),
        Limit(at=inf, is_=inf), Bounded(below=0), Increasing(),
    ],
)  # fmt: skip
