"""Softmax: exp(z_i / T) over the row's sum of them; a probability for each element."""

from typing import Any

from nonlin.vocabulary import Parameter, RowDefinition, Twin, equal, exp, where
from nonlin.vocabulary.row_words import finite, g, largest, total, undecided, z

temperature = Parameter("temperature", 1.0, "T > 0: small sharpens, large flattens")

top = largest(z)
e = exp((z - top) / temperature)
share = e / total(e)

# Where the largest is infinite: a single one takes all, several have no limit.
wins = where(z >= top, 1, 0)
one_wins = equal(total(wins), 1)

present = where(e > 0, z, 0)  # what has no share brings none of its own infinity
mean = total(share * present)


def by_row(value: Any, if_one_wins: Any) -> Any:
    return where(finite(top), value, where(one_wins, if_one_wins, undecided))


softmax = RowDefinition(
    value=by_row(share, wins),
    vjp=by_row(share * (g - total(share * g)) / temperature, 0),
    param_grads={"temperature": by_row(share * (mean - present) / temperature**2, 0)},
    parameters=[temperature],
    formula="exp(z_i / T) / sum_j exp(z_j / T)",
    latex=r"\frac{e^{z_i / T}}{\sum_j e^{z_j / T}}",
    source="Bridle (1990), Probabilistic interpretation of feedforward classification network outputs",
    twins={
        "torch": [
            Twin(
                "torch.softmax", "torch.nn.functional.softmax", "torch.nn.Softmax", "torch.special.softmax",
                names={"axis": "dim"},
                differs="without dim theirs guesses an axis, which PyTorch deprecates; a single infinite element gives "
                "NaN (pytorch/pytorch#6864); a row all masked is 0 by our where= (pytorch/pytorch#55056)",
            ),
            Twin("torch.nn.Softmax2d", defaults={"axis": -3}, differs="a single infinite element gives NaN (measured)"),
        ],
        "keras": [
            Twin("keras.activations.softmax", differs="a single infinite element gives NaN (measured)"),
            Twin("keras.layers.Softmax", differs="an infinite element gives NaN; their mask is our where= (measured)"),
        ],
        "jax": Twin("jax.nn.softmax", differs="a single infinite element gives NaN (jax-ml/jax#21495)"),
        "onnx": Twin("Softmax", differs="a single infinite element gives NaN (measured); up to opset 12 axis was 1"),
        "mlx": Twin(
            "mlx.nn.softmax", "mlx.nn.Softmax", "mlx.core.softmax",
            differs="a single infinite element gives NaN (measured)",
        ),
        "tinygrad": Twin("tinygrad.Tensor.softmax", differs="a single infinite element gives NaN (measured)"),
        "scipy": "scipy.special.softmax",
    },
)  # fmt: skip
