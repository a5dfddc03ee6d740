"""LiSHT, linearly scaled tanh: f(x) = x tanh(x)."""

from nonlin.vocabulary import Bounded, Definition, Limit, Slope, Value, inf, tanh, x

lisht = Definition(
    formula=x * tanh(x),
    fast_lanes=False,  # float32 lanes lose 4.42 ulp
    source="Roy, Manna, Dubey and Chaudhuri (2019), arXiv:1901.05894",
    twins={"tfa": "tensorflow_addons.activations.lisht"},
    claims=[
        Value(at=0, is_=0), Value(at=1, is_=0.761594155956), Value(at=-1, is_=0.761594155956), Slope(at=0, is_=0),
        Limit(at=-inf, is_=inf), Limit(at=inf, is_=inf), Bounded(below=0),
    ],
)  # fmt: skip
