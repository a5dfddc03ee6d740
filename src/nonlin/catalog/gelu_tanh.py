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

unsettled = "theirs is NaN at -inf, where the limit is 0 (measured; as silu: pytorch#195197)"
cancels = f"1 + tanh(u) cancels: 0 below -6 (measured; as tt-metal#56517); {unsettled}"

# (1 + tanh u) / 2 is sigmoid(2 u), which keeps the digits of the left tail that 1 + tanh u cancels.
gelu_tanh = Definition(
    formula=x * sigmoid(2 * sqrt(2 / pi) * (x + number("0.044715") * x**3)),
    fast_lanes=False,  # the slope's roundings add up to 6 ulp
    source="Hendrycks and Gimpel (2016), arXiv:1606.08415",
    aliases=["gelu_new", "gelu_pytorch_tanh", "gelu_accurate", "gelu_python_tanh", "gelu_approx"],
    twins={
        "torch": Twin("torch.nn.functional.gelu", "torch.nn.GELU", approximate="tanh", differs=cancels),
        "keras": [
            Twin("keras.activations.gelu", approximate=True, differs=cancels),
            Twin("keras.ops.gelu", by_default=True, approximate=True, differs=cancels),
        ],
        "jax": Twin(
            "jax.nn.gelu", by_default=True, approximate=True, differs=cancels
        ),
        "onnx": Twin("Gelu", approximate="tanh", differs=cancels),
        "hf": [
            Twin("gelu_pytorch_tanh", "gelu_python_tanh", "transformers.activations.GELUTanh", differs=cancels),
            Twin("gelu_new", "transformers.activations.NewGELUActivation", differs=cancels),
            Twin("gelu_fast", "transformers.activations.FastGELUActivation", differs=cancels),
            Twin("gelu_accurate", "transformers.activations.AccurateGELUActivation", differs=cancels),
        ],
        "timm": Twin("gelu_tanh", "timm.layers.GELUTanh", differs=cancels),
        "mlx": [
            Twin("mlx.nn.gelu_approx", differs=cancels),
            Twin("mlx.nn.GELU", approx="precise", differs=cancels),
            Twin("mlx.nn.GELU", approx="tanh", differs=cancels),
        ],
        "tinygrad": Twin("tinygrad.Tensor.gelu", by_default=True, approximate="tanh", differs=unsettled),
        "tfa": Twin("tensorflow_addons.activations.gelu", by_default=True, approximate=True, differs=cancels),
    },
    claims=[
        Value(at=1, is_=0.8411920, digits=7), Slope(at=0, is_=0.5), Limit(at=-inf, is_=0),
        Minimum(at=-0.752461422071016, is_=-0.170040751, digits=9),
    ],
)  # fmt: skip
