"""Sign: -1, 0 or 1, by the sign of the input."""

from nonlin.vocabulary import Bounded, Definition, Increasing, Odd, Slope, Value, words, x

sign = Definition(
    formula=words.sign(x),
    source="Courbariaux, Hubara, Soudry, El-Yaniv and Bengio (2016), Binarized neural networks, arXiv:1602.02830",
    aliases=["signum"],
    twins={
        "torch": "torch.sign",
        "keras": "keras.ops.sign",
        "jax": "jax.numpy.sign",
        "onnx": "Sign",
        "mlx": "mlx.core.sign",
        "tinygrad": "tinygrad.Tensor.sign",
        "numpy": "numpy.sign",
    },
    claims=[
        Value(at=-2, is_=-1), Value(at=0, is_=0), Value(at=0.25, is_=1), Slope(at=0, is_=0), Slope(at=1, is_=0),
        Bounded(below=-1, above=1), Odd(), Increasing(),
    ],
)  # fmt: skip
