"""Mish: the input, gated by the tanh of its own softplus; f(x) = x tanh(softplus(x))."""

from nonlin.vocabulary import Bounded, Definition, Limit, Minimum, Slope, Twin, Value, inf, softplus, tanh, x

unsettled = "theirs is NaN at -inf, where the limit is 0 (measured; as silu: pytorch#195197)"

mish = Definition(
    formula=x * tanh(softplus(x)),
    fast_lanes=False,  # the slope's roundings add up to 7 ulp
    source="Misra (2019), arXiv:1908.08681",
    twins={
        "torch": Twin("torch.nn.functional.mish", "torch.nn.Mish", differs=unsettled),
        "keras": Twin("keras.activations.mish", differs=unsettled),
        "jax": Twin("jax.nn.mish", differs=unsettled),
        "onnx": Twin("Mish", differs=unsettled),
        "hf": Twin("mish", "transformers.activations.MishActivation", differs=unsettled),
        "timm": Twin("mish", differs=unsettled),
        "mlx": Twin("mlx.nn.mish", "mlx.nn.Mish", differs=unsettled),
        "tinygrad": Twin("tinygrad.Tensor.mish", differs=f"{unsettled}, and its tail is lost below -17"),
        "tfa": Twin("tensorflow_addons.activations.mish", differs=unsettled),
    },
    claims=[
        Value(at=1, is_=0.8650983882673103), Slope(at=0, is_=0.6), Limit(at=-inf, is_=0),
        Minimum(at=-1.192431214515495, is_=-0.308843413, digits=9), Bounded(below=-0.3088434134),
    ],
)  # fmt: skip
