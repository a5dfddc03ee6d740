"""CELU: an ELU whose slope is continuous for every alpha; max(x, 0) + min(alpha (exp(x/alpha) - 1), 0)."""

from nonlin.vocabulary import (
    Definition,
    Increasing,
    Limit,
    Parameter,
    Slope,
    Twin,
    Value,
    expm1,
    inf,
    where,
    x,
)

alpha = Parameter("alpha", 1.0, "depth of the negative side: f tends to -alpha")

lost = "expm1(x) + 1 loses the slope's tail: 0 from x = -17 in float32 (jax#39795)"
cancels = "exp(x) - 1 cancels: 0 for small negative x (as tensorflow#116943)"

celu = Definition(
    formula=where(x > 0, x, alpha * expm1(x / alpha)),
    parameters=[alpha],
    source="Barron (2017), Continuously differentiable exponential linear units, arXiv:1704.07483",
    twins={
        "torch": Twin("torch.nn.functional.celu", "torch.nn.CELU"),
        "keras": Twin("keras.activations.celu", differs=f"on JAX, {lost}"),
        "jax": Twin("jax.nn.celu", differs=lost),
        "onnx": "Celu",
        "timm": "celu",
        "mlx": Twin("mlx.nn.celu", "mlx.nn.CELU", differs=f"{cancels}; its slope at 0 is 0"),
        "tinygrad": Twin("tinygrad.Tensor.celu", differs=f"{cancels}; slope NaN from x = 89 (tinygrad#17852)"),
    },
    claims=[
        Value(at=-1, is_=-0.632120558829), Limit(at=-inf, is_=-1), Slope(at=0, is_=1), Increasing(),
    ],
)  # fmt: skip
