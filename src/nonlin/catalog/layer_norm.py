"""Layer norm: each element's deviation from the row's mean, over the row's standard deviation."""

from typing import Any

from nonlin.vocabulary import Parameter, RowDefinition, Twin, equal, max, sign, sqrt, where
from nonlin.vocabulary.row_words import finite, g, known, mean, size, total, undecided, z

eps = Parameter("eps", 1e-5, "added to the variance: what a constant row is divided by")

# The mean of what the mean's own rounding left over is taken away too: a large offset costs no digits.
rough = z - mean(z)
rest = mean(rough)
deviation = rough - rest
spread = sqrt(max(mean(rough**2) - rest**2, 0) + eps)
normal = deviation / spread

# A single infinite element is as far from the others as n elements allow; of several there is no limit.
alone = equal(total(where(finite(z), 0, 1)), 1) & known(total(z))
others = size(z) - 1
extreme = sign(total(z)) * where(finite(z), -1 / sqrt(others), sqrt(others))


def by_row(value: Any, if_one_is_infinite: Any) -> Any:
    return where(finite(mean(z)), value, where(alone, if_one_is_infinite, undecided))


layer_norm = RowDefinition(
    value=by_row(normal, extreme),
    vjp=by_row((g - mean(g) - normal * mean(g * normal)) / spread, 0),
    param_grads={"eps": by_row(-deviation / (2 * spread**3), 0)},
    parameters=[eps],
    formula="(z_i - mean(z)) / sqrt(variance(z) + eps)",
    latex=r"\frac{z_i - \bar z}{\sqrt{\tfrac{1}{n} \sum_j (z_j - \bar z)^2 + \varepsilon}}",
    source="Ba, Kiros & Hinton (2016), arXiv:1607.06450",
    aliases=["layernorm", "layer_normalization"],
    twins={
        "torch": Twin(
            "torch.nn.functional.layer_norm", "torch.nn.LayerNorm",
            differs="theirs is told the lengths of the last axes, not our axis, and has documented weights to learn",
        ),
        "keras": Twin(
            "keras.layers.LayerNormalization",
            names={"eps": "epsilon"}, defaults={"eps": 1e-3}, differs="theirs has documented weights to learn",
        ),
        "jax": Twin("jax.nn.standardize", names={"eps": "epsilon"}),
        "onnx": Twin(
            "LayerNormalization",
            names={"eps": "epsilon"}, defaults={"eps": 9.999999747378752e-06},
            differs="theirs works along all axes from axis on, and is given documented weights",
        ),
        "mlx": Twin(
            "mlx.nn.LayerNorm", differs="theirs is told the length of a row, and has documented weights to learn"
        ),
        "tinygrad": [
            Twin("tinygrad.Tensor.layernorm"),
            Twin("tinygrad.nn.LayerNorm", differs="theirs is told the length of a row, and has documented weights"),
        ],
    },
)  # fmt: skip
