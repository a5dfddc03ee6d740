"""ELU, exponential linear unit: the input where it is positive, else alpha (exp(x) - 1)."""

from nonlin.vocabulary import Definition, Increasing, Limit, Parameter, Slope, Value, expm1, inf, where, x

alpha = Parameter("alpha", 1.0, "depth of the negative side: f tends to -alpha")

elu = Definition(
    formula=where(x > 0, x, alpha * expm1(x)),
    parameters=[alpha],
    source="Clevert, Unterthiner and Hochreiter (2015), arXiv:1511.07289",
    twins={"torch": "torch.nn.functional.elu", "jax": "jax.nn.elu", "onnx": "Elu"},
    claims=[
        Value(at=-1, is_=-0.632120558829), Limit(at=-inf, is_=-1), Slope(at=0, is_=1), Increasing(),
    ],
)  # fmt: skip
