"""Hard swish: the input, gated by the hard sigmoid; f(x) = x min(max(x + 3, 0), 6) / 6."""

from nonlin.vocabulary import Definition, Minimum, Slope, Value, where, x

hard_swish = Definition(
    formula=where(x <= -3, 0, where(x < 3, x * (x + 3) / 6, x)),
    source="Howard et al. (2019), Searching for MobileNetV3, arXiv:1905.02244",
    aliases=["hardswish", "hard_silu"],
    twins={"torch": "torch.nn.functional.hardswish", "jax": "jax.nn.hard_swish", "onnx": "HardSwish"},
    claims=[
        Value(at=-4, is_=0), Value(at=4, is_=4), Slope(at=-3, is_=0), Slope(at=3, is_=1),
        Minimum(at=-1.5, is_=-0.375),
    ],
)  # fmt: skip
