"""Log-sigmoid: f(x) = log(sigmoid(x)) = -softplus(-x)."""

from nonlin.vocabulary import Bounded, Definition, Increasing, Limit, Slope, Twin, Value, inf, softplus, x

log_sigmoid = Definition(
    formula=-softplus(-x),
    source="the logarithm of the logistic function",
    aliases=["logsigmoid"],
    twins={
        "torch": Twin("torch.nn.functional.logsigmoid", "torch.nn.LogSigmoid"),
        "keras": "keras.activations.log_sigmoid",
        "jax": "jax.nn.log_sigmoid",
        "mlx": Twin("mlx.nn.log_sigmoid", "mlx.nn.LogSigmoid"),
        "tinygrad": Twin("tinygrad.Tensor.logsigmoid", differs="its softplus loses the tail: 0 from x = 17 (measured)"),
        "scipy": "scipy.special.log_expit",
    },
    claims=[
        Value(at=0, is_=-0.693147180560), Slope(at=0, is_=0.5), Limit(at=inf, is_=0), Bounded(above=0), Increasing(),
    ],
)  # fmt: skip
