"""Softplus: a smooth ReLU, f(x) = log(1 + exp(x)); its slope is the sigmoid."""

from nonlin.vocabulary import Bounded, Definition, Increasing, Limit, Slope, Twin, Value, inf, words, x

softplus = Definition(
    formula=words.softplus(x),
    source="Dugas, Bengio, Belisle, Nadeau and Garcia (2000), NIPS 13",
    twins={
        "torch": Twin(
            "torch.nn.functional.softplus", "torch.nn.Softplus",
            differs="theirs is x itself above its threshold of 20, a step of 2e-9 (pytorch#31110)",
        ),
        "keras": "keras.activations.softplus",
        "jax": "jax.nn.softplus",
        "onnx": "Softplus",
        "mlx": Twin("mlx.nn.softplus", "mlx.nn.Softplus"),
        "tinygrad": Twin("tinygrad.Tensor.softplus", differs="theirs is 0 below -17, and NaN at inf (measured)"),
    },
    claims=[
        Value(at=0, is_=0.693147180560), Slope(at=0, is_=0.5), Limit(at=-inf, is_=0), Limit(at=inf, is_=inf),
        Bounded(below=0), Increasing(),
    ],
)  # fmt: skip
