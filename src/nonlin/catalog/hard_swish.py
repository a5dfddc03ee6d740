"""Hard swish: the input, gated by the hard sigmoid; f(x) = x min(max(x + 3, 0), 6) / 6."""

from nonlin.vocabulary import Definition, Minimum, Slope, Twin, Value, where, x

unsettled = "theirs is NaN at -inf, where the limit is 0 (measured)"

hard_swish = Definition(
    formula=where(x <= -3, 0, where(x < 3, x * (x + 3) / 6, x)),
    source="Howard et al. (2019), Searching for MobileNetV3, arXiv:1905.02244",
    aliases=["hardswish", "hard_silu"],
    twins={
        "torch": Twin("torch.nn.functional.hardswish", "torch.nn.Hardswish", differs=unsettled),
        "keras": Twin(
            "keras.activations.hard_swish", "keras.activations.hard_silu",
            differs=unsettled,
        ),
        "jax": Twin(
            "jax.nn.hard_swish", "jax.nn.hard_silu",
            differs=unsettled,
        ),
        "onnx": Twin("HardSwish", differs=unsettled),
        "hf": Twin("hardswish", differs=unsettled),
        "timm": [
            Twin("hard_swish", "hardswish", differs=unsettled),
            Twin(
                "timm.layers.activations_me.hard_swish_me", "timm.layers.HardSwishMe", kink="steeper",
                differs=unsettled,
            ),
        ],
        "mlx": Twin("mlx.nn.hardswish", "mlx.nn.Hardswish", differs=unsettled),
        "tinygrad": Twin("tinygrad.Tensor.hardswish", kink="left", differs=f"{unsettled}; at inf too"),
    },
    claims=[
        Value(at=-4, is_=0), Value(at=4, is_=4), Slope(at=-3, is_=0), Slope(at=3, is_=1),
        Minimum(at=-1.5, is_=-0.375),
    ],
)  # fmt: skip
