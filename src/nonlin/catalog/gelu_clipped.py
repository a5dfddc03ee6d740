"""Clipped GELU: a GELU that stops at two bounds, so that it can be quantized."""

from nonlin.vocabulary import Bounded, Definition, Limit, Minimum, Parameter, Value, inf, normal_cdf, where, x

low = Parameter("min", -10.0, "the least value")
high = Parameter("max", 10.0, "the greatest value")

gelu = x * normal_cdf(x)

gelu_clipped = Definition(
    formula=where(gelu > high, high, where(gelu < low, low, gelu)),
    parameters=[low, high],
    source="Wu et al. (2020), Integer quantization for deep learning inference, arXiv:2004.09602",
    twins={"hf": "gelu_10"},
    claims=[
        Value(at=1, is_=0.841344746069), Value(at=12, is_=10), Limit(at=-inf, is_=0), Limit(at=inf, is_=10),
        Bounded(above=10), Minimum(at=-0.751791524693564, is_=-0.169971207, digits=9),
    ],
)  # fmt: skip
