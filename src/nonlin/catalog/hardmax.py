"""Hardmax: 1 for the first of the largest elements, 0 for the others; its slope is 0 everywhere."""

from nonlin.vocabulary import RowDefinition, Twin, where
from nonlin.vocabulary.row_words import first, known, largest, undecided, z

top = largest(z)

hardmax = RowDefinition(
    value=where(known(top), where(first(z >= top), 1, 0), undecided),
    vjp=0,
    formula="1 if i is the first place of max_j z_j else 0",
    latex=r"\left[i = \min \operatorname{arg\,max}_j z_j\right]",
    source="the one-hot of the arg max; ONNX operator Hardmax",
    aliases=["argmax_one_hot"],
    twins={"onnx": Twin("Hardmax", differs="a row with a NaN is NaN in ours (measured)")},
)
