"""Softsign: f(x) = x / (1 + |x|)."""

from nonlin.vocabulary import Bounded, Definition, Increasing, Limit, Odd, Slope, Value, abs, inf, x

softsign = Definition(
    formula=x / (1 + abs(x)),
    source="Bergstra, Desjardins, Lamblin and Bengio (2009), Quadratic polynomials learn better image features",
    aliases=["soft_sign"],
    twins={"torch": "torch.nn.functional.softsign", "jax": "jax.nn.soft_sign", "onnx": "Softsign"},
    claims=[
        Value(at=1, is_=0.5), Slope(at=0, is_=1), Slope(at=-1, is_=0.25), Limit(at=-inf, is_=-1),
        Limit(at=inf, is_=1), Bounded(below=-1, above=1), Odd(), Increasing(),
    ],
)  # fmt: skip
