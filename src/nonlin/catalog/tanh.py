"""Tanh, the hyperbolic tangent: f(x) = (exp(x) - exp(-x)) / (exp(x) + exp(-x))."""

from nonlin.vocabulary import Bounded, Definition, Increasing, Limit, Odd, Slope, Twin, inf, words, x

lost = "1 - y^2 loses the slope's tail: 0 from |x| = 9.02 in float32 (pytorch#195527, jax#40385)"

tanh = Definition(
    formula=words.tanh(x),
    source="LeCun, Bottou, Orr and Mueller (1998), Efficient BackProp",
    twins={
        "torch": Twin("torch.tanh", "torch.nn.functional.tanh", "torch.nn.Tanh", differs=lost),
        "keras": Twin("keras.activations.tanh", differs=lost),
        "jax": Twin("jax.numpy.tanh", "jax.nn.tanh", differs=lost),
        "onnx": "Tanh",
        "hf": Twin("tanh", differs=lost),
        "timm": Twin("tanh", differs=lost),
        "mlx": Twin("mlx.nn.tanh", "mlx.nn.Tanh", "mlx.core.tanh"),
        "tinygrad": Twin(
            "tinygrad.Tensor.tanh", differs="2 sigmoid(2 x) - 1 cancels: tanh(-1e-8) is 0 (measured, tinygrad 0.14)"
        ),
        "numpy": "numpy.tanh",
    },
    claims=[
        Slope(at=0, is_=1), Slope(at=1, is_=0.42, digits=4), Slope(at=2, is_=0.0707, digits=4),
        Slope(at=3, is_=0.0099, digits=4), Limit(at=-inf, is_=-1), Limit(at=inf, is_=1),
        Bounded(below=-1, above=1), Odd(), Increasing(),
    ],
)  # fmt: skip
