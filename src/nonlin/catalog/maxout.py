"""Maxout: the largest of each k neighbours; of the two numbers 0 and z it is the ReLU of z."""

from nonlin.vocabulary import Arrangement, Parameter, RowDefinition, Twin, where
from nonlin.vocabulary.row_words import first, g, largest, total, z

k = Parameter("k", 2, "how many neighbours give one number: n become n / k")

maxout = RowDefinition(
    value=largest(z),
    vjp=where(first(z >= largest(z)), total(g), 0),
    arrangement=Arrangement("blocks", by=k),
    parameters=[k],
    formula="max(z_(k i), ..., z_(k i + k - 1)); the slope is that of the first largest",
    latex=r"\max_{0 \le j < k} z_{k i + j}",
    source="Goodfellow et al. (2013), arXiv:1302.4389",
    twins={
        "tfa": Twin(
            "tensorflow_addons.layers.Maxout",
            differs="theirs is told how many numbers remain, and shares the gradient among equals, as documented",
        ),
    },
)
