"""Log-softmax: z_i / T minus the logarithm of the row's sum of exp(z_j / T)."""

from nonlin.catalog.softmax import one_takes_all as shares_of_one
from nonlin.catalog.softmax import value as shares
from nonlin.vocabulary import Parameter, RowDefinition, Twin, exp, log1p
from nonlin.vocabulary.row_words import INFINITE, VANISHED, largest, total

temperature = Parameter("temperature", 1.0, "T > 0: small sharpens, large flattens")


# log1p of the sum of all but one of the largest keeps the digits of a winner's value, which is near 0.
def value(z, temperature, out):
    top = largest(z)
    if abs(top) == INFINITE:
        one_takes_all(z, top, out)
        return
    per = 1.0 / temperature
    ties = 0
    for i in range(z.size):
        u = (z[i] - top) * per
        out[i] = 0.0 if u < VANISHED or z[i] == top else exp(u)
        ties += z[i] == top
    norm = log1p((ties - 1) + total(out))
    for i in range(z.size):
        out[i] = (z[i] - top) * per - norm


def one_takes_all(z, top, out):
    """Store the limit where the largest is infinite: a single one takes all, several have none."""
    shares_of_one(z, top, out)
    for i in range(z.size):
        out[i] = out[i] - 1.0 if out[i] != 0.0 else -INFINITE


def vjp(z, g, temperature, out):
    shares(z, temperature, out)
    sum_g = total(g)
    per = 1.0 / temperature
    for i in range(z.size):
        out[i] = (g[i] - out[i] * sum_g) * per


def temperature_grad(z, temperature, out):
    shares(z, temperature, out)
    mean = 0.0
    for i in range(z.size):
        mean += out[i] * z[i] if out[i] != 0.0 else 0.0
    for i in range(z.size):
        out[i] = (mean - z[i]) / (temperature * temperature)


log_softmax = RowDefinition(
    value=value,
    vjp=vjp,
    param_grads={"temperature": temperature_grad},
    parameters=[temperature],
    formula="z_i / T - log(sum_j exp(z_j / T))",
    latex=r"\frac{z_i}{T} - \log \sum_j e^{z_j / T}",
    source="the logarithm of the softmax",
    aliases=["logsoftmax"],
    twins={
        "torch": Twin(
            "torch.log_softmax", "torch.nn.functional.log_softmax", "torch.nn.LogSoftmax", "torch.special.log_softmax",
            names={"axis": "dim"}, differs="without dim it guesses an axis, which PyTorch deprecates",
        ),
        "keras": "keras.activations.log_softmax",
        "jax": "jax.nn.log_softmax",
        "onnx": "LogSoftmax",
        "mlx": Twin("mlx.nn.log_softmax", "mlx.nn.LogSoftmax"),
        "tinygrad": "tinygrad.Tensor.log_softmax",
        "scipy": "scipy.special.log_softmax",
    },
)  # fmt: skip
