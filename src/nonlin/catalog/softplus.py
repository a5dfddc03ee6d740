"""Softplus: a smooth ReLU, f(x) = log(1 + exp(x)); its slope is the sigmoid."""

from nonlin.vocabulary import Bounded, Definition, Increasing, Limit, Slope, Value, inf, words, x

softplus = Definition(
    formula=words.softplus(x),
    source="Dugas, Bengio, Belisle, Nadeau and Garcia (2000), NIPS 13",
    twins={"torch": "torch.nn.functional.softplus", "jax": "jax.nn.softplus", "onnx": "Softplus"},
    claims=[
        Value(at=0, is_=0.693147180560), Slope(at=0, is_=0.5), Limit(at=-inf, is_=0), Limit(at=inf, is_=inf),
        Bounded(below=0), Increasing(),
    ],
)  # fmt: skip
