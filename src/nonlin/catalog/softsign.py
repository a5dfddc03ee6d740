"""Softsign: f(x) = x / (1 + |x|)."""

from nonlin.vocabulary import Bounded, Definition, Increasing, Limit, Odd, Slope, Twin, Value, abs, inf, x

unsettled = "theirs is NaN at inf and -inf, where the limits are 1 and -1 (measured)"

softsign = Definition(
    formula=x / (1 + abs(x)),
    source="Bergstra, Desjardins, Lamblin and Bengio (2009), Quadratic polynomials learn better image features",
    aliases=["soft_sign"],
    twins={
        "torch": Twin("torch.nn.functional.softsign", "torch.nn.Softsign", differs=unsettled),
        "keras": Twin("keras.activations.softsign", differs=unsettled),
        "jax": Twin("jax.nn.soft_sign", differs=unsettled),
        "onnx": Twin("Softsign", differs=unsettled),
        "mlx": Twin("mlx.nn.softsign", "mlx.nn.Softsign", differs=unsettled),
        "tinygrad": Twin("tinygrad.Tensor.softsign", differs=unsettled),
    },
    claims=[
        Value(at=1, is_=0.5), Slope(at=0, is_=1), Slope(at=-1, is_=0.25), Limit(at=-inf, is_=-1),
        Limit(at=inf, is_=1), Bounded(below=-1, above=1), Odd(), Increasing(),
    ],
)  # fmt: skip
