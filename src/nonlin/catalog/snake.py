"""Snake: a line with waves, for periodic signals; f(x) = x + sin(alpha x)^2 / alpha."""

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

alpha = Parameter("alpha", 1.0, "learned frequency; at 0 the line alone is left")

# The first branch is also for x = 0: -0.0 keeps its sign.
snake = Definition(
    formula=where(equal(alpha * x, 0), x * (1 + alpha * x), x + sin(alpha * x) ** 2 / alpha),
    parameters=[alpha],
    learnable=["alpha"],
    fast_lanes=False,  # float32 has no digits to spare for the reduction of an angle
    source="Ziyin, Hartwig and Ueda (2020), Neural networks fail to learn periodic functions, arXiv:2006.08195",
    twins={
        "tfa": Twin(
            "tensorflow_addons.activations.snake", names={"alpha": "frequency"},
            differs="1 - cos(2 x) cancels near 0, and is NaN at inf and -inf (from its source)",
        ),
        "hf": Twin("Snake1d", differs="divides by alpha + 1e-9, and is NaN at inf and -inf (DAC, from its source)"),
    },
    claims=[
        Value(at=0, is_=0), Value(at=1, is_=1.708073418274), Slope(at=0, is_=1), Limit(at=-inf, is_=-inf),
        Limit(at=inf, is_=inf), Increasing(),
    ],
)  # fmt: skip
