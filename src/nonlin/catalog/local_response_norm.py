"""Local response norm: each element over a power of the squares around it, as if neighbours inhibited each other."""

from typing import Any

from nonlin.vocabulary import Arrangement, Parameter, RowDefinition, Twin, log, where
from nonlin.vocabulary.row_words import finite, g, position, total, undecided, z

count = Parameter("size", 5, "how many elements stand in a window; of an even number one more stands before")
alpha = Parameter("alpha", 1e-4, "weight of the mean square around")
beta = Parameter("beta", 0.75, "the power that divides")
k = Parameter("k", 1.0, "added to the mean square; positive")

at_middle = (2 * position(z) <= count) & (count < 2 * position(z) + 2)
middle = total(where(at_middle, z, 0))
squares = total(z**2) / count
scale = k + alpha * squares


def unless_infinite(value: Any) -> Any:
    """Around an infinite element all vanish, and so does that element itself if the power is above 1/2."""
    vanishes = finite(middle) | (beta > 0.5)
    return where(finite(squares), value, where((squares > 0) & vanishes, 0, undecided))


local_response_norm = RowDefinition(
    value=unless_infinite(middle / scale**beta),
    vjp=unless_infinite(
        total(g) * (where(at_middle, 1, 0) - 2 * alpha * beta * middle * z / (count * scale)) / scale**beta
    ),
    param_grads={
        "alpha": unless_infinite(-beta * middle * squares / (scale * scale**beta)),
        "beta": unless_infinite(-middle * log(scale) / scale**beta),
        "k": unless_infinite(-beta * middle / (scale * scale**beta)),
    },
    arrangement=Arrangement("windows", by=count),
    parameters=[count, alpha, beta, k],
    formula="z_i / (k + alpha / size * (sum of z_j^2 over the window around i))^beta",
    latex=r"\frac{z_i}{\left(k + \tfrac{\alpha}{|W_i|} \sum_{j \in W_i} z_j^2\right)^\beta}",
    source="Krizhevsky, Sutskever & Hinton (2012), ImageNet classification with deep convolutional neural networks",
    aliases=["lrn", "localresponsenorm"],
    twins={
        "torch": Twin(
            "torch.nn.functional.local_response_norm", "torch.nn.LocalResponseNorm",
            defaults={"axis": 1}, differs="theirs has no size unless told, as documented",
        ),
        "onnx": Twin(
            "LRN", names={"k": "bias"}, defaults={"axis": 1, "alpha": 9.999999747378752e-05},
            differs="theirs has no size unless told, and of an even one has one more stand after, as documented",
        ),
    },
)  # fmt: skip
