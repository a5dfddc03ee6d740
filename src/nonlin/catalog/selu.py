"""SELU, scaled ELU: the two constants keep mean 0 and variance 1 of a standard normal input."""

from nonlin.vocabulary import Definition, Increasing, Limit, Twin, Value, expm1, inf, number, where, x

alpha = number("1.6732632423543772848170429916717")
scale = number("1.0507009873554804934193349852946")

lost = "expm1(x) + 1 loses the slope's tail: 0 from x = -17 in float32 (jax#39795)"
rounded = "its constants are 1.67326 and 1.0507: 5e-6 off at -inf (measured); exp(x) - 1 cancels (as tensorflow#116943)"

selu = Definition(
    formula=where(x > 0, scale * x, scale * alpha * expm1(x)),
    source="Klambauer, Unterthiner, Mayr and Hochreiter (2017), arXiv:1706.02515",
    twins={
        "torch": Twin("torch.nn.functional.selu", "torch.nn.SELU", "torch.selu"),
        "keras": Twin("keras.activations.selu", differs=f"on JAX, {lost}"),
        "jax": Twin("jax.nn.selu", differs=lost),
        "onnx": "Selu",
        "timm": "selu",
        "mlx": Twin("mlx.nn.selu", "mlx.nn.SELU", differs=rounded),
        "tinygrad": Twin("tinygrad.Tensor.selu", kink="right", differs=rounded),
    },
    claims=[
        Value(at=1, is_=1.0507009873554805), Limit(at=-inf, is_=-1.7580993408473768), Increasing(),
    ],
)  # fmt: skip
