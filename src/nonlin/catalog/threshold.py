"""Threshold: the input where it is above a threshold, else one fixed value."""

from nonlin.vocabulary import Definition, Increasing, Parameter, Slope, Twin, Value, where, x

threshold_ = Parameter("threshold", 0.0, "above it the input passes")
default_value = Parameter("default_value", 0.0, "what stands for all other inputs")

threshold = Definition(
    formula=where(x > threshold_, x, default_value),
    parameters=[threshold_, default_value],
    fast_lanes=False,  # at a threshold that float32 rounds, the function may jump
    source="Collobert, Kavukcuoglu and Farabet (2011), Torch7: a Matlab-like environment for machine learning",
    twins={
        "torch": Twin(
            "torch.nn.functional.threshold", "torch.nn.Threshold", names={"default_value": "value"}, by_default=True,
            threshold=0.0, value=0.0,
        ),
        "keras": Twin("keras.activations.threshold", by_default=True, threshold=0.0, default_value=0.0),
    },
    claims=[Value(at=-1, is_=0), Value(at=2, is_=2), Slope(at=0, is_=0), Increasing()],
)  # fmt: skip
