"""Mish: the input, gated by the tanh of its own softplus; f(x) = x tanh(softplus(x))."""

from nonlin.vocabulary import Bounded, Definition, Limit, Minimum, Slope, Value, inf, softplus, tanh, x

mish = Definition(
    formula=x * tanh(softplus(x)),
    fast_lanes=False,  # the slope's roundings add up to 7 ulp
    source="Misra (2019), arXiv:1908.08681",
    twins={"torch": "torch.nn.functional.mish", "jax": "jax.nn.mish", "onnx": "Mish"},
    claims=[
        Value(at=1, is_=0.8650983882673103), Slope(at=0, is_=0.6), Limit(at=-inf, is_=0),
        Minimum(at=-1.192431214515495, is_=-0.308843413, digits=9), Bounded(below=-0.3088434134),
    ],
)  # fmt: skip
