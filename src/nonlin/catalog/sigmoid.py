"""Sigmoid, the logistic function: f(x) = 1 / (1 + exp(-x))."""

from nonlin.vocabulary import (
    Bounded,
    Complement,
    Definition,
    Increasing,
    Limit,
    Slope,
    Twin,
    Value,
    inf,
    words,
    x,
)

lost = "y (1 - y) loses the slope's tail: 0 from x = 16.7 in float32 (pytorch#195527, jax#40385)"

sigmoid = Definition(
    formula=words.sigmoid(x),
    source="Verhulst (1845); Rumelhart, Hinton and Williams (1986), Nature 323",
    aliases=["logistic", "expit"],
    twins={
        "torch": Twin(
            "torch.sigmoid", "torch.nn.functional.sigmoid", "torch.nn.Sigmoid", "torch.special.expit", differs=lost
        ),
        "keras": Twin("keras.activations.sigmoid", differs=lost),
        "jax": Twin("jax.nn.sigmoid", differs=lost),
        "onnx": "Sigmoid",
        "hf": Twin("sigmoid", differs=lost),
        "timm": Twin("sigmoid", differs=lost),
        "mlx": Twin("mlx.nn.sigmoid", "mlx.nn.Sigmoid", differs=lost),
        "tinygrad": Twin("tinygrad.Tensor.sigmoid", differs=lost),
        "scipy": "scipy.special.expit",
    },
    claims=[
        Value(at=-5, is_=0.0067, digits=4), Value(at=-2, is_=0.1192, digits=4), Value(at=0, is_=0.5),
        Slope(at=0, is_=0.25), Slope(at=5, is_=0.0066, digits=4), Slope(at=2, is_=0.105, digits=4),
        Limit(at=-inf, is_=0), Limit(at=inf, is_=1), Bounded(below=0, above=1), Complement(total=1), Increasing(),
    ],
)  # fmt: skip
