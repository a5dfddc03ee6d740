"""Keras ReLU: a ReLU with a threshold, an upper bound, and a slope below the threshold."""

from nonlin.vocabulary import Bounded, Definition, Increasing, Parameter, Slope, Twin, Value, inf, where, x

negative_slope = Parameter("negative_slope", 0.0, "slope for x <= threshold")
max_value = Parameter("max_value", inf, "the greatest value")
threshold = Parameter("threshold", 0.0, "above it the input passes")

keras_relu = Definition(
    formula=where(x > threshold, where(x > max_value, max_value, x), negative_slope * (x - threshold)),
    parameters=[negative_slope, max_value, threshold],
    fast_lanes=False,  # at a threshold that float32 rounds, the function may jump
    source="Keras, layers.ReLU",
    twins={
        "keras": Twin(
            "keras.activations.relu", "keras.layers.ReLU",
            differs="with a negative threshold and a max_value theirs is 0 from the threshold to 0 (tensorflow#48646)",
        )
    },
    claims=[Value(at=-3, is_=0), Value(at=0.5, is_=0.5), Slope(at=0, is_=0), Bounded(below=0), Increasing()],
)  # fmt: skip
