"""Squared ReLU: the square of the input where it is positive, else 0; f(x) = max(x, 0)^2."""

from nonlin.vocabulary import Bounded, Definition, Increasing, Slope, Twin, Value, where, x

relu_squared = Definition(
    formula=where(x > 0, x**2, 0),
    source="So et al. (2021), Primer: searching for efficient transformers, arXiv:2109.08668",
    aliases=["relu2", "squared_relu"],
    twins={
        "hf": Twin("relu2", "transformers.activations.ReLUSquaredActivation"),
        "mlx": Twin("mlx.nn.relu2", "mlx.nn.ReLU2"),
    },
    claims=[
        Value(at=-3, is_=0), Value(at=1.5, is_=2.25), Slope(at=0, is_=0), Slope(at=1.5, is_=3), Bounded(below=0),
        Increasing(),
    ],
)  # fmt: skip
