"""Batch norm: the layer norm along the first axis, by the statistics of the batch itself."""

from dataclasses import replace

from nonlin.catalog.layer_norm import layer_norm
from nonlin.vocabulary import Twin

KEPT = "theirs keeps statistics for evaluation, and has documented weights; ours is what they compute in training"

batch_norm = replace(
    layer_norm,
    axis=0,
    source="Ioffe & Szegedy (2015), arXiv:1502.03167",
    aliases=["batchnorm", "batch_normalization"],
    twins={
        "torch": Twin(
            "torch.nn.functional.batch_norm", "torch.nn.BatchNorm1d", "torch.nn.BatchNorm2d", "torch.nn.BatchNorm3d",
            differs=f"{KEPT}, along axis=0, or (0, 2, 3) for images",
        ),
        "keras": Twin(
            "keras.layers.BatchNormalization", names={"eps": "epsilon"}, defaults={"eps": 1e-3},
            differs=f"{KEPT}; their axis is the one that is left out",
        ),
        "onnx": Twin(
            "BatchNormalization",
            names={"eps": "epsilon"}, defaults={"eps": 9.999999747378752e-06}, differs=KEPT,
        ),
        "mlx": Twin("mlx.nn.BatchNorm", differs=KEPT),
        "tinygrad": Twin("tinygrad.nn.BatchNorm", differs=KEPT),
    },
)  # fmt: skip
