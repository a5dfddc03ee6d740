"""Softmin: the softmax of -z; the smallest elements have the largest shares."""

from nonlin.catalog.softmax import softmax, temperature
from nonlin.vocabulary import RowDefinition, Twin
from nonlin.vocabulary.row_words import z

flipped = {z: -z}

softmin = RowDefinition(
    value=softmax.value.xreplace(flipped),
    vjp=-softmax.vjp.xreplace(flipped),
    param_grads={p: gradient.xreplace(flipped) for p, gradient in softmax.param_grads.items()},
    parameters=[temperature],
    formula="exp(-z_i / T) / sum_j exp(-z_j / T)",
    latex=r"\frac{e^{-z_i / T}}{\sum_j e^{-z_j / T}}",
    source="the softmax of -z",
    twins={
        "torch": Twin(
            "torch.nn.functional.softmin", "torch.nn.Softmin",
            names={"axis": "dim"},
            differs="without dim theirs guesses an axis, which PyTorch deprecates; a row with one -inf is NaN there",
        ),
        "mlx": Twin("mlx.nn.softmin", "mlx.nn.Softmin", differs="a row with one -inf is NaN in theirs (measured)"),
        "tinygrad": Twin("tinygrad.Tensor.softmin", differs="a row with one -inf is NaN in theirs (measured)"),
    },
)  # fmt: skip
