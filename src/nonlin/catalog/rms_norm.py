"""RMS norm: each element over the row's root mean square."""

from typing import Any

from nonlin.vocabulary import Parameter, RowDefinition, Twin, equal, sign, sqrt, where
from nonlin.vocabulary.row_words import finite, g, known, mean, size, total, undecided, z

eps = Parameter("eps", 1e-5, "added to the mean square: what a row of zeros is divided by")

square = mean(z**2)
scale = sqrt(square + eps)
normal = z / scale

# A single infinite element outweighs all others; of several there is no limit.
alone = equal(total(where(finite(z), 0, 1)), 1) & known(total(z))
extreme = where(finite(z), 0, sign(z) * sqrt(size(z)))


def by_row(value: Any, if_one_is_infinite: Any) -> Any:
    return where(finite(square), value, where(alone, if_one_is_infinite, undecided))


rms_norm = RowDefinition(
    value=by_row(normal, extreme),
    vjp=by_row((g - normal * mean(g * normal)) / scale, 0),
    param_grads={"eps": by_row(-z / (2 * scale**3), 0)},
    parameters=[eps],
    formula="z_i / sqrt(mean(z^2) + eps)",
    latex=r"\frac{z_i}{\sqrt{\tfrac{1}{n} \sum_j z_j^2 + \varepsilon}}",
    source="Zhang & Sennrich (2019), arXiv:1910.07467",
    aliases=["rmsnorm", "rms_normalization"],
    twins={
        "torch": Twin(
            "torch.nn.functional.rms_norm", "torch.nn.RMSNorm", defaults={"eps": 2.0**-23},
            differs="theirs is told the lengths of the last axes instead of our axis, its eps is that of the dtype, "
            "here of float32, and it has documented weights to learn",
        ),
        "keras": Twin(
            "keras.layers.RMSNormalization",
            names={"eps": "epsilon"}, defaults={"eps": 1e-6}, differs="theirs has documented weights to learn",
        ),
        "onnx": Twin(
            "RMSNormalization",
            names={"eps": "epsilon"}, defaults={"eps": 9.999999747378752e-06},
            differs="theirs works along all axes from axis on, and is given documented weights",
        ),
        "mlx": Twin(
            "mlx.nn.RMSNorm", differs="theirs is told the length of a row, and has documented weights to learn"
        ),
        "tinygrad": Twin(
            "tinygrad.nn.RMSNorm",
            defaults={"eps": 1e-6}, differs="theirs is told the length of a row, and has documented weights to learn",
        ),
    },
)  # fmt: skip
