"""Thresholded ReLU: the input where it is above alpha, else 0."""

from nonlin.vocabulary import Definition, Increasing, Parameter, Slope, Twin, Value, where, x

alpha = Parameter("alpha", 1.0, "above it the input passes")

thresholded_relu = Definition(
    formula=where(x > alpha, x, 0),
    parameters=[alpha],
    fast_lanes=False,  # at an alpha that float32 rounds, the function jumps
    source="Konda, Memisevic and Krueger (2014), Zero-bias autoencoders, arXiv:1402.3337",
    aliases=["thresholdedrelu"],
    twins={
        "torch": Twin("torch.nn.functional.threshold", "torch.nn.Threshold", threshold=1.0, value=0.0),
        "onnx": "ThresholdedRelu",
    },
    claims=[Value(at=0.5, is_=0), Value(at=1, is_=0), Value(at=2, is_=2), Slope(at=1, is_=0), Increasing()],
)  # fmt: skip
