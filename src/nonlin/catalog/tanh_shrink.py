"""Tanh shrink: f(x) = x - tanh(x)."""

from nonlin.vocabulary import Definition, Increasing, Limit, Odd, Slope, Twin, Value, inf, tanh_rest, x

cancels = "theirs cancels to 0 near 0 (tt-metal#47323)"

tanh_shrink = Definition(
    formula=tanh_rest(x),
    fast_lanes=False,  # the slope's roundings add up to 5 ulp
    source="Collobert, Kavukcuoglu and Farabet (2011), Torch7: a Matlab-like environment for machine learning",
    aliases=["tanhshrink"],
    twins={
        "torch": Twin("torch.nn.functional.tanhshrink", "torch.nn.Tanhshrink", differs=cancels),
        "keras": Twin("keras.activations.tanh_shrink", differs=cancels),
        "tfa": Twin("tensorflow_addons.activations.tanhshrink", differs=cancels),
    },
    claims=[
        Value(at=1, is_=0.238405844044), Slope(at=0, is_=0), Slope(at=1, is_=0.580025658386),
        Limit(at=-inf, is_=-inf), Limit(at=inf, is_=inf), Odd(), Increasing(),
    ],
)  # fmt: skip
