"""SiLU, sigmoid linear unit (Swish with beta 1): f(x) = x sigmoid(x)."""

from nonlin.vocabulary import Definition, Limit, Minimum, Slope, Twin, Value, inf, sigmoid, x

unsettled = "theirs is NaN at -inf, where the limit is 0 (pytorch#195197)"

silu = Definition(
    formula=x * sigmoid(x),
    source="Elfwing, Uchibe and Doya (2017), arXiv:1702.03118; Ramachandran et al. (2017), arXiv:1710.05941",
    twins={
        "torch": Twin("torch.nn.functional.silu", "torch.nn.SiLU", differs=unsettled),
        "keras": Twin(
            "keras.activations.silu", "keras.activations.swish", differs=unsettled
        ),
        "jax": Twin(
            "jax.nn.silu", "jax.nn.swish",
            differs=unsettled,
        ),
        "onnx": Twin("Swish", alpha=1.0, differs=unsettled),
        "hf": Twin("silu", "swish", "transformers.activations.SiLUActivation", differs=unsettled),
        "timm": Twin("silu", "swish", differs=unsettled),
        "mlx": Twin("mlx.nn.silu", "mlx.nn.SiLU", differs=unsettled),
        "tinygrad": Twin("tinygrad.Tensor.silu", "tinygrad.Tensor.swish", differs=unsettled),
    },
    claims=[
        Value(at=1, is_=0.731058578630), Slope(at=0, is_=0.5), Limit(at=-inf, is_=0), Limit(at=inf, is_=inf),
        Minimum(at=-1.278464542761074, is_=-0.278464543, digits=9),
    ],
)  # fmt: skip
