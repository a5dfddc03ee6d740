"""Hard sigmoid: a sigmoid of straight pieces, f(x) = min(max(x + 3, 0), 6) / 6."""

from nonlin.vocabulary import Bounded, Complement, Definition, Increasing, Slope, Twin, Value, where, x

hard_sigmoid = Definition(
    formula=where(x <= -3, 0, where(x >= 3, 1, (x + 3) / 6)),
    source="Howard et al. (2019), Searching for MobileNetV3, arXiv:1905.02244",
    twins={
        "torch": Twin("torch.nn.functional.hardsigmoid", "torch.nn.Hardsigmoid"),
        "keras": "keras.activations.hard_sigmoid",
        "jax": "jax.nn.hard_sigmoid",
        "onnx": Twin("HardSigmoid", alpha=1 / 6, beta=0.5),
        "timm": [
            Twin("hard_sigmoid", "hardsigmoid"),
            Twin("timm.layers.activations_me.hard_sigmoid_me", "timm.layers.HardSigmoidMe", kink="steeper"),
        ],
        "tinygrad": Twin(
            "tinygrad.Tensor.hardsigmoid", alpha=1 / 6, beta=0.5, kink="left",
            differs="theirs is NaN at inf (as tinygrad#18028)"
        ),
    },
    claims=[
        Value(at=0, is_=0.5), Value(at=-4, is_=0), Value(at=4, is_=1), Slope(at=-3, is_=0), Slope(at=3, is_=0),
        Bounded(below=0, above=1), Complement(total=1), Increasing(),
    ],
)  # fmt: skip
