"""Leaky ReLU: the input where it is positive, else a small multiple of it."""

from nonlin.vocabulary import Definition, Increasing, Parameter, Slope, Value, where, x

negative_slope = Parameter("negative_slope", 0.01, "slope for x <= 0")

leaky_relu = Definition(
    formula=where(x > 0, x, negative_slope * x),
    parameters=[negative_slope],
    source="Maas, Hannun and Ng (2013), Rectifier nonlinearities improve neural network acoustic models, ICML",
    twins={"torch": "torch.nn.functional.leaky_relu", "jax": "jax.nn.leaky_relu", "onnx": "LeakyRelu"},
    claims=[Value(at=-2, is_=-0.02), Slope(at=0, is_=0.01), Increasing()],
)
