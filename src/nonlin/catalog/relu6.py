"""ReLU6: a ReLU that stops at 6; f(x) = min(max(x, 0), 6)."""

from nonlin.vocabulary import Bounded, Definition, Increasing, Slope, Twin, Value, where, x

relu6 = Definition(
    formula=where(x >= 6, 6, where(x > 0, x, 0)),
    source="Krizhevsky (2010), Convolutional deep belief networks on CIFAR-10",
    twins={
        "torch": Twin("torch.nn.functional.relu6", "torch.nn.ReLU6"),
        "keras": "keras.activations.relu6",
        "jax": "jax.nn.relu6",
        "hf": "relu6",
        "timm": "relu6",
        "mlx": Twin("mlx.nn.relu6", "mlx.nn.ReLU6"),
        "tinygrad": Twin(
            "tinygrad.Tensor.relu6", kink="left",
            differs="relu(x) - relu(x - 6) is NaN at inf and cancels for huge x (tinygrad#18028)",
        ),
    },
    claims=[
        Value(at=7, is_=6), Value(at=2.5, is_=2.5), Slope(at=0, is_=0), Slope(at=6, is_=0),
        Bounded(below=0, above=6), Increasing(),
    ],
)  # fmt: skip
