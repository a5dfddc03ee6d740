"""Softmax: exp(z_i / T) over the row's sum of them; a probability for each element."""

from nonlin.vocabulary import Parameter, RowDefinition, Twin, exp

temperature = Parameter("temperature", 1.0, "T > 0: small sharpens, large flattens")


# The winner is 1 without a subtraction, so that a single +inf takes all, as in the limit.
def value(z, temperature, out):
    best = 0
    for i in range(z.size):
        best = i if z[i] > z[best] else best
    total = 0.0
    for i in range(z.size):
        out[i] = exp((z[i] - z[best]) / temperature)
        out[i] = 1.0 if i == best and z[i] == z[i] else out[i]
        total += out[i]
    for i in range(z.size):
        out[i] = out[i] / total


def vjp(z, g, temperature, out):
    value(z, temperature, out)
    mean = 0.0
    for i in range(z.size):
        mean += out[i] * g[i]
    for i in range(z.size):
        out[i] = out[i] * (g[i] - mean) / temperature


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
        "torch": Twin("torch.softmax"), "jax": Twin("jax.nn.softmax"), "onnx": Twin("Softmax"),
        "scipy": Twin("scipy.special.softmax"),
    },
)  # fmt: skip
