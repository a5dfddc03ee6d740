"""Log-softmax: z_i / T minus the logarithm of the row's sum of exp(z_j / T)."""

from nonlin.vocabulary import Parameter, RowDefinition, Twin, exp, log1p

temperature = Parameter("temperature", 1.0, "T > 0: small sharpens, large flattens")


def shares(z, temperature, out):
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


# log1p of the sum of all but the largest keeps the digits of a winner's value, which is near 0.
def value(z, temperature, out):
    best = 0
    for i in range(z.size):
        best = i if z[i] > z[best] else best
    others = 0.0
    for i in range(z.size):
        others += exp((z[i] - z[best]) / temperature) if i != best else 0.0
    norm = log1p(others)
    for i in range(z.size):
        out[i] = -norm if i == best and z[i] == z[i] else (z[i] - z[best]) / temperature - norm


def vjp(z, g, temperature, out):
    shares(z, temperature, out)
    total = 0.0
    for i in range(z.size):
        total += g[i]
    for i in range(z.size):
        out[i] = (g[i] - out[i] * total) / temperature


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
        "torch": Twin("torch.log_softmax"), "jax": Twin("jax.nn.log_softmax"), "onnx": Twin("LogSoftmax"),
        "scipy": Twin("scipy.special.log_softmax"),
    },
)  # fmt: skip
