"""TLU, thresholded linear unit: the input, but never below a learned threshold; f(x) = max(x, tau)."""

from nonlin.vocabulary import Bounded, Definition, Increasing, Parameter, Slope, Value, where, x

tau = Parameter("tau", 0.0, "the learned least value")

tlu = Definition(
    formula=where(x > tau, x, tau),
    parameters=[tau],
    learnable=["tau"],
    source="Singh and Krishnan (2019), Filter response normalization layer, arXiv:1911.09737",
    twins={
        "tfa": "tensorflow_addons.layers.TLU",
    },
    claims=[Value(at=-1, is_=0), Value(at=2, is_=2), Slope(at=0, is_=0), Bounded(below=0), Increasing()],
)  # fmt: skip
