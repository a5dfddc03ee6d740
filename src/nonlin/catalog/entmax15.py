"""1.5-entmax: between softmax and sparsemax, max(z_i / 2 - t, 0)^2 with t such that they sum to 1."""

from nonlin.catalog.softmax import by_row, top, wins
from nonlin.vocabulary import RowDefinition, max, where
from nonlin.vocabulary.row_words import g, threshold, total, z

distance = (z - top) / 2
root = max(distance - threshold(distance, 2), 0)
taken = where(root > 0, g, 0)

entmax15 = RowDefinition(
    value=by_row(root**2, wins),
    vjp=by_row(root * (taken - total(root * taken) / total(root)), 0),
    formula="max(z_i / 2 - t, 0)^2, with sum_j max(z_j / 2 - t, 0)^2 = 1",
    latex=r"\max\left(\tfrac{z_i}{2} - \tau, 0\right)^2, \quad "
    r"\sum_j \max\left(\tfrac{z_j}{2} - \tau, 0\right)^2 = 1",
    source="Peters, Niculae & Martins (2019), arXiv:1905.05702",
    aliases=["entmax_15"],
)
