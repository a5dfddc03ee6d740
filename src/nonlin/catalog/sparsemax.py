"""Sparsemax: the probabilities nearest to z, max(z_i - t, 0) with t such that they sum to 1; many are exactly 0."""

from nonlin.catalog.softmax import by_row, top, wins
from nonlin.vocabulary import RowDefinition, Twin, max, where
from nonlin.vocabulary.row_words import g, threshold, total, z

distance = z - top
share = max(distance - threshold(distance, 1), 0)
has_share = share > 0
mean_upstream = total(where(has_share, g, 0)) / total(where(has_share, 1, 0))

sparsemax = RowDefinition(
    value=by_row(share, wins),
    vjp=by_row(where(has_share, g - mean_upstream, 0), 0),
    formula="max(z_i - t, 0), with sum_j max(z_j - t, 0) = 1",
    latex=r"\max(z_i - \tau, 0), \quad \sum_j \max(z_j - \tau, 0) = 1",
    source="Martins & Astudillo (2016), arXiv:1602.02068",
    twins={
        "keras": Twin(
            "keras.activations.sparsemax",
            differs="up to 3.15 theirs does not sum to 1 where several share (keras-team/keras#23425)",
        ),
        "tfa": Twin(
            "tensorflow_addons.activations.sparsemax", "tensorflow_addons.layers.Sparsemax",
            differs="theirs is NaN for rows with an infinity (tensorflow/addons#2314)",
        ),
    },
)  # fmt: skip
