"""Square root of softplus: f(x) = sqrt(log(1 + exp(x)))."""

from nonlin.vocabulary import Bounded, Definition, Increasing, Limit, Value, inf, softplus, sqrt, x

sqrt_softplus = Definition(
    formula=sqrt(softplus(x)),
    fast_lanes=False,  # float32 lanes lose 4.23 ulp of the slope
    source="the expert router of DeepSeek-V4, as in Hugging Face transformers",
    twins={"hf": "sqrtsoftplus"},
    claims=[
        Value(at=0, is_=0.832554611158), Limit(at=-inf, is_=0), Limit(at=inf, is_=inf), Bounded(below=0),
        Increasing(),
    ],
)  # fmt: skip
