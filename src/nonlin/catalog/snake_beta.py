"""SnakeBeta: a Snake whose waves have a height of their own; f(x) = x + sin(alpha x)^2 / beta."""

from nonlin.vocabulary import (
    Definition,
    Increasing,
    Limit,
    Parameter,
    Slope,
    Twin,
    Value,
    equal,
    inf,
    sin,
    where,
    x,
)

alpha = Parameter("alpha", 1.0, "learned frequency")
beta = Parameter("beta", 1.0, "learned reciprocal of the waves' height; not 0")

# The first branch is for x = 0: -0.0 keeps its sign.
snake_beta = Definition(
    formula=where(equal(alpha * x, 0), x * (1 + alpha**2 * x / beta), x + sin(alpha * x) ** 2 / beta),
    parameters=[alpha, beta],
    learnable=["alpha", "beta"],
    fast_lanes=False,  # float32 has no digits to spare for the reduction of an angle
    source="Lee, Ping, Ginsburg, Catanzaro and Yoon (2022), BigVGAN, arXiv:2206.04658",
    aliases=["snakebeta"],
    twins={
        "hf": Twin(
            "SnakeBeta",
            differs="learns logarithms of alpha and beta, divides by beta + 1e-9 (Qwen2.5-Omni, from its source)",
        )
    },
    claims=[
        Value(at=0, is_=0), Value(at=1, is_=1.708073418274), Slope(at=0, is_=1), Limit(at=-inf, is_=-inf),
        Limit(at=inf, is_=inf), Increasing(),
    ],
)  # fmt: skip
