"""Softmax: exp(z_i / T) over the row's sum of them; a probability for each element."""

from nonlin.vocabulary import Parameter, RowDefinition, Twin, exp
from nonlin.vocabulary.row_words import INFINITE, UNDECIDED, VANISHED, dot, largest, total

temperature = Parameter("temperature", 1.0, "T > 0: small sharpens, large flattens")


def value(z, temperature, out):
    top = largest(z)
    if abs(top) == INFINITE:
        one_takes_all(z, top, out)
        return
    per = 1.0 / temperature
    for i in range(z.size):
        u = (z[i] - top) * per
        out[i] = 0.0 if u < VANISHED else exp(u)
    share = 1.0 / total(out)
    for i in range(z.size):
        out[i] = out[i] * share


def one_takes_all(z, top, out):
    """Store the limit where the largest is infinite: a single one takes all, several have none."""
    winners = known = 0
    for i in range(z.size):
        winners += z[i] == top
        known += z[i] == z[i]
    for i in range(z.size):
        out[i] = 1.0 if z[i] == top else 0.0
        out[i] = out[i] if winners == 1 and known == z.size else UNDECIDED


def vjp(z, g, temperature, out):
    value(z, temperature, out)
    mean = dot(out, g)
    per = 1.0 / temperature
    for i in range(z.size):
        out[i] = out[i] * (g[i] - mean) * per


def temperature_grad(z, temperature, out):
    value(z, temperature, out)
    mean = 0.0
    for i in range(z.size):
        mean += out[i] * z[i] if out[i] != 0.0 else 0.0
    for i in range(z.size):
        out[i] = out[i] * (mean - z[i]) / (temperature * temperature) if out[i] != 0.0 else 0.0


softmax = RowDefinition(
    value=value,
    vjp=vjp,
    param_grads={"temperature": temperature_grad},
    parameters=[temperature],
    formula="exp(z_i / T) / sum_j exp(z_j / T)",
    latex=r"\frac{e^{z_i / T}}{\sum_j e^{z_j / T}}",
    source="Bridle (1990), Probabilistic interpretation of feedforward classification network outputs",
    twins={
        "torch": Twin(
            "torch.softmax", "torch.nn.functional.softmax", "torch.nn.Softmax", "torch.special.softmax",
            names={"axis": "dim"}, differs="without dim it guesses an axis, which PyTorch deprecates",
        ),
        "keras": Twin("keras.activations.softmax", "keras.layers.Softmax"),
        "jax": "jax.nn.softmax",
        "onnx": "Softmax",
        "mlx": Twin("mlx.nn.softmax", "mlx.nn.Softmax", "mlx.core.softmax"),
        "tinygrad": "tinygrad.Tensor.softmax",
        "scipy": "scipy.special.softmax",
    },
)  # fmt: skip
