"""Log-softmax: z_i / T minus the logarithm of the row's sum of exp(z_j / T)."""

from nonlin.catalog.softmax import by_row, e, mean, share, temperature, top, wins
from nonlin.vocabulary import RowDefinition, Twin, inf, log1p, max, where
from nonlin.vocabulary.row_words import g, total, z

# log1p of the sum of all but one of the largest keeps the digits of a winner's value, which is near 0.
others = total(where(z >= top, 0, e)) + max(total(wins) - 1, 0)

log_softmax = RowDefinition(
    value=by_row((z - top) / temperature - log1p(others), where(z >= top, 0, -inf)),
    vjp=by_row((g - share * total(g)) / temperature, (g - wins * total(g)) / temperature),
    param_grads={"temperature": by_row((mean - z) / temperature**2, where(z >= top, 0, inf))},
    masked=-inf,
    parameters=[temperature],
    formula="z_i / T - log(sum_j exp(z_j / T))",
    latex=r"\frac{z_i}{T} - \log \sum_j e^{z_j / T}",
    source="the logarithm of the softmax",
    aliases=["logsoftmax"],
    twins={
        "torch": Twin(
            "torch.log_softmax", "torch.nn.functional.log_softmax", "torch.nn.LogSoftmax", "torch.special.log_softmax",
            names={"axis": "dim"},
            differs="without dim theirs guesses an axis, which PyTorch deprecates; a single infinite "
            "element gives NaN (pytorch/pytorch#6864)",
        ),
        "keras": Twin("keras.activations.log_softmax", differs="a single infinite element gives NaN (measured)"),
        "jax": Twin(
            "jax.nn.log_softmax", differs="a single infinite element gives NaN (jax-ml/jax#21495)"
        ),
        "onnx": Twin("LogSoftmax", differs="a single infinite element gives NaN (measured)"),
        "mlx": Twin(
            "mlx.nn.log_softmax", "mlx.nn.LogSoftmax",
            differs="a single infinite element gives NaN (measured)"
        ),
        "tinygrad": Twin("tinygrad.Tensor.log_softmax", differs="a single infinite element gives NaN (measured)"),
        "scipy": "scipy.special.log_softmax",
    },
)  # fmt: skip
