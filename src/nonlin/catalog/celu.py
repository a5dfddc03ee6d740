"""CELU: an ELU whose slope is continuous for every alpha; max(x, 0) + min(alpha (exp(x/alpha) - 1), 0)."""

from nonlin.vocabulary import Definition, Increasing, Limit, Parameter, Slope, Value, expm1, inf, where, x

alpha = Parameter("alpha", 1.0, "depth of the negative side: f tends to -alpha")

celu = Definition(
    formula=where(x > 0, x, alpha * expm1(x / alpha)),
    parameters=[alpha],
    source="Barron (2017), Continuously differentiable exponential linear units, arXiv:1704.07483",
    twins={"torch": "torch.nn.functional.celu", "jax": "jax.nn.celu", "onnx": "Celu"},
    claims=[
        Value(at=-1, is_=-0.632120558829), Limit(at=-inf, is_=-1), Slope(at=0, is_=1), Increasing(),
    ],
)  # fmt: skip
