"""Step: 1 where the input is at least a threshold, else 0."""

from nonlin.vocabulary import Bounded, Definition, Increasing, Parameter, Slope, Twin, Value, where, x

threshold = Parameter("threshold", 0.0, "the least input with value 1")

step = Definition(
    formula=where(x >= threshold, 1, 0),
    parameters=[threshold],
    fast_lanes=False,  # at a threshold that float32 rounds, the function jumps
    source="McCulloch and Pitts (1943), A logical calculus of the ideas immanent in nervous activity",
    twins={
        "mlx": Twin("mlx.nn.step", "mlx.nn.Step", differs="theirs gives integers, and 0 for NaN (measured, MLX 0.32)"),
    },
    claims=[
        Value(at=-1, is_=0), Value(at=0, is_=1), Value(at=2, is_=1), Slope(at=0, is_=0), Bounded(below=0, above=1),
        Increasing(),
    ],
)  # fmt: skip
