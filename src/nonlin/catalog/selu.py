"""SELU, scaled ELU: the two constants keep mean 0 and variance 1 of a standard normal input."""

from nonlin.vocabulary import Definition, Increasing, Limit, Value, expm1, inf, number, where, x

alpha = number("1.6732632423543772848170429916717")
scale = number("1.0507009873554804934193349852946")

selu = Definition(
    formula=where(x > 0, scale * x, scale * alpha * expm1(x)),
    source="Klambauer, Unterthiner, Mayr and Hochreiter (2017), arXiv:1706.02515",
    twins={"torch": "torch.nn.functional.selu", "jax": "jax.nn.selu", "onnx": "Selu"},
    claims=[
        Value(at=1, is_=1.0507009873554805), Limit(at=-inf, is_=-1.7580993408473768), Increasing(),
    ],
)  # fmt: skip
