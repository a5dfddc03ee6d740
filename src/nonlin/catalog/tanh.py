"""Tanh, the hyperbolic tangent: f(x) = (exp(x) - exp(-x)) / (exp(x) + exp(-x))."""

from nonlin.vocabulary import Bounded, Definition, Increasing, Limit, Odd, Slope, inf, words, x

tanh = Definition(
    formula=words.tanh(x),
    source="LeCun, Bottou, Orr and Mueller (1998), Efficient BackProp",
    twins={"torch": "torch.tanh", "jax": "jax.numpy.tanh", "onnx": "Tanh", "numpy": "numpy.tanh"},
    claims=[
        Slope(at=0, is_=1), Slope(at=1, is_=0.42, digits=4), Slope(at=2, is_=0.0707, digits=4),
        Slope(at=3, is_=0.0099, digits=4), Limit(at=-inf, is_=-1), Limit(at=inf, is_=1),
        Bounded(below=-1, above=1), Odd(), Increasing(),
    ],
)  # fmt: skip
