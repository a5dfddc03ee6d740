"""ELU, exponential linear unit: the input where it is positive, else alpha (exp(x) - 1)."""

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
cancels = "exp(x) - 1 cancels: 0 for small negative x (as tensorflow#116943); slope NaN from x = 89 (tinygrad#17852)"

elu = Definition(
    formula=where(x > 0, x, alpha * expm1(x)),
    parameters=[alpha],
    source="Clevert, Unterthiner and Hochreiter (2015), arXiv:1511.07289",
    twins={
        "torch": Twin("torch.nn.functional.elu", "torch.nn.ELU"),
        "keras": Twin("keras.activations.elu", "keras.layers.ELU", differs=f"on JAX, {lost}"),
        "jax": Twin("jax.nn.elu", differs=lost),
        "onnx": "Elu",
        "timm": "elu",
        "mlx": Twin("mlx.nn.elu", "mlx.nn.ELU", differs=cancels),
        "tinygrad": Twin("tinygrad.Tensor.elu", differs=f"{cancels}, and 0 at x = 0"),
    },
    claims=[
        Value(at=-1, is_=-0.632120558829), Limit(at=-inf, is_=-1), Slope(at=0, is_=1), Increasing(),
    ],
)  # fmt: skip
