"""Group norm: the layer norm of each of several equal groups of a row."""

from dataclasses import replace

from nonlin.catalog.layer_norm import eps, layer_norm
from nonlin.vocabulary import Arrangement, Parameter, Twin

LEARNED = "it has documented weights to learn"

groups = Parameter("groups", 1, "how many equal groups of neighbours a row is cut into; 1 is the layer norm")

group_norm = replace(
    layer_norm,
    arrangement=Arrangement("groups", by=groups),
    parameters=[groups, eps],
    formula="(z_i - mean(group)) / sqrt(variance(group) + eps), the group that z_i is in",
    latex=r"\frac{z_i - \bar z_G}{\sqrt{\tfrac{1}{|G|} \sum_{j \in G} (z_j - \bar z_G)^2 + \varepsilon}}, \; i \in G",
    source="Wu & He (2018), arXiv:1803.08494",
    aliases=["groupnorm", "group_normalization"],
    twins={
        "torch": Twin(
            "torch.nn.functional.group_norm", "torch.nn.GroupNorm", names={"groups": "num_groups"},
            differs=f"theirs works along all axes but the first: axis=(1, 2, 3) for images; {LEARNED}",
        ),
        "keras": Twin(
            "keras.layers.GroupNormalization",
            names={"eps": "epsilon"}, defaults={"groups": 32, "eps": 1e-3},
            differs=f"in theirs a group takes in all axes but the first; {LEARNED}",
        ),
        "onnx": Twin(
            "GroupNormalization",
            names={"groups": "num_groups", "eps": "epsilon"}, defaults={"eps": 9.999999747378752e-06},
            differs="theirs works along all axes but the first, and is given documented weights",
        ),
        "mlx": Twin(
            "mlx.nn.GroupNorm", names={"groups": "num_groups"},
            differs=f"unless pytorch_compatible a group of theirs is every n-th element, for n groups; {LEARNED}",
        ),
        "tinygrad": Twin(
            "tinygrad.nn.GroupNorm", names={"groups": "num_groups"},
            differs=f"theirs works along all axes but the first; {LEARNED}",
        ),
    },
)  # fmt: skip
