"""Laplace, of Mega's attention: f(x) = (1 + erf((x - mu) / (sigma sqrt 2))) / 2, near squared ReLU below its middle."""

from nonlin.vocabulary import (
    Bounded,
    Definition,
    Increasing,
    Limit,
    Parameter,
    Twin,
    Value,
    inf,
    normal_cdf,
    x,
)

mu = Parameter("mu", 0.707107, "where the value is 1/2")
sigma = Parameter("sigma", 0.282095, "width of the rise")

laplace = Definition(
    formula=normal_cdf((x - mu) / sigma),
    parameters=[mu, sigma],
    fast_lanes=False,  # float32 loses u^2 / 2 times the rounding of u = (x - mu) / sigma
    source="Ma et al. (2022), Mega: moving average equipped gated attention, arXiv:2209.10655",
    twins={"hf": Twin("laplace", "transformers.activations.LaplaceActivation")},
    claims=[
        Value(at=0.707107, is_=0.5), Value(at=0, is_=0.0060945, digits=7), Limit(at=-inf, is_=0),
        Limit(at=inf, is_=1), Bounded(below=0, above=1), Increasing(),
    ],
)  # fmt: skip
