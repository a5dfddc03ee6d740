"""GELU, tanh form: x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2, within 4.8e-4 of GELU."""

from nonlin.vocabulary import (
    Definition,
    Limit,
    Minimum,
    Slope,
    Twin,
    Value,
    inf,
    number,
    pi,
    sigmoid,
    sqrt,
    x,
)

# (1 + tanh u) / 2 is sigmoid(2 u), which keeps the digits of the left tail that 1 + tanh u cancels.
gelu_tanh = Definition(
    formula=x * sigmoid(2 * sqrt(2 / pi) * (x + number("0.044715") * x**3)),
    fast_lanes=False,  # the slope's roundings add up to 6 ulp
    source="Hendrycks and Gimpel (2016), arXiv:1606.08415",
    aliases=["gelu_new", "gelu_pytorch_tanh", "gelu_accurate", "gelu_python_tanh", "gelu_approx"],
    twins={
        "torch": Twin("torch.nn.functional.gelu", approximate="tanh"),
        "jax": Twin("jax.nn.gelu", approximate=True),
        "onnx": Twin("Gelu", approximate="tanh"),
    },
    claims=[
        Value(at=1, is_=0.8411920, digits=7), Slope(at=0, is_=0.5), Limit(at=-inf, is_=0),
        Minimum(at=-0.752461422071016, is_=-0.170040751, digits=9),
    ],
)  # fmt: skip
