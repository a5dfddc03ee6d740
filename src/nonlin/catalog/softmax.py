"""Softmax: exp(z_i / T) over the row's sum of them; a probability for each element."""

from nonlin.vocabulary import Parameter, RowDefinition, Twin, exp

temperature = Parameter("temperature", 1.0, "T > 0: small sharpens, large flattens")


def value(z, temperature, out):
    top = z[0]
    for i in range(z.size):
        top = z[i] if z[i] > top else top
    total = 0.0
    for i in range(z.size):
        out[i] = exp((z[i] - top) / temperature)
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
    vjp(z, z, temperature, out)
    for i in range(z.size):
        out[i] = -out[i] / temperature


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
